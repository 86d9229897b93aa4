"""A guard's review is asked of the school, then of the reviewer; a missing one is a case."""

from datetime import date

import pytest
from sqlalchemy import select

from casework.events import Door
from casework.guardchecks.looking import publish_check
from casework.missing import chase_missing
from casework.registers.acts import retire_record
from casework.registers.importing import import_register
from casework.reviews.opening import open_reviews
from casework.reviews.store import Named
from models.tables import CASES, DUTIES
from rules.guardchecks.findings import Violation
from tests.casework.guardchecks.checking import drawn, hand, record, seen
from tests.casework.registers.buses import GUARD, added
from tests.casework.reviews.reviewing import (
    TODAY,
    TUESDAY,
    ask,
    conditional,
    failed,
    guard,
    listed,
    on,
    opened,
    pass_all,
    review,
)
from tests.offices import MONDAY_9AM


def due(office, day):
    """Open what is to be reviewed, on a day; return how many are new."""
    return open_reviews(office, as_of=on(day), at=on(day), door=Door.FLOW)


def duties(office):
    with office.reading() as connection:
        rows = connection.execute(select(DUTIES).order_by(DUTIES.c.id))
        return [(row.kind, row.state.value, f"{row.due_on}") for row in rows]


@pytest.mark.parametrize(("day", "due_on"), [
    ("2026-09-30", None), ("2026-10-01", "2026-12-31"), ("2026-12-31", "2026-12-31"),
    ("2027-01-01", "2027-01-31"), ("2027-09-30", "2027-10-30"), ("2027-10-01", "2027-12-31"),
])  # fmt: skip
def test_each_guard_is_asked_for_from_october_until_the_years_end(sqlite_office, day, due_on):
    guard(sqlite_office)

    opened_ = due(sqlite_office, day)

    assert opened_ == (due_on is not None)
    assert duties(sqlite_office) == [("guard_review", "open", due_on)] * opened_


def test_opening_again_changes_nothing_and_a_rehearsal_opens_nothing(office):
    guard(office)
    guard(office, "A02")

    dry = open_reviews(office, as_of=on("2026-10-01"), at=TUESDAY, door=Door.FLOW, dry_run=True)

    assert (dry, due(office, "2026-10-01"), due(office, "2026-10-02")) == (2, 2, 0)


@pytest.mark.parametrize(("day", "count"), [("2026-12-31", 1), ("2027-01-01", 0)])
def test_a_review_counts_for_its_own_calendar_year(sqlite_office, day, count):
    guard(sqlite_office, at=on("2026-10-01"))
    review(sqlite_office, at=on(day))

    assert due(sqlite_office, "2027-10-01") == count


def test_who_joined_after_the_year_is_not_asked_of_it(sqlite_office):
    guard(sqlite_office, at=on("2026-12-31"))
    guard(sqlite_office, "A02", at=on("2027-01-01"))

    assert due(sqlite_office, "2027-01-02") == 1


@pytest.mark.parametrize(("day", "count"), [("2025-12-31", 1), ("2026-01-01", 0)])
def test_what_a_first_ledger_brings_counts_too(sqlite_office, tmp_path, day, count):
    path = tmp_path / "保安.csv"
    head = "单位,工号,姓名,出生日期,最近年审日期\n"
    path.write_text(f"{head}第一小学,A01,李大力,1985-01-01,{day}\n", "utf-8")
    import_register(sqlite_office, path, "guard", by="head1", at=MONDAY_9AM)

    assert due(sqlite_office, "2026-10-01") == count


def test_asking_ends_the_schools_duty_and_begins_the_reviewers(office):
    guard(office)
    due(office, "2026-10-01")

    ask(office, at=on("2026-10-05"))
    asked = duties(office)
    review(office, at=on("2026-10-06"))

    assert asked == [
        ("guard_review", "fulfilled", "2026-12-31"), ("guard_reviewing", "open", "2026-10-20"),
    ]  # fmt: skip
    assert {state for _, state, _ in duties(office)} == {"fulfilled"}


