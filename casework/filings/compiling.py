"""Compile a period: a draft for every unit, cluster and the committee, filled from the cases, once.

Whoever compiles a second time, late or at the same moment finds the first one's: the database
refuses another draft of the same filing, and what is there is left as it is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, select
from sqlalchemy.exc import IntegrityError

from casework.errors import Refused
from casework.events import Door, Happening
from casework.filings import store
from casework.filings.campaigns import Scope, require_committee, scope_of
from casework.filings.counting import count_place, count_units
from casework.filings.owing import Owed, owe
from casework.filings.places import (
    Named,
    Which,
    find_named,
    find_period,
    no_filing,
    require_filler,
)
from casework.filings.store import Held
from casework.filings.templates import find_template
from casework.numbering import take_ids
from casework.office import Office
from casework.people import Unit, find_actor
from casework.records import START, write_records
from casework.registers.store import Hand
from casework.rulebook import Rulebook
from models import Place
from models.tables import FILINGS, ORGANISATIONS
from rules.access import Role
from rules.filings.acts import FilingAct, FilingState
from rules.filings.campaigns import due_on
from rules.filings.periods import Period
from rules.filings.sheets import Cell, Progress, Sheet, carried_on
from rules.filings.templates import Template
from rules.filings.tiers import Tier
from rules.wording import Wording
from rules.workdays import china_day

BATCH = 500
_TRIES = 3


@dataclass(slots=True)
class Compiled:
    """What was compiled: how many filings are new, and how many were there already."""

    template: str
    period: str
    new: int = 0
    known: int = 0
    by_level: dict[str, int] = field(default_factory=dict)


class _Draft(NamedTuple):
    """A filing to be: whose, its numbers, and what it must answer for."""

    named: Named
    cells: Mapping[str, Cell]
    progress: Sequence[Progress]


def compile_period(
    office: Office,
    written: str,
    period: str,
    *,
    by: str | None,
    at: datetime,
    door: Door,
    batch: int = BATCH,
) -> Compiled:
    """Compile a template's period for everybody; ``by`` None is the engine.

    Raise Refused for who may not or a period to come, NotFound, Invalid.
    """
    with office.reading() as connection:
        template = find_template(connection, written)
        stretch = find_period(template, period)
        _require_begun(stretch, at)
        hand = _hand(connection, by, at, door)
        book = office.rulebooks.at(connection, at)
        scope = scope_of(connection, template, stretch)
        places = _places(connection, template, scope)
        counted = count_units(connection, book.policy, template, stretch, at=at)
    done = Compiled(template.key, stretch.key)
    for level in template.levels:  # units first, so that what sums them up comes last
        named = [Named(template, stretch, unit) for unit in places[level]]
        for start in range(0, len(named), batch):
            some = named[start : start + batch]
            _compile_batch(office, book, hand, some, counted, done)
    return done


def open_filing(office: Office, which: Which, *, by: str, at: datetime, door: Door) -> Held:
    """Return one filing, a unit's compiled now if it is not there yet, to who may fill it in.

    Raise Refused, NotFound, Invalid.
    """
    with office.reading() as connection:
        actor = find_actor(connection, by)
        named = find_named(connection, which)
        role = require_filler(actor, named)
        if held := store.newest(connection, named):
            return held
        if named.level.sums_up:  # it comes with all that it sums up, or not at all
            raise no_filing(named)
        _require_begun(named.period, at)
        book = office.rulebooks.at(connection, at)
        template, period, unit = named
        counted = count_units(connection, book.policy, template, period, at=at, units=[unit.id])
    hand, done = Hand(actor.id, role, at, door), Compiled(named.template.key, named.period.key)
    _compile_batch(office, book, hand, [named], counted, done)
    with office.reading() as connection:
        return store.find(connection, named)


def first_row(
    draft: Sheet, named: Named, number: int, *, due: date, at: datetime
) -> dict[str, Any]:
    """Return the columns of a new draft; its history and version are to be added."""
    template, period, unit = named
    return {
        "id": number, "template": template.key, "template_digest": template.digest,
        "period": period.key, "first_day": period.first, "last_day": period.last,
        "level": named.level, "unit_id": unit.id, "cluster_id": unit.cluster_id, "version": 1,
        "state": FilingState.DRAFT, "due_on": due,
        "as_of": at, "sheet": store.sheet_json(draft), "number": None, "reason": "",
        "signed_by_id": None, "frozen_at": None, "content": "",
    }  # fmt: skip


def _compile_batch(
    office: Office,
    book: Rulebook,
    hand: Hand,
    named: Sequence[Named],
    counted: Mapping[int, Mapping[str, int]],
    done: Compiled,
) -> None:
    """Write what is not there yet; whoever wrote some of it meanwhile is found on another try."""
    for tries_left in reversed(range(_TRIES)):
        try:
            with office.writing() as connection:
                new = _add_missing(connection, book, hand, named, counted)
            break
        except IntegrityError:
            if not tries_left:
                raise
    level = named[0].level.value
    done.new += new
    done.known += len(named) - new
    done.by_level[level] = done.by_level.get(level, 0) + new


def _add_missing(
    connection: Connection,
    book: Rulebook,
    hand: Hand,
    named: Sequence[Named],
    counted: Mapping[int, Mapping[str, int]],
) -> int:
    ids = take_ids(connection, "filings", len(named))  # its row is what a second one waits for
    template, period, _ = named[0]
    known = set(connection.execute(_there(template, period)).scalars())
    fresh = [each for each in named if each.unit.id not in known]
    if not fresh:
        return 0
    before = store.previous_of(connection, template, period, [each.unit.id for each in fresh])
    drafts = [
        _draft(connection, book, each, counted, before.get(each.unit.id), hand.at) for each in fresh
    ]
    stretch, bounds = scope_of(connection, template, period).stretch, book.policy.filings
    owed = [Owed(each, due_on(stretch, bounds, period, each.level)) for each in fresh]
    _add(connection, hand, list(zip(ids, drafts, owed, strict=False)))
    owe(connection, owed, hand.at, hand.door)
    return len(fresh)


def _add(connection: Connection, hand: Hand, drafts: Sequence[tuple[int, _Draft, Owed]]) -> None:
    told = []
    for number, draft, _ in drafts:
        body = {"as_of": hand.at.isoformat(), "figures": _computed(draft.cells)}
        act = FilingAct.COMPILE.value
        happening = Happening(act, hand.by, hand.role.value, hand.door, hand.at, body)
        told.append((store.subject(number, draft.named, 1), happening, START))
    entries = write_records(connection, told)
    rows = []
    for (number, draft, owed), entry in zip(drafts, entries, strict=True):
        sheet = Sheet({}, progress=draft.progress)
        row = first_row(sheet, draft.named, number, due=owed.due_on, at=hand.at)
        rows.append({**row, "seq": entry.seq, "head": entry.hash})
    store.add(connection, rows, [draft.cells for _, draft, _ in drafts])


def _draft(
    connection: Connection,
    book: Rulebook,
    named: Named,
    counted: Mapping[int, Mapping[str, int]],
    before: Held | None,
    at: datetime,
) -> _Draft:
    if named.level.sums_up:
        numbers = count_place(connection, book.policy, named, at=at)
    else:
        numbers = counted[named.unit.id]
    cells = {each.key: Cell(numbers.get(each.key)) for each in named.template.numbers}
    asks = before.sheet if before and named.template.plans else None
    return _Draft(named, cells, carried_on(asks))


def _computed(cells: Mapping[str, Cell]) -> dict[str, int]:
    return {key: cell.computed for key, cell in cells.items() if cell.computed is not None}


def _there(template: Template, period: Period) -> Any:  # noqa: ANN401 — a Select of one column
    return select(FILINGS.c.unit_id).where(
        FILINGS.c.template == template.key, FILINGS.c.period == period.key
    )


def _places(
    connection: Connection, template: Template, scope: Scope
) -> Mapping[Tier, Sequence[Unit]]:
    places = ORGANISATIONS.c
    rows = connection.execute(
        select(places.id, places.code, places.name, places.kind, places.path)
        .where(places.kind != Place.DEPARTMENT)
        .order_by(places.id)
    ).all()
    units = [_unit(row) for row in rows if scope.holds(row)]
    return {
        level: [unit for unit in units if unit.kind.value == level.value]
        for level in template.levels
    }


def _unit(row: Row[Any]) -> Unit:
    return Unit(row.id, row.code, row.name, row.kind, row.path)


def _hand(connection: Connection, by: str | None, at: datetime, door: Door) -> Hand:
    if by is None:
        return Hand(None, Role.LADDER, at, door)
    actor = find_actor(connection, by)
    root = require_committee(connection, actor)
    return Hand(actor.id, min(actor.roles_over(root)), at, door)


def _require_begun(period: Period, at: datetime) -> None:
    if period.first > china_day(at):
        raise Refused(
            Wording(f"{period.label.zh}尚未开始", f"{period.key} has not begun"),
            remedy=Wording("请在开始后汇编。", "Compile it once it has."),
            where="period",
        )
