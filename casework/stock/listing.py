"""What is in stock where: each chemical with what its ledger says, and one ledger line by line."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Row, Select, case, func, or_, select

from casework.errors import NotFound
from casework.office import Office
from casework.page_keys import read_id_key
from casework.people import find_actor, names_of
from casework.registers.places import find_kind, require_seer, seen_by, under
from casework.registers.store import FOUND, Held, find, read
from casework.stock.batches import batches_of
from casework.stock.store import KIND, LINES, entry_of
from casework.stock.transits import transfers_of
from models import RecordState
from models.tables import CASES, REGISTER_RECORDS, STOCK_COUNTS, STOCK_ENTRIES
from rules.stock.balance import Balance, balance, running
from rules.stock.dangers import Danger, count_due
from rules.stock.entries import Act, Stand
from rules.stock.measures import measure_label
from rules.wording import Wording

_COUNTS = STOCK_COUNTS.c
_WAITS = LINES.stand == Stand.WAITING
_TOGETHER = 500
_IN = [each for each in Act if each.sign > 0]


class Stock(NamedTuple):
    """A chemical in stock; ``count_by`` is None where nobody has to count it."""

    id: int
    unit: str
    unit_code: str
    key: str
    name: str
    danger: Danger
    measure: str
    cabinet: str
    state: str
    balance: Balance
    waiting: int
    counted_on: date | None
    count_by: date | None

    @property
    def said_measure(self) -> Wording:
        return measure_label(self.measure)


class _Narrow(NamedTuple):
    """Which chemicals; ``waiting``: those with a signature to give."""

    place: str
    text: str
    waiting: bool


class StockPage(NamedTuple):
    rows: Sequence[Stock]
    after: str


class File(NamedTuple):
    """A ledger: its lines with who wrote and signed them, and its counts, the newest first."""

    held: Held
    stock: Stock
    lines: Sequence[Mapping[str, Any]]
    counts: Sequence[Mapping[str, Any]]


def list_stock(
    office: Office,
    *,
    by: str,
    place: str = "",
    text: str = "",
    waiting: bool = False,
    size: int = 50,
    after: str = "",
) -> StockPage:
    """Return chemicals where ``by`` may look; ``waiting`` those with a signature to give."""
    last = read_id_key(after) if after else 0
    with office.reading() as connection:
        wanted = _wanted(connection, by, _Narrow(place, text, waiting))
        following = wanted.where(REGISTER_RECORDS.c.id > last).limit(size + 1)
        rows = connection.execute(following).all()
        held = [read(row) for row in rows[:size]]
        stocks = _stocks(connection, held)
    return StockPage(stocks, str(held[-1].id) if len(rows) > size else "")


def each_ledger(
    office: Office, *, by: str, place: str = "", text: str = "", waiting: bool = False
) -> Iterator[File]:
    """Yield the ledgers of all chemicals that ``list_stock`` would list."""
    with office.reading() as connection:
        rows = connection.execute(_wanted(connection, by, _Narrow(place, text, waiting))).all()
        for start in range(0, len(rows), _TOGETHER):
            yield from _files(connection, [read(row) for row in rows[start : start + _TOGETHER]])


def open_ledger(office: Office, record: int, *, by: str) -> File:
    """Return a chemical's ledger; raise NotFound where ``by`` may not look."""
    with office.reading() as connection:
        actor, kind = find_actor(connection, by), find_kind(KIND)
        wanted = FOUND.where(REGISTER_RECORDS.c.id == record, seen_by(connection, actor, kind))
        row = connection.execute(wanted).first()
        if row is None:
            raise _no_such_ledger()
        (file,) = _files(connection, [read(row)])
        return file


def find_ledger(office: Office, key: str, *, by: str, unit: str = "") -> File:
    """Return the ledger of the chemical with this code; raise NotFound or Invalid."""
    with office.reading() as connection:
        kind = find_kind(KIND)
        seen = seen_by(connection, find_actor(connection, by), kind)
        record = find(connection, kind, key, seen, unit=unit).id
    return open_ledger(office, record, by=by)


def _wanted(connection: Connection, by: str, narrow: _Narrow) -> Select[Any]:
    """Select the active chemicals that are meant, where ``by`` may look, in their order."""
    actor, kind, records = find_actor(connection, by), find_kind(KIND), REGISTER_RECORDS.c
    require_seer(actor, kind)
    where = [seen_by(connection, actor, kind), records.state == RecordState.ACTIVE]
    if narrow.place:
        where.append(under(connection, narrow.place))
    if narrow.text:
        texts = records.key, records.facts["name"].as_string()
        where.append(or_(*(each.contains(narrow.text, autoescape=True) for each in texts)))
    if narrow.waiting:
        where.append(records.id.in_(select(LINES.record_id).where(_WAITS)))
    return FOUND.where(*where).order_by(records.id)


