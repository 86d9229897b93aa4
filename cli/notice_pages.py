"""What ``bihuan deliver`` and ``bihuan notice`` do and print."""

import os
import socket
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from secrets import token_hex
from typing import Any

from rich.console import Console

from casework.acknowledging import Acknowledged, acknowledge, acknowledge_by_link
from casework.delivery import Delivered, deliver
from casework.events import Door
from casework.proving.sealing import outside_of
from casework.templating import preview, wordings_in_force
from casework.webhooks.sending import post_events
from cli import words
from cli.desk import Desk
from cli.printing import Answer, Column, facts, heading, plain_text, styled, table
from cli.troubles import REFUSED, Usage
from notifications.channels import open_channels
from notifications.hooks import open_hooks
from notifications.messages import Message
from notifications.sealing import read_keys
from notifications.wordings import Changed, Worded, check, label_of
from rules.wording import Wording

_STATES = {
    "waiting": Wording("待发", "waiting"),
    "sent": Wording("已发", "sent"),
    "dead": Wording("未能送达", "dead"),
    "dropped": Wording("不再发送", "dropped"),
}
_COUNTS = {
    "sent": Wording("已发通知", "notices sent"),
    "messages": Wording("合并为消息", "in messages"),
    "postponed": Wording("推迟", "postponed"),
    "dropped": Wording("不再发送", "dropped"),
    "failed": Wording("失败，将重试", "failed, to be tried again"),
    "dead": Wording("未能送达", "dead"),
    "events": Wording("网址回调", "posted to webhooks"),
    "events_failed": Wording("回调失败", "webhooks failed"),
}


def run_delivery(desk: Desk) -> Answer:
    owner = f"{socket.gethostname()[:40]}:{os.getpid()}:{token_hex(4)}"
    with desk.office() as office:
        channels = open_channels(desk.environ, desk.home.folder, locale=desk.locale)
        done = deliver(office, channels, as_of=desk.at, owner=owner)
        hooks = open_hooks(desk.environ, desk.home.folder, locale=desk.locale)
        outside = outside_of(desk.home.folder, desk.environ)
        post_events(office, hooks, outside, as_of=desk.at, owner=owner).added_to(done)
    code = REFUSED if done.failed or done.dead or done.events_failed else 0
    return Answer(asdict(done), lambda out: _print_delivery(out, desk, done), code)


def acknowledge_notices(desk: Desk, notices: Sequence[int], link: str) -> Answer:
    if bool(notices) == bool(link):
        raise Usage(
            Wording("请给出通知编号，或 --link", "give notices' numbers, or --link"),
            remedy=Wording("例如 bihuan notice ack 12。", "Like `bihuan notice ack 12`."),
            where="NOTICE",
        )
    with desk.office() as office:
        if link:
            keys = read_keys(desk.environ, desk.home.folder)
            done = acknowledge_by_link(office, keys, link, at=desk.at, door=Door.CLI)
        else:
            done = acknowledge(office, notices, by=desk.by, at=desk.at, door=Door.CLI)
    data = [each._asdict() for each in done]
    return Answer(data, lambda out: _print_acknowledged(out, desk, done))


def preview_wording(desk: Desk, kind: str, subject: str, text: str) -> Answer:
    changed = _changed(desk, kind, subject, text)
    base = desk.environ.get("BIHUAN_BASE_URL", "")
    messages = preview(kind, desk.locale, changed, base_url=base)
    data = [asdict(each) for each in messages]
    return Answer(data, lambda out: _print_messages(out, messages))


def print_list(out: Console, desk: Desk, found: Sequence[Mapping[str, Any]]) -> None:
    made = table(
        [
            Column(Wording("通知", "notice"), right=True),
            Column(Wording("案件", "case"), keep=True),
            Column(Wording("收件人", "for"), ratio=1),
            Column(Wording("种类", "kind"), keep=True),
            Column(Wording("状态", "state"), keep=True),
            Column(Wording("应发", "owed"), keep=True),
            Column(Wording("说明", "why"), ratio=2),
        ],
        desk.locale,
    )
    for each in found:
        made.add_row(
            str(each["id"]), plain_text(_about(desk, each)), plain_text(each["name"]),
            desk.say(label_of(each["kind"])), desk.say(_STATES[each["state"].value]),
            words.moment(each["owed_at"]), plain_text(desk.say(each["reason"])),
        )  # fmt: skip
    out.print(made)


def print_notice(out: Console, desk: Desk, found: Mapping[str, Any]) -> None:
    pairs = (
        (Wording("通知", "notice"), str(found["id"])),
        (Wording("案件", "case"), plain_text(f"{_about(desk, found)} {found['unit']}")),
        (Wording("收件人", "for"), plain_text(f"{found['name']}({found['person']})")),
        (Wording("种类", "kind"), desk.say(label_of(found["kind"]))),
        (Wording("状态", "state"), desk.say(_STATES[found["state"].value])),
        (Wording("应发", "owed"), words.moment(found["owed_at"])),
        (Wording("发出", "sent"), words.moment(found["sent_at"])),
        (Wording("次数", "tries"), str(found["tries"])),
        (Wording("知悉", "acknowledged"), words.moment(found["acknowledged_at"])),
        (Wording("说明", "why"), plain_text(desk.say(found["reason"]))),
        (Wording("凭据", "receipt"), found["receipt"]),
    )
    out.print(facts(pairs, desk.locale))
    out.print(heading(desk.say(Wording("最近的发送", "Latest messages"))))
    for each in found["deliveries"]:
        sent = _STATES["sent" if each["sent"] else "dead"]
        shown = (
            f"{words.moment(each['at'])} {each['shown'] or ''} {desk.say(sent)} {each['detail']}"
        )
        out.print(plain_text(shown))


def _about(desk: Desk, found: Mapping[str, Any]) -> str:
    """Return the case's number, or what a notice is about that is about no case."""
    return f"{found['case'] or desk.say(found['title'])}"


def _changed(desk: Desk, kind: str, subject: str, text: str) -> Changed:
    """Return the wording that was typed, checked; else what is in force at home."""
    if subject or text:
        worded = Worded(subject, text)
        check(worded)
        return {kind: worded}
    if not desk.founded:
        return {}
    with desk.office() as office, office.reading() as connection:
        return wordings_in_force(connection, desk.locale)


def _print_delivery(out: Console, desk: Desk, done: Delivered) -> None:
    counts = ((label, str(getattr(done, name))) for name, label in _COUNTS.items())
    out.print(facts(counts, desk.locale))
    for reason in dict.fromkeys(done.reasons):
        out.print(styled(reason, "red"))


def _print_acknowledged(out: Console, desk: Desk, done: Sequence[Acknowledged]) -> None:
    for each in done:
        when = words.moment(each.at)
        told = Wording(
            f"{each.number}（通知 {each.notice}）已于 {when} 知悉",
            f"{each.number} (notice {each.notice}) acknowledged at {when}",
        )
        out.print(desk.say(told))


def _print_messages(out: Console, messages: Sequence[Message]) -> None:
    for each in messages:
        out.print(styled(f"{each.subject}\n", "bold"))
        out.print(plain_text(each.text))
