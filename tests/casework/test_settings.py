"""Policies, days and terms come into force from their day on, by an administrator's word."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import func, select

from casework.errors import Invalid, NotFound, Refused
from casework.settings import adopt_policy, enter_day, enter_term, list_policies
from casework.sweep import sweep
from models.tables import (
    CALENDAR_OVERRIDES,
    CASES,
    CLOCKS,
    ORGANISATIONS,
    POLICY_VERSIONS,
    ROLE_GRANTS,
    SCHOOL_TERMS,
)
from rules.overrides import TermKind
from rules.policy import PolicyTrouble, default_text, digest
from rules.wording import Trouble
from tests.invariants import broken
from tests.offices import MONDAY_9AM, ORGANISATION, PERSON, reported

FASTER = default_text().replace('plan = { limit = "3wd"', 'plan = { limit = "1wd"')
NOT_ADMINS = ["committee1", "cluster1", "head1", "inspector1", "auditor"]


def from_day(text, day):
    return text.replace("effective_from = 2020-01-01", f"effective_from = {day}")


def adopt(office, text, *, by="admin", at=MONDAY_9AM):
    return adopt_policy(office, text, by=by, at=at)


def due_of(office, number):
    with office.reading() as connection:
        return connection.execute(
            select(CLOCKS.c.due_at, CLOCKS.c.limit, CLOCKS.c.policy)
            .join(CASES, CASES.c.id == CLOCKS.c.case_id)
            .where(CASES.c.number == number)
        ).one()


def count(office, table):
    with office.reading() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()


def test_a_running_clock_keeps_the_policy_it_began_with(office):
    before = reported(office)

    adopt(office, FASTER)
    after = reported(office)

    midnight = datetime.fromisoformat("2026-03-06T00:00+08:00")
    assert due_of(office, before) == (midnight, "3wd", digest(default_text()))
    assert due_of(office, after) == (midnight - timedelta(days=2), "1wd", digest(FASTER))
    assert broken(office) == []


def test_a_running_clock_keeps_its_steps_too(office):
    text = FASTER.replace('key = "overdue-3"\noffset = "3wd"', 'key = "overdue-4"\noffset = "4wd"')
    reported(office)
    adopt(office, text)

    swept = sweep(office, as_of=MONDAY_9AM + timedelta(days=60), ran_at=MONDAY_9AM)

    assert (swept.steps, swept.failed) == (6, [])
    assert broken(office) == []


@pytest.mark.parametrize(
    ("at", "limit"),
    [
        ("2026-02-28T23:59:59.999999+08:00", "3wd"),
        ("2026-03-01T00:00+08:00", "1wd"),
        ("2026-02-28T16:00+00:00", "1wd"),
        ("2027-01-01T00:00+08:00", "1wd"),
    ],
)
def test_a_policy_is_in_force_from_its_effective_day_in_china(office, at, limit):
    adopt(office, from_day(FASTER, "2026-03-01"), at=MONDAY_9AM - timedelta(days=30))

    assert due_of(office, reported(office, at=datetime.fromisoformat(at))).limit == limit


def test_adopted_policies_are_listed_with_who_and_when(office):
    adopt_policy(office, default_text(), by=None, at=MONDAY_9AM)
    adopt(office, FASTER, at=MONDAY_9AM + timedelta(1))

    with office.reading() as connection:
        listed = [tuple(row.values()) for row in list_policies(connection)]
        by = connection.execute(
            select(POLICY_VERSIONS.c.adopted_by_id).order_by(POLICY_VERSIONS.c.id)
        ).all()
    assert listed == [
        (digest(default_text()), "school", date(2020, 1, 1), MONDAY_9AM),
        (digest(FASTER), "school", date(2020, 1, 1), MONDAY_9AM + timedelta(1)),
    ]
    assert by == [(None,), (PERSON["admin"],)]


def test_the_same_policy_is_not_adopted_twice_in_a_row(office):
    adopt(office, FASTER)

    with pytest.raises(Refused, match="in force already") as refused:
        adopt(office, FASTER)

    assert refused.value.where == "policy"
    assert count(office, POLICY_VERSIONS) == 1


def test_an_earlier_policy_may_be_taken_up_again(office):
    for text in (default_text(), FASTER, default_text()):
        adopt(office, text)

    assert due_of(office, reported(office)).limit == "3wd"


@pytest.mark.parametrize("text", ["", "[[[", FASTER.replace('"1wd"', '"0wd"'), "schema = 2"])
def test_a_bad_policy_is_refused_and_not_kept(sqlite_office, text):
    with pytest.raises(PolicyTrouble) as refused:
        adopt(sqlite_office, text)

    assert refused.value.where.startswith("policy")
    assert count(sqlite_office, POLICY_VERSIONS) == 0


@pytest.mark.parametrize("by", NOT_ADMINS)
def test_only_an_administrator_changes_what_is_in_force(sqlite_office, by):
    enter = {"by": by, "at": MONDAY_9AM}
    day, term = date(2026, 3, 3), (TermKind.TERM, "春")

    with pytest.raises(Refused, match="may not administer"):
        adopt(sqlite_office, FASTER, by=by)
    with pytest.raises(Refused, match="may not administer"):
        enter_day(sqlite_office, day, off=True, name="台风", **enter)
    with pytest.raises(Refused, match="may not administer"):
        enter_term(sqlite_office, *term, starts=day, ends=day, **enter)

    tables = (POLICY_VERSIONS, CALENDAR_OVERRIDES, SCHOOL_TERMS)
    assert [count(sqlite_office, table) for table in tables] == [0, 0, 0]


def test_the_administrator_of_a_school_does_not_change_what_is_in_force_for_all(office):
    with office.writing() as connection:
        grant = {"person_id": PERSON["head1"], "role": "admin"}
        grant["organisation_id"] = ORGANISATION["S1"]
        connection.execute(ROLE_GRANTS.insert(), grant)

    with pytest.raises(Refused, match="may not administer"):
        adopt(office, FASTER, by="head1")


def test_without_a_committee_nobody_is_its_administrator(office):
    with office.writing() as connection:
        connection.execute(ROLE_GRANTS.delete())
        connection.execute(ORGANISATIONS.delete().where(ORGANISATIONS.c.kind == "unit"))
        connection.execute(ORGANISATIONS.delete().where(ORGANISATIONS.c.kind == "cluster"))
        connection.execute(ORGANISATIONS.delete())

    with pytest.raises(Refused, match="may not administer"):
        adopt(office, FASTER)


def test_a_stranger_is_not_found(office):
    with pytest.raises(NotFound, match="nobody"):
        adopt(office, FASTER, by="ghost")


@pytest.mark.parametrize(
    ("name", "says"), [("长" * 81, "longer than 80"), ("\x00", "control characters")]
)
def test_a_name_that_cannot_be_kept_is_refused(office, name, says):
    day = date(2026, 3, 3)

    with pytest.raises(Invalid, match=says) as of_day:
        enter_day(office, day, off=True, name=name, by="admin", at=MONDAY_9AM)
    with pytest.raises(Invalid, match=says) as of_term:
        enter_term(office, TermKind.TERM, name, starts=day, ends=day, by="admin", at=MONDAY_9AM)

    assert of_day.value.where == of_term.value.where == "name"
    assert (count(office, CALENDAR_OVERRIDES), count(office, SCHOOL_TERMS)) == (0, 0)


@pytest.mark.parametrize(
    ("name", "starts", "ends", "where", "says"),
    [
        (" ", date(2026, 3, 3), date(2026, 3, 3), "name", "no name"),
        ("春", date(2026, 3, 3), date(2026, 3, 2), "end", "before it starts"),
    ],
)
def test_a_term_that_is_none_is_refused(sqlite_office, name, starts, ends, where, says):
    with pytest.raises(Trouble, match=says) as refused:
        enter_term(
            sqlite_office, TermKind.TERM, name, starts=starts, ends=ends, by="admin",
            at=MONDAY_9AM,
        )  # fmt: skip

    assert refused.value.where == where
    assert count(sqlite_office, SCHOOL_TERMS) == 0


def test_what_is_entered_says_when_it_was_announced_and_by_whom(office):
    late = datetime.fromisoformat("2026-03-02T23:00+00:00")  # the 3rd in China

    enter_day(office, date(2026, 3, 4), off=True, name=" 台风 ", by="admin", at=late)

    with office.reading() as connection:
        row = connection.execute(select(CALENDAR_OVERRIDES)).one()
    assert row[1:] == (date(2026, 3, 4), True, "台风", date(2026, 3, 3), PERSON["admin"])
