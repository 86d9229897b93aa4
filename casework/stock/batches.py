"""Batches of waste: what each came from, how far its disposal is, and what may still go into it."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from itertools import groupby
from typing import Any, NamedTuple

from sqlalchemy import Connection, select

from casework.errors import NotFound
from casework.office import Office
from casework.people import find_actor, names_of
from casework.registers.places import find_kind, seen_by
from casework.registers.store import FOUND, Held, read
from casework.stock.store import KIND, LINES, entry_of, wasted_of
from casework.stock.wasting import WASTE, WASTES
from models import RecordState
from models.tables import REGISTER_RECORDS, STOCK_ENTRIES, STOCK_WASTES
from rules.stock.balance import wastable
from rules.stock.disposal import Disposal, Reached, stages
from rules.stock.measures import say_measured
from rules.wording import Wording

_RECORDS = REGISTER_RECORDS.c
_SOURCES = (
    select(
        STOCK_WASTES, _RECORDS.key, _RECORDS.facts["name"].as_string().label("name"),
        _RECORDS.facts["measure"].as_string().label("measure"), LINES.act, LINES.on_day,
    )
    .join(REGISTER_RECORDS, _RECORDS.id == WASTES.record_id)
    .join(STOCK_ENTRIES, (LINES.record_id == WASTES.record_id) & (LINES.no == WASTES.no))
    .order_by(WASTES.at, WASTES.record_id, WASTES.no)
)  # fmt: skip


class Line(NamedTuple):
    """A line of a chemical that went into a batch, or of which ``amount`` still may."""

    record: int
    key: str
    name: str
    no: int
    what: Wording
    on_day: date
    amount: int
    measure: str
    by: str = ""
    at: datetime | None = None


class Batch(NamedTuple):
    """A batch with its stages, the lines it came from, and its story as a timeline tells it."""

    held: Held
    stages: Sequence[Reached]
    sources: Sequence[Line]
    story: Sequence[Mapping[str, Any]]


def open_batch(office: Office, record: int, *, by: str) -> Batch:
    """Return a batch of waste; raise NotFound where ``by`` may not look."""
    with office.reading() as connection:
        actor, kind = find_actor(connection, by), find_kind(WASTE)
        wanted = FOUND.where(_RECORDS.id == record, seen_by(connection, actor, kind))
        if (row := connection.execute(wanted).first()) is None:
            raise NotFound(
                Wording("没有这批废弃物", "there is no such batch of waste"),
                remedy=Wording("请从废弃物台账进入。", "Open it from the register of waste."),
                where="record",
            )
        held, sources = read(row), _sources(connection, record)
    return Batch(held, stages(held.values), sources, _story(held, sources))


def batches_of(
    connection: Connection, ids: Collection[int]
) -> dict[tuple[int, int], list[dict[str, Any]]]:
    """Return the batches that lines of these chemicals went into, by record and number."""
    rows = connection.execute(
        select(WASTES.record_id, WASTES.no, WASTES.amount, _RECORDS.id, _RECORDS.key)
        .join(REGISTER_RECORDS, _RECORDS.id == WASTES.batch_id)
        .where(WASTES.record_id.in_(ids))
        .order_by(WASTES.record_id, WASTES.no, _RECORDS.id)
    )
    found: dict[tuple[int, int], list[dict[str, Any]]] = {}
    for row in rows:
        told = {"id": row.id, "key": row.key, "amount": row.amount}
        found.setdefault((row.record_id, row.no), []).append(told)
    return found


def list_wastable(office: Office, unit_id: int) -> list[Line]:
    """Return the lines of a unit's chemicals of which something may still go into a batch, the
    latest first; whoever asks edits that unit's chemicals.
    """
    with office.reading() as connection:
        rows = connection.execute(
            select(
                STOCK_ENTRIES, _RECORDS.key, _RECORDS.facts["name"].as_string().label("name"),
                _RECORDS.facts["measure"].as_string().label("measure"),
            )
            .join(REGISTER_RECORDS, _RECORDS.id == LINES.record_id)
            .where(
                _RECORDS.kind == KIND, _RECORDS.unit_id == unit_id,
                _RECORDS.state == RecordState.ACTIVE,
            )
            .order_by(LINES.record_id, LINES.no)
        ).all()  # fmt: skip
        wasted = wasted_of(connection, {row.record_id for row in rows})
    found: list[Line] = []
    for record, group in groupby(rows, lambda row: row.record_id):
        lines = list(group)
        left = wastable([entry_of(row) for row in lines], wasted.get(record, {}))
        found += [
            Line(record, row.key, row.name, row.no, row.act.label, row.on_day, left[row.no],
                 row.measure)
            for row in lines if row.no in left
        ]  # fmt: skip
    return sorted(found, key=lambda each: each.on_day, reverse=True)


def _sources(connection: Connection, record: int) -> list[Line]:
    rows = connection.execute(_SOURCES.where(WASTES.batch_id == record)).all()
    names = names_of(connection, [row.by_id for row in rows])
    return [
        Line(row.record_id, row.key, row.name, row.no, row.act.label, row.on_day, row.amount,
             row.measure, names.get(row.by_id, ""), row.at)
        for row in rows
    ]  # fmt: skip


def _story(held: Held, sources: Sequence[Line]) -> list[dict[str, Any]]:
    values = held.values
    told = {each.stage: each.told for each in stages(values)}
    story = [_told(values["produced_on"], Disposal.PRODUCED.label, values["producer"])]
    for each in sources:
        said = say_measured(each.amount, each.measure)
        what = Wording(f"来源：{each.name} {said.zh}", f"from {each.name}: {said.en}")
        story.append(_told(each.at, what, f"{each.key} #{each.no} · {each.by}"))
    if values.get("handed_on"):
        papers = ("contractor", "licence_no", "manifest_no")
        said_by = " · ".join(values[name] for name in papers if values.get(name))
        story.append(_told(values["handed_on"], Disposal.HANDED.label, said_by))
    if told[Disposal.DISPOSED]:
        story.append(_told(told[Disposal.DISPOSED], Disposal.DISPOSED.label, ""))
    return story


def _told(at: str | date | None, what: Wording, more: str) -> dict[str, Any]:
    when = date.fromisoformat(at) if isinstance(at, str) else at
    tail = f" · {more}" if more else ""
    return {"at": when, "role": "", "zh": what.zh + tail, "en": what.en + tail}
