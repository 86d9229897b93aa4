"""A case's timeline tells of look-backs only to those who may know of them already."""

from datetime import timedelta

import pytest

from casework.auditing.timeline import open_timeline
from casework.lookback.enlarging import enlarge
from rules.lookback.findings import Finding
from tests.lookbacks import (
    MONTHLY,
    TUESDAY,
    assigned_look,
    closed_cases,
    drawn_look,
    found,
    hand,
    visits_of,
    with_inspectors,
)

DAY = timedelta(days=1)


@pytest.fixture
def visited(office):
    """A look-back at every case, with its inspectors, and a visit at the first school."""
    with_inspectors(office)
    closed_cases(office)
    look = assigned_look(office, MONTHLY.replace('"30"', '"100"'))
    return look, next(each for each in visits_of(office, look) if each["unit"] == "第一小学")


def told(office, number, by, as_of=TUESDAY + DAY):
    return open_timeline(office, number, by=by, as_of=as_of).lookbacks


@pytest.mark.parametrize(
    ("by", "number"), [("auditor", 1), ("committee1", 1), ("owner1", 0), ("cluster1", 0)]
)
def test_a_draw_is_told_before_the_finding_only_to_who_sees_look_backs(office, visited, by, number):
    _, visit = visited

    assert len(told(office, visit["number"], by)) == number


def test_a_finding_that_stands_is_told_with_its_draw(office, visited):
    look, visit = visited
    found(office, look, visit, Finding.RELAPSED, at=TUESDAY + timedelta(hours=2))

    [each] = told(office, visit["number"], "auditor")

    assert (each["lookback"], each["drawn_at"]) == (look, TUESDAY)
    assert (each["finding"], each["reopened"]) == (Finding.RELAPSED, True)
    assert each["found_at"] == TUESDAY + timedelta(hours=2)


def test_a_school_learns_of_the_look_back_with_its_finding(office, visited):
    look, visit = visited
    found(office, look, visit)

    [each] = told(office, visit["number"], "owner1")

    assert (each["finding"], each["reopened"]) == (Finding.HOLDS, False)


def test_before_the_finding_the_past_knows_the_draw_alone(office, visited):
    look, visit = visited
    found(office, look, visit, at=TUESDAY + DAY)

    [each] = told(office, visit["number"], "auditor", TUESDAY + timedelta(hours=1))

    assert (each["finding"], each["found_at"], each["reopened"]) == (None, None, False)


def test_before_the_draw_there_is_nothing_to_tell(office, visited):
    _, visit = visited

    assert told(office, visit["number"], "auditor", TUESDAY - timedelta(minutes=1)) == []


def test_a_case_drawn_by_an_enlargement_was_drawn_then(office):
    closed_cases(office)
    look = drawn_look(office)
    enlarge(office, look, "cluster=P1", 2, "两件未能入校", hand(at=TUESDAY + DAY))

    drawn = [each for visit in visits_of(office, look)
             for each in told(office, visit["number"], "auditor")]  # fmt: skip

    assert sorted(each["drawn_at"] for each in drawn)[-3:] == [
        TUESDAY, TUESDAY + DAY, TUESDAY + DAY,
    ]  # fmt: skip


def test_a_case_that_was_not_drawn_has_none(office):
    [number, *_] = closed_cases(office, 1)

    assert told(office, number, "auditor") == []
