"""责任反馈: asked for period by period, done when every post has answered, else a case."""

from datetime import date, datetime

import pytest
from sqlalchemy import select

from casework.events import Door
from casework.missing import chase_missing
from casework.registers.acts import retire_record
from casework.responsibility import find_coverage
from models.tables import CASES, DUTIES
from rules.registers.coverage import Answer
from rules.registers.kinds import kinds
from tests.casework.registers.buses import added
from tests.offices import ORGANISATION

KEY = f"responsibility_fb/2026/first/{ORGANISATION['S1']}"
PERIODIC = kinds()["responsibility_fb"].periodic
FIRST, SECOND = PERIODIC.turns(2026)


def at(day):
    return datetime.fromisoformat(f"{day}T06:30+08:00")


def chased(office, *days):
    for day in days:
        chase_missing(office, as_of=at(day), ran_at=at(day), door=Door.FLOW)


def asked(office):
    with office.reading() as connection:
        wanted = select(DUTIES.c.key, DUTIES.c.due_on, DUTIES.c.state)
        rows = connection.execute(wanted.where(DUTIES.c.kind == "feedback").order_by(DUTIES.c.id))
        return [(row.key, f"{row.due_on}", row.state.value) for row in rows]


def feedback(office, item_no, day="2026-07-01", **differs):
    told = {"feedback_no": f"F{item_no}", "item_no": item_no, "given_on": day, **differs}
    added(office, "responsibility_fb", at=at(day), **told)


@pytest.fixture
def listed(sqlite_office):
    """S1 has a list of two posts; the others have none."""
    added(sqlite_office, "responsibility")
    added(sqlite_office, "responsibility", item_no="R2")
    return sqlite_office


@pytest.mark.parametrize(
    ("day", "turn", "due"),
    [
        (date(2026, 6, 14), ("second", 2025), date(2026, 7, 14)),  # thirty days for latecomers
        (date(2026, 6, 15), ("first", 2026), date(2026, 7, 15)),
        (date(2026, 7, 15), ("first", 2026), date(2026, 7, 15)),
        (date(2026, 7, 16), ("first", 2026), date(2026, 8, 15)),
        (date(2026, 12, 14), ("first", 2026), date(2027, 1, 13)),
        (date(2026, 12, 15), ("second", 2026), date(2027, 1, 15)),
        (date(2027, 1, 15), ("second", 2026), date(2027, 1, 15)),
    ],
)
def test_which_period_is_asked_for_on_a_day_and_by_when(day, turn, due):
    found = PERIODIC.turn_on(day)

    assert ((found.key, found.year), PERIODIC.due_on(found, day)) == (turn, due)


def test_a_unit_with_a_list_is_asked_once_a_period(listed):
    chased(listed, "2026-06-14")
    before = asked(listed)
    chased(listed, "2026-06-15", "2026-06-16", "2026-07-20")

    assert before == []
    assert asked(listed) == [(KEY, "2026-07-15", "open")]


def test_it_is_done_when_the_last_post_has_answered(listed):
    chased(listed, "2026-06-15")
    feedback(listed, "R1")
    feedback(listed, "R2", period="second", feedback_no="F9")
    before = asked(listed)
    feedback(listed, "R2")

    assert [state for *_, state in [*before, *asked(listed)]] == ["open", "fulfilled"]


def test_it_is_done_when_the_only_post_that_owes_is_gone(listed):
    chased(listed, "2026-06-15")
    feedback(listed, "R1")
    how = {"by": "head1", "at": at("2026-07-02"), "door": Door.CLI}
    retire_record(listed, "responsibility", "R2", "岗位撤销", **how)

    assert asked(listed) == [(KEY, "2026-07-15", "fulfilled")]


def test_who_has_given_all_of_it_is_not_asked(listed):
    feedback(listed, "R1", "2026-06-01")
    feedback(listed, "R2", "2026-06-01")
    chased(listed, "2026-06-15")

    assert asked(listed) == []


def test_what_is_missing_is_a_case_ten_working_days_after(listed):
    days = ("2026-06-15", "2026-07-01", "2026-07-13", "2026-07-16", "2026-07-28", "2026-07-29")
    found = []
    for day in days:
        chased(listed, day)
        with listed.reading() as connection:
            told = connection.execute(select(CASES.c.description)).scalars()
            found.append([each for each in told if "责任反馈" in each])

    assert found[:4] == [[]] * 4
    assert "2026 年上半年责任反馈" in found[-1][0]
    assert len(found[-1]) == 1


def test_coverage_tells_who_has_given_it(listed):
    feedback(listed, "R1", "2026-06-20")

    found = find_coverage(listed, by="committee1", year=2026)
    (unit,) = [each for each in found.units if each.code == "S1"]

    assert [turn.key for turn in found.turns] == ["first", "second"]
    assert (unit.posts, unit.feedback) == (2, {"first": 1, "second": 0})
    assert [(each.code, each.listed, each.feedback["first"]) for each in found.clusters] == [
        ("P1", 1, 0), ("P2", 0, 0),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("turn", "posts", "given", "today", "stands"),
    [
        (FIRST, 0, 0, date(2026, 8, 1), Answer.NOTHING),
        (FIRST, 2, 2, date(2026, 1, 1), Answer.WHOLE),
        (FIRST, 2, 1, date(2026, 6, 14), Answer.AHEAD),
        (FIRST, 2, 1, date(2026, 6, 15), Answer.OPEN),
        (FIRST, 2, 1, date(2026, 7, 15), Answer.OPEN),
        (FIRST, 2, 1, date(2026, 7, 16), Answer.LATE),
        (SECOND, 2, 0, date(2027, 1, 15), Answer.OPEN),
        (SECOND, 2, 0, date(2027, 1, 16), Answer.LATE),
    ],
)
def test_how_the_feedback_of_a_unit_stands(turn, posts, given, today, stands):
    assert Answer.of(turn, posts, given, today) is stands
