"""A case as of a moment, who knew of it by then, and its timeline in words."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from casework.acknowledging import acknowledge
from casework.auditing.as_of import case_as_of
from casework.auditing.timeline import open_timeline
from casework.errors import Invalid, NotFound
from casework.events import Door
from rules.actions import Action
from rules.case import State
from rules.deadlines import Stage
from tests.offices import MONDAY_9AM, PERSON, act, closed, planned, rectifying, reported

DAY = timedelta(days=1)
LATER = MONDAY_9AM + 40 * DAY


def as_of(office, number, moment, by="auditor"):
    return case_as_of(office, number, moment, by=by)


def timeline(office, number, by="auditor"):
    return open_timeline(office, number, by=by, as_of=LATER)


def test_a_case_was_not_before_it_was_reported(office):
    number = reported(office)

    assert as_of(office, number, MONDAY_9AM - DAY).case is None


def test_a_case_waits_for_whom_it_waited_then(office):
    number = planned(office, owner="张三")
    act(office, number, Action.APPROVE_PLAN, "cluster1", at=MONDAY_9AM + DAY)

    then, now = (as_of(office, number, MONDAY_9AM + days * DAY).case for days in (0, 1))

    assert (then["state"], then["holder"], then["owner"]) == (State.PLAN, "head", "张三")
    assert (now["state"], now["holder"], now["unit"]) == (State.RECTIFYING, "owner", "第一小学")


def test_an_owner_is_whoever_it_was_then(office):
    number = reported(office, owner="张三")
    act(office, number, Action.ASSIGN, "head1", at=MONDAY_9AM + DAY, owner="李四")
    act(
        office, number, Action.TRANSFER, "cluster1", at=MONDAY_9AM + 2 * DAY, unit="S2", reason="误"
    )

    owners = [as_of(office, number, MONDAY_9AM + days * DAY).case["owner"] for days in (0, 1, 2)]

    assert owners == ["张三", "李四", ""]


def test_it_is_told_whether_a_closed_case_was_ever_late_and_who_let_it_slide(office):
    number = planned(office)
    act(office, number, Action.APPROVE_PLAN, "cluster1", at=MONDAY_9AM + 9 * DAY)

    found = as_of(office, number, LATER)

    assert [(each["stage"], each["holder"], each["late"]) for each in found.terms] == [
        (Stage.PLAN, "owner", False),
        (Stage.APPROVAL, "head", True),
        (Stage.RECTIFICATION, "owner", True),
    ]
    assert found.case["ever_overdue"] is True


def test_who_knew_is_who_had_been_told_by_then(office):
    number = planned(office)
    acknowledge(office, [_notice(office)], by="head1", at=MONDAY_9AM + 2 * DAY, door=Door.CLI)

    then, later = (as_of(office, number, MONDAY_9AM + days * DAY).knew for days in (1, 2))

    assert [each["acknowledged_at"] for each in then if each["code"] == "head1"] == [None]
    assert [each["acknowledged_at"] for each in later if each["code"] == "head1"] == [
        MONDAY_9AM + 2 * DAY
    ]


def _notice(office):
    with office.reading() as connection:
        mine = text("SELECT min(id) FROM notice WHERE person_id = :person")
        return connection.execute(mine, {"person": PERSON["head1"]}).scalar_one()


def test_a_case_elsewhere_is_not_found(office):
    number = reported(office, unit="S3")

    with pytest.raises(NotFound):
        as_of(office, number, MONDAY_9AM, by="cluster1")
    with pytest.raises(NotFound):
        timeline(office, number, by="cluster1")


def test_a_history_that_was_tampered_with_is_said_to_be_unreadable(sqlite_office):
    number = rectifying(sqlite_office)
    with sqlite_office.writing() as connection:
        connection.execute(text("DROP TRIGGER case_event_refuses_update"))
        connection.execute(text("UPDATE case_event SET body = '[' WHERE seq = 2"))

    with pytest.raises(Invalid, match="can no longer be read"):
        as_of(sqlite_office, number, MONDAY_9AM)
    assert timeline(sqlite_office, number).entries[1]["said"].en.endswith("no longer be read")


def test_a_timeline_says_what_each_step_changed(office):
    number = planned(office)

    entry = timeline(office, number).entries[1]

    assert [each["said"].zh for each in entry["differences"]] == [
        "状态：已上报 → 方案待批",
        "方案报送人：无 → OWNER1",
        "方案期限：无 → 2026-03-20",
        "参与整改的人：无 → OWNER1",
    ]


def test_a_transfer_names_both_units(office):
    number = reported(office)
    act(office, number, Action.TRANSFER, "cluster1", unit="S2", reason="误报单位")

    [difference] = timeline(office, number).entries[1]["differences"]

    assert difference["said"].en == "responsible unit: 第一小学 → 第二中学"


def test_a_timeline_shows_evidence_orders_and_whom_each_step_told(office):
    number = rectifying(office)
    act(office, number, Action.LIST, "committee1", kind="supervision", reason="严重")

    listed = timeline(office, number).entries[-1]
    claim = timeline(office, closed(office, description="门坏")).entries[3]

    assert listed["order"]["level"] == "committee"
    assert [each["name"] for each in claim["evidence"]] == ["green.jpg"]
    assert {each["code"] for each in claim["notices"]} == {"verifier1a", "verifier1b"}


def test_a_stage_tells_its_first_due_date_and_the_one_that_applies_and_why(office):
    number = rectifying(office)
    asked = {
        "reason": "等配件", "obstacle": "funds", "new_due": "2026-04-10",
        "plan": "分两步", "interim": "专人看守",
    }  # fmt: skip
    act(office, number, Action.ASK_EXTENSION, "owner1", at=MONDAY_9AM + DAY, **asked)
    act(office, number, Action.GRANT_EXTENSION, "cluster1", at=MONDAY_9AM + DAY,
        new_due="2026-04-10", reason="属实")  # fmt: skip

    stay = timeline(office, number).stays[-1]

    assert (stay["stage"], stay["moved"], stay["late"]) == (Stage.RECTIFICATION, True, True)
    assert [each["why"].zh for each in stay["clocks"]] == [
        "批准方案起，按方案期限，至 2026-03-20",
        "同意延期起，按办理时所定，至 2026-04-10；OWNER1申请，CLUSTER1同意；属实",
    ]


def test_a_policy_limit_is_named(office):
    stay = timeline(office, reported(office)).stays[0]

    assert (
        stay["clocks"][0]["why"].en
        == "since “report”: the policy allows 3 working days, until 2026-03-05"
    )
