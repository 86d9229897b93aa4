"""One record: masked, or revealed with a reason that is recorded before anything is shown."""

import json
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, select

from casework.auditing.access import record_access
from casework.events import Door
from casework.office import Office
from casework.people import find_actor, names_of
from casework.records import read_records
from casework.registers import store
from casework.registers.attaching import list_files
from casework.registers.listing import finding_row, shown_record
from casework.registers.places import find_kind, seen_by
from casework.registers.revealing import require_reason, require_revealer
from casework.registers.store import Held
from models import RecordState
from models.tables import CASES, RECORD_PRIVATES, REGISTER_CASES
from rules.looking import Look
from rules.registers.acts import RegisterAct
from rules.registers.checking import check
from rules.registers.kinds import Kind


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
            "id": held.id,
            "rules": _rules(kind, held, today),
            "files": list_files(connection, kind, held.id),
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


def _rules(kind: Kind, held: Held, today: date) -> list[dict[str, Any]]:
    """Return each rule that applies, how it stands, and where it comes from."""
    if held.state is not RecordState.ACTIVE:
        return []
    return [finding_row(kind, each, today) for each in check(kind, held.values, today)]


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
    kept = RECORD_PRIVATES.c
    reasons = dict(
        connection.execute(
            select(kept.seq, kept.value).where(
                kept.subject == store.SUBJECT, kept.subject_id == record_id, kept.field == "reason"
            )
        )
        .tuples()
        .all()
    )
    names = names_of(connection, (each.actor for each in events))
    return [
        {
            "seq": each.seq, "at": each.at, "act": each.kind, "said": RegisterAct(each.kind).label,
            "who": names.get(each.actor or 0, ""), "role": each.role, "door": each.door,
            "reason": reasons.get(each.seq, ""), **_told(kind, json.loads(each.body)),
        }
        for each in events
    ]  # fmt: skip


def _told(kind: Kind, body: dict[str, Any]) -> dict[str, Any]:
    return {
        "fields": body.get("fields", {}),
        "personal": sorted(kind.personal & body.keys()),
        "cleared": body.get("cleared", []),
        "cases": body.get("cases", {}),
        "files": body.get("files", []),
    }
