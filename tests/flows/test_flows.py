"""The flows on a real server: what they take, do once, show, and refuse with their reason.

One file, so that xdist's loadfile starts one server.
"""

import asyncio
import json
from datetime import timedelta

import pytest
from prefect.exceptions import ParameterTypeError
from prefect.settings import PREFECT_API_URL, temporary_settings
from sqlalchemy import func, select, update

from casework.asking.index import how_many_pending
from casework.contacts import add_contact
from casework.order_list import Issued
from casework.summary import has_cases
from casework.sweep import sweep as casework_sweep
from flows.check_registers import CheckRequest, check_registers
from flows.deliver import DeliverRequest, deliver
from flows.demand_progress import DemandRequest, demand_progress
from flows.guard_check_draw import GuardCheckRequest, guard_check_draw
from flows.ledger import ImportRequest, import_ledger
from flows.plan_inspections import GiveOutRequest, plan_inspections
from flows.seal import seal
from flows.signals import MOST, Signal, emit, start
from flows.sweep import SweepRequest, _issued, sweep
from flows.watchdog import watchdog
from models import ContactKind
from models.tables import CASES, CLOCKS, EVENTS
from notifications.sealing import read_keys
from rules.actions import Action
from rules.ladder import OrderLevel
from tests.casework.registers.buses import added
from tests.inspections import planned as planned_inspections
from tests.offices import MONDAY_9AM, act, rectifying, reported
from tests.sealing import unprotected

# A plan is due within three working days of Monday: late from the midnight after Thursday.
THE_LAST_SECOND = MONDAY_9AM.replace(day=5, hour=23, minute=59, second=59)
MIDNIGHT = THE_LAST_SECOND + timedelta(seconds=1)

GOOD = """检查日期,责任单位,检查项目,隐患描述
2026-03-02,第一小学,消防,灭火器压力不足
2026-03-02,第二中学,用电,插座破损
"""
ONE_BAD = GOOD + "2026-13-02,第一小学,消防,疏散指示灯不亮\n"


def test_a_sweep_takes_each_due_step_once_and_shows_it(run, home, sqlite_office):
    number = reported(sqlite_office)
    reported(sqlite_office, unit="S3")

    first, shown = run(sweep, SweepRequest(as_of=MIDNIGHT, batch=1))
    second, nothing = run(sweep, SweepRequest(as_of=MIDNIGHT, batch=1))

    assert first.is_completed()
    assert first.message == "2 件，提醒 2 步，逾期 2 步"
    assert set(shown) == {"sweep-summary", "sweep-steps", "sweep-progress"}
    assert json.loads(shown["sweep-steps"].data)[1] == {
        "片区": "第一片区", "责任单位": "第一小学", "案件": number, "步骤": "逾期",
        "环节": "报方案", "待谁办理": "责任人", "期限": "2026-03-05", "逾期天数": 1,
    }  # fmt: skip
    assert "| 第二片区 | 责任人 | 逾期 | 1 |" in shown["sweep-summary"].data
    assert shown["sweep-progress"].data == 100
    assert (second.message, nothing) == ("0 件，提醒 0 步，逾期 0 步", {})
    assert _events(sqlite_office) == [("flow", "overdue", 2), ("flow", "remind", 2)]


@pytest.mark.parametrize(
    ("request_", "found", "written"),
    [
        (SweepRequest(as_of=MONDAY_9AM), "0 件，提醒 0 步，逾期 0 步", []),
        (
            SweepRequest(as_of=THE_LAST_SECOND),
            "1 件，提醒 1 步，逾期 0 步",
            [("flow", "remind", 1)],
        ),
        (
            SweepRequest(as_of=MIDNIGHT, dry_run=True),
            "试运行，未写入：1 件，提醒 1 步，逾期 1 步",
            [],
        ),
    ],
)
def test_a_sweep_stands_at_the_moment_it_is_given(
    run, home, sqlite_office, request_, found, written
):
    reported(sqlite_office)

    state, _ = run(sweep, request_)

    assert (state.message, _events(sqlite_office)) == (found, written)


