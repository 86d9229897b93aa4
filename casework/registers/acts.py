"""Add, change and retire a record, as a person who may."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection, select, true
from sqlalchemy.exc import IntegrityError

from casework.errors import Conflict, Invalid, Refused
from casework.events import Door
from casework.forms import read_reason
from casework.office import Office
from casework.people import Unit, find_actor
from casework.records import Entry
from casework.registers import store
from casework.registers.answering import require_item
from casework.registers.places import find_kind, find_school, require_editor, seen_by
from casework.registers.store import Draft, Hand, Held
from casework.registers.writing import write
from casework.stock.keeping import require_same_measure, require_settled
from models import RecordState
from models.tables import REGISTER_RECORDS
from rules.registers.acts import RegisterAct
from rules.registers.kinds import Kind
from rules.registers.values import Fault, read_values, retyped
from rules.wording import Wording
from rules.workdays import china_day


class Misfilled(Invalid):
    """Fields that cannot be accepted: told as the first, with all of them in ``faults``."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        first = faults[0]
        super().__init__(first.problem, remedy=first.remedy, where=first.field)
        self.faults = faults


class Kept(NamedTuple):
    """What became of a record; ``seq`` is unchanged when there was nothing to change."""

    kind: str
    key: str
    unit: str
    act: str
    seq: int
    receipt: str


def add_record(
    office: Office,
    written: str,
    unit: str,
    typed: Mapping[str, str],
    *,
    by: str,
    at: datetime,
    door: Door,
) -> Kept:
    """Add a record of the kind ``written`` at a unit; ``typed`` are its fields by key.

    Raise Refused where the person may not or the key is taken, Invalid for a field, NotFound.
    """
    kind = find_kind(written)
    values = read_or_refuse(kind, typed, china_day(at))
    _require_untyped(kind, {}, values)
    try:
        with office.writing() as connection:
            place = find_school(connection, unit)
            hand = _hand(connection, kind, place, (by, at, door))
            if _is_taken(connection, kind, place, values[kind.unique]):
                raise taken(kind, values[kind.unique])
            require_item(connection, kind, place.id, values, None)
            draft = Draft(RegisterAct.ADD, place, values)
            ((_, entry),) = write(connection, kind, hand, [draft])
    except IntegrityError as fault:  # somebody added it at the same moment
        raise taken(kind, values[kind.unique]) from fault
    return _kept(kind, draft, entry)


def change_record(
    office: Office,
    written: str,
    key: str,
    typed: Mapping[str, str],
    *,
    by: str,
    at: datetime,
    door: Door,
    unit: str = "",
    seen: int | None = None,
) -> Kept:
    """Change fields of a record, a blank one to nothing; fields left out stay as they are.

    The field that names the record stays. ``seen`` is the number of events its editor has read.
    Raise as ``add_record`` does; Refused when it is retired, Conflict when it changed meanwhile.
    """
    kind = find_kind(written)
    with office.writing() as connection:
        held, hand = editing(connection, kind, (key, unit), (by, at, door))
        if seen is not None and seen != held.entry.seq:
            raise _overtaken(held)
        if typed.get(kind.unique, held.key).strip() not in ("", held.key):
            raise _renamed(kind)
        sent = {name: text for name, text in typed.items() if text or name != kind.reviewed}
        values = read_or_refuse(kind, {**held.values, **sent, kind.unique: held.key}, hand.at)
        _require_untyped(kind, held.values, values)
        draft = Draft(RegisterAct.CHANGE, held.unit, values, held)
        if values == held.values:
            return _kept(kind, draft, held.entry)
        require_item(connection, kind, held.unit.id, values, held)
        require_same_measure(connection, held, values)
        ((_, entry),) = write(connection, kind, hand, [draft])
    return _kept(kind, draft, entry)


