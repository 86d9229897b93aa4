"""Filings as they lie in the database: found, and written together with their history."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, bindparam, delete, func, insert, select, update

from casework.events import Happening
from casework.filings.counting import NEWEST
from casework.filings.places import Named, find_period, no_filing
from casework.filings.templates import template_of
from casework.people import Unit
from casework.records import Entry, Subject, write_records
from casework.registers.store import Hand
from models.prepared import Prepared
from models.tables import FILING_FIGURES, FILINGS, ORGANISATIONS
from rules.filings.acts import FilingAct, FilingState, Outcome
from rules.filings.periods import Period
from rules.filings.sheets import Cell, Progress, Sheet
from rules.filings.templates import Template

SUBJECT = "filing"
FOUND = select(
    FILINGS,
    ORGANISATIONS.c.code.label("unit_code"),
    ORGANISATIONS.c.name.label("unit_name"),
    ORGANISATIONS.c.kind.label("unit_kind"),
    ORGANISATIONS.c.path.label("unit_path"),
).join(ORGANISATIONS, ORGANISATIONS.c.id == FILINGS.c.unit_id)
_CHANGING = (
    "state", "as_of", "sheet", "number", "signed_by_id", "frozen_at", "content", "seq", "head",
)  # fmt: skip
_ADD = Prepared(insert(FILINGS))
_CHANGE = Prepared(
    update(FILINGS)
    .where(FILINGS.c.id == bindparam("of"))
    .values({name: bindparam(name) for name in _CHANGING})
)
_ADD_FIGURES = Prepared(insert(FILING_FIGURES))


class Held(NamedTuple):
    """A filing as it is."""

    id: int
    named: Named
    version: int
    state: FilingState
    due_on: date
    as_of: datetime
    sheet: Sheet
    number: str
    reason: str
    signed_by_id: int | None
    frozen_at: datetime | None
    content: str
    entry: Entry
    template_digest: str

    @property
    def receipt(self) -> str:
        return f"{SUBJECT}:{self.subject.name}/{self.entry.seq}/{self.entry.hash[:8]}"

    @property
    def subject(self) -> Subject:
        return subject(self.id, self.named, self.version)


def subject(number: int, named: Named, version: int) -> Subject:
    name = named.template.number(named.period, named.unit.code, version)
    return Subject(SUBJECT, number, name)


def newest(connection: Connection, named: Named, *, lock: bool = False) -> Held | None:
    """Return the last version of a filing, frozen or not; None when there is none yet."""
    wanted = _versions(named).order_by(FILINGS.c.version.desc()).limit(1)
    if lock:
        wanted = wanted.with_for_update(of=FILINGS)
    return _one(connection, wanted)


def find(connection: Connection, named: Named, version: int = 0, *, lock: bool = False) -> Held:
    """Return a version of a filing, the last one for 0; raise NotFound."""
    if version:
        held = _one(connection, _versions(named).where(FILINGS.c.version == version))
    else:
        held = newest(connection, named, lock=lock)
    if held is None:
        raise no_filing(named)
    return held


def all_versions(connection: Connection, named: Named) -> Sequence[Row[Any]]:
    return connection.execute(_versions(named).order_by(FILINGS.c.version)).all()


def frozen_before(connection: Connection, named: Named) -> Held | None:
    """Return the last frozen filing of the same template and unit that ended before this began."""
    wanted = (
        FOUND.where(
            FILINGS.c.template == named.template.key,
            FILINGS.c.unit_id == named.unit.id,
            FILINGS.c.last_day < named.period.first,
            NEWEST,
        )
        .order_by(FILINGS.c.last_day.desc())
        .limit(1)
    )
    return _one(connection, wanted)


def previous_of(
    connection: Connection, template: Template, period: Period, units: Sequence[int]
) -> dict[int, Held]:
    """Return each unit's last frozen filing from before the period."""
    other = FILINGS.alias("other")
    last = (
        select(func.max(other.c.last_day))
        .where(
            other.c.template == template.key,
            other.c.unit_id == FILINGS.c.unit_id,
            other.c.last_day < period.first,
            other.c.state == FilingState.FROZEN,
        )
        .scalar_subquery()
    )
    rows = connection.execute(
        FOUND.where(
            FILINGS.c.template == template.key,
            FILINGS.c.unit_id.in_(units),
            FILINGS.c.last_day == last,
            NEWEST,
        )
    )
    return {row.unit_id: read(row, {}, template) for row in rows}


