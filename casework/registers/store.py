"""Records as they lie in the database: found, and written together with their history."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from types import MappingProxyType
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Row, bindparam, insert, select, update

from casework.errors import Invalid, NotFound
from casework.events import Door, Happening
from casework.numbering import take_ids
from casework.people import Unit
from casework.records import START, Entry, Subject, write_records
from casework.registers.reminding import overtaken, renewed
from models import RecordState
from models.prepared import Prepared
from models.tables import ORGANISATIONS, REGISTER_RECORDS
from rules.access import Role
from rules.registers.acts import RegisterAct
from rules.registers.checking import check, expires_on, next_check_on, well_from
from rules.registers.kinds import Kind
from rules.wording import Wording
from rules.workdays import china_day

SUBJECT = "register"
_CHANGING = (
    "unit_id", "cluster_id", "facts", "personal", "state", "expires_on", "next_check_on",
    "well_from", "changed_at", "seq", "head",
)  # fmt: skip
_ADD = Prepared(insert(REGISTER_RECORDS))
_CHANGE = Prepared(
    update(REGISTER_RECORDS)
    .where(REGISTER_RECORDS.c.id == bindparam("of"))
    .values({name: bindparam(name) for name in _CHANGING})
)
FOUND = select(
    REGISTER_RECORDS,
    ORGANISATIONS.c.code.label("unit_code"),
    ORGANISATIONS.c.name.label("unit_name"),
    ORGANISATIONS.c.kind.label("unit_kind"),
    ORGANISATIONS.c.path.label("unit_path"),
).join(ORGANISATIONS, ORGANISATIONS.c.id == REGISTER_RECORDS.c.unit_id)


class Held(NamedTuple):
    """A record as it is: its unit, its values (personal ones too), and its place in its history."""

    id: int
    unit: Unit
    key: str
    values: Mapping[str, str]
    state: RecordState
    expires_on: date | None
    entry: Entry


class Hand(NamedTuple):
    """Who writes: nobody (None) is the engine."""

    by: int | None
    role: Role
    at: datetime
    door: Door


class Draft(NamedTuple):
    """A record as it shall be; ``held`` is what it was, None for a new one. ``said`` stands in its
    event besides, ``words`` where they can be erased.
    """

    act: RegisterAct
    unit: Unit
    values: Mapping[str, str]
    held: Held | None = None
    reason: str = ""
    said: Mapping[str, Any] = MappingProxyType({})
    words: Mapping[str, str] = MappingProxyType({})


class _Parted(NamedTuple):
    """A record's values: what anybody who sees it may read, and what is masked."""

    facts: dict[str, str]
    personal: dict[str, str]


def read(row: Row[Any]) -> Held:
    """Return a row of ``FOUND`` as a record."""
    unit = Unit(row.unit_id, row.unit_code, row.unit_name, row.unit_kind, row.unit_path)
    return Held(
        row.id, unit, row.key, {**row.facts, **row.personal}, RecordState(row.state),
        row.expires_on, Entry(row.seq, row.head),
    )  # fmt: skip


def find(
    connection: Connection, kind: Kind, key: str, seen: ColumnElement[bool], *, unit: str = ""
) -> Held:
    """Return the record with this key and lock it; raise NotFound, or Invalid when two have it."""
    records = REGISTER_RECORDS.c
    wanted = FOUND.where(records.kind == kind.key, records.key == key.strip(), seen)
    if unit:
        wanted = wanted.where(at_unit(unit))
    rows = connection.execute(wanted.limit(2).with_for_update(of=REGISTER_RECORDS)).all()
    if len(rows) == 1:
        return read(rows[0])
    if rows:
        raise Invalid(
            Wording(f"不止一个单位有“{key}”", f"more than one unit has {key!r}"),
            remedy=Wording("请加 --unit 指明单位。", "Say which with --unit."),
            where="unit",
        )
    raise NotFound(
        Wording(f"没有{kind.zh}“{key[:60]}”", f"there is no {kind.en} {key[:60]!r}"),
        remedy=Wording(
            f"可用 bihuan register list {kind.key} 查看。",
            f"`bihuan register list {kind.key}` lists them.",
        ),
        where="key",
    )


def at_unit(written: str) -> ColumnElement[bool]:
    """Return the condition that a row of ``FOUND`` is of the unit with this code or name."""
    return (ORGANISATIONS.c.code == written) | (ORGANISATIONS.c.name == written)