def test_one_bad_case_stops_no_other_and_ends_the_run_as_failed(run, home, sqlite_office):
    bad = reported(sqlite_office)
    reported(sqlite_office, unit="S2")
    with sqlite_office.writing() as connection:
        case = select(CASES.c.id).where(CASES.c.number == bad).scalar_subquery()
        connection.execute(update(CLOCKS).where(CLOCKS.c.case_id == case).values(next_step="gone"))

    state, shown = run(sweep, SweepRequest(as_of=MIDNIGHT))

    assert state.is_failed()
    assert state.message == "1 件，提醒 1 步，逾期 1 步；1 件无法推算，见日志"
    assert f"无法推算（留待处理）：{bad}" in shown["sweep-summary"].data


def test_the_future_may_only_be_rehearsed(run, home, sqlite_office):
    reported(sqlite_office)

    state, shown = run(sweep, SweepRequest(as_of="2999-01-01T00:00+08:00"))

    assert state.is_failed()
    assert "尚未到来" in state.message
    assert (shown, _events(sqlite_office)) == ({}, [])


def test_a_home_that_was_never_set_up_is_said_so(run, tmp_path, monkeypatch):
    monkeypatch.setenv("BIHUAN_HOME", str(tmp_path / "none"))

    state, _ = run(sweep)

    assert state.is_failed()
    assert "bihuan init" in state.message


@pytest.mark.parametrize(
    "bad", [{"batch": 0}, {"batch": 10_001}, {"as_of": "2026-03-02T09:00"}, {"bach": 5}]
)
def test_a_bad_parameter_of_a_sweep_is_refused_before_anything_is_done(prefect_server, home, bad):
    with pytest.raises(ParameterTypeError):
        asyncio.run(sweep(bad))


def test_the_run_form_speaks_chinese():
    fields = sweep.parameters.definitions["SweepRequest"]["properties"]

    assert [fields[name]["title"] for name in fields] == ["时点", "试运行", "每批件数"]


@pytest.fixture
def ledger(tmp_path):
    return tmp_path / "台账.csv"


def test_a_ledger_becomes_cases_once(run, home, ledger):
    ledger.write_text(GOOD, encoding="utf-8")
    request = ImportRequest(path=str(ledger), by="committee1")

    first, shown = run(import_ledger, request)
    second, again = run(import_ledger, request)

    assert first.is_completed()
    assert first.message == "读取 2 行，新立 2 件，退回 0 行"
    assert set(shown) == {"import-summary", "import-progress"}
    assert "| 新立案件 | 2 |" in shown["import-summary"].data
    assert shown["import-progress"].data == 100
    assert second.message == "读取 2 行，新立 0 件，退回 0 行"
    assert [row["行"] for row in json.loads(again["import-duplicates"].data)] == [2, 3]


def test_a_bad_row_keeps_all_out_and_is_shown_with_its_remedy(run, home, ledger, sqlite_office):
    ledger.write_text(ONE_BAD, encoding="utf-8")

    state, shown = run(import_ledger, ImportRequest(path=str(ledger), by="committee1"))

    assert state.is_failed()
    assert "全部未写入" in state.message
    assert not has_cases(sqlite_office)
    (problem,) = json.loads(shown["import-problems"].data)
    assert (problem["行"], problem["列"], problem["内容"]) == (4, "检查日期", "2026-13-02")
    (returned,) = (home / "returned").iterdir()
    assert str(returned) in shown["import-summary"].data


def test_the_good_rows_of_a_ledger_land_when_that_is_chosen(run, home, ledger, sqlite_office):
    ledger.write_text(ONE_BAD, encoding="utf-8")
    request = ImportRequest(path=str(ledger), by="committee1", partial=True)

    state, _ = run(import_ledger, request)

    assert state.is_completed()
    assert state.message == "读取 3 行，新立 2 件，退回 1 行"


