"""What ``bihuan webhook`` does and prints."""

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console

from casework.events import Door
from casework.proving.sealing import outside_of
from casework.webhooks.acts import (
    Wanted,
    add_webhook,
    pause_webhook,
    remove_webhook,
    resume_webhook,
)
from casework.webhooks.listing import list_receipts, list_webhooks
from casework.webhooks.rotating import rotate_secret
from casework.webhooks.store import Hand
from casework.webhooks.trying import try_webhook
from cli import words
from cli.desk import Desk
from cli.printing import Answer, Column, lines, plain_text, table
from cli.troubles import REFUSED
from notifications.hooks import open_hooks
from notifications.sealing import read_keys
from rules.webhooks import STATES, WebhookAct
from rules.wording import Wording

_CHANGES = {
    "pause": (pause_webhook, WebhookAct.PAUSE), "resume": (resume_webhook, WebhookAct.RESUME),
    "remove": (remove_webhook, WebhookAct.REMOVE),
}  # fmt: skip


def add_one(desk: Desk, name: str, url: str, kinds: Sequence[str] | None, place: str) -> Answer:
    folder = desk.home.folder
    with desk.office() as office:
        keys, outside = read_keys(desk.environ, folder), outside_of(folder, desk.environ)
        wanted = Wanted(name, url, tuple(kinds or ()), place)
        added = add_webhook(office, keys, wanted, _hand(desk), outside)
    told = Wording(f"已新增 {added.name}：{added.shown}", f"added {added.name}: {added.shown}")
    return Answer(added._asdict(), lines(desk.say(told), desk.say(_once(added.secret))))


def list_all(desk: Desk) -> Answer:
    with desk.office() as office:
        found = list_webhooks(office, by=desk.by)
    return Answer([dict(each) for each in found], lambda out: _print(out, desk, found))


def show_receipts(desk: Desk, name: str) -> Answer:
    with desk.office() as office:
        found = list_receipts(office, name, by=desk.by)
    return Answer(found, lambda out: _print_receipts(out, desk, found))


def change_one(desk: Desk, name: str, how: str) -> Answer:
    change, act = _CHANGES[how]
    with desk.office() as office:
        change(office, name, _hand(desk))
    told = Wording(f"{act.label.zh} {name}", f"{act.label.en} {name}")
    return Answer({"name": name, "act": how}, lines(desk.say(told)))


def rotate_one(desk: Desk, name: str, hours: int) -> Answer:
    keys = read_keys(desk.environ, desk.home.folder)
    with desk.office() as office:
        made = rotate_secret(office, keys, name, _hand(desk), hours=hours)
    until = words.moment(made.until)
    told = (
        Wording(f"旧密钥并用到 {until}", f"the old secret signs too until {until}")
        if hours
        else Wording("旧密钥已作废", "the old secret signs no more")
    )
    return Answer(made._asdict(), lines(desk.say(_once(made.secret)), desk.say(told)))


def try_one(desk: Desk, name: str) -> Answer:
    hooks = open_hooks(desk.environ, desk.home.folder, locale=desk.locale)
    with desk.office() as office:
        receipt = try_webhook(office, hooks, name, _hand(desk))
    told = (
        Wording(f"对方已收下：{receipt.detail}", f"it was taken: {receipt.detail}")
        if receipt.sent
        else Wording(f"对方没有收下：{receipt.detail}", f"it was not taken: {receipt.detail}")
    )
    data = {"sent": receipt.sent, "detail": receipt.detail}
    return Answer(data, lines(desk.say(told)), 0 if receipt.sent else REFUSED)


def _once(secret: str) -> Wording:
    return Wording(f"签名密钥（只显示这一次）：{secret}", f"its secret, shown once: {secret}")


def _hand(desk: Desk) -> Hand:
    return Hand(desk.by, desk.at, Door.CLI)


def _print(out: Console, desk: Desk, found: Sequence[Mapping[str, Any]]) -> None:
    made = table(
        [
            Column(Wording("名称", "name"), keep=True),
            Column(Wording("状态", "state"), keep=True),
            Column(Wording("未推", "behind"), right=True),
            Column(Wording("范围", "place"), keep=True),
            Column(Wording("事件", "events")),
            Column(Wording("地址", "address")),
            Column(Wording("最近失败", "last failure")),
        ],
        desk.locale,
    )
    for each in found:
        made.add_row(
            plain_text(each["name"]), desk.say(STATES[each["state"].value]), str(each["behind"]),
            plain_text(each["place"]), ", ".join(each["kinds"]) or "*", plain_text(each["shown"]),
            plain_text(each["reason"]),
        )  # fmt: skip
    out.print(made)


def _print_receipts(out: Console, desk: Desk, found: Sequence[Mapping[str, Any]]) -> None:
    made = table(
        [
            Column(Wording("时间", "at"), keep=True),
            Column(Wording("事件", "event"), keep=True),
            Column(Wording("收下", "taken"), keep=True),
            Column(Wording("对方答复", "answer")),
            Column(Wording("消息编号", "message")),
        ],
        desk.locale,
    )
    for each in found:
        made.add_row(
            words.moment(each["at"]), each["kind"], "✓" if each["sent"] else "✗",
            plain_text(each["detail"]), each["message"],
        )  # fmt: skip
    out.print(made)
