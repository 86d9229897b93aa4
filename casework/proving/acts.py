"""What people do to the proof itself, told in a history of its own, sealed like any other."""

import json
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection

from casework.errors import Refused
from casework.events import Door, Happening
from casework.records import START, Entry, Subject, read_records, write_record
from rules.access import PERMITS, Actor, Role, Verb
from rules.wording import Wording

SUBJECT = Subject("seal", 1, "seal")


class SealAct(StrEnum):
    """An act on the proof, and how it is called."""

    REVEAL = "reveal"
    ROTATE = "rotate_key"
    RESTART = "restart_log"

    @property
    def label(self) -> Wording:
        return _LABELS[self]


_LABELS = {
    SealAct.REVEAL: Wording("取用个人信息", "took personal data"),
    SealAct.ROTATE: Wording("更换封签密钥", "changed the sealing key"),
    SealAct.RESTART: Wording("恢复备份后重新封存", "sealed on after restoring a backup"),
}


def tell_act(
    connection: Connection,
    act: SealAct,
    actor: Actor,
    path: str,
    body: Mapping[str, Any],
    *,
    at: datetime,
    door: Door = Door.CLI,
) -> Entry:
    """Append an act to the history of the proof; whose role it was is the first that permits it."""
    events = read_records(connection, SUBJECT.kind, SUBJECT.id)
    last = Entry(events[-1][0].seq, events[-1][1]) if events else START
    happening = Happening(act.value, actor.id, _role(actor, act, path).value, door, at, body)
    return write_record(connection, SUBJECT, happening, last)


def acts(connection: Connection, act: SealAct) -> list[str]:
    """Return the bodies of all acts of a kind, the oldest first."""
    events = read_records(connection, SUBJECT.kind, SUBJECT.id)
    return [sealed.body for sealed, _ in events if sealed.kind == act]


def given_up(connection: Connection) -> dict[tuple[int, str], Mapping[str, Any]]:
    """Return the heads, by size and root, that were given up when an old backup was restored.

    Each with the act's own words: whoever holds such a head is to be told why it no longer counts.
    """
    bodies = [json.loads(body) for body in acts(connection, SealAct.RESTART)]
    return {(each["size"], each["root"]): body for body in bodies for each in body["given_up"]}


def require_may_administer(actor: Actor) -> None:
    if not actor.reach(Verb.ADMINISTER):
        raise Refused(
            Wording("只有管理员可以办理", "only an administrator may"),
            remedy=Wording("请由管理员办理。", "Ask an administrator."),
            where="--as",
        )


def _role(actor: Actor, act: SealAct, path: str) -> Role:
    verb = Verb.REVEAL if act is SealAct.REVEAL else Verb.ADMINISTER
    held = actor.roles_over(path) if path else {grant.role for grant in actor.grants}
    return next(role for role in Role if role in held and role in PERMITS[verb])