def test_conditions_are_looked_at_again_by_their_day(sqlite_office):
    guard(sqlite_office)
    review(sqlite_office, conditional(date(2026, 4, 1)))
    before = duties(sqlite_office)

    ask(sqlite_office, at=on("2026-03-30"))
    review(sqlite_office, at=on("2026-03-31"))

    assert before == [("guard_review", "open", "2026-04-01")]
    assert {state for _, state, _ in duties(sqlite_office)} == {"fulfilled"}
    assert due(sqlite_office, "2026-10-01") == 0


@pytest.mark.parametrize(("day", "cases"), [("2027-01-09", 0), ("2027-01-10", 1)])
def test_a_missing_review_is_a_case_ten_days_after_the_year(sqlite_office, day, cases):
    guard(sqlite_office)
    due(sqlite_office, "2026-10-01")

    chased = chase_missing(sqlite_office, as_of=on(day), ran_at=on(day), door=Door.FLOW)

    with sqlite_office.reading() as connection:
        found = connection.execute(select(CASES.c.description)).scalars().all()
    assert (chased.raised, len(found)) == (cases, cases)
    assert not [each for each in found if GUARD["name"] in each]


def test_what_failed_waits_for_its_case_and_for_no_duty(sqlite_office):
    guard(sqlite_office)
    review(sqlite_office, failed())

    assert due(sqlite_office, "2026-10-01") == 0


def test_a_guard_who_leaves_is_owed_no_review(sqlite_office):
    guard(sqlite_office)
    guard(sqlite_office, "A02")
    due(sqlite_office, "2026-10-01")
    ask(sqlite_office, Named("S1", "A02"), at=on("2026-10-02"))

    for key in ("A01", "A02"):
        retire_record(
            sqlite_office, "guard", key, "离职", by="head1", at=on("2026-10-05"), door=Door.CLI
        )

    assert {state for _, state, _ in duties(sqlite_office)} == {"waived", "fulfilled"}


def test_the_reviewer_sees_checks_training_and_staffing(office):
    guard(office)
    guard(office, "A02", name="李大")
    added(office, "protection", day_pupils="1200")
    of_guards = {"plan_no": "", "audience": "guards"}
    added(office, "training_session", attendees="李大力、王五", **of_guards)
    added(office, "training_session", session_no="T2", attendees="李大,王五", **of_guards)
    added(office, "training_session", session_no="T3", attendees="王五", plan_no="")
    drawn(office)
    record(office, seen(violations=[Violation.NO_UNIFORM]), "A01")
    hidden = opened(office)["seen"]
    record(office, seen("李大"), "A02")
    publish_check(office, "BC2026-03", hand())

    found = opened(office)["seen"]

    assert hidden["looks"] == []  # the check is not over: nobody of a cluster knows who was drawn
    assert [(each["check"], each["violations"]) for each in found["looks"]] == [
        ("BC2026-03", ("no_uniform",)),
    ]  # fmt: skip
    assert (found["sessions"], found["attended"], len(found["short"])) == (2, 1, 1)
    assert [each["key"] for each in found["found"]] == ["violations", "training"]
    assert opened(office, by="head1")["seen"] is None
    assert [len(row["against"]) for row in listed(office, by="head1").rows] == [0, 0]


def test_somebody_else_at_the_last_check_cannot_pass_and_the_rest_can_with_a_word(sqlite_office):
    guard(sqlite_office)
    guard(sqlite_office, "A02")
    drawn(sqlite_office)
    record(sqlite_office, seen("张三"), "A01")
    record(sqlite_office, seen(violations=[Violation.NO_UNIFORM]), "A02")

    passed, left = pass_all(sqlite_office, Named("S1", "A01"), Named("S1", "A02"))
    word = conditional(date(2026, 4, 1), "violations")

    assert (passed, len(left)) == ([], 2)
    assert [each["key"] for each in opened(sqlite_office, today=TODAY)["seen"]["found"]] == [
        "mismatch"
    ]
    assert review(sqlite_office, word, named=Named("S1", "A02")).outcome == "conditional"