def write(
    connection: Connection, kind: Kind, hand: Hand, drafts: Sequence[Draft]
) -> list[tuple[int, Entry]]:
    """Write drafts, each with its event; return id and entry of each.

    The database refuses a key that is taken (IntegrityError).
    """
    new_ids = iter(take_ids(connection, "registers", sum(not each.held for each in drafts)))
    ids = [each.held.id if each.held else next(new_ids) for each in drafts]
    parts = [_parted(kind, each.values) for each in drafts]
    told = [
        (
            subject(kind, number, each.values[kind.unique]),
            _happening(kind, each, parted, hand),
            each.held.entry if each.held else START,
        )
        for number, each, parted in zip(ids, drafts, parts, strict=True)
    ]
    entries, today = write_records(connection, told), china_day(hand.at)
    rows = [
        {
            "id": number, "of": number, **_columns(kind, each, parted, today),
            "changed_at": hand.at, "seq": entry.seq, "head": entry.hash,
        }
        for number, each, parted, entry in zip(ids, drafts, parts, entries, strict=True)
    ]  # fmt: skip
    renewed(connection, _ended(kind, ids, drafts, today), hand.at, hand.by, hand.door)
    pairs = list(zip(rows, drafts, strict=True))
    _ADD.run_all(connection, [row for row, each in pairs if not each.held])
    _CHANGE.run_all(connection, [row for row, each in pairs if each.held])
    return list(zip(ids, entries, strict=True))


def _ended(kind: Kind, ids: Sequence[int], drafts: Sequence[Draft], today: date) -> set[str]:
    """Return the keys of the reminders that what is written makes needless."""
    ended: set[str] = set()
    for number, each in zip(ids, drafts, strict=True):
        if each.held:
            after = None if each.act is RegisterAct.RETIRE else (each.unit, each.values)
            before = each.held.unit, each.held.values
            ended |= overtaken(kind, number, before, after, today)
    return ended


def _parted(kind: Kind, values: Mapping[str, str]) -> _Parted:
    parted, masked = _Parted({}, {}), kind.personal
    for name, value in values.items():
        (parted.personal if name in masked else parted.facts)[name] = value
    return parted


def subject(kind: Kind, record_id: int, key: str) -> Subject:
    return Subject(SUBJECT, record_id, f"{kind.key}/{key}"[:80])


def receipt_of(kind: Kind, key: str, entry: Entry) -> str:
    return f"{SUBJECT}:{kind.key}/{key}/{entry.seq}/{entry.hash[:8]}"


def key_unit(kind: Kind, unit: Unit) -> int:
    """Return the unit within which a key is unique; 0 when that is everywhere."""
    return unit.id if kind.unique_within == "unit" else 0


def _columns(kind: Kind, draft: Draft, parted: _Parted, today: date) -> dict[str, Any]:
    retired = draft.act is RegisterAct.RETIRE
    findings = () if retired else check(kind, draft.values, today)
    return {
        "kind": kind.key, "unit_id": draft.unit.id, "cluster_id": draft.unit.cluster_id,
        "key": draft.values[kind.unique], "key_unit": key_unit(kind, draft.unit),
        "facts": parted.facts, "personal": parted.personal,
        "state": RecordState.RETIRED if retired else RecordState.ACTIVE,
        "expires_on": expires_on(findings), "next_check_on": next_check_on(findings),
        "well_from": well_from(findings),
    }  # fmt: skip


def _happening(kind: Kind, draft: Draft, parted: _Parted, hand: Hand) -> Happening:
    """Say what changed; personal values go where they can be erased."""
    before = draft.held.values if draft.held else {}
    body: dict[str, Any] = {
        "register": kind.key, "unit": draft.unit.code, "fields": _changed(parted.facts, before),
        **draft.said,
    }  # fmt: skip
    private = {**_changed(parted.personal, before), **draft.words}
    if before and (cleared := sorted(before.keys() - draft.values.keys())):
        body["cleared"] = cleared
    if draft.reason:
        private["reason"] = draft.reason
    return Happening(
        draft.act.value, hand.by, hand.role.value, hand.door, hand.at, body, private
    )  # fmt: skip


def _changed(values: dict[str, str], before: Mapping[str, str]) -> dict[str, str]:
    return {name: v for name, v in values.items() if before.get(name) != v} if before else values