def _files(connection: Connection, held: Sequence[Held]) -> list[File]:
    stocks = _stocks(connection, held)
    ids = [each.id for each in held]
    lines, counted = _lines(connection, ids), _counted(connection, ids)
    _add_ends(connection, ids, lines)
    return [
        File(each, stock, lines.get(each.id, []), counted.get(each.id, []))
        for each, stock in zip(held, stocks, strict=True)
    ]


def _stocks(connection: Connection, held: Sequence[Held]) -> list[Stock]:
    ids = [each.id for each in held]
    sums = {row.record_id: row for row in connection.execute(_sums(ids))} if ids else {}
    last = select(_COUNTS.record_id, func.max(_COUNTS.on_day)).where(_COUNTS.record_id.in_(ids))
    counted = dict(connection.execute(last.group_by(_COUNTS.record_id)).tuples().all())
    return [_stock(each, sums.get(each.id), counted.get(each.id)) for each in held]


def _sums(ids: Sequence[int]) -> Select[Any]:
    """Select what ``rules.stock.balance`` reckons line by line."""
    comes, stands, waits = LINES.act.in_(_IN), LINES.stand == Stand.STANDS, _WAITS
    return (
        select(
            LINES.record_id,
            (_total(comes & stands) - _total(~comes & (stands | waits))).label("here"),
            _total(comes & waits).label("coming"),
            _total(~comes & waits).label("leaving"),
            func.count(case((waits, 1))).label("waiting"),
        )
        .where(LINES.record_id.in_(ids))
        .group_by(LINES.record_id)
    )


def _total(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, LINES.amount), else_=0)), 0)


def _stock(held: Held, sums: Row[Any] | None, counted_on: date | None) -> Stock:
    values, danger = held.values, Danger(held.values["danger"])
    found = Balance(int(sums.here), int(sums.coming), int(sums.leaving)) if sums else balance(())
    count_by = count_due(counted_on) if counted_on and danger.is_controlled else None
    return Stock(
        held.id, held.unit.name, held.unit.code, held.key, values["name"], danger,
        values["measure"], values["cabinet"], held.state.value, found,
        sums.waiting if sums else 0, counted_on, count_by,
    )  # fmt: skip


def _lines(connection: Connection, ids: Sequence[int]) -> dict[int, list[dict[str, Any]]]:
    """Return the lines of each ledger, with what was here after each."""
    in_order = select(STOCK_ENTRIES).where(LINES.record_id.in_(ids))
    rows = connection.execute(in_order.order_by(LINES.record_id, LINES.no)).all()
    names = names_of(connection, [n for row in rows for n in (row.by_id, row.second_id)])
    found: dict[int, list[dict[str, Any]]] = {}
    for record, lines in groupby(rows, lambda row: row.record_id):
        kept = list(lines)
        found[record] = [
            {
                **row._asdict(), "here": here, "by": names.get(row.by_id, ""),
                "second": names.get(row.second_id or 0, ""),
            }
            for row, here in zip(kept, running(entry_of(row) for row in kept), strict=True)
        ]  # fmt: skip
    return found


def _add_ends(
    connection: Connection, ids: Sequence[int], lines: Mapping[int, Sequence[dict[str, Any]]]
) -> None:
    """Say of each line where it went: the transfer it is an end of, the batches of waste."""
    transfers, batches = transfers_of(connection, ids), batches_of(connection, ids)
    for record, rows in lines.items():
        for row in rows:
            row["transfer"] = transfers.get((record, row["no"]))
            row["batches"] = batches.get((record, row["no"]), [])


def _counted(connection: Connection, ids: Sequence[int]) -> dict[int, list[dict[str, Any]]]:
    """Return the counts of each ledger, the newest first."""
    rows = connection.execute(
        select(STOCK_COUNTS, CASES.c.number)
        .outerjoin(CASES, CASES.c.id == _COUNTS.case_id)
        .where(_COUNTS.record_id.in_(ids))
        .order_by(_COUNTS.id.desc())
    )
    counts = rows.mappings().all()
    names = names_of(connection, [row["by_id"] for row in counts])
    found: dict[int, list[dict[str, Any]]] = {}
    for row in counts:
        told = {**row, "by": names.get(row["by_id"], "")}
        found.setdefault(row["record_id"], []).append(told)
    return found


def _no_such_ledger() -> NotFound:
    return NotFound(
        Wording("没有这本危化品台账", "there is no such ledger"),
        remedy=Wording("请从危化品库存列表进入。", "Open it from the list of stock."),
        where="record",
    )
