"""The sums of closed cases count exactly what reading every case would, whatever was done."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import rule, run_state_machine_as_test
from sqlalchemy import func, insert, select

from casework.asking.facets import count_facets
from casework.auditing.statistics import count_statistics
from casework.auditing.tallies import catch_up
from casework.case_list import Filter
from models.tables import TALLIES_PENDING
from rules.actions import Action
from rules.case import Level
from rules.statistics import Grouping
from tests.casework.auditing.test_past import Remembered
from tests.casework.test_lifecycle_machine import filled  # noqa: F401 — a fixture
from tests.offices import MONDAY_9AM, act, after_photo, claimed, closed, rectifying, reported

DAY = timedelta(days=1)
LATER = MONDAY_9AM + 90 * DAY
BEFORE_ALL = datetime(2000, 1, 1, tzinfo=UTC)
"""A period that begins somewhere is always read case by case."""


def asked(office, grouping, until=LATER, since=None):
    found = count_statistics(office, grouping, Filter(), by="auditor", until=until, since=since)
    return [each.plain() for each in found]


def every_way(office, until=LATER, since=None):
    return {each: asked(office, each, until, since) for each in Grouping}


def slowly(office, until=LATER):
    return every_way(office, until, BEFORE_ALL)


def spread(office, query=""):
    """Facets, from the sums; of a query they are always read from the cases."""
    return count_facets(office, query, by="auditor", as_of=LATER)


def read(office):
    return spread(office, "-无此词")


def waiting(office):
    with office.reading() as connection:
        return connection.execute(select(func.count()).select_from(TALLIES_PENDING)).scalar_one()


class Summed(Remembered):
    """Lives whose closings are added to the sums now and then, by nobody in particular."""

    @rule(most=st.sampled_from([1, None]))
    def add_up(self, most):
        catch_up(self.office, most=most)

    def teardown(self):
        try:
            slow = slowly(self.office, self.now)
            assert every_way(self.office, self.now) == slow
            assert spread(self.office) == read(self.office)
            catch_up(self.office)
            assert waiting(self.office) == 0
            assert every_way(self.office, self.now) == slow
            assert spread(self.office) == read(self.office)
        finally:
            self.seen = {}
            super().teardown()


def test_sums_are_what_reading_every_case_finds(filled):  # noqa: F811 — a fixture
    run_state_machine_as_test(
        lambda: Summed(filled),
        settings=settings(max_examples=settings.default.max_examples // 8, stateful_step_count=30),
    )


def turned_round(office, many):
    """A closed case whose closing waits with many copies: closed and reopened, in turn."""
    closed(office)
    with office.writing() as connection:
        waits = connection.execute(select(TALLIES_PENDING)).mappings().one()
        copies = [
            {**waits, "seq": waits["seq"] + n, "sign": -1 if n % 2 else 1} for n in range(1, many)
        ]
        connection.execute(insert(TALLIES_PENDING), copies)


@pytest.fixture
def lives(office):
    """A closed case, one moved and graded on its way, one reopened, one extended, one open."""
    closed(office)
    moved = reported(office, level=Level.ORDINARY, description="漏水")
    act(office, moved, Action.TRANSFER, "cluster1", at=MONDAY_9AM + DAY, unit="S2", reason="误")
    again = closed(office, description="松动")
    act(office, again, Action.REOPEN, "committee1", at=MONDAY_9AM + 40 * DAY, finding="复发")
    claimed(office, description="锈蚀")
    reported(office, description="门坏", at=MONDAY_9AM + 5 * DAY)
    return again


def test_sums_and_what_waits_are_counted_together(office, lives):
    before, told = every_way(office), spread(office)
    added = catch_up(office)

    assert added == 3
    assert before == slowly(office) == every_way(office)
    assert told == read(office) == spread(office)


def test_a_case_reopened_after_it_was_added_is_taken_off_again(office):
    number = closed(office)
    catch_up(office)
    act(office, number, Action.REOPEN, "committee1", at=MONDAY_9AM + 40 * DAY, finding="复发")

    once, told = every_way(office), spread(office)
    catch_up(office)

    assert once == slowly(office) == every_way(office)
    assert told == read(office) == spread(office)


def test_adding_twice_adds_nothing(office, lives):
    catch_up(office)

    assert catch_up(office) == 0


def test_the_past_is_not_read_from_sums_of_today(office, lives):
    catch_up(office)
    then = MONDAY_9AM + 3 * DAY

    assert every_way(office, then) == slowly(office, then)


@pytest.mark.parametrize("begun", ["2026-03-01", "2026-04-01", "2026-03-02", "2027-01-01"])
@pytest.mark.parametrize("kept", [False, True])
def test_a_period_is_counted_alike_from_sums_and_case_by_case(office, lives, begun, kept):
    since = datetime.fromisoformat(f"{begun}T00:00+08:00")
    if kept:
        catch_up(office)
    again = since + timedelta(microseconds=1)  # begins no month, so it is read case by case

    assert every_way(office, since=since) == every_way(office, since=again)


@pytest.mark.parametrize(("many", "left"), [(499, 499), (501, 0)])
def test_many_that_wait_are_added_by_who_asks(office, many, left):
    turned_round(office, many)

    assert every_way(office) == slowly(office)
    assert waiting(office) == left


def test_too_many_that_wait_are_read_case_by_case(office):
    turned_round(office, 20_003)

    assert asked(office, Grouping.UNIT) == asked(office, Grouping.UNIT, since=BEFORE_ALL)
    assert waiting(office) == 10_003


def test_a_month_in_which_nothing_is_left_is_not_shown(office):
    number = rectifying(office)
    extended = {
        "reason": "等配件", "obstacle": "funds", "new_due": "2026-05-10",
        "plan": "分两步", "interim": "专人看守",
    }  # fmt: skip
    act(office, number, Action.ASK_EXTENSION, "owner1", at=MONDAY_9AM + DAY, **extended)
    act(office, number, Action.GRANT_EXTENSION, "cluster1", at=MONDAY_9AM + 31 * DAY,
        new_due="2026-05-10")  # fmt: skip
    act(office, number, Action.CLAIM, "owner1", at=MONDAY_9AM + 35 * DAY,
        files=[after_photo(office)])  # fmt: skip

    assert [each["key"] for each in asked(office, Grouping.MONTH)] == ["2026-03", "2026-04"]