def add(
    connection: Connection, rows: Sequence[Mapping[str, Any]], cells: Sequence[Mapping[str, Cell]]
) -> None:
    """Insert filings with their figures; the database refuses a second one of a version."""
    _ADD.run_all(connection, rows)
    figures = [
        figure
        for row, own in zip(rows, cells, strict=True)
        for figure in _figure_rows(row["id"], own)
    ]
    _ADD_FIGURES.run_all(connection, figures)


def change(
    connection: Connection,
    held: Held,
    hand: Hand,
    acts: Sequence[tuple[FilingAct, Mapping[str, Any]]],
) -> Held:
    """Write ``held`` as it now shall be, with its figures and an event for each act, in order."""
    entry = held.entry
    for act, body in acts:
        happening = Happening(act.value, hand.by, hand.role.value, hand.door, hand.at, body)
        (entry,) = write_records(connection, [(held.subject, happening, entry)])
    _replace_figures(connection, held)
    _CHANGE.run(
        connection, {**_changing(held), "of": held.id, "seq": entry.seq, "head": entry.hash}
    )
    return held._replace(entry=entry)


def sheet_json(sheet: Sheet) -> dict[str, Any]:
    """Return all of a sheet but its numbers, as it is kept."""
    return {
        "texts": dict(sheet.texts), "plan": list(sheet.plan), "reasons": dict(sheet.reasons),
        "nil": sheet.nil,
        "progress": [
            {"item": each.item, "outcome": each.outcome and each.outcome.value, "why": each.why}
            for each in sheet.progress
        ],
    }  # fmt: skip


def read(row: Row[Any], cells: Mapping[str, Cell], template: Template) -> Held:
    """Return a row of ``FOUND`` as a filing of the template it was compiled by."""
    unit = Unit(row.unit_id, row.unit_code, row.unit_name, row.unit_kind, row.unit_path)
    named = Named(template, find_period(template, row.period), unit)
    return Held(
        row.id, named, row.version, FilingState(row.state), row.due_on, row.as_of,
        _sheet(row.sheet, cells), row.number or "", row.reason, row.signed_by_id, row.frozen_at,
        row.content, Entry(row.seq, row.head), row.template_digest,
    )  # fmt: skip


def cells_of(connection: Connection, filing: int) -> dict[str, Cell]:
    figures = FILING_FIGURES.c
    rows = connection.execute(
        select(figures.key, figures.computed, figures.typed).where(figures.filing_id == filing)
    )
    return {key: Cell(computed, typed) for key, computed, typed in rows}


def _versions(named: Named) -> Any:  # noqa: ANN401 — a Select of many columns
    return FOUND.where(
        FILINGS.c.template == named.template.key,
        FILINGS.c.period == named.period.key,
        FILINGS.c.unit_id == named.unit.id,
    )


def _one(connection: Connection, wanted: Any) -> Held | None:  # noqa: ANN401 — as above
    row = connection.execute(wanted).first()
    return of_row(connection, row) if row else None


def of_row(connection: Connection, row: Row[Any]) -> Held:
    """Return a row of ``FOUND`` as a filing with its figures."""
    template = template_of(connection, row.template, row.template_digest)
    return read(row, cells_of(connection, row.id), template)


def _sheet(kept: Mapping[str, Any], cells: Mapping[str, Cell]) -> Sheet:
    progress = [
        Progress(each["item"], each["outcome"] and Outcome(each["outcome"]), each["why"])
        for each in kept["progress"]
    ]
    return Sheet(cells, kept["texts"], kept["plan"], progress, kept["reasons"], kept["nil"])


def _changing(held: Held) -> dict[str, Any]:
    return {
        "state": held.state, "as_of": held.as_of, "sheet": sheet_json(held.sheet),
        "number": held.number or None, "signed_by_id": held.signed_by_id,
        "frozen_at": held.frozen_at, "content": held.content,
    }  # fmt: skip


def _replace_figures(connection: Connection, held: Held) -> None:
    gone = delete(FILING_FIGURES).where(FILING_FIGURES.c.filing_id == held.id)
    connection.execute(gone)
    _ADD_FIGURES.run_all(connection, _figure_rows(held.id, held.sheet.cells))


def _figure_rows(filing: int, cells: Mapping[str, Cell]) -> list[dict[str, Any]]:
    return [
        {"filing_id": filing, "key": key, **cell._asdict(), "value": cell.value}
        for key, cell in cells.items()
    ]
