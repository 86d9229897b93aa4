"""What may be decided of a yearly review, and of which year it is."""

from datetime import date
from importlib.resources import files

import pytest

from rules.guardchecks.findings import Identity
from rules.registers.kinds import kinds, parse_kind
from rules.registers.outcomes import ReviewOutcome
from rules.registers.reviews import Conduct, Look, Verdict, attends, speaks_against, unfit

REVIEWS = kinds()["guard"].reviews
TODAY = date(2026, 11, 2)


@pytest.mark.parametrize(("today", "year"), [
    (date(2026, 9, 30), 2025), (date(2026, 10, 1), 2026), (date(2026, 12, 31), 2026),
    (date(2027, 1, 1), 2026),
])  # fmt: skip
def test_a_year_is_asked_for_from_october(today, year):
    assert REVIEWS.year_on(today) == year


@pytest.mark.parametrize(("until", "fits"), [
    (date(2026, 11, 2), False), (date(2026, 11, 3), True), (date(2027, 1, 31), True),
    (date(2027, 2, 1), False), (None, False),
])  # fmt: skip
def test_conditions_end_within_ninety_days(until, fits):
    verdict = Verdict(ReviewOutcome.CONDITIONAL, ("training",), until)

    assert (unfit(REVIEWS, verdict, (), TODAY, again=False) is None) is fits


@pytest.mark.parametrize(("found", "note", "fits"), [
    ((), "", True), (("training",), "", False), (("training",), "已补训", True),
    (("certificate",), "已补证", False),
])  # fmt: skip
def test_what_speaks_against_passing_is_answered_or_bars(found, note, fits):
    verdict = Verdict(ReviewOutcome.PASSED, note=note)

    assert (unfit(REVIEWS, verdict, found, TODAY, again=False) is None) is fits


@pytest.mark.parametrize(("name", "attendees", "there"), [
    ("王伟", "王伟、李强", True), ("王伟", "王伟民、李强", False), ("王 伟", "李强,王伟", True),
    ("阿依古丽·买买提", "王伟;阿依古丽·买买提", False), ("王伟", "", False), ("", "王伟", False),
])  # fmt: skip
def test_somebody_attended_who_is_named_whole(name, attendees, there):
    assert attends(name, attendees) is there


@pytest.mark.parametrize(("looks", "found"), [
    (["match"], ()), (["mismatch"], ("mismatch",)), (["mismatch", "match"], ()),
    (["match", "absent"], ("absent",)),
])  # fmt: skip
def test_the_last_check_tells_who_somebody_is(looks, found):
    conduct = Conduct(tuple(Look("BC", TODAY, Identity(each), ()) for each in looks))

    assert speaks_against(REVIEWS, [], conduct) == found


def test_the_field_of_a_review_is_a_day_that_is_not_personal():
    text = (files("rules.registers") / "guard.toml").read_text(encoding="utf-8")

    for bad in ('field = "nothing"', 'field = "born_on"', 'field = "company"'):
        with pytest.raises(ValueError, match="1 validation error"):
            parse_kind(text.replace('[reviews]\nfield = "reviewed_on"', f"[reviews]\n{bad}"))
