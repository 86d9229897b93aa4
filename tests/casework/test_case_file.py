"""The case file tells all about a case in order, to whoever may see it, and shows tampering."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select, text

from casework.case_file import offers_for, open_case_file
from casework.errors import Invalid, NotFound
from casework.sweep import sweep
from models.tables import EVENTS
from notifications.sentences import KINDS
from rules.actions import Action
from rules.lookback.acts import CaseLook
from rules.orders import OrderAct
from rules.proof import Sealed, event_hash
from rules.sending import Answer
from tests.offices import (
    MONDAY_9AM,
    TEAM,
    a_plan,
    act,
    after_photo,
    claimed,
    closed,
    rectifying,
    reported,
    verified,
)

HOUR = timedelta(hours=1)
FRIDAY = MONDAY_9AM.replace(day=6)


def opened(office, number, *, by="committee1", as_of=MONDAY_9AM):
    return open_case_file(office, number, by=by, as_of=as_of)


def test_everything_stands_in_the_order_it_happened(office):
    number = verified(office)

    file = opened(office, number)

    assert [(event["seq"], event["kind"], event["who"]) for event in file.history] == [
        (1, "report", "REPORTER1"),
        (2, "submit_plan", "OWNER1"),
        (3, "approve_plan", "CLUSTER1"),
        (4, "claim", "OWNER1"),
        (5, "pass", "VERIFIER1A"),
    ]
    assert [(clock["no"], clock["stage"]) for clock in file.clocks] == [
        (1, "plan"), (2, "approval"), (3, "rectification"), (4, "verification"), (5, "close_out"),
    ]  # fmt: skip
    assert [clock["stopped_at"] is None for clock in file.clocks] == [False] * 4 + [True]
    assert [(plan["no"], plan["deadline"], plan["approved"]) for plan in file.plans] == [
        (1, date(2026, 3, 20), True)
    ]
    assert [(each["shows"], each["name"]) for each in file.evidence] == [("after", "green.jpg")]
    assert (file.case["unit"], file.case["cluster"]) == ("第一小学", "第一片区")
    assert file.broken_at is None
    assert file.receipt == f"{number}/5/{file.history[-1]['hash'][:8]}"


def test_every_kind_of_event_is_told_in_both_languages(office):
    told = [event for number in _lives(office) for event in opened(office, number).history]

    assert {event["kind"] for event in told} == KINDS - set(OrderAct) - set(Answer) - set(CaseLook)
    assert [event for event in told if not event["zh"] or not event["en"]] == []
    sentences = {event["kind"]: (event["zh"], event["en"]) for event in told}
    assert sentences["report"] == (
        "上报人REPORTER1上报：灭火器压力不足", "reporter REPORTER1: report: 灭火器压力不足",
    )  # fmt: skip
    assert sentences["fix_on_spot"] == (
        "责任人OWNER1立行立改：当场更换（附件 1 份）",
        "owner OWNER1: fix on the spot: 当场更换 (1 file(s))",
    )
    assert sentences["void"] == (
        "片区负责人CLUSTER1撤销：误报",
        "cluster lead CLUSTER1: void: 误报",
    )
    assert sentences["overdue"] == (
        "报方案逾期 1 天，责任在责任人", "plan is 1 day(s) late, waiting for the owner",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("walk", "by", "offers"),
    [
        (reported, "owner1", {"submit_plan", "fix_on_spot"}),
        (reported, "reporter1", set()),
        (reported, "auditor", set()),
        (reported, "admin", set()),
        (reported, "verifier1a", set()),
        (rectifying, "owner1", {"progress", "ask_extension", "claim"}),
        (claimed, "verifier1a", {"pass", "fail", "no_access"}),
        (claimed, "verifier1b", {"pass", "fail", "no_access"}),
        (closed, "cluster1", set()),
        (closed, "inspector1", {"reopen"}),
        (closed, "committee1", {"reopen"}),
    ],
)
def test_each_reader_is_offered_what_they_may_do(sqlite_office, walk, by, offers):
    number = walk(sqlite_office)

    assert {
        each.action for each in offers_for(sqlite_office, number, by=by, as_of=MONDAY_9AM)
    } == offers


def test_what_is_offered_changes_at_the_due_moment(office):
    number = rectifying(office, deadline="2026-03-05")
    late = FRIDAY.replace(hour=0)

    before, after = (
        {each.action for each in offers_for(office, number, by="owner1", as_of=moment)}
        for moment in (late - timedelta(microseconds=1), late)
    )

    assert before - after == {Action.ASK_EXTENSION}


@pytest.mark.parametrize("by", ["owner2", "head3", "cluster2", "verifier2"])
def test_a_case_outside_ones_reach_is_as_if_it_were_not_there(office, by):
    number = reported(office)

    with pytest.raises(NotFound) as outside:
        opened(office, number, by=by)
    with pytest.raises(NotFound) as missing:
        opened(office, "YH2026-999999", by=by)

    assert [outside.value.say(each).replace(number, "N") for each in ("zh", "en")] == [
        missing.value.say(each).replace("YH2026-999999", "N") for each in ("zh", "en")
    ]
    assert outside.value.where == missing.value.where == "number"


@pytest.mark.parametrize("number", ["", " ", "%", "' OR 1=1", "长" * 200])
def test_what_is_no_number_is_not_found(office, number):
    reported(office)

    with pytest.raises(NotFound):
        opened(office, number)


@pytest.mark.parametrize("number", ["\x00", "\ud800", "长" * 201])
def test_what_can_be_no_number_is_refused(office, number):
    with pytest.raises(Invalid) as refused:
        opened(office, number)

    assert refused.value.where == "number"


def test_the_owner_is_shown_and_stands_only_as_a_digest_in_the_chain(office):
    number = reported(office, owner="张三")

    [event] = opened(office, number).history

    assert event["body"]["owner"] == "张三"
    with office.reading() as connection:
        assert "张三" not in connection.execute(select(EVENTS.c.body)).scalar_one()


def test_a_name_may_be_erased_and_the_chain_holds(office):
    number = reported(office, owner="张三")
    with office.writing() as connection:
        connection.execute(text("DELETE FROM private_value"))

    file = opened(office, number)

    assert set(file.history[0]["body"]["owner"]) == {"digest"}
    assert file.broken_at is None


@pytest.mark.parametrize(
    ("moment", "late"), [("2026-03-05T23:59:59+08:00", 0), ("2026-03-06T00:00:00+08:00", 1)]
)
def test_lateness_is_of_the_moment_asked_for(office, moment, late):
    number = reported(office)

    file = opened(office, number, as_of=datetime.fromisoformat(moment))

    assert file.case["days_late"] == late


def test_it_can_be_written_as_plain_values(office):
    plain = opened(office, claimed(office)).plain()

    assert json.loads(json.dumps(plain, default=str))["history"][3]["kind"] == "claim"


@pytest.mark.parametrize(
    ("harm", "broken_at"),
    [
        ("UPDATE case_event SET body = replace(body, '灭火器', '洒水器') WHERE seq = 1", 1),
        ("UPDATE case_event SET body = 'no JSON' WHERE seq = 1", 1),
        ("UPDATE case_event SET body = '[1]' WHERE seq = 2", 2),
        ("UPDATE case_event SET body = 'null' WHERE seq = 2", 2),
        ("UPDATE case_event SET body = '{}' WHERE seq = 3", 3),
        ("UPDATE case_event SET kind = 'nonsense' WHERE seq = 2", 2),
        ("UPDATE case_event SET kind = 'overdue' WHERE seq = 2", 2),
        ("UPDATE case_event SET role = 'nobody' WHERE seq = 2", 2),
        ("UPDATE case_event SET role = 'head' WHERE seq = 2", 2),
        ("UPDATE case_event SET actor_id = NULL WHERE seq = 3", 3),
        ("UPDATE case_event SET door = 'page' WHERE seq = 3", 3),
        ("UPDATE case_event SET at = (SELECT due_at FROM cases) WHERE seq = 1", 1),
        ("UPDATE case_event SET previous = hash WHERE seq = 2", 2),
        ("UPDATE case_event SET hash = previous WHERE seq = 3", 3),
        ("UPDATE case_event SET seq = 9 WHERE seq = 3", 3),
        ("DELETE FROM case_event WHERE seq = 1", 1),
        ("DELETE FROM case_event WHERE seq = 2", 2),
        ("DELETE FROM case_event WHERE seq = 3", 3),
        ("DELETE FROM case_event WHERE seq > 1", 2),
        ("DELETE FROM case_event", 1),
        ("UPDATE cases SET head = 'x'", 4),
        ("UPDATE cases SET seq = 2", 3),
    ],
)
def test_tampering_shows_at_the_event_it_befell(office, harm, broken_at):
    number = rectifying(office)
    _tamper(office, harm)

    file = opened(office, number)

    assert file.broken_at == broken_at


def test_a_last_event_forged_with_its_hash_shows_too(office):
    number = rectifying(office)
    with office.reading() as connection:
        row = connection.execute(select(EVENTS).where(EVENTS.c.seq == 3)).one()
    body = row.body.replace("rectifying", "closed")
    sealed = Sealed(
        number, 3, row.at, row.kind, row.actor_id, row.role, row.door, body, row.previous
    )
    _tamper(
        office, "UPDATE case_event SET body = :body, hash = :hash WHERE seq = 3",
        body=body, hash=event_hash(sealed),
    )  # fmt: skip

    assert opened(office, number).broken_at == 4


def test_what_cannot_be_read_is_said_to_be_so(office):
    number = reported(office)
    _tamper(office, "UPDATE case_event SET body = 'no JSON'")

    [event] = opened(office, number).history

    assert (event["zh"], event["body"]) == ("此条记录已无法读取", {})


def test_a_file_read_while_the_case_moves_is_of_one_moment(office):
    number = rectifying(office)

    with ThreadPoolExecutor(2) as pool:
        moving = pool.submit(_report_progress, office, number, 25)
        files = [opened(office, number) for _ in range(40)]
        moving.result()

    assert {file.broken_at for file in files} == {None}
    assert all(file.case["seq"] == len(file.history) for file in files)


def _report_progress(office, number, times):
    for n in range(times):
        act(office, number, Action.PROGRESS, "owner1", text=f"第 {n} 天")


def _tamper(office, harm, **values):
    """Change what is written once, as somebody with the database in hand could."""
    with office.writing() as connection:
        for statement in _WITHOUT_TRIGGERS[connection.dialect.name]:
            connection.execute(text(statement))
        connection.execute(text(harm), values)


_WITHOUT_TRIGGERS = {
    "sqlite": [
        "DROP TRIGGER case_event_refuses_update", "DROP TRIGGER case_event_refuses_delete",
    ],
    "postgresql": ["SET LOCAL session_replication_role = replica"],
}  # fmt: skip


def _lives(office):
    """Return cases whose histories together hold every kind of event."""
    return [_long_life(office), _voided(office), _fixed(office)]


def _long_life(office):
    number = reported(office)
    at, team = MONDAY_9AM, TEAM["S1"]
    asked = {
        "reason": "缺料", "obstacle": "funds", "new_due": "2026-03-30", "plan": "分两步",
        "interim": "围挡",
    }  # fmt: skip
    for action, by, typed in (
        (Action.GRADE, "committee1", {"level": "major", "reason": "危及学生"}),
        (Action.GRADE, "committee1", {"level": "ordinary", "reason": "已排险"}),
        (Action.TRANSFER, "cluster1", {"unit": "S2", "reason": "属二中"}),
        (Action.TRANSFER, "cluster1", {"unit": "S1", "reason": "退回"}),
        (Action.ASSIGN, "cluster1", {"owner": "王五"}),
        (Action.LIST, "committee1", {"kind": "supervision", "reason": "久拖"}),
        (Action.SUBMIT_PLAN, team.owner, a_plan()),
        (Action.RETURN_PLAN, team.cluster, {"reason": "不细"}),
        (Action.SUBMIT_PLAN, team.owner, a_plan()),
        (Action.APPROVE_PLAN, team.cluster, {}),
        (Action.PROGRESS, team.owner, {"text": "已到货"}),
        (Action.ASK_EXTENSION, team.owner, asked),
        (Action.REFUSE_EXTENSION, "committee1", {"reason": "可赶"}),
        (Action.ASK_EXTENSION, team.owner, asked),
        (Action.GRANT_EXTENSION, "committee1", {"new_due": "2026-03-30"}),
    ):
        act(office, number, action, by, at=at, **typed)
    act(office, number, Action.CLAIM, team.owner, files=[after_photo(office)])
    act(office, number, Action.NO_ACCESS, team.verifier, finding="无人开门")
    act(office, number, Action.FAIL, team.verifier, finding="仍漏", new_due="2026-03-30")
    act(office, number, Action.CLAIM, team.owner, files=[after_photo(office, "blue")])
    act(office, number, Action.PASS, team.verifier, finding="已换")
    act(office, number, Action.RELEASE, "committee1", reason="已验收")
    act(office, number, Action.CLOSE, "committee1")
    act(office, number, Action.REOPEN, "inspector1", finding="复发", new_due="2026-03-30")
    return number


def _voided(office):
    number = reported(office)
    sweep(office, as_of=FRIDAY, ran_at=FRIDAY)
    act(office, number, Action.VOID, "cluster1", at=FRIDAY, reason="误报")
    return number


def _fixed(office):
    number = reported(office, at=FRIDAY)
    shown = [after_photo(office)]
    act(
        office, number, Action.FIX_ON_SPOT, "owner1", at=FRIDAY + HOUR, files=shown, text="当场更换"
    )
    return number


def test_the_file_holds_every_order_of_the_case(office):
    number = reported(office)
    act(office, number, Action.LIST, "committee1", kind="supervision", reason="情况严重")

    (order,) = open_case_file(office, number, by="auditor", as_of=MONDAY_9AM).orders

    assert (order["number"], order["reason"]) == ("校安督〔2026〕1号", "情况严重")
