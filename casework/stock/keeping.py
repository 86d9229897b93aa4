"""What a ledger keeps of its chemical: its unit of measure, and its place while it is in stock."""

from collections.abc import Collection, Mapping

from sqlalchemy import Connection, select, union

from casework.errors import Invalid, Refused
from casework.registers.store import Held
from models.tables import STOCK_COUNTS, STOCK_ENTRIES
from rules.stock.balance import balance
from rules.stock.entries import Entry, say_amount
from rules.wording import Wording

MEASURE = "measure"
MEASURED = (
    Wording(
        "台账已有出入库或盘点,计量单位不能变更",
        "its ledger has lines or counts in the unit of measure it has",
    ),
    Wording(
        "请注销后另编号重新登记;数量记错的,盘点后以盘盈、盘亏更正。",
        "Retire it and register it anew under another code; correct a wrong amount by a count.",
    ),
)
_LINES = STOCK_ENTRIES.c


def measured(connection: Connection, ids: Collection[int]) -> frozenset[int]:
    """Return which of these records have a ledger whose amounts are in their unit of measure."""
    tables = (STOCK_ENTRIES.c, STOCK_COUNTS.c)
    found = union(*(select(each.record_id).where(each.record_id.in_(ids)) for each in tables))
    return frozenset(connection.execute(found).scalars())


def changes_measure(held: Held, values: Mapping[str, str]) -> bool:
    return values.get(MEASURE) != held.values.get(MEASURE)


def require_same_measure(connection: Connection, held: Held, values: Mapping[str, str]) -> None:
    """Raise Invalid where ``values`` change a unit of measure that a ledger is kept in."""
    if changes_measure(held, values) and measured(connection, [held.id]):
        problem, remedy = MEASURED
        raise Invalid(problem, remedy=remedy, where=MEASURE)


def require_used_up(connection: Connection, record_id: int) -> None:
    """Raise Refused while the record's ledger says that something is here, or a line waits for a
    signature. A record of another kind has no ledger.
    """
    columns = _LINES.no, _LINES.act, _LINES.amount, _LINES.stand
    rows = connection.execute(select(*columns).where(_LINES.record_id == record_id))
    found = balance(Entry(*row) for row in rows)
    if found.coming or found.leaving:
        raise Refused(
            Wording("还有出入库待第二人签字", "lines of its ledger wait for a signature"),
            remedy=Wording("请先签字或不予签字,再注销。", "Sign or refuse them, then retire it."),
            where="stock",
        )
    if found.here:
        here = say_amount(found.here)
        raise Refused(
            Wording(f"账面还有库存 {here}", f"its ledger still has {here}"),
            remedy=Wording(
                "请先领用完毕、转为废弃物或盘亏出账,再注销。",
                "Issue it, send it to waste or put the ledger right, then retire it.",
            ),
            where="stock",
        )
