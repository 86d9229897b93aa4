"""Inspections: the shipped checklists, the periods of plans, what a record must hold."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.inspections.answers import Answer, Result, check_answers, hazard_words, tally
from rules.inspections.checklists import read_checklist, shipped
from rules.inspections.kinds import InspectionKind
from rules.inspections.periods import Cadence, Span, periods
from rules.inspections.plan import PlanTrouble, Sample, make_plan, parse_plan, sample_sizes
from rules.policy import default_text, read_policy
from rules.reading import TextTrouble, digest
from rules.workdays import Term, TermKind, published
from tests.inspections import DAILY, FIRE, RANDOM

D = date.fromisoformat
CALENDAR = published(D("2026-01-01")).overlay(
    [],
    [
        Term(TermKind.TERM, D("2025-09-01"), D("2026-01-25")),
        Term(TermKind.WINTER_BREAK, D("2026-01-26"), D("2026-02-22")),
        Term(TermKind.TERM, D("2026-02-23"), D("2026-07-03")),
    ],
)
LISTS = {key: read_checklist(text) for key, text in shipped().items()}
CATEGORIES = {each.key for each in read_policy(default_text()).categories}


def all_normal(checklist):
    return {each.key: Answer(Result.NORMAL) for each in checklist.items}


def found(cadence, first_on, since, until, *, term_only=False, ends=None):
    span = Span(D(first_on), ends and D(ends))
    asked = {"since": D(since), "until": D(until), "term_only": term_only}
    return [
        (each.key, f"{each.opens_on}", f"{each.due_on}")
        for each in periods(cadence, span, CALENDAR, **asked)
    ]


def test_the_checklists_ship_in_the_order_they_are_offered():
    assert list(LISTS) == ["daily", "fire", "bus", "laboratory", "canteen", "security", "term"]
    assert len(LISTS["daily"].items) == 8


@pytest.mark.parametrize("key", LISTS)
def test_every_item_has_a_clause_and_a_category_of_the_policy(key):
    checklist = LISTS[key]

    assert {checklist.category_of(each) for each in checklist.items} <= CATEGORIES
    assert all(len(each.source) >= 3 for each in checklist.items)


def test_a_bus_is_checked_for_the_seven_things_of_article_41():
    seven = [each.key for each in LISTS["bus"].items if "第四十一条" in each.source]

    assert seven == ["brakes", "steering", "lights", "tyres", "safety_door", "seats", "belts"]


@pytest.mark.parametrize(
    ("cadence", "expected"),
    [
        (Cadence.ONCE, [("once", "2026-03-04", "2026-03-04")]),
        (Cadence.WEEKLY, [
            ("2026-W10", "2026-03-04", "2026-03-06"), ("2026-W11", "2026-03-09", "2026-03-13"),
        ]),
        (Cadence.BIWEEKLY, [("2026-W10/2026-W11", "2026-03-04", "2026-03-13")]),
        (Cadence.MONTHLY, [("2026-03", "2026-03-04", "2026-03-31")]),
        (Cadence.QUARTERLY, [("2026-Q1", "2026-03-04", "2026-03-31")]),
        (Cadence.TERM, [("term 2026-02-23", "2026-03-04", "2026-07-03")]),
        (Cadence.YEARLY, [("2026", "2026-03-04", "2026-12-31")]),
    ],
)  # fmt: skip
def test_a_period_opens_with_the_plan_and_is_due_on_its_last_working_day(cadence, expected):
    assert found(cadence, "2026-03-04", "2026-03-01", "2026-03-15") == expected


@pytest.mark.parametrize(
    ("day", "asked"),
    [
        ("2026-01-23", True),  # the last Friday before the winter break
        ("2026-01-26", False),  # its first day, a Monday
        ("2026-02-20", False),
        ("2026-02-14", False),  # a make-up Saturday within the break
        ("2026-02-24", True),  # the first school day after it: the 23rd is a holiday
        ("2026-02-28", True),  # a make-up Saturday in term
        ("2026-03-01", False),  # a Sunday
        ("2026-04-06", False),  # 清明
    ],
)
def test_a_daily_check_is_asked_for_on_school_days_alone(day, asked):
    days = found(Cadence.DAILY, "2026-01-01", day, day, term_only=True)

    assert days == ([(day, day, day)] if asked else [])


def test_a_plan_that_ends_asks_for_nothing_after_it():
    assert found(Cadence.MONTHLY, "2026-01-10", "2026-01-01", "2026-12-31", ends="2026-02-10") == [
        ("2026-01", "2026-01-10", "2026-01-30"),
        ("2026-02", "2026-02-01", "2026-02-10"),
    ]


@settings(max_examples=40)
@given(st.dates(D("2026-01-01"), D("2026-06-30")), st.integers(0, 60), st.sampled_from(Cadence))
def test_asking_day_by_day_gives_each_period_once(first, days, cadence):
    last = date.fromordinal(first.toordinal() + days)
    span = Span(D("2026-01-15"))

    whole = periods(cadence, span, CALENDAR, since=first, until=last, term_only=False)
    by_day = [
        each
        for n in range(days + 1)
        for each in periods(
            cadence, span, CALENDAR, since=date.fromordinal(first.toordinal() + n),
            until=date.fromordinal(first.toordinal() + n), term_only=False,
        )
    ]  # fmt: skip

    assert by_day == whole
    assert len({each.key for each in whole}) == len(whole)


@pytest.mark.parametrize(
    ("answer", "field"),
    [
        (Answer(Result.NORMAL), None),
        (Answer(Result.NOT_APPLICABLE), None),
        (Answer(Result.HAZARD, photos=1), None),
        (Answer(Result.HAZARD, no_photo="危险,不能靠近"), None),
        (Answer(Result.HAZARD), "gate.photo"),
        (None, "gate"),
    ],
)
def test_a_hazard_needs_a_photo_or_the_reason_why_there_is_none(answer, field):
    answers = all_normal(LISTS["daily"]) | {"gate": answer}
    told = {item: each for item, each in answers.items() if each}

    faults = check_answers(LISTS["daily"], told)

    assert [each.field for each in faults] == ([field] if field else [])


def test_an_item_the_checklist_does_not_have_is_refused():
    told = all_normal(LISTS["daily"]) | {"roof": Answer(Result.NORMAL)}

    assert [each.field for each in check_answers(LISTS["daily"], told)] == ["roof"]


def test_a_case_is_described_by_the_item_and_what_the_inspector_adds():
    item = LISTS["daily"].by_key["gate"]

    assert hazard_words(item, Answer(Result.HAZARD)) == "校门无人值守或外来人员未登记"
    assert hazard_words(item, Answer(Result.HAZARD, "夜间")).endswith("未登记：夜间")


def test_results_are_counted():
    told = all_normal(LISTS["daily"]) | {"gate": Answer(Result.HAZARD)}

    assert tally(told) == {Result.NORMAL: 7, Result.HAZARD: 1, Result.NOT_APPLICABLE: 0}


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("schema = 1\nkey = [", "checklist"),
        (shipped()["daily"].replace("schema = 1", "schema = 2", 1), "checklist: schema"),
        (shipped()["daily"].replace('key = "gate"', 'key = "exits"'), "checklist: (file)"),
        (shipped()["daily"].replace('category = "fire"', "category = 7", 1),
         "checklist: items.0.category"),
    ],
)  # fmt: skip
def test_a_checklist_that_cannot_be_used_says_where(text, where):
    with pytest.raises(TextTrouble) as refused:
        read_checklist(text)

    assert refused.value.where == where


def test_a_checklist_is_known_by_its_text():
    assert digest(shipped()["daily"]) != digest(shipped()["daily"] + "\n")


@pytest.mark.parametrize("spec", [DAILY, FIRE, RANDOM])
def test_a_plan_says_the_same_when_it_is_read_again(spec):
    plan = make_plan(spec)

    assert make_plan(plan.plain()) == plan


@pytest.mark.parametrize(
    ("spec", "differs"),
    [
        (DAILY, {"until": "2026-03-01"}),  # before it starts
        (DAILY, {"unannounced": True}),
        (DAILY, {"sample": {}}),
        (FIRE, {"sample": {}}),  # named and drawn
        (FIRE, {"lines": [{**FIRE["lines"][0], "inspectors": ["verifier1a"]}]}),
        (FIRE, {"lines": [{**FIRE["lines"][0], "inspectors": ["verifier1a"] * 2}]}),
        (FIRE, {"lines": []}),
        (FIRE, {"cadence": "hourly"}),
    ],
)
def test_a_plan_that_does_not_hang_together_is_refused(spec, differs):
    with pytest.raises(PlanTrouble):
        make_plan({**spec, **differs})


def test_a_plan_is_read_from_a_file():
    text = """
