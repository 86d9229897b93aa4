"""What a ledger keeps of its chemical: its unit of measure, and its place while it is in stock."""

from collections.abc import Collection, Mapping

from sqlalchemy import BindParameter, Connection, bindparam, exists, select, true, union

from casework.errors import Invalid, Refused
from casework.registers.store import Held
from models.tables import STOCK_COUNTS, STOCK_ENTRIES, STOCK_TRANSFERS, STOCK_WASTES
from rules.stock.balance import balance
from rules.stock.entries import Entry, Stand
from rules.stock.measures import say_measured
from rules.wording import Wording

MEASURE = "measure"
MEASURED = (
    Wording(
        "台账已有出入库或盘点，计量单位不能变更",
        "its ledger has lines or counts in the unit of measure it has",
    ),
    Wording(
        "请注销后另编号重新登记；数量记错的，盘点后以盘盈、盘亏更正。",
        "Retire it and register it anew under another code; correct a wrong amount by a count.",
    ),
)
_LINES, _SENT = STOCK_ENTRIES.c, STOCK_TRANSFERS.c
_OF: BindParameter[int] = bindparam("of")
_OF_ONE = select(_LINES.no, _LINES.act, _LINES.amount, _LINES.stand).where(_LINES.record_id == _OF)
_CAME = STOCK_ENTRIES.alias("came").c
_UNDER_WAY = (
    select(true())
    .select_from(STOCK_TRANSFERS)
    .join(STOCK_ENTRIES, (_LINES.record_id == _SENT.record_id) & (_LINES.no == _SENT.no))
    .where(
        _SENT.record_id == _OF,
        _LINES.stand == Stand.STANDS,
        ~exists().where(
            _CAME.record_id == _SENT.into_id,
            _CAME.no == _SENT.into_no,
            _CAME.stand == Stand.STANDS,
        ),
    )
)
_SOURCES = select(true()).where(STOCK_WASTES.c.batch_id == _OF)


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


def require_settled(connection: Connection, held: Held) -> None:
    """Raise Refused for a record that may not be retired yet: a chemical of which something is
    here, under way to another unit or waiting for a signature, and a batch of waste that what was
    issued went into and that is not disposed of.
    """
    rows = connection.execute(_OF_ONE, {"of": held.id})
    found = balance(Entry(*row) for row in rows)
    if found.coming or found.leaving:
        raise _unfit(
            Wording("还有出入库待第二人签字", "lines of its ledger wait for a signature"),
            Wording("请先签字或不予签字，再注销。", "Sign or refuse them, then retire it."),
        )
    if connection.execute(_UNDER_WAY, {"of": held.id}).first():
        raise _unfit(
            Wording("还有调出的在途", "some of it is under way to another unit"),
            Wording("请待接收单位签收，再注销。", "Let the other unit sign for it first."),
        )
    if found.here:
        here = say_measured(found.here, held.values[MEASURE])
        raise _unfit(
            Wording(f"账面还有库存 {here.zh}", f"its ledger still has {here.en}"),
            Wording(
                "请先领用完毕、转为废弃物或盘亏出账，再注销。",
                "Issue it, send it to waste or put the ledger right, then retire it.",
            ),
        )
    if not held.values.get("disposed_on") and connection.execute(_SOURCES, {"of": held.id}).first():
        raise _unfit(
            Wording("废弃物尚未处置完成", "the waste is not disposed of"),
            Wording(
                "请先登记移交和处置；登记有误的，先撤回来源。",
                "Have it disposed of first, or take its sources back.",
            ),
        )


def _unfit(problem: Wording, remedy: Wording) -> Refused:
    return Refused(problem, remedy=remedy, where="stock")
