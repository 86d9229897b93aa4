"""The whole history of one case in words: what happened, what it changed, who was told, by when."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select

from casework.auditing.looked_back import looked_back
from casework.auditing.sight import Seen, see_case
from casework.office import Office
from casework.people import names_of
from models.tables import CLOCKS, EVIDENCE, NOTICES, ORGANISATIONS, PEOPLE
from notifications.sentences import tell
from rules.deadlines import days_late, is_overdue
from rules.differences import differences, people_in, units_in
from rules.dues import stays, why_due
from rules.wording import Wording

_CLOCKS = select(CLOCKS).where(CLOCKS.c.case_id == bindparam("case")).order_by(CLOCKS.c.no)
_NOTICES = (
    select(
        NOTICES.c.receipt, NOTICES.c.kind, PEOPLE.c.code, PEOPLE.c.name, NOTICES.c.owed_at,
        NOTICES.c.state, NOTICES.c.sent_at, NOTICES.c.acknowledged_at,
    )
    .join(PEOPLE, PEOPLE.c.id == NOTICES.c.person_id)
    .where(NOTICES.c.case_id == bindparam("case"))
    .order_by(NOTICES.c.id)
)  # fmt: skip
_FILES = select(EVIDENCE.c.sha256, EVIDENCE.c.name).where(EVIDENCE.c.case_id == bindparam("case"))
_UNREADABLE = Wording("此条记录已无法读取", "this record can no longer be read")
_BROKEN = ""  # no name of a body's own


@dataclass(frozen=True, slots=True)
class Timeline:
    """``entries`` are the events in order, each with its sentence ``said``, its ``differences``
    before and after, the due date it set and why, its order, evidence and notices.

    ``stays`` are the stages in order: the original due date and the one that applies, with every
    clock between them and why it was set. ``lookbacks`` are those that drew the case, as far as
    who asks may know.
    """

    number: str
    entries: Sequence[Mapping[str, Any]]
    stays: Sequence[Mapping[str, Any]]
    lookbacks: Sequence[Mapping[str, Any]] = ()

    def plain(self) -> dict[str, Any]:
        return asdict(self)


def open_timeline(office: Office, number: str, *, by: str, as_of: datetime) -> Timeline:
    """Return the timeline of a case that ``by`` may see; raise NotFound otherwise."""
    with office.auditing() as connection:
        seen = see_case(connection, number, by)
        values = {"case": seen.stored.id}
        clocks = connection.execute(_CLOCKS, values).all()
        bodies = [_body(row["body"]) for row in seen.events]
        called = _Names(connection, seen, bodies, clocks)
        notices = _by_event(connection, seen)
        return Timeline(
            seen.stored.number,
            [
                _entry(row, body, called, clocks, notices)
                for row, body in zip(seen.events, bodies, strict=True)
            ],
            _stays(clocks, called, as_of),
            looked_back(connection, seen, as_of),
        )


class _Names:
    """What the people and units of one history are called."""

    def __init__(
        self,
        connection: Connection,
        seen: Seen,
        bodies: Sequence[Mapping[str, Any]],
        clocks: Sequence[Row[Any]],
    ) -> None:
        changes = [_changed(body) for body in bodies]
        acting = [row["actor_id"] for row in seen.events]
        deciding = [each for row in clocks for each in (row.asked_by_id, row.granted_by_id)]
        changing = [each for changed in changes for each in people_in(changed)]
        self.people = names_of(connection, [*acting, *deciding, *changing])
        wanted = {each for changed in changes for each in units_in(changed)}
        units = select(ORGANISATIONS.c.id, ORGANISATIONS.c.name)
        rows = connection.execute(units.where(ORGANISATIONS.c.id.in_(wanted))) if wanted else ()
        files = connection.execute(_FILES, {"case": seen.stored.id})
        self.files: dict[str, str] = dict(files.tuples().all())
        self.units: dict[int, str] = {row.id: row.name for row in rows}

    def __call__(self, kind: str, number: int) -> str:
        return (self.units if kind == "unit" else self.people).get(number, f"#{number}")

    def person(self, number: int | None) -> str:
        return self.people.get(number, "") if number is not None else ""


def _body(written: str) -> dict[str, Any]:
    """Return an event's body; what was tampered with need not be readable."""
    try:
        return dict(json.loads(written))
    except (TypeError, ValueError):
        return {_BROKEN: True}


