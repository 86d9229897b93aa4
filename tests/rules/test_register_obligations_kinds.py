"""What a kind of register may oblige to: only by fields that are there and are nobody's secret."""

from datetime import date
from importlib.resources import files

import pytest
from pydantic import ValidationError

from rules.duties.kinds import kinds as duty_kinds
from rules.registers.kinds import kinds, parse_kind


def text(kind):
    return (files("rules.registers") / f"{kind}.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("kind", "was", "bad"),
    [
        ("training_plan", 'field = "year"', 'field = "nothing"'),
        ("training_plan", 'by = "03-31"', 'by = "02-29"'),  # not a day of every year
        ("training_plan", 'by = "03-31"', 'by = "3-31"'),
        ("training_plan", 'due = "due_on"', 'due = "year"'),  # no date
        ("training_plan", 'what = "topic"', 'what = "nothing"'),
        ("training_session", 'needs = ["attended"]', 'needs = ["attendees"]'),  # personal
        ("responsibility", 'needs = ["signed_on"]', 'needs = ["person"]'),  # personal
        ("responsibility_fb", 'names = "item_no"', 'names = "nothing"'),
        ("responsibility_fb", 'by = "07-15"', 'by = "02-30"'),
    ],
)
def test_a_kind_that_obliges_by_what_it_may_not_is_refused(kind, was, bad):
    assert parse_kind(text(kind)).key == kind

    with pytest.raises(ValidationError):
        parse_kind(text(kind).replace(was, bad, 1))


def test_every_obligation_is_a_duty_and_every_answer_a_kind():
    duties = {each.yearly.duty for each in kinds().values() if each.yearly}
    duties |= {each.opens.duty for each in kinds().values() if each.opens}
    duties |= {each.periodic.duty for each in kinds().values() if each.periodic}
    answered = [kinds()[each.answers.kind] for each in kinds().values() if each.answers]

    assert duties <= duty_kinds().keys()
    assert all(each.opens for each in answered)


@pytest.mark.parametrize(
    ("today", "due"),
    [
        (date(2026, 1, 1), date(2026, 3, 31)),
        (date(2026, 3, 31), date(2026, 3, 31)),
        (date(2026, 4, 1), date(2026, 5, 1)),
    ],
)
def test_whoever_begins_late_has_thirty_days(today, due):
    assert kinds()["training_plan"].yearly.due_on(2026, today) == due


@pytest.mark.parametrize(
    ("attended", "plan", "met"), [("0", "P1", False), ("1", "P1", True), ("1", "", False)]
)
def test_a_session_answers_when_somebody_came(attended, plan, met):
    values = {"attended": attended, "plan_no": plan}

    assert kinds()["training_session"].answers.is_met(values) is met