def test_a_rehearsed_import_writes_nothing(run, home, ledger, sqlite_office):
    ledger.write_text(GOOD, encoding="utf-8")
    request = ImportRequest(path=str(ledger), by="committee1", dry_run=True)

    state, _ = run(import_ledger, request)

    assert state.is_completed()
    assert state.message == "试运行，未写入：读取 2 行，新立 2 件，退回 0 行"
    assert not has_cases(sqlite_office)


@pytest.mark.parametrize(
    ("file", "by", "said"),
    [("台账.csv", "reporter1", "您无权导入台账"), ("无此文件.csv", "committee1", "无此文件.csv")],
)
def test_a_refusal_is_the_message_of_the_run(run, home, ledger, file, by, said):
    ledger.write_text(GOOD, encoding="utf-8")

    state, _ = run(import_ledger, ImportRequest(path=str(ledger.with_name(file)), by=by))

    assert state.is_failed()
    assert said in state.message


@pytest.mark.parametrize(
    "bad",
    [
        {"path": "台账.csv"},
        {"path": "", "by": "committee1"},
        {"path": "台账.csv", "by": "committee1", "year": 1999},
    ],
)
def test_a_bad_parameter_of_an_import_is_refused_before_anything_is_done(prefect_server, home, bad):
    with pytest.raises(ParameterTypeError):
        asyncio.run(import_ledger(bad))


@pytest.fixture
def mailbox(home, monkeypatch):
    """A folder that takes every message, for whoever has a contact and for the operator."""
    folder = home / "mailbox"
    monkeypatch.setenv("BIHUAN_MAILBOX", str(folder))
    monkeypatch.setenv("BIHUAN_OPERATOR_MAILTO", "operator@example.cn")
    return folder


def test_a_delivery_sends_what_is_owed_once_and_shows_the_counts(run, mailbox, sqlite_office):
    contact = ("owner1", ContactKind.EMAIL, "owner1@example.cn")
    add_contact(sqlite_office, read_keys({}, mailbox.parent), *contact, by="admin", at=MONDAY_9AM)
    rectifying(sqlite_office)

    first, shown = run(deliver, DeliverRequest(as_of=MONDAY_9AM))
    second, nothing = run(deliver, DeliverRequest(as_of=MONDAY_9AM))

    assert first.is_completed()
    assert first.message.startswith("发出 1 条消息（1 条通知）")
    assert "| 已发通知 | 1 |" in shown["deliver-summary"].data
    assert len(list(mailbox.iterdir())) == 1
    assert (second.message[:8], nothing) == ("发出 0 条消息", {})


def test_demands_are_made_once_and_shown_by_recipient(run, home, sqlite_office):
    _listed(sqlite_office)
    request = DemandRequest(as_of=MONDAY_9AM + timedelta(days=8))

    first, shown = run(demand_progress, request)
    second, nothing = run(demand_progress, request)

    assert first.is_completed()
    assert first.message == (
        "已报或不在责任单位 0 份，要求报告 1 份，逾期未报 0 份，督办逾期 0 份，"
        "督办延期未答复 0 份，督办未公布 1 份"
    )
    assert "| OWNER1#2002 | 1 |" in shown["demand-summary"].data
    assert ("要求报告 0 份" in second.message, nothing) == (True, {})
    assert _events(sqlite_office) == [("flow", "demand", 1)]


def test_a_watchdog_that_finds_trouble_fails_and_mails_the_operator(run, mailbox, sqlite_office):
    reported(sqlite_office)

    state, _ = run(watchdog)

    assert state.is_failed()
    assert "催办已停：有 1 件到期" in state.message
    assert len(list(mailbox.iterdir())) == 1
    assert (mailbox.parent / "log" / "watchdog.log").exists()


