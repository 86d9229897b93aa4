"""Ledgers as they lie in the database, and what is written of them in a chemical's own history."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, func, insert, select, update

from casework.errors import Invalid, NotFound, Refused
from casework.events import Door, Happening
from casework.forms import read_day
from casework.records import write_record
from casework.registers import store
from casework.registers.acts import editing
from casework.registers.places import find_kind
from casework.registers.store import Hand, Held
from models.tables import REGISTER_RECORDS, STOCK_ENTRIES, STOCK_WASTES
from rules.registers.acts import RegisterAct
from rules.stock.balance import Wasted
from rules.stock.dangers import Danger
from rules.stock.entries import ENDS, Act, Entry
from rules.stock.measures import say_measured
from rules.wording import Wording
from rules.workdays import china_day

KIND = "chemical"
LINES = STOCK_ENTRIES.c
_WASTES = STOCK_WASTES.c
_OF_ONE = select(STOCK_ENTRIES).order_by(LINES.no)


class Who(NamedTuple):
    """Who acts, when, and through which door."""

    by: str
    at: datetime
    door: Door


class Ledger(NamedTuple):
    """A chemical, locked, with its lines and what went of them into waste; ``hand`` writes."""

    held: Held
    hand: Hand
    rows: Sequence[Row[Any]]
    wasted: Wasted

    @property
    def danger(self) -> Danger:
        return Danger(self.held.values["danger"])

    def needs_two(self, act: Act) -> bool:
        """Whether a line takes a second signature: by the class, or as an end of a transfer."""
        return self.danger.needs_two or act in ENDS

    @property
    def name(self) -> str:
        return self.held.values["name"]

    @property
    def entries(self) -> list[Entry]:
        return [entry_of(row) for row in self.rows]

    def said(self, amount: int) -> Wording:
        """Return thousandths with the unit of measure."""
        return say_measured(amount, self.held.values["measure"])


class Written(NamedTuple):
    """What became of a ledger: the line, what it says is here, the receipt."""

    key: str
    unit: str
    no: int
    stand: str
    here: int
    receipt: str
    cases: Sequence[str] = ()


def entry_of(row: Row[Any]) -> Entry:
    return Entry(row.no, row.act, row.amount, row.stand)


def take(connection: Connection, key: str, unit: str, who: Who) -> Ledger:
    """Return the ledger of a chemical that ``who`` may edit, locked; raise NotFound or Refused."""
    held, hand = editing(connection, find_kind(KIND), (key, unit), who)
    return ledger_of(connection, held, hand)


def ledger_of(connection: Connection, held: Held, hand: Hand) -> Ledger:
    """Return the ledger of a chemical that is locked."""
    rows = connection.execute(_OF_ONE.where(LINES.record_id == held.id)).all()
    return Ledger(held, hand, rows, wasted_of(connection, [held.id]).get(held.id, {}))


def wasted_of(connection: Connection, ids: Collection[int]) -> dict[int, dict[int, int]]:
    """Return how much of each line of these chemicals went into batches of waste."""
    rows = connection.execute(
        select(_WASTES.record_id, _WASTES.no, func.sum(_WASTES.amount))
        .where(_WASTES.record_id.in_(ids))
        .group_by(_WASTES.record_id, _WASTES.no)
    )
    found: dict[int, dict[int, int]] = {}
    for record, no, amount in rows.tuples():
        found.setdefault(record, {})[no] = int(amount)
    return found


def find_line(ledger: Ledger, no: int) -> Row[Any]:
    """Return a line by its number; raise NotFound."""
    for row in ledger.rows:
        if row.no == no:
            return row
    raise NotFound(
        Wording(f"没有第 {no} 笔", f"there is no line {no}"),
        remedy=Wording("请在台账中查看笔号。", "The ledger shows the numbers."),
        where="no",
    )


def day_of(typed: str, at: datetime) -> date:
    """Return the day somebody typed, that of ``at`` for a blank; raise Invalid for one to come."""
    today = china_day(at)
    day = read_day(typed, where="on") if typed.strip() else today
    if day > today:
        raise Invalid(
            Wording(f"日期 {day} 在今天之后", f"{day} is in the future"),
            remedy=Wording("请改正日期。", "Correct the date."),
            where="on",
        )
    return day


def add_line(connection: Connection, ledger: Ledger, columns: Mapping[str, Any]) -> int:
    """Add a line and return its number."""
    newest = select(func.coalesce(func.max(LINES.no), 0)).where(LINES.record_id == ledger.held.id)
    no = int(connection.execute(newest).scalar_one()) + 1
    kept = {
        "record_id": ledger.held.id, "no": no, "by_id": ledger.hand.by, "at": ledger.hand.at,
        "closing": "", "filing_no": "", **columns,
    }  # fmt: skip
    connection.execute(insert(STOCK_ENTRIES), kept)
    return no


def change_line(
    connection: Connection, ledger: Ledger, no: int, columns: Mapping[str, Any]
) -> None:
    connection.execute(
        update(STOCK_ENTRIES)
        .where(LINES.record_id == ledger.held.id, LINES.no == no)
        .values(**columns)
    )


def tell(connection: Connection, ledger: Ledger, act: RegisterAct, body: Mapping[str, Any]) -> str:
    """Write what happened into the chemical's history; return the receipt."""
    return tell_of(connection, KIND, (ledger.held, ledger.hand), act, body)


def tell_of(
    connection: Connection, kind: str, of: tuple[Held, Hand], act: RegisterAct,
    body: Mapping[str, Any],
) -> str:  # fmt: skip
    """Write what happened into the history of a record that is locked; return the receipt."""
    held, hand = of
    said = {"register": kind, "unit": held.unit.code, **body}
    happening = Happening(act.value, hand.by, hand.role.value, hand.door, hand.at, said)
    subject = store.subject(find_kind(kind), held.id, held.key)
    entry = write_record(connection, subject, happening, held.entry)
    connection.execute(
        update(REGISTER_RECORDS)
        .where(REGISTER_RECORDS.c.id == held.id)
        .values(seq=entry.seq, head=entry.hash, changed_at=hand.at)
    )
    return f"{store.SUBJECT}:{kind}/{held.key}/{entry.seq}/{entry.hash[:8]}"


def same_person() -> Refused:
    return Refused(
        Wording("须由另一人办理", "it takes another person"),
        remedy=Wording(
            "双人领发：请由第二名保管人办理。", "Two people: let the second keeper do it."
        ),
        where="by",
    )
