"""Duties as they lie in the database: found, and changed together with their history."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, bindparam, select, update

from casework.events import Happening
from casework.people import Unit
from casework.records import Entry, Subject, write_records
from models import DutyState
from models.prepared import Prepared
from models.tables import DUTIES, ORGANISATIONS
from rules.wording import Wording

SUBJECT = "duty"
_CHANGING = (
    "person_id",
    "state",
    "due_on",
    "ended_at",
    "ended_by_id",
    "next_on",
    "last_step",
    "case_id",
    "seq",
    "head",
)
_CHANGE = Prepared(
    update(DUTIES)
    .where(DUTIES.c.id == bindparam("of"))
    .values({name: bindparam(f"new_{name}") for name in _CHANGING})
)
FOUND = select(
    DUTIES,
    ORGANISATIONS.c.code.label("unit_code"),
    ORGANISATIONS.c.name.label("unit_name"),
    ORGANISATIONS.c.kind.label("unit_kind"),
    ORGANISATIONS.c.path.label("unit_path"),
).join(ORGANISATIONS, ORGANISATIONS.c.id == DUTIES.c.unit_id)


class Held(NamedTuple):
    """A duty as it is: its place, whom it waits for if that is one person, and its history's end.

    ``last_step`` is the distance of the last step of the ladder that was taken.
    """

    id: int
    kind: str
    key: str
    unit: Unit
    person_id: int | None
    due_on: date
    title: Wording
    link: str
    state: DutyState
    opened_at: datetime
    ended_at: datetime | None
    ended_by_id: int | None
    next_on: date | None
    last_step: int | None
    case_id: int | None
    entry: Entry


class Change(NamedTuple):
    """What happens to a duty, and the columns that are different afterwards."""

    held: Held
    happening: Happening
    columns: Mapping[str, Any]


def read(row: Row[Any]) -> Held:
    """Return a row of ``FOUND`` as a duty."""
    unit = Unit(row.unit_id, row.unit_code, row.unit_name, row.unit_kind, row.unit_path)
    return Held(
        row.id, row.kind, row.key, unit, row.person_id, row.due_on,
        Wording(row.title_zh, row.title_en), row.link, DutyState(row.state), row.opened_at,
        row.ended_at, row.ended_by_id, row.next_on, row.last_step, row.case_id,
        Entry(row.seq, row.head),
    )  # fmt: skip


def subject(duty_id: int, kind: str, key: str) -> Subject:
    return Subject(SUBJECT, duty_id, f"{kind}/{key}"[:80])


def receipt_of(duty_id: int, entry: Entry) -> str:
    """Return what goes onto everything that leaves us: ``duty:id/seq/short hash``."""
    return f"{SUBJECT}:{duty_id}/{entry.seq}/{entry.hash[:8]}"


def write(connection: Connection, changes: Sequence[Change]) -> list[Entry]:
    """Write each change with its event; return the new end of each history."""
    told = [
        (subject(held.id, held.kind, held.key), happening, held.entry)
        for held, happening, _ in changes
    ]
    entries = write_records(connection, told)
    _CHANGE.run_all(connection, [
        _row(each, entry) for each, entry in zip(changes, entries, strict=True)
    ])  # fmt: skip
    return entries


def _row(change: Change, entry: Entry) -> dict[str, Any]:
    kept = {name: getattr(change.held, name, None) for name in _CHANGING}
    after = {**kept, "seq": entry.seq, "head": entry.hash, **change.columns}
    return {"of": change.held.id, **{f"new_{name}": after[name] for name in _CHANGING}}
