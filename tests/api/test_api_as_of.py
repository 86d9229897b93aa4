"""Lists and counts as of a moment, asked by the query grammar, through the API."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from models.tables import RECORD_EVENTS
from rules.actions import Action
from tests.offices import MONDAY_9AM, act, planned, reported


def test_what_was_is_listed_and_counted_and_the_look_recorded(api):
    number = planned(api.office)
    act(api.office, number, Action.APPROVE_PLAN, "cluster1", at=MONDAY_9AM + timedelta(days=3))
    reported(api.office, description="门坏")
    asked = {"at": "2026-03-03", "query": "状态:方案待批 灭火器"}

    found = api.as_("auditor").get("/audit/as-of", params=asked).json()
    counted = api.as_("auditor").get("/audit/as-of/count", params=asked).json()

    assert [(row["number"], row["state"]) for row in found["items"]] == [(number, "plan")]
    assert (counted["total"], counted["by_state"]["plan"]) == (1, 1)
    with api.office.reading() as connection:
        of_audit = select(func.count()).where(RECORD_EVENTS.c.subject == "audit")
        assert connection.execute(of_audit).scalar_one() == 2


@pytest.mark.parametrize(
    "asked", [{}, {"at": "yesterday"}, {"at": "2026-03-03", "query": "状态:整改中 huh:1"}]
)
def test_what_cannot_be_asked_is_refused(sqlite_api, asked):
    assert sqlite_api.as_("auditor").get("/audit/as-of", params=asked).status_code == 422