def _changed(body: Mapping[str, Any]) -> Mapping[str, Any]:
    changed = body.get("changed")
    return changed if isinstance(changed, dict) else {}


def _entry(
    row: Mapping[str, Any],
    body: Mapping[str, Any],
    called: _Names,
    clocks: Sequence[Row[Any]],
    notices: Mapping[int, Sequence[Mapping[str, Any]]],
) -> dict[str, Any]:
    who, changed = called.person(row["actor_id"]), _changed(body)
    return {
        "seq": row["seq"], "at": row["at"], "kind": row["kind"], "who": who, "role": row["role"],
        "door": row["door"], "said": _said(row, body, who),
        "differences": _differences(changed, called),
        "due": _due(body, clocks, called), "order": body.get("order"),
        "evidence": _evidence(body, called), "notices": notices.get(row["seq"], []),
        "hash": row["hash"],
    }  # fmt: skip


def _said(row: Mapping[str, Any], body: Mapping[str, Any], who: str) -> Wording:
    if _BROKEN in body:
        return _UNREADABLE
    try:
        return tell(row["kind"], row["role"], body, who)
    except (AttributeError, KeyError, TypeError, ValueError):
        return _UNREADABLE


def _differences(changed: Mapping[str, Any], called: _Names) -> list[dict[str, Any]]:
    try:
        found = differences(changed, called)
    except (TypeError, ValueError):
        return [{"fact": "", "said": _UNREADABLE}]
    return [{"fact": each.fact, "said": each.said} for each in found]


def _evidence(body: Mapping[str, Any], called: _Names) -> list[dict[str, Any]]:
    files = [each for each in body.get("evidence", ()) if isinstance(each, dict)]
    return [{**each, "name": called.files.get(each.get("sha256", ""), "")} for each in files]


def _due(
    body: Mapping[str, Any], clocks: Sequence[Row[Any]], called: _Names
) -> dict[str, Any] | None:
    """Return the due date that the event set, and why."""
    told = body.get("clock")
    number = told.get("no") if isinstance(told, dict) else None
    return next((_clock(each, called) for each in clocks if each.no == number), None)


def _clock(row: Row[Any], called: _Names) -> dict[str, Any]:
    asked, granted = called.person(row.asked_by_id), called.person(row.granted_by_id)
    why = why_due(
        row.due_at, row.limit, row.cause, estimated=row.estimated,
        asked_by=asked, granted_by=granted, reason=row.reason,
    )  # fmt: skip
    return {
        "no": row.no, "stage": row.stage, "started_at": row.started_at, "due_at": row.due_at,
        "stopped_at": row.stopped_at, "limit": row.limit, "why": why, "calendar": row.calendar,
        "policy": row.policy,
    }  # fmt: skip


def _stays(clocks: Sequence[Row[Any]], called: _Names, as_of: datetime) -> list[dict[str, Any]]:
    found = []
    for stay in stays(clocks):
        rows = [clocks[at] for at in stay.clocks]
        until = rows[-1].stopped_at or as_of
        late = [row for row in rows if is_overdue(row.due_at, row.stopped_at or as_of)]
        found.append({
            "stage": stay.stage, "cycle": stay.cycle, "original_due": stay.original_due,
            "due_at": stay.due_at, "moved": stay.moved, "running": rows[-1].stopped_at is None,
            "entered_at": rows[0].started_at, "left_at": rows[-1].stopped_at,
            "late": bool(late), "days_late": days_late(stay.due_at, until),
            "clocks": [_clock(row, called) for row in rows],
        })  # fmt: skip
    return found


def _by_event(connection: Connection, seen: Seen) -> dict[int, list[dict[str, Any]]]:
    """Return the notices of the case by the event that caused them, which their receipts name."""
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in connection.execute(_NOTICES, {"case": seen.stored.id}).mappings():
        seq = row["receipt"].rsplit("/", 2)[-2]
        found[int(seq)].append(dict(row))
    return found