title = "双周消防"
place = "S1"
kind = "self"
cadence = "biweekly"
first_on = 2026-03-02
[[lines]]
task = "消防自查"
checklist = "fire"
place = "S1"
responsible = "S1"
lead = "head1"
"""
    assert parse_plan(text).cadence is Cadence.BIWEEKLY
    with pytest.raises(PlanTrouble):
        parse_plan(text + "nonsense = [")


@pytest.mark.parametrize(
    ("percent", "least", "counts", "sizes"),
    [
        (5, 1, {"P1": 20, "P2": 21}, {"P1": 1, "P2": 2}),  # five percent of 21 is more than one
        (5, 2, {"P1": 20, "P2": 1}, {"P1": 2, "P2": 1}),  # all there are
        (100, 1, {"P1": 3}, {"P1": 3}),
        (0.1, 1, {"P1": 3}, {"P1": 1}),
    ],
)
def test_a_sample_is_rounded_up(percent, least, counts, sizes):
    units = [(f"{key}-{n}", key) for key, count in counts.items() for n in range(count)]

    assert sample_sizes(Sample(percent=percent, least=least), units) == sizes


def test_whoever_comes_to_inspect_comes_in_two_and_the_head_signs():
    asked = {kind.value: (kind.signatures, kind.head_signs) for kind in InspectionKind}

    assert asked == {
        "self": (1, False), "special": (2, True), "spot": (2, True), "mutual": (2, True),
        "supervisory": (2, True), "joint": (2, True), "external": (1, True),
    }  # fmt: skip
