"""What happened, as a person reads it in Chinese and in English."""

import pytest

from notifications.sentences import KINDS, tell
from rules.actions import Action
from rules.ladder import StepKind
from rules.lookback.acts import CaseLook
from rules.orders import OrderAct
from rules.sending import Answer

BY_ACTION = {
    "report": ("上报", "report"),
    "grade": ("定级", "grade"),
    "assign": ("派单", "assign"),
    "transfer": ("移交", "transfer"),
    "void": ("撤销", "void"),
    "submit_plan": ("报方案", "submit plan"),
    "return_plan": ("退回方案", "return plan"),
    "approve_plan": ("批准方案", "approve plan"),
    "fix_on_spot": ("立行立改", "fix on the spot"),
    "progress": ("报进展", "report progress"),
    "ask_extension": ("申请延期", "ask for an extension"),
    "grant_extension": ("同意延期", "grant the extension"),
    "refuse_extension": ("不同意延期", "refuse the extension"),
    "claim": ("申请验收", "claim done"),
    "pass": ("验收通过", "pass"),
    "fail": ("验收不通过", "fail"),
    "no_access": ("未能进入现场", "no access"),
    "close": ("销号", "close out"),
    "reopen": ("复发重开", "reopen"),
    "list": ("挂牌", "list"),
    "release": ("摘牌", "release"),
}


BY_ACT = {
    "serve_order": ("送达督办通知书", "serve the order"),
    "acknowledge_order": ("签认督办", "acknowledge the order"),
    "ask_order_extension": ("申请督办延期", "ask to extend the order"),
    "grant_order_extension": ("同意督办延期", "grant the order's extension"),
    "refuse_order_extension": ("不同意督办延期", "refuse the order's extension"),
    "publish_order": ("公布挂牌督办", "publish the order"),
    "demand": ("要求报告进展", "demand a progress report"),
    "miss_report": ("记录逾期未报进展", "record a missed progress report"),
}


@pytest.mark.parametrize("kind", sorted(BY_ACT))
def test_what_is_done_to_an_order_is_told_with_its_number(kind):
    zh, en = BY_ACT[kind]

    told = tell(kind, "committee", {"order": "督〔2026〕1号"}, "李四")

    assert told.zh == f"专委会李四{zh} 督〔2026〕1号"
    assert told.en == f"committee 李四: {en} 督〔2026〕1号"


@pytest.mark.parametrize(
    ("body", "zh", "en"),
    [
        ({"how": "refused"}, "：拒绝签收", ": signature refused"),
        ({"until": "2026-05-01", "reason": "缺料"}, "：2026-05-01，缺料", ": 2026-05-01, 缺料"),
    ],
)
def test_how_an_order_was_served_and_until_when_it_is_extended_is_told(body, zh, en):
    told = tell("serve_order", "cluster", {"order": "督〔2026〕1号", **body})

    assert told.zh == f"片区负责人送达督办通知书 督〔2026〕1号{zh}"
    assert told.en == f"cluster lead: serve the order 督〔2026〕1号{en}"


@pytest.mark.parametrize("kind", sorted(BY_ACTION))
def test_an_action_is_told_with_who_did_it(kind):
    zh, en = BY_ACTION[kind]

    told = tell(kind, "cluster", {"given": {}}, "李四")

    assert (told.zh, told.en) == (f"片区负责人李四{zh}", f"cluster lead 李四: {en}")


def test_every_kind_is_in_the_tables_here():
    assert {*BY_ACTION, "remind", "overdue", *BY_ACT} == KINDS - {"acknowledge", "looked_back"}
    assert {*Action, *StepKind, *OrderAct, *Answer, *CaseLook} == KINDS


def test_a_look_back_is_told_with_what_was_found():
    body = {"lookback": "校安回〔2026〕1号", "finding": "relapsed", "reopens": True}

    told = tell("looked_back", "inspector", body, "李四")

    assert told.zh == "检查员李四回头看 校安回〔2026〕1号：复发"
    assert told.en == "inspector 李四: look-back 校安回〔2026〕1号, relapsed"


def test_an_acknowledgement_is_told_with_who_knows():
    told = tell("acknowledge", "head", {"clock_no": 1, "notice": 7}, "李四")

    assert (told.zh, told.en) == ("主要负责人李四知悉", "head 李四: acknowledge")


@pytest.mark.parametrize(
    ("body", "zh", "en"),
    [
        ({}, "", ""),
        ({"given": {"reason": "资料不全"}}, "：资料不全", ": 资料不全"),
        ({"given": {"text": "已到货"}}, "：已到货", ": 已到货"),
        ({"given": {"measures": "更换"}}, "：更换", ": 更换"),
        ({"given": {"finding": "已换", "reason": "急"}}, "：已换", ": 已换"),
        ({"given": {"level": "major"}}, "", ""),
        ({"description": "灯坏"}, "：灯坏", ": 灯坏"),
        ({"evidence": [{}, {}]}, "（附件 2 份）", " (2 file(s))"),
        ({"given": {"text": "好"}, "evidence": [{}]}, "：好（附件 1 份）", ": 好 (1 file(s))"),
    ],
)
def test_what_was_said_and_shown_is_told(body, zh, en):
    told = tell("claim", "owner", body, "张三")

    assert (told.zh, told.en) == (f"责任人张三申请验收{zh}", f"owner 张三: claim done{en}")


def test_the_engine_has_no_name():
    told = tell("list", "ladder", {"given": {"reason": "久拖不改"}})

    assert (told.zh, told.en) == ("系统挂牌：久拖不改", "the engine: list: 久拖不改")


@pytest.mark.parametrize(
    ("due", "day"),
    [
        # The midnight after the last day, in either zone; a limit of hours names its own day.
        ("2026-03-06T00:00:00+08:00", "2026-03-05"),
        ("2026-03-05T16:00:00+00:00", "2026-03-05"),
        ("2026-03-06T07:00:00+08:00", "2026-03-06"),
        ("2026-03-05T23:00:00+00:00", "2026-03-06"),
    ],
)
def test_a_reminder_names_the_last_day_on_time_in_china(due, day):
    told = tell("remind", "ladder", {"stage": "plan", "holder": "owner", "due": due})

    assert told.zh == f"提醒责任人：报方案应于 {day} 前完成"
    assert told.en == f"reminded the owner: plan is due by {day}"


@pytest.mark.parametrize(
    ("days", "zh", "en"),
    [
        (0, "已逾期", "late"),
        (1, "逾期 1 天", "1 day(s) late"),
        (12, "逾期 12 天", "12 day(s) late"),
    ],
)
def test_lateness_is_told_in_days_once_there_is_one(days, zh, en):
    body = {
        "stage": "verification", "holder": "verifier", "due": "2026-03-06T00:00:00+08:00",
        "days_late": days,
    }  # fmt: skip

    told = tell("overdue", "ladder", body)

    assert told.zh == f"验收{zh}，责任在验收人"
    assert told.en == f"verification is {en}, waiting for the verifier"


@pytest.mark.parametrize(("kind", "role"), [("nonsense", "owner"), ("claim", "nobody"), ("", "")])
def test_what_nobody_wrote_a_sentence_for_is_an_error(kind, role):
    with pytest.raises(ValueError, match="is not a valid"):
        tell(kind, role, {})
