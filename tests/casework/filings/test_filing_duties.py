"""A filing is owed from the day it is compiled, chased when it is late, done once it is signed."""

from datetime import datetime

import pytest
from sqlalchemy import select

from casework.duties.chasing import chase
from casework.events import Door
from models import DutyState
from models.tables import DUTIES, NOTICES
from tests.casework.filings.filed import APRIL, compiled, daily, signed
from tests.offices import PERSON, reported

LATE = datetime.fromisoformat("2026-04-10T08:00+08:00")  # due on the 5th, a Sunday


def duties(office):
    with office.reading() as connection:
        rows = connection.execute(select(DUTIES).order_by(DUTIES.c.id)).all()
    return {row.key: row for row in rows}


def test_every_filing_of_a_period_is_a_duty_with_its_due_day_and_page(office):
    compiled(office)
    compiled(office)

    found = duties(office)

    assert [f"{each.due_on:%m-%d}" for each in found.values()] == [
        "04-05", "04-05", "04-05", "04-07", "04-07", "04-10",
    ]  # fmt: skip
    own = found["monthly/2026-03/S1"]
    assert (own.kind, own.link) == ("report", "/filings/monthly/2026-03/S1")
    assert own.title_zh == "第一小学2026年3月每月上报"
    assert [each.person_id for each in found.values()][3:] == [
        PERSON["cluster1"], PERSON["cluster2"], PERSON["committee1"],
    ]  # fmt: skip


def test_a_signed_filing_is_no_duty_any_more(office):
    compiled(office)
    signed(office, nil="是")

    states = {key: row.state for key, row in duties(office).items()}

    assert states.pop("monthly/2026-03/S1") is DutyState.FULFILLED
    assert set(states.values()) == {DutyState.OPEN}


def test_who_does_not_report_is_chased_and_at_last_a_case(office):
    compiled(office)
    signed(office, nil="是")

    chased = chase(office, as_of=LATE, ran_at=LATE, door=Door.FLOW)

    assert chased.raised == 2
    assert chased.by_kind == {"report": 5}


def test_the_daily_check_is_owed_by_its_checklist_and_not_twice(sqlite_office):
    daily(sqlite_office)

    assert duties(sqlite_office) == {}


@pytest.mark.parametrize(("unit", "told"), [("P1", 0), ("ZWH", 2)])
def test_the_committees_report_is_told_to_the_clusters(office, unit, told):
    reported(office)
    compiled(office)

    signed(office, unit, at=APRIL, **{"reason:units": "首次汇编", "nil": "是"})

    with office.reading() as connection:
        sent = connection.execute(select(NOTICES.c.person_id, NOTICES.c.kind)).all()
    assert [each.person_id for each in sent if each.kind == "filing"] == [
        PERSON["cluster1"], PERSON["cluster2"],
    ][:told]  # fmt: skip
