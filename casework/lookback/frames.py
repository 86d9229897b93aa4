"""The frame of a look-back: which closed cases it draws from, read from the database."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, exists, func, select

from models.tables import CASES, ORDERS, ORGANISATIONS
from rules.case import State
from rules.lookback.frame import FrameFilter, FrameRow, StratumBy, stratum_key
from rules.workdays import close_of, open_of

_CLUSTERS = ORGANISATIONS.alias("cluster_of")
_LISTED = exists().where(ORDERS.c.case_id == CASES.c.id)
_RELAPSED = CASES.c.cycle > 1
_BATCH = 5_000
_YES, _NO = "yes", "no"


def frame_rows(
    connection: Connection, wanted: FrameFilter, strata: Sequence[StratumBy]
) -> Iterator[FrameRow]:
    """Yield the frame's cases in the order of their numbers; memory holds one batch."""
    columns = [_DIMENSIONS[by] for by in strata]
    statement = (
        _of_frame(select(CASES.c.number, CASES.c.seq, CASES.c.head, *columns), wanted)
        .order_by(_by_bytes(connection))
        .execution_options(yield_per=_BATCH)
    )
    keys = _Keys(strata)
    for batch in connection.execute(statement).partitions():
        for number, seq, head, *values in batch:
            yield FrameRow(number, keys[tuple(values)], seq, head)


def count_strata(
    connection: Connection, wanted: FrameFilter, strata: Sequence[StratumBy]
) -> dict[str, int]:
    """Return how many cases each stratum of a frame has now, in the order of the keys."""
    columns = [_DIMENSIONS[by].label(by.value) for by in strata]
    inner = _of_frame(select(CASES.c.id, *columns), wanted).subquery()
    by = [inner.c[each.value] for each in strata]
    statement = select(func.count(), *by).group_by(*by) if by else select(func.count())
    counted, keys = connection.execute(statement.select_from(inner)), _Keys(strata)
    found = {keys[tuple(values)]: count for count, *values in counted if count}
    return dict(sorted(found.items()))


class _Keys(dict[tuple[Any, ...], str]):
    """Stratum keys by what the database says of a case; there are few, asked for often."""

    def __init__(self, strata: Sequence[StratumBy]) -> None:
        super().__init__()
        self._strata = strata

    def __missing__(self, values: tuple[Any, ...]) -> str:
        said = zip(self._strata, map(_say, values), strict=True)
        key = self[values] = stratum_key(dict(said))
        return key


def _say(value: object) -> str:
    if isinstance(value, str):
        return getattr(value, "value", value)
    return _YES if value else _NO


def _of_frame(selected: Select[Any], wanted: FrameFilter) -> Select[Any]:
    return (
        selected.select_from(CASES)
        .join(ORGANISATIONS, ORGANISATIONS.c.id == CASES.c.unit_id)
        .outerjoin(_CLUSTERS, _CLUSTERS.c.id == CASES.c.cluster_id)
        .where(and_(*_conditions(wanted)))
    )


def _conditions(wanted: FrameFilter) -> Iterator[ColumnElement[bool]]:
    yield CASES.c.state == State.CLOSED
    yield CASES.c.voided.is_(False)
    yield CASES.c.closed_at >= open_of(wanted.closed_from)
    yield CASES.c.closed_at < close_of(wanted.closed_until)
    chosen: Mapping[str, Callable[[Any], ColumnElement[bool]]] = {
        "clusters": _CLUSTERS.c.code.in_,
        "categories": CASES.c.category.in_,
        "levels": CASES.c.level.in_,
        "unit_types": ORGANISATIONS.c.unit_type.in_,
    }
    for name, condition in chosen.items():
        if values := getattr(wanted, name):
            yield condition(values)
    for asked, fact in ((wanted.listed, _LISTED), (wanted.relapsed, _RELAPSED)):
        if asked is not None:
            yield fact if asked else ~fact


def _by_bytes(connection: Connection) -> ColumnElement[str]:
    """Order as the frame does, whatever the database's own language."""
    if connection.dialect.name == "postgresql":
        return CASES.c.number.collate("C")
    return CASES.c.number.expression


_DIMENSIONS: Mapping[StratumBy, ColumnElement[Any]] = {
    StratumBy.CLUSTER: func.coalesce(_CLUSTERS.c.code, ""),
    StratumBy.CATEGORY: CASES.c.category.expression,
    StratumBy.LEVEL: CASES.c.level.expression,
    StratumBy.LISTED: _LISTED,
    StratumBy.RELAPSED: _RELAPSED,
    StratumBy.UNIT_TYPE: ORGANISATIONS.c.unit_type.expression,
}
