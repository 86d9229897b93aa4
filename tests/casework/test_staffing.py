"""The organisation is changed by administrators alone, and remembers it."""

from datetime import date

import pytest

from casework.errors import Invalid, NotFound, Refused
from casework.events import Door
from casework.organisations import PersonEntry, PlaceEntry
from casework.people import away_on, find_actor, find_unit
from casework.records import read_records
from casework.staff_file import list_staff, open_person
from casework.staffing import (
    Hand,
    add_person,
    add_place,
    end_stand_in,
    grant_role,
    rename_person,
    rename_place,
    revoke_role,
    set_stand_in,
)
from models import Place
from models.tables import PEOPLE
from rules.access import Role, Verb
from rules.proof import first_break
from rules.staffing import StaffAct
from tests.offices import MONDAY_9AM, PERSON

ADMIN = Hand("admin", MONDAY_9AM, Door.PAGE)
NEW = PlaceEntry(Place.UNIT, "S4", "第四小学", "P2", "小学")


def history(office, kind, subject):
    with office.reading() as connection:
        return read_records(connection, kind, subject)


def test_a_school_is_added_and_renamed(office):
    add_place(office, NEW, ADMIN)
    rename_place(office, "S4", "第四实验小学", ADMIN)

    with office.reading() as connection:
        unit = find_unit(connection, "S4")
    events = history(office, "place", unit.id)
    assert unit.name == "第四实验小学"
    assert [each.kind for each, _ in events] == [StaffAct.ADD_PLACE, StaffAct.RENAME_PLACE]
    assert first_break(events) is None


def test_a_person_is_added_with_a_role_given_another_and_loses_the_first(office):
    add_person(office, PersonEntry("li", "李四", [(Role.OWNER, "S1")]), ADMIN)
    grant_role(office, "li", Role.CLUSTER, "P2", ADMIN)
    revoke_role(office, "li", Role.OWNER, "S1", ADMIN)

    file = open_person(office, "li", by="admin")
    with office.reading() as connection:
        actor = find_actor(connection, "li")
    assert [(each.role, each.code) for each in file.posts] == [(Role.CLUSTER, "P2")]
    assert actor.reach(Verb.VIEW) == ("/1001/1003/",)
    events = history(office, "person", actor.id)
    assert [each.kind for each, _ in events] == ["add_person", "grant_role", "revoke_role"]
    assert first_break(events) is None


def test_a_name_is_kept_out_of_the_chain(office):
    rename_person(office, "owner1", "王小明", ADMIN)

    [(event, _)] = history(office, "person", PERSON["owner1"])
    assert "王小明" not in event.body
    assert open_person(office, "owner1", by="admin").name == "王小明"


@pytest.mark.parametrize(("until", "last"), [(date(2026, 3, 6), 6), (None, 31)])
def test_a_stand_in_is_heard_while_somebody_is_away(office, until, last):
    set_stand_in(office, "owner1", "head1", away=(date(2026, 3, 3), until), hand=ADMIN)

    with office.reading() as connection:
        assert away_on(connection, date(2026, 3, 2)) == {}
        assert away_on(connection, date(2026, 3, last)) == {PERSON["owner1"]: PERSON["head1"]}
    end_stand_in(office, "owner1", ADMIN)
    with office.reading() as connection:
        assert away_on(connection, date(2026, 3, 4)) == {}


@pytest.mark.parametrize(("who", "until"), [
    ("owner1", None),
    ("head1", date(2026, 3, 2)),
])  # fmt: skip
def test_a_stand_in_that_makes_no_sense_is_refused(office, who, until):
    with pytest.raises(Invalid):
        set_stand_in(office, "owner1", who, away=(date(2026, 3, 3), until), hand=ADMIN)


def test_the_last_administrator_stays(office):
    with pytest.raises(Refused, match="last administrator"):
        revoke_role(office, "admin", Role.ADMIN, "ZWH", ADMIN)
    grant_role(office, "committee1", Role.ADMIN, "ZWH", ADMIN)

    revoke_role(office, "admin", Role.ADMIN, "ZWH", ADMIN)

    with pytest.raises(Refused):
        rename_place(office, "S1", "x", ADMIN)


@pytest.mark.parametrize(("act", "fault"), [
    (lambda office: add_place(office, PlaceEntry(Place.UNIT, "S1", "x", "P1"), ADMIN), Refused),
    (lambda office: add_place(office, PlaceEntry(Place.UNIT, "S9", "x", "S1"), ADMIN), Invalid),
    (lambda office: add_person(office, PersonEntry("owner1", "x"), ADMIN), Refused),
    (lambda office: add_person(office, PersonEntry("n", " "), ADMIN), Invalid),
    (lambda office: rename_place(office, "S1", " ", ADMIN), Invalid),
    (lambda office: rename_person(office, "nobody", "x", ADMIN), NotFound),
    (lambda office: grant_role(office, "owner1", Role.OWNER, "S1", ADMIN), Refused),
    (lambda office: grant_role(office, "owner1", Role.LADDER, "S1", ADMIN), Invalid),
    (lambda office: revoke_role(office, "owner1", Role.HEAD, "S1", ADMIN), NotFound),
])  # fmt: skip
def test_what_cannot_be_is_refused(office, act, fault):
    with pytest.raises(fault):
        act(office)


@pytest.mark.parametrize("code", ["committee1", "cluster1", "head1", "auditor"])
def test_nobody_else_changes_or_reads_it(office, code):
    hand = Hand(code, MONDAY_9AM, Door.PAGE)

    for act in (
        lambda: add_place(office, NEW, hand),
        lambda: rename_person(office, code, "x", hand),
        lambda: grant_role(office, code, Role.ADMIN, "ZWH", hand),
        lambda: list_staff(office, by=code),
        lambda: open_person(office, "owner1", by=code),
    ):
        with pytest.raises(Refused):
            act()


def test_people_are_found_by_a_part_of_their_name_and_by_their_place(office):
    found = list_staff(office, by="admin", text="OWNER")
    there = list_staff(office, by="admin", place="S1")

    assert [each["code"] for each in found.people] == ["owner1", "owner2", "owner3"]
    assert [each["code"] for each in there.people] == ["reporter1", "owner1", "head1"]
    assert found.people[0]["roles"] == [(Role.OWNER, "第一小学")]
    assert list_staff(office, by="admin", text="%").people == []


def test_people_come_a_page_at_a_time(office):
    with office.writing() as connection:
        rows = [{"id": 5000 + n, "code": f"x{n:03}", "name": "x"} for n in range(60)]
        connection.execute(PEOPLE.insert(), rows)

    first = list_staff(office, by="admin", text="x")
    rest = list_staff(office, by="admin", text="x", after=first.after)

    assert (len(first.people), len(rest.people), rest.after) == (50, 10, None)
