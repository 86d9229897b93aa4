"""A unit's own list of locations: who keeps it, and that its history holds."""

import pytest

from casework.errors import Invalid, NotFound, Refused
from casework.events import Door
from casework.locations import (
    LONGEST,
    MOST,
    add_locations,
    list_locations,
    retire_location,
    told_locations,
)
from casework.people import find_unit
from casework.records import read_records
from casework.staffing import PLACE, Hand
from rules.proof import first_break
from tests.offices import MONDAY_9AM, ORGANISATION, reported


def hand(by="owner1"):
    return Hand(by, MONDAY_9AM, Door.PAGE)


def listed(office, unit="S1"):
    with office.reading() as connection:
        return [*list_locations(connection, find_unit(connection, unit))]


def told(office, unit="S1"):
    with office.reading() as connection:
        return [*told_locations(connection, find_unit(connection, unit))]


def test_locations_are_added_retired_and_taken_back(office):
    added = add_locations(office, "S1", "实验室\n大门\n\n 实验室 ", hand())
    again = add_locations(office, "S1", "大门\n楼道", hand("head1"))
    retire_location(office, "S1", "大门", hand())
    without = listed(office)
    back = add_locations(office, "S1", "大门", hand())

    assert (added, again, back) == (["实验室", "大门"], ["楼道"], ["大门"])
    assert (set(without), len(listed(office))) == ({"实验室", "楼道"}, 3)
    with office.reading() as connection:
        history = read_records(connection, PLACE, ORGANISATION["S1"])
    assert first_break(history) is None
    assert [event.kind for event, _ in history] == [
        "add_location", "add_location", "retire_location", "add_location",
    ]  # fmt: skip


def test_adding_what_is_there_writes_nothing(sqlite_office):
    add_locations(sqlite_office, "S1", "大门", hand())

    assert add_locations(sqlite_office, "S1", "大门", hand()) == []
    with sqlite_office.reading() as connection:
        assert len(read_records(connection, PLACE, ORGANISATION["S1"])) == 1


@pytest.mark.parametrize("by", ["reporter1", "owner2", "cluster2", "auditor", "inspector1"])
def test_others_keep_no_list_here(sqlite_office, by):
    with pytest.raises(Refused):
        add_locations(sqlite_office, "S1", "大门", hand(by))


@pytest.mark.parametrize("by", ["owner1", "head1", "cluster1", "committee1", "admin"])
def test_these_keep_the_list(sqlite_office, by):
    assert add_locations(sqlite_office, "S1", "大门", hand(by)) == ["大门"]


@pytest.mark.parametrize("names", ["", " \n ", "x" * (LONGEST + 1), "a\x00b"],
                         ids=["empty", "blank", "long", "nul"])  # fmt: skip
def test_what_is_no_list_is_refused(sqlite_office, names):
    with pytest.raises(Invalid):
        add_locations(sqlite_office, "S1", names, hand())


def test_the_longest_list_is_taken_and_one_more_is_not(sqlite_office):
    lines = "\n".join(f"教室{n}" for n in range(MOST))

    assert len(add_locations(sqlite_office, "S1", lines, hand())) == MOST
    with pytest.raises(Invalid):
        add_locations(sqlite_office, "S1", "大门", hand())


def test_a_cluster_has_no_locations_and_an_unknown_one_is_not_retired(sqlite_office):
    with pytest.raises(Invalid):
        add_locations(sqlite_office, "P1", "大门", hand("cluster1"))
    with pytest.raises(NotFound):
        retire_location(sqlite_office, "S1", "大门", hand())


def test_where_its_cases_lie_is_proposed_until_it_is_listed(office):
    reported(office, location="大门", description="一")
    reported(office, location="大门", description="二")
    reported(office, location="楼道", description="三")
    reported(office, unit="S2", location="别处")
    before = told(office)
    add_locations(office, "S1", "大门", hand())

    assert (before, told(office)) == (["大门", "楼道"], ["楼道"])
