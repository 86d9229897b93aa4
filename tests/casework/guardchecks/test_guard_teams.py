"""Inspectors of guards are drawn as the guards are, told, chased, and alone may record."""

from datetime import date

import pytest
from sqlalchemy import insert, select, update

from casework.errors import Refused
from casework.guardchecks.looking import verify_check
from models.tables import (
    DUTIES,
    GUARD_INSPECTORS,
    NOTICES,
    ROLE_GRANTS,
)
from rules.guardchecks.acts import due_on
from rules.wording import Wording
from tests.casework.guardchecks.checking import (
    NUMBER,
    TUESDAY,
    drawn,
    record,
    seen,
    visits,
    with_guards,
)
from tests.lookbacks import with_inspectors
from tests.offices import ORGANISATION, PERSON
from tests.sealing import faults, sealed


def state_of_duty(office):
    with office.reading() as connection:
        return connection.execute(select(DUTIES.c.state)).scalar_one().value


@pytest.mark.parametrize(
    ("drawn_on", "expected"),
    [("2026-03-01", "2026-03-31"), ("2026-03-24", "2026-03-31"), ("2026-03-25", "2026-04-01"),
     ("2026-12-31", "2027-01-07"), ("2026-02-02", "2026-02-28")],
)  # fmt: skip
def test_guards_are_looked_for_by_the_end_of_the_month(drawn_on, expected):
    assert due_on(date.fromisoformat(drawn_on)) == date.fromisoformat(expected)


def test_two_inspectors_are_drawn_for_each_school_told_and_chased(office, tmp_path):
    with_inspectors(office)
    with_guards(office)

    done = drawn(office)

    assert done.impossible == []
    teams = {each["unit_code"]: (each["planned_on"], each["inspectors"]) for each in visits(office)}
    assert [len(team) for _, team in teams.values()] == [2, 2]
    assert all(TUESDAY.date() < day <= date(2026, 3, 31) for day, _ in teams.values())
    with office.reading() as connection:
        owed = connection.execute(select(NOTICES.c.unit_id, NOTICES.c.kind)).all()
        due = connection.execute(select(DUTIES.c.key, DUTIES.c.due_on, DUTIES.c.unit_id)).all()
    root = ORGANISATION["ZWH"]
    assert [tuple(each) for each in owed] == [(root, "guard_check")] * 4
    assert [tuple(each) for each in due] == [
        (f"{NUMBER}/{code}", date(2026, 3, 31), root) for code in ("S1", "S3")
    ]
    assert verify_check(office, NUMBER, by="auditor") is None
    sealed(office, tmp_path)
    assert faults(office, tmp_path) == []


def test_other_inspectors_than_were_drawn_are_found(sqlite_office):
    with_inspectors(sqlite_office)
    with_guards(sqlite_office)
    drawn(sqlite_office)

    with sqlite_office.writing() as connection:
        connection.execute(update(GUARD_INSPECTORS).values(planned_on=date(2026, 3, 30)))

    found = verify_check(sqlite_office, NUMBER, by="auditor")
    assert found == Wording("检查人员与抽取时不同", "other inspectors than were drawn")


def test_nobody_is_drawn_for_their_own_school_or_cluster(sqlite_office):
    with_inspectors(sqlite_office)
    with_guards(sqlite_office)
    with sqlite_office.writing() as connection:
        for number in (PERSON["inspector1"], 2101):
            connection.execute(insert(ROLE_GRANTS), {
                "person_id": number, "organisation_id": ORGANISATION["P1"], "role": "verifier",
            })  # fmt: skip
    drawn(sqlite_office)

    teams = {each["unit_code"]: set(each["inspectors"]) for each in visits(sqlite_office)}
    assert teams["S1"] == {"INSPECTOR3", "INSPECTOR4"}


def test_only_the_team_and_the_committee_record_and_the_duty_ends_with_the_last(sqlite_office):
    with_inspectors(sqlite_office)
    with_guards(sqlite_office, first=2, second=0)
    drawn(sqlite_office)
    team = visits(sqlite_office)[0]["inspectors"]
    other = min({"INSPECTOR1", "INSPECTOR2", "INSPECTOR3", "INSPECTOR4"} - set(team)).lower()

    with pytest.raises(Refused) as refused:
        record(sqlite_office, seen(), by=other)
    record(sqlite_office, seen(), by=team[0].lower())
    assert state_of_duty(sqlite_office) == "open"
    record(sqlite_office, seen(), guard="A1", by="committee1")

    assert refused.value.remedy.zh == "由抽定的检查员或专委会记录。"
    assert state_of_duty(sqlite_office) == "fulfilled"


def test_where_nobody_can_be_drawn_any_inspector_may_record(sqlite_office):
    with_guards(sqlite_office, first=1, second=0)  # there is one inspector, and two are wanted

    done = drawn(sqlite_office)

    assert done.impossible[0].startswith("第一小学：")
    assert record(sqlite_office, seen()).identity == "match"