def retire_record(
    office: Office,
    written: str,
    key: str,
    reason: str,
    *,
    by: str,
    at: datetime,
    door: Door,
    unit: str = "",
) -> Kept:
    """Retire a record 注销, with the reason; it stays to be read. Raise as ``change_record``;
    Refused for a chemical that is still in stock, or waste that is not disposed of.
    """
    kind = find_kind(written)
    reason = read_reason(
        reason,
        longest=500,
        missing=Wording("没有写注销原因", "the reason is missing"),
        remedy=Wording("请写明为何注销。", "Say why it is retired."),
    )
    with office.writing() as connection:
        held, hand = editing(connection, kind, (key, unit), (by, at, door))
        require_settled(connection, held)
        draft = Draft(RegisterAct.RETIRE, held.unit, held.values, held, reason)
        ((_, entry),) = write(connection, kind, hand, [draft])
    return _kept(kind, draft, entry)


def read_or_refuse(kind: Kind, typed: Mapping[str, str], day: date | datetime) -> dict[str, str]:
    """Return the values; raise Misfilled with every fault there is."""
    today = china_day(day) if isinstance(day, datetime) else day
    values, faults = read_values(kind, typed, today)
    if faults:
        raise Misfilled(faults)
    return values


def taken(kind: Kind, key: str) -> Refused:
    return Refused(
        Wording(f"{kind.zh}“{key}”已登记", f"the {kind.en} {key!r} is there already"),
        remedy=Wording(
            "请变更已有的登记；注销的也占用原号。",
            "Change the one that is there; a retired one keeps its number.",
        ),
        where=kind.unique,
    )


def editing(
    connection: Connection, kind: Kind, which: tuple[str, str], who: tuple[str, datetime, Door]
) -> tuple[Held, Hand]:
    """Return a record by key and unit that may be edited, locked, and who edits it.

    Raise NotFound, or Refused where the person may not or it is retired.
    """
    key, unit = which
    seen = seen_by(connection, find_actor(connection, who[0]), kind)
    held = store.find(connection, kind, key, seen, unit=unit)
    hand = _hand(connection, kind, held.unit, who)
    if held.state is RecordState.RETIRED:
        raise Refused(
            Wording(f"{kind.zh}“{held.key}”已注销", f"the {kind.en} {held.key!r} is retired"),
            remedy=Wording("已注销的只供查阅。", "It can only be read."),
            where="key",
        )
    return held, hand


def _require_untyped(kind: Kind, before: Mapping[str, str], values: Mapping[str, str]) -> None:
    if fault := retyped(kind, before, values):
        raise Misfilled([fault])


def _overtaken(held: Held) -> Conflict:
    return Conflict(
        Wording(f"“{held.key}”刚被别人变更过", f"{held.key!r} was changed meanwhile"),
        remedy=Wording("请查看现在的内容后再变更。", "Look at it as it is now, then change it."),
        where="seen",
    )


def _hand(connection: Connection, kind: Kind, unit: Unit, who: tuple[str, datetime, Door]) -> Hand:
    by, at, door = who
    actor = find_actor(connection, by)
    return Hand(actor.id, require_editor(actor, kind, unit), at, door)


def _is_taken(connection: Connection, kind: Kind, unit: Unit, key: str) -> bool:
    records = REGISTER_RECORDS.c
    same = select(true()).where(
        records.kind == kind.key,
        records.key_unit == store.key_unit(kind, unit),
        records.key == key,
    )
    return connection.execute(same).first() is not None


def _renamed(kind: Kind) -> Invalid:
    field = kind.by_key[kind.unique]
    return Invalid(
        Wording(f"{field.zh}不能变更", f"the {field.en} cannot be changed"),
        remedy=Wording("请注销后重新登记。", "Retire the record and add another."),
        where=kind.unique,
    )


def _kept(kind: Kind, draft: Draft, entry: Entry) -> Kept:
    key = draft.values[kind.unique]
    receipt = store.receipt_of(kind, key, entry)
    return Kept(kind.key, key, draft.unit.name, draft.act.value, entry.seq, receipt)
