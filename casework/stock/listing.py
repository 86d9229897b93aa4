"""What is in stock where: each chemical with what its ledger says, and one ledger line by line."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Row, Select, case, func, or_, select

from casework.errors import NotFound
from casework.office import Office
from casework.page_keys import bad_key
from casework.people import find_actor, names_of
from casework.registers.places import find_kind, require_seer, seen_by, under
from casework.registers.store import FOUND, Held, find, read
from casework.stock.store import KIND, LINES, entry_of, lines_of
from models import RecordState
from models.tables import CASES, REGISTER_RECORDS, STOCK_COUNTS
from rules.stock.balance import Balance, balance, running
from rules.stock.dangers import Danger, count_due
from rules.stock.entries import Act, Stand
from rules.wording import Wording

_COUNTS = STOCK_COUNTS.c
_WAITS = LINES.stand == Stand.WAITING
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
    if after and not (after.isascii() and after.isdigit() and len(after) <= 18):
        raise bad_key()
    with office.reading() as connection:
        actor, kind = find_actor(connection, by), find_kind(KIND)
        require_seer(actor, kind)
        records = REGISTER_RECORDS.c
        wanted = FOUND.where(
            seen_by(connection, actor, kind), records.state == RecordState.ACTIVE,
            records.id > int(after or 0),
        )  # fmt: skip
        if place:
            wanted = wanted.where(under(connection, place))
        if text:
            named = records.facts["name"].as_string()
            wanted = wanted.where(
                or_(records.key.contains(text, autoescape=True),
                    named.contains(text, autoescape=True))
            )  # fmt: skip
        if waiting:
            unsigned = select(LINES.record_id).where(_WAITS)
            wanted = wanted.where(records.id.in_(unsigned))
        rows = connection.execute(wanted.order_by(records.id).limit(size + 1)).all()
        held = [read(row) for row in rows[:size]]
        stocks = _stocks(connection, held)
    return StockPage(stocks, str(held[-1].id) if len(rows) > size else "")


def open_ledger(office: Office, record: int, *, by: str) -> File:
    """Return a chemical's ledger; raise NotFound where ``by`` may not look."""
    with office.reading() as connection:
        actor, kind = find_actor(connection, by), find_kind(KIND)
        wanted = FOUND.where(REGISTER_RECORDS.c.id == record, seen_by(connection, actor, kind))
        row = connection.execute(wanted).first()
        if row is None:
            raise _no_such_ledger()
        held = read(row)
        (stock,) = _stocks(connection, [held])
        return File(held, stock, _lines(connection, held), _counted(connection, held))


def find_ledger(office: Office, key: str, *, by: str, unit: str = "") -> File:
    """Return the ledger of the chemical with this code; raise NotFound or Invalid."""
    with office.reading() as connection:
        kind = find_kind(KIND)
        seen = seen_by(connection, find_actor(connection, by), kind)
        record = find(connection, kind, key, seen, unit=unit).id
    return open_ledger(office, record, by=by)


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


def _lines(connection: Connection, held: Held) -> list[dict[str, Any]]:
    rows = lines_of(connection, held.id)
    names = names_of(connection, [n for row in rows for n in (row.by_id, row.second_id)])
    after = running(entry_of(row) for row in rows)
    mapped = [row._asdict() for row in rows]
    return [
        {
            **row, "here": here, "by": names.get(row["by_id"], ""),
            "second": names.get(row["second_id"] or 0, ""),
        }
        for row, here in zip(mapped, after, strict=True)
    ]  # fmt: skip


def _counted(connection: Connection, held: Held) -> list[dict[str, Any]]:
    rows = connection.execute(
        select(STOCK_COUNTS, CASES.c.number)
        .outerjoin(CASES, CASES.c.id == _COUNTS.case_id)
        .where(_COUNTS.record_id == held.id)
        .order_by(_COUNTS.id.desc())
    )
    found = rows.mappings().all()
    names = names_of(connection, [row["by_id"] for row in found])
    return [{**row, "by": names.get(row["by_id"], "")} for row in found]


def _no_such_ledger() -> NotFound:
    return NotFound(
        Wording("没有这本危化品台账", "there is no such ledger"),
        remedy=Wording("请从危化品库存列表进入。", "Open it from the list of stock."),
        where="record",
    )
