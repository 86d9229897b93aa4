"""Places, people and roles are set up once; what does not fit is refused and nothing is written."""

import pytest
from sqlalchemy import func, select

from casework.errors import Invalid
from casework.organisations import (
    PersonEntry,
    PlaceEntry,
    SetUp,
    list_people,
    list_places,
    set_up,
)
from models import Place
from models.tables import NUMBER_SERIES, ORGANISATIONS, PEOPLE, ROLE_GRANTS
from rules.access import Role
from tests.offices import an_office, reported

COMMITTEE = PlaceEntry(Place.COMMITTEE, "C", "专委会")
CLUSTER = PlaceEntry(Place.CLUSTER, "K", "片区", "C")
SCHOOL = PlaceEntry(Place.UNIT, "U", "学校", "K", "小学")
OFFICE = PlaceEntry(Place.DEPARTMENT, "D", "总务处", "U")
PLACES = [COMMITTEE, CLUSTER, SCHOOL, OFFICE]
LI = PersonEntry("li", "李四", [(Role.HEAD, "U"), (Role.OWNER, "U")])
WANG = PersonEntry("wang", "王五", [(Role.COMMITTEE, "C")])
NOBODY = PersonEntry("zhao", "赵六")


@pytest.fixture
def empty(engine, tmp_path):
    """An office without places or people."""
    office = an_office(engine, tmp_path)
    with office.writing() as connection:
        for table in (ROLE_GRANTS, PEOPLE):
            connection.execute(table.delete())
        for kind in (Place.UNIT, Place.CLUSTER, Place.COMMITTEE):
            connection.execute(ORGANISATIONS.delete().where(ORGANISATIONS.c.kind == kind))
    return office


def counts(office):
    with office.reading() as connection:
        return tuple(
            connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in (ORGANISATIONS, PEOPLE, ROLE_GRANTS)
        )


def test_places_stand_below_their_parents(empty):
    assert set_up(empty, PLACES, []) == SetUp(4, 0, 0)

    with empty.reading() as connection:
        rows = list_places(connection)
    assert [(row["code"], row["kind"], row["path"]) for row in rows] == [
        ("C", "committee", "/1/"),
        ("K", "cluster", "/1/2/"),
        ("U", "unit", "/1/2/3/"),
        ("D", "department", "/1/2/3/4/"),
    ]
    assert [row["parent_id"] for row in rows] == [None, 1, 2, 3]


def test_people_hold_their_roles(empty):
    assert set_up(empty, PLACES, [LI, WANG, NOBODY]) == SetUp(4, 3, 3)

    with empty.reading() as connection:
        rows = list_people(connection)
    assert [(row["code"], row["name"], row["role"], row["place"]) for row in rows] == [
        ("li", "李四", "head", "U"),
        ("li", "李四", "owner", "U"),
        ("wang", "王五", "committee", "C"),
        ("zhao", "赵六", None, None),
    ]


def test_setting_up_again_changes_nothing(empty):
    set_up(empty, PLACES, [LI, WANG, NOBODY])

    assert set_up(empty, PLACES, [LI, WANG, NOBODY]) == SetUp(0, 0, 0)
    assert counts(empty) == (4, 3, 3)


def test_what_is_there_stays_as_it_is_and_the_new_is_added(empty):
    set_up(empty, PLACES, [LI])
    renamed = PlaceEntry(Place.UNIT, "U", "改了名", "K")
    second = PlaceEntry(Place.UNIT, "U2", "二校", "K")
    more = PersonEntry("li", "改了名", [(Role.HEAD, "U"), (Role.HEAD, "U2")])

    assert set_up(empty, [renamed, second], [more]) == SetUp(1, 0, 1)

    with empty.reading() as connection:
        assert [row["name"] for row in list_places(connection)] == [
            "专委会",
            "片区",
            "学校",
            "总务处",
            "二校",
        ]
        assert {row["name"] for row in list_people(connection)} == {"李四"}


def test_a_school_set_up_can_be_reported_at(office):
    set_up(office, [PlaceEntry(Place.UNIT, "S4", "新校", "P1")], [])

    assert reported(office) == "YH2026-000001"