def test_a_seal_signs_a_head_and_fails_over_a_rewritten_tree(run, home, sqlite_office):
    reported(sqlite_office)

    first, _ = run(seal)
    with sqlite_office.writing() as connection:
        unprotected(connection)
        connection.exec_driver_sql("DELETE FROM leaf")
    second, _ = run(seal)

    assert (first.is_completed(), first.message) == (True, "封存 1 条，检查点共 1 条")
    with sqlite_office.reading() as connection:
        assert how_many_pending(connection) == 0  # a crashed search index is caught up as well
    assert second.is_failed()
    assert "没有签署任何检查点" in second.message


def test_a_sweep_tells_prefect_of_the_orders_it_issued(home, sqlite_office):
    number = reported(sqlite_office)
    at = MONDAY_9AM + timedelta(days=30)

    swept = casework_sweep(sqlite_office, as_of=at, ran_at=at)

    assert _issued(swept) == [Issued("校安督〔2026〕1号", number, OrderLevel.CLUSTER)]


def test_events_are_bounded_and_never_the_reason_of_a_fault(prefect_server):
    many = (Signal("bihuan.test", f"bihuan.case.{n}", {}) for n in range(MOST + 50))

    assert emit(many) == MOST
    assert asyncio.run(start("no-such/deployment")) is False


def test_without_a_server_nothing_is_emitted_and_none_is_started():
    with temporary_settings(restore_defaults={PREFECT_API_URL}):
        assert emit([Signal("bihuan.test", "bihuan.case.1", {})]) == 0
        assert asyncio.run(start("deliver/deliver")) is False


def _listed(office):
    number = rectifying(office, deadline="2026-05-29")
    order = {"kind": "supervision", "reason": "久拖不改", "new_due": "2026-06-30"}
    act(office, number, Action.LIST, "committee1", **order)


def _events(office):
    statement = (
        select(EVENTS.c.door, EVENTS.c.kind, func.count())
        .where(EVENTS.c.door == "flow")
        .group_by(EVENTS.c.door, EVENTS.c.kind)
        .order_by(EVENTS.c.kind)
    )
    with office.reading() as connection:
        return [tuple(row) for row in connection.execute(statement)]


def test_a_check_of_guards_is_committed_to_and_drawn_the_day_after(run, home, sqlite_office):
    added(sqlite_office, "guard")

    days = [
        run(guard_check_draw, GuardCheckRequest(as_of=MONDAY_9AM + timedelta(days=day)))
        for day in (0, 0, 1, 1)
    ]

    assert [state.message for state, _ in days] == [
        "BC2026-03 已承诺种子", "本月已办，无须办理", "BC2026-03：1 人中抽 1 人",
        "本月已办，无须办理",
    ]  # fmt: skip
    assert "cluster=P1" in days[2][1]["guard-check-drawn"].data


def test_a_register_that_runs_out_becomes_a_case_once(run, home, sqlite_office):
    added(sqlite_office)
    request = CheckRequest(as_of="2026-07-10T06:00+08:00")

    first, shown = run(check_registers, request)
    second, nothing = run(check_registers, request)

    assert first.message == "看了 1 条，立案 2 件，已有案件 0 件"
    assert "bus.inspection" in shown["register-summary"].data
    assert (second.message, nothing) == ("看了 0 条，立案 0 件，已有案件 0 件", {})


def test_inspections_are_given_out_once(run, home, sqlite_office):
    plan = planned_inspections(sqlite_office)
    request = GiveOutRequest(as_of=MONDAY_9AM)

    first, shown = run(plan_inspections, request)
    second, nothing = run(plan_inspections, request)

    assert first.message == "下达 3 项，承诺 0 次，抽取 0 次，无人可派 0 家"
    assert plan in shown["inspection-summary"].data
    assert (second.message[:4], nothing) == ("下达 0", {})
