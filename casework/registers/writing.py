"""Records written, and what is counted of them kept: the guards of a school in its 三防 record."""

from collections.abc import Collection, Sequence

from sqlalchemy import Connection, func, select

from casework.people import Unit
from casework.records import Entry
from casework.registers import store
from casework.registers.following import follow
from casework.registers.store import FOUND, Draft, Hand, read
from models import RecordState
from models.tables import REGISTER_RECORDS
from rules.access import Role
from rules.registers.acts import RegisterAct
from rules.registers.kinds import Kind, kinds

_RECORDS = REGISTER_RECORDS.c


def write(
    connection: Connection, kind: Kind, hand: Hand, drafts: Sequence[Draft]
) -> list[tuple[int, Entry]]:
    """Write drafts as ``store.write`` does, count anew where their kind is counted, and open and
    end the duties that come of them.
    """
    written = store.write(connection, kind, hand, _with_counts(connection, kind, drafts))
    follow(connection, kind, hand, [
        (number, draft) for (number, _), draft in zip(written, drafts, strict=True)
    ])  # fmt: skip
    engine = Hand(None, Role.LADDER, hand.at, hand.door)
    for holder in kinds().values():
        if kind.key in holder.counting.values():
            _recount(connection, holder, engine, {each.unit.id for each in drafts})
    return written


def _with_counts(connection: Connection, kind: Kind, drafts: Sequence[Draft]) -> Sequence[Draft]:
    """Return the drafts with what their kind counts; nobody types that."""
    if not kind.counting:
        return drafts
    units = {each.unit.id: each.unit for each in drafts}
    counts = _counts(connection, kind, units)
    return [
        each._replace(values={**each.values, **counts[each.unit.id]})
        if each.act is not RegisterAct.RETIRE
        else each
        for each in drafts
    ]


def _recount(connection: Connection, holder: Kind, hand: Hand, units: Collection[int]) -> None:
    """Change the holder's records of these units whose number is another one now.

    They are locked first and counted then, so that of two who add at once the later counts both.
    """
    rows = connection.execute(
        FOUND.where(
            _RECORDS.kind == holder.key,
            _RECORDS.unit_id.in_(units),
            _RECORDS.state == RecordState.ACTIVE,
        )
        .order_by(_RECORDS.id)
        .with_for_update(of=REGISTER_RECORDS)
    ).all()
    held = [read(row) for row in rows]
    counts = _counts(connection, holder, {each.unit.id: each.unit for each in held})
    drafts = [
        Draft(RegisterAct.CHANGE, each.unit, {**each.values, **counts[each.unit.id]}, each)
        for each in held
    ]
    changed = [each for each in drafts if each.held and each.values != each.held.values]
    if changed:
        store.write(connection, holder, hand, changed)


def _counts(
    connection: Connection, holder: Kind, units: dict[int, Unit]
) -> dict[int, dict[str, str]]:
    """Return for each unit the holder's counting fields with their numbers."""
    counted = (
        select(_RECORDS.unit_id, _RECORDS.kind, func.count())
        .where(
            _RECORDS.unit_id.in_(units),
            _RECORDS.kind.in_(set(holder.counting.values())),
            _RECORDS.state == RecordState.ACTIVE,
        )
        .group_by(_RECORDS.unit_id, _RECORDS.kind)
    )
    found = {(unit, kind): number for unit, kind, number in connection.execute(counted)}
    return {
        unit: {name: f"{found.get((unit, kind), 0)}" for name, kind in holder.counting.items()}
        for unit in units
    }