def test_outer_blanks_are_not_kept(empty):
    set_up(empty, [PlaceEntry(Place.COMMITTEE, " C ", " 专委会 ")], [PersonEntry(" li ", " 李四 ")])

    with empty.reading() as connection:
        assert [(row["code"], row["name"]) for row in list_places(connection)] == [("C", "专委会")]
        assert [(row["code"], row["name"]) for row in list_people(connection)] == [("li", "李四")]


@pytest.mark.parametrize(
    ("places", "where", "says"),
    [
        ([CLUSTER], "K", "parent 'C' of 片区"),
        ([COMMITTEE, SCHOOL], "U", "parent 'K' of 学校"),
        ([COMMITTEE, PlaceEntry(Place.UNIT, "U", "学校", "C")], "U", "wrong kind"),
        ([COMMITTEE, CLUSTER, PlaceEntry(Place.CLUSTER, "K2", "片", "K")], "K2", "wrong kind"),
        ([COMMITTEE, CLUSTER, PlaceEntry(Place.DEPARTMENT, "D", "处", "K")], "D", "wrong kind"),
        ([COMMITTEE, PlaceEntry(Place.CLUSTER, "K", "片区")], "K", "parent ''"),
        ([COMMITTEE, SCHOOL, CLUSTER], "U", "parent 'K'"),  # the parent comes first
        ([COMMITTEE, PlaceEntry(Place.COMMITTEE, "C2", "二")], "C2", "committee already: C"),
        ([COMMITTEE, CLUSTER, SCHOOL, SCHOOL], "U", "stands 2 times"),
        ([PlaceEntry(Place.COMMITTEE, "", "专委会")], "", "must both be given"),
        ([PlaceEntry(Place.COMMITTEE, "C", " ")], "C", "must both be given"),
        ([PlaceEntry(Place.COMMITTEE, "C" * 41, "专委会")], "C" * 41, "longer than 40"),
        ([PlaceEntry(Place.COMMITTEE, "C", "长" * 201)], "C", "longer than 200"),
        ([PlaceEntry(Place.COMMITTEE, "C", "专\x00")], "C", "control characters"),
        ([PlaceEntry(Place.COMMITTEE, "C", "\ud800")], "C", "control characters"),
        ([PlaceEntry(Place.COMMITTEE, "C", "专委会", "", "长" * 41)], "C", "longer than 40"),
    ],
)  # fmt: skip
def test_a_place_that_does_not_fit_is_named_and_nothing_is_written(empty, places, where, says):
    with pytest.raises(Invalid, match=says) as refused:
        set_up(empty, places, [])

    assert refused.value.where == where
    assert refused.value.remedy.zh
    assert counts(empty) == (0, 0, 0)


@pytest.mark.parametrize(
    ("person", "says"),
    [
        (PersonEntry("x", "某", [(Role.HEAD, "没有")]), "place '没有' is missing"),
        (PersonEntry("x", "某", [(Role.HEAD, "")]), "place '' is missing"),
        (PersonEntry("x", "某", [(Role.LADDER, "C")]), "nobody is the engine"),
        (PersonEntry("x", ""), "must both be given"),
        (PersonEntry("x", "长" * 81), "longer than 80"),
        (PersonEntry("x", "\x00"), "control characters"),
    ],
)
def test_a_person_who_does_not_fit_is_named_and_nothing_is_written(empty, person, says):
    with pytest.raises(Invalid, match=says) as refused:
        set_up(empty, PLACES, [person])

    assert refused.value.where == "x"
    assert counts(empty) == (0, 0, 0)


def test_a_person_listed_twice_is_refused(empty):
    with pytest.raises(Invalid, match="the code li stands 2 times"):
        set_up(empty, PLACES, [LI, LI])

    assert counts(empty) == (0, 0, 0)


def test_a_second_committee_is_refused_later_too(empty):
    set_up(empty, PLACES, [])

    with pytest.raises(Invalid, match="committee already: C"):
        set_up(empty, [PlaceEntry(Place.COMMITTEE, "C2", "另一专委会")], [])

    assert counts(empty) == (4, 0, 0)


def test_what_was_refused_took_no_numbers(empty):
    with pytest.raises(Invalid):
        set_up(empty, [*PLACES, SCHOOL], [LI])

    with empty.reading() as connection:
        assert connection.execute(select(NUMBER_SERIES)).all() == []
