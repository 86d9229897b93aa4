"""A jump of time that was agreed to by mistake is taken back by a person's word, and kept."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from casework.business_time import begin_time, holds, record_sweep, set_time_back
from casework.errors import Invalid, NotFound, Refused
from casework.health import check_health
from casework.sweep import sweep
from models.tables import CLOCK_STEPS, SWEEPS
from tests.invariants import broken
from tests.offices import MONDAY_9AM, PERSON, reported

DAY, YEAR = timedelta(days=1), timedelta(days=365)
FRIDAY = MONDAY_9AM + 4 * DAY
WRONG = FRIDAY + YEAR
WHY = "服务器时间误设"


def swept(office, moment, **options):
    return sweep(office, as_of=moment, ran_at=moment, **options)


def jumped(office):
    """Swept on Friday, and then a year later by mistake."""
    swept(office, FRIDAY)
    return swept(office, WRONG, jump_agreed=True)


def taken(office):
    with office.reading() as connection:
        return connection.execute(select(CLOCK_STEPS.c.step)).scalars().all()


def rows(office):
    kept = select(SWEEPS.c.as_of, SWEEPS.c.set_back_by_id, SWEEPS.c.reason).order_by(SWEEPS.c.id)
    with office.reading() as connection:
        return [tuple(row) for row in connection.execute(kept)]


def test_business_time_goes_on_from_the_true_clock_and_the_word_is_kept(office):
    jumped(office)

    done = set_time_back(office, WHY, by="admin", at=FRIDAY + DAY)

    assert (done.before, done.now) == (WRONG, FRIDAY + DAY)
    assert swept(office, FRIDAY + 2 * DAY).as_of == FRIDAY + 2 * DAY
    assert swept(office, FRIDAY).as_of == FRIDAY + 2 * DAY  # and never runs backwards again
    assert rows(office)[2] == (FRIDAY + DAY, PERSON["admin"], WHY)


def test_steps_taken_meanwhile_stay_taken_and_are_not_repeated(office):
    reported(office)
    jumped(office)
    known = taken(office)
    set_time_back(office, WHY, by="admin", at=FRIDAY + DAY)

    again = [swept(office, FRIDAY + days * DAY).steps for days in (1, 2, 5)]
    new = reported(office, at=FRIDAY + 6 * DAY)
    later = swept(office, FRIDAY + 13 * DAY)

    assert (again, len(known), len(set(known))) == ([0, 0, 0], 6, 6)
    assert (later.steps, {each.number for each in later.lines}) == (2, {new})
    assert broken(office) == []


def test_a_jump_after_that_asks_again(office):
    jumped(office)
    set_time_back(office, WHY, by="admin", at=FRIDAY + DAY)

    with pytest.raises(Refused, match="the last sweep was at"):
        swept(office, WRONG)


@pytest.mark.parametrize("at", [WRONG, WRONG + DAY])
def test_time_that_is_not_ahead_is_not_set_back(sqlite_office, at):
    jumped(sqlite_office)

    with pytest.raises(Refused, match="is not ahead"):
        set_time_back(sqlite_office, WHY, by="admin", at=at)


def test_without_a_sweep_there_is_nothing_to_set_back(sqlite_office):
    with pytest.raises(Refused, match="is not ahead"):
        set_time_back(sqlite_office, WHY, by="admin", at=FRIDAY)


@pytest.mark.parametrize(
    ("by", "reason", "trouble"),
    [
        ("committee1", WHY, Refused),
        ("owner1", WHY, Refused),
        ("nobody", WHY, NotFound),
        ("admin", " ", Invalid),
    ],
)
def test_it_takes_an_administrator_and_a_reason(sqlite_office, by, reason, trouble):
    jumped(sqlite_office)
    before = rows(sqlite_office)

    with pytest.raises(trouble):
        set_time_back(sqlite_office, reason, by=by, at=FRIDAY + DAY)

    assert rows(sqlite_office) == before


def test_a_sweep_under_way_stops_and_does_not_bring_its_time_back(office):
    swept(office, FRIDAY)
    time = begin_time(office, WRONG, agreed=True)
    with office.writing() as connection:
        record_sweep(connection, time, ran_at=WRONG, done=0, failed=0)
    before = holds(office, time)
    set_time_back(office, WHY, by="admin", at=FRIDAY + DAY)

    after = holds(office, time)
    with office.writing() as connection:
        record_sweep(connection, time, ran_at=WRONG, done=0, failed=0)

    assert (before, after) == (True, False)
    assert begin_time(office, FRIDAY + 2 * DAY, agreed=False).as_of == FRIDAY + 2 * DAY


def test_setting_time_back_is_no_sweep_to_the_engines_health(sqlite_office):
    swept(sqlite_office, FRIDAY)
    swept(sqlite_office, WRONG, jump_agreed=True)
    set_time_back(sqlite_office, WHY, by="admin", at=FRIDAY + DAY)

    assert check_health(sqlite_office, at=WRONG).last_sweep == WRONG
