"""What was at a moment is what was seen at that moment, however it is asked."""

from datetime import timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import rule, run_state_machine_as_test

from casework.auditing.past_list import count_as_of, list_as_of
from casework.auditing.process import check_conformance
from casework.case_list import Filter, count_cases, list_cases
from rules.actions import Action
from rules.case import Level, State
from rules.moves import TABLE
from tests.casework.auditing.pasts import facts_now, folded, listed, live, present, replayed
from tests.casework.test_lifecycle_machine import Lives, filled  # noqa: F401 — a fixture
from tests.offices import MONDAY_9AM, act, claimed, closed, reported

DAY = timedelta(days=1)
FORWARD = (
    Action.SUBMIT_PLAN, Action.APPROVE_PLAN, Action.CLAIM, Action.PASS, Action.RELEASE,
    Action.CLOSE, Action.REOPEN,
)  # fmt: skip


class Remembered(Lives):
    """Lives of which somebody wrote down, at the end of each while, what every case was."""

    def __init__(self, filled):  # noqa: F811 — the fixture's value, given by the test
        super().__init__(filled)
        self.seen = {}

    @rule(hours=st.sampled_from([1, 15, 24, 72, 240, 720]))
    def wait(self, hours):
        self.seen[self.now] = present(self.office)
        self.now += timedelta(hours=hours)

    @rule(number=Lives.numbers, steps=st.integers(4, 9))
    def live_on(self, number, steps):
        """Straight through the stages, a day each, so that lives end and begin again."""
        for _ in range(steps):
            ahead = [each for each in self.offers(number) if each[1] in FORWARD]
            by, action = min(ahead, key=lambda each: FORWARD.index(each[1]))
            day = f"{self.now + 20 * DAY:%Y-%m-%d}"
            typed = {each.value: "一句话" for each in TABLE[action].needs}
            typed |= {"deadline": day} if "deadline" in typed else {}
            photo = self.a_new_photo(number) if TABLE[action].takes_files else []
            self.attempt(number, by, action, typed, photo)
            self.wait(24)

    def teardown(self):
        try:
            self.seen[self.now] = present(self.office)
            for moment, seen in self.seen.items():
                assert folded(self.office, moment) == seen
                assert listed(self.office, moment) == seen
                assert replayed(self.office, moment) == seen
            told, stored = facts_now(self.office)
            assert told == stored
            found = check_conformance(self.office, Filter(), by="auditor", as_of=self.now)
            assert found.departures == []
        finally:
            super().teardown()


def test_the_past_is_what_was_seen_then(filled):  # noqa: F811 — a fixture
    run_state_machine_as_test(
        lambda: Remembered(filled),
        settings=settings(max_examples=settings.default.max_examples // 4, stateful_step_count=25),
    )


@pytest.fixture
def lived(office):
    """An office where each kind of event happened, a day apart, and what was seen each day."""
    return {now: present(office) for now in live(office)}


def test_each_day_is_told_as_it_was_on_both_databases(office, lived):
    assert {moment: listed(office, moment) for moment in lived} == lived


def test_each_day_is_folded_as_it_was_on_both_databases(office, lived):
    assert {moment: folded(office, moment) for moment in lived} == lived


def test_nothing_was_before_the_first_report(office):
    reported(office)

    assert listed(office, MONDAY_9AM - timedelta(microseconds=1)) == {}
    assert folded(office, MONDAY_9AM - timedelta(microseconds=1)) == {}


def test_an_event_counts_from_its_own_moment_on(office):
    number = claimed(office)
    act(office, number, Action.PASS, "verifier1a", at=MONDAY_9AM + DAY, finding="合格")

    before, then = (
        listed(office, MONDAY_9AM + DAY + timedelta(microseconds=each))[number]["state"]
        for each in (-1, 0)
    )

    assert (before, then) == (State.RECTIFYING, State.VERIFIED)


@pytest.mark.parametrize(
    "wanted",
    [
        Filter(),
        Filter(place="P1"),
        Filter(place="P2"),
        Filter(place="S1"),
        Filter(place="ZWH"),
        Filter(state=State.RECTIFYING),
        Filter(state=State.CLOSED),
        Filter(level=Level.MAJOR),
        Filter(overdue=True),
        Filter(listed=True),
        Filter(text="围墙"),
        Filter(category="消防"),
    ],
)
def test_a_list_as_of_now_is_the_list(office, lived, wanted):
    now = max(lived)

    then = list_as_of(office, wanted, now, by="committee1")
    today = list_cases(office, wanted, by="committee1", as_of=now)

    shared = set(then.rows[0]) & set(today.rows[0]) if today.rows else set()
    assert [{name: row[name] for name in shared} for row in then.rows] == [
        {name: row[name] for name in shared} for row in today.rows
    ]
    assert count_as_of(office, wanted, now, by="committee1").total == count_cases(
        office, wanted, by="committee1", as_of=now
    )


@pytest.mark.parametrize(("day", "place", "numbers"), [(1, "P2", 1), (2, "P2", 0), (2, "S1", 2)])
def test_a_transferred_case_is_listed_where_it_lay(office, lived, day, place, numbers):
    moment = MONDAY_9AM + day * DAY

    assert count_as_of(office, Filter(place=place), moment, by="committee1").total == numbers


def test_a_list_as_of_is_paged_by_key(office):
    numbers = [reported(office, description=f"隐患{each}") for each in range(5)]

    first = list_as_of(office, Filter(), MONDAY_9AM, by="committee1", size=3)
    rest = list_as_of(office, Filter(), MONDAY_9AM, by="committee1", size=3, after=first.after)

    assert [row["number"] for page in (first, rest) for row in page.rows] == numbers[::-1]
    assert rest.after == ""


def test_a_count_says_how_cases_stood(office):
    reported(office, level=Level.MAJOR)
    closed(office, description="门坏")

    counted = count_as_of(office, Filter(), MONDAY_9AM, by="auditor")

    assert counted.plain() == {
        "total": 2, "open": 1, "overdue": 0, "listed": 0, "major": 1,
        "by_state": {"reported": 1, "plan": 0, "rectifying": 0, "verified": 0, "closed": 1},
    }  # fmt: skip


def test_nobody_sees_the_past_of_what_they_may_not_see(office):
    reported(office, unit="S3")

    assert count_as_of(office, Filter(), MONDAY_9AM, by="cluster1").total == 0
    assert list_as_of(office, Filter(), MONDAY_9AM, by="cluster1").rows == []
