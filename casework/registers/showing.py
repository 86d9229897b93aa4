"""One record: masked, or revealed with a reason that is recorded before anything is shown."""

import json
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, select

from casework.auditing.access import record_access
from casework.errors import Invalid, Refused
from casework.events import Door
from casework.office import Office
from casework.people import find_actor, names_of
from casework.records import read_records
from casework.registers import store
from casework.registers.listing import shown_record
from casework.registers.places import find_kind, seen_by
from models.tables import CASES, REGISTER_CASES
from rules.access import Actor, Role
from rules.looking import Look
from rules.registers.acts import RegisterAct
from rules.registers.kinds import Kind
from rules.wording import Wording


def show_record(
    office: Office, written: str, key: str, *, by: str, today: date, unit: str = ""
) -> dict[str, Any]:
    """Return a record masked, with what runs out, its cases and its history. Raise NotFound."""
    kind = find_kind(written)
    with office.reading() as connection:
        seen = seen_by(connection, find_actor(connection, by), kind)
        held = store.find(connection, kind, key, seen, unit=unit)
        return {
            **shown_record(kind, held, today),
            "cases": _cases(connection, held.id),
            "history": _history(connection, kind, held.id),
        }


def reveal_record(
    office: Office,
    written: str,
    key: str,
    *,
    by: str,
    at: datetime,
    door: Door,
    why: str,
    today: date,
    unit: str = "",
) -> dict[str, Any]:
    """Return a record with its personal data, once the reason ``why`` is in the access record.

    Raise Refused for who may not, Invalid without a reason, NotFound.
    """
    kind = find_kind(written)
    shown = show_record(office, written, key, by=by, today=today, unit=unit)
    require_reason(why)
    with office.reading() as connection:
        actor = find_actor(connection, by)
        held = store.find(
            connection, kind, key, seen_by(connection, actor, kind), unit=shown["unit_code"]
        )
    require_revealer(kind, actor, held.unit.path)
    what = {"register": kind.key, "key": held.key, "unit": held.unit.code}
    receipt = record_access(office, Look.REVEAL, by=by, at=at, door=door, what=what, why=why)
    return {**shown, "values": dict(held.values), "receipt": receipt}


def require_reason(why: str) -> None:
    if not why.strip():
        raise Invalid(
            Wording("没有写明查看个人信息的事由", "the reason for seeing personal data is missing"),
            remedy=Wording("请写明事由,它会被记录。", "Say why; it is recorded."),
            where="why",
        )


def require_revealer(kind: Kind, actor: Actor, path: str) -> Role:
    """Return the role that lets ``actor`` see personal data there; raise Refused."""
    roles = actor.roles_over(path) & kind.reveal
    if roles:
        return min(roles)
    raise Refused(
        Wording("您无权查看个人信息", "you may not see personal data"),
        remedy=Wording(
            "须由" + "、".join(each.label.zh for each in sorted(kind.reveal)) + "查看。",
            "It takes " + ", ".join(each.label.en for each in sorted(kind.reveal)) + ".",
        ),
        where=kind.key,
    )


def _cases(connection: Connection, record_id: int) -> list[dict[str, Any]]:
    raised = REGISTER_CASES.c
    rows = connection.execute(
        select(raised.rule, raised.period, raised.raised_at, CASES.c.number, CASES.c.state)
        .join(CASES, CASES.c.id == raised.case_id)
        .where(raised.record_id == record_id)
        .order_by(raised.raised_at, raised.rule)
    )
    return [dict(row) for row in rows.mappings()]


def _history(connection: Connection, kind: Kind, record_id: int) -> list[dict[str, Any]]:
    """Return what happened; personal values are named, not shown."""
    events = [sealed for sealed, _ in read_records(connection, store.SUBJECT, record_id)]
    names = names_of(connection, (each.actor for each in events))
    return [
        {
            "seq": each.seq, "at": each.at, "act": each.kind, "said": RegisterAct(each.kind).label,
            "who": names.get(each.actor or 0, ""), "role": each.role, "door": each.door,
            **_told(kind, json.loads(each.body)),
        }
        for each in events
    ]  # fmt: skip


def _told(kind: Kind, body: dict[str, Any]) -> dict[str, Any]:
    return {
        "fields": body.get("fields", {}),
        "personal": sorted(kind.personal & body.keys()),
        "cleared": body.get("cleared", []),
        "cases": body.get("cases", {}),
    }
