"""What is in force at a moment is what was adopted and announced by then; later words win."""

from datetime import date, datetime, timedelta

import pytest

from casework.office import Office
from casework.settings import adopt_policy, enter_day, enter_term
from models.tables import CLOCKS
from rules.overrides import TermKind
from rules.policy import default_text, digest
from rules.workdays import CalendarEnds
from tests.offices import MONDAY_9AM, reported

WEDNESDAY = date(2026, 3, 4)
SUNDAY = date(2026, 3, 8)
DAY = timedelta(days=1)


def book(office, at=MONDAY_9AM):
    with office.reading() as connection:
        return office.rulebooks.at(connection, at)


def say(office, day, off, *, at=MONDAY_9AM, name="通知"):
    enter_day(office, day, off=off, name=name, by="admin", at=at)


def dues(office):
    with office.reading() as connection:
        rows = connection.execute(CLOCKS.select().order_by(CLOCKS.c.case_id)).all()
    return [(row.due_at.isoformat()[:10], row.calendar) for row in rows]


def test_the_default_policy_is_in_force_until_one_is_adopted(office):
    assert book(office).version == digest(default_text())


@pytest.mark.parametrize(
    ("said", "works"),
    [
        ([], True),
        ([True], False),
        ([True, None], True),
        ([True, False], True),
        ([False, True], False),
        ([None], True),
        ([True, None, True], False),
    ],
)
def test_of_what_was_said_of_a_day_the_last_word_counts(office, said, works):
    for off in said:
        say(office, WEDNESDAY, off)

    assert book(office).calendar.is_workday(WEDNESDAY) is works


@pytest.mark.parametrize(("off", "works"), [(None, False), (True, False), (False, True)])
def test_a_sunday_may_be_worked(office, off, works):
    say(office, SUNDAY, off)

    assert book(office).calendar.is_workday(SUNDAY) is works


@pytest.mark.parametrize(
    ("asked", "works"),
    [
        (MONDAY_9AM - timedelta(days=3), True),  # before it was announced
        (datetime.fromisoformat("2026-03-01T23:59:59.999999+08:00"), True),
        (datetime.fromisoformat("2026-03-02T00:00+08:00"), False),  # its day counts as a whole
        (MONDAY_9AM, False),
        (MONDAY_9AM + timedelta(days=300), False),
    ],
)
def test_a_day_counts_from_when_it_was_announced(office, asked, works):
    say(office, WEDNESDAY, True)

    assert book(office, asked).calendar.is_workday(WEDNESDAY) is works


def test_a_withdrawn_day_was_still_off_when_asked_of_the_past(office):
    say(office, WEDNESDAY, True)
    say(office, WEDNESDAY, None, at=MONDAY_9AM + DAY)

    answers = [book(office, MONDAY_9AM + n * DAY).calendar.is_workday(WEDNESDAY) for n in (0, 1)]

    assert answers == [False, True]


def test_a_late_day_off_moves_new_clocks_and_leaves_the_running_ones(office):
    reported(office)
    say(office, WEDNESDAY, True)
    reported(office)
    say(office, WEDNESDAY, None)
    reported(office)

    # 24:00 in China is 16:00 of the same day in UTC: due Thursday 5, Friday 6, Thursday 5.
    (first, plain), (second, overlaid), (third, again) = dues(office)
    assert (first, second, third) == ("2026-03-05", "2026-03-06", "2026-03-05")
    assert plain == again
    assert overlaid.startswith(f"{plain}+")


def test_terms_say_on_which_days_school_is_kept(office):
    enter = {"by": "admin", "at": MONDAY_9AM}
    autumn = {"starts": date(2025, 9, 1), "ends": date(2026, 1, 25)}
    enter_term(office, TermKind.TERM, "秋", **autumn, **enter)
    enter_term(
        office, TermKind.TERM, "春", starts=date(2026, 2, 24), ends=date(2026, 7, 3), **enter
    )

    kept = book(office).calendar.is_school_day
    days = [date(2026, 1, 23), date(2026, 1, 26), date(2026, 2, 24), date(2026, 3, 8)]
    assert [kept(day) for day in days] == [True, False, True, False]


def test_a_later_word_on_a_term_replaces_it_and_a_withdrawn_one_is_gone(office):
    enter = {"by": "admin", "at": MONDAY_9AM}
    spring = {"starts": date(2026, 2, 24), "ends": date(2026, 7, 3)}
    enter_term(
        office,
        TermKind.SUMMER_BREAK,
        "暑假",
        starts=date(2026, 3, 1),
        ends=date(2026, 3, 9),
        **enter,
    )
    enter_term(office, TermKind.TERM, "暑假", **spring, **enter)  # the same name, another kind
    first = book(office).calendar
    enter_term(
        office, TermKind.TERM, "暑假", starts=date(2026, 3, 1), ends=date(2026, 3, 3), **enter
    )
    second = book(office).calendar
    enter_term(office, TermKind.TERM, "暑假", withdrawn=True, **spring, **enter)
    third = book(office).calendar

    assert [len(each.terms) for each in (first, second, third)] == [2, 2, 1]
    assert second.terms[-1].end == date(2026, 3, 3)
    assert len({each.version for each in (first, second, third)}) == 3


def test_terms_move_no_due_date(office):
    reported(office)
    enter_term(
        office, TermKind.WINTER_BREAK, "寒假", starts=date(2026, 3, 1), ends=date(2026, 3, 31),
        by="admin", at=MONDAY_9AM,
    )  # fmt: skip
    reported(office)

    assert [due for due, _ in dues(office)] == ["2026-03-05", "2026-03-05"]


def test_what_another_process_changed_is_seen_at_once(office):
    here, elsewhere = office, Office(office.engine, office.evidence)
    before = book(here)

    say(elsewhere, WEDNESDAY, True)
    adopt_policy(elsewhere, default_text().replace("3wd", "4wd"), by="admin", at=MONDAY_9AM)

    after = book(here)
    assert before.version != after.version
    assert before.calendar.version != after.calendar.version


def test_what_did_not_change_is_not_read_again(office):
    assert book(office) is book(office, MONDAY_9AM + timedelta(hours=5))


def test_an_old_policy_is_found_by_its_digest(office):
    old = default_text().replace("默认", "旧")
    for text in (old, default_text().replace("默认", "新")):
        adopt_policy(office, text, by="admin", at=MONDAY_9AM)

    with office.reading() as connection:
        assert "旧" in office.rulebooks.policy(connection, digest(old)).title
        assert office.rulebooks.policy(connection, digest(default_text())).name == "school"
        with pytest.raises(LookupError, match="no policy 0123"):
            office.rulebooks.policy(connection, "0123")


def test_before_the_first_notice_nothing_is_in_force(office):
    with pytest.raises(CalendarEnds):
        book(office, datetime.fromisoformat("2006-01-01T00:00+08:00"))
