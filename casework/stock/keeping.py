"""A chemical that is still in stock stays on its register: used up or disposed of first."""

from sqlalchemy import Connection, select

from casework.errors import Refused
from models.tables import STOCK_ENTRIES
from rules.stock.balance import balance
from rules.stock.entries import Entry, say_amount
from rules.wording import Wording

_LINES = STOCK_ENTRIES.c


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
