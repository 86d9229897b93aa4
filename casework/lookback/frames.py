"""The frame of a look-back: which closed cases it draws from, read from the database."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, exists, func, select

from models.tables import CASES, ORDERS, ORGANISATIONS
from rules.lookback.frame import FrameFilter, FrameRow, StratumBy, stratum_key
from rules.workdays import close_of, open_of

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
    keys = _read_keys(connection, strata)
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
    keys, found = _read_keys(connection, strata), Counter[str]()
    for count, *values in connection.execute(statement.select_from(inner)):
        found[keys[tuple(values)]] += count
    return dict(sorted((+found).items()))


class _Keys(dict[tuple[Any, ...], str]):
    """Stratum keys by what the database says of a case; there are few, asked for often."""

    def __init__(self, says: Sequence[tuple[StratumBy, Callable[[Any], str]]]) -> None:
        super().__init__()
        self._says = says

    def __missing__(self, values: tuple[Any, ...]) -> str:
        said = {by: say(value) for (by, say), value in zip(self._says, values, strict=True)}
        key = self[values] = stratum_key(said)
        return key


def _read_keys(connection: Connection, strata: Sequence[StratumBy]) -> _Keys:
    """Return the keys of strata; clusters and schools are looked up here, not joined to a million
    cases.
    """
    codes: Mapping[int | None, str] = {}
    types: Mapping[int | None, str] = {}
    if {StratumBy.CLUSTER, StratumBy.UNIT_TYPE} & set(strata):
        rows = connection.execute(_PLACES).all()
        codes = {row.id: row.code for row in rows}
        types = {row.id: row.unit_type for row in rows}
    says: dict[StratumBy, Callable[[Any], str]] = {
        StratumBy.CLUSTER: lambda place: codes.get(place, ""),
        StratumBy.UNIT_TYPE: lambda place: types.get(place, ""),
    }
    return _Keys([(by, says.get(by, _say)) for by in strata])


def _say(value: object) -> str:
    if isinstance(value, str):
        return getattr(value, "value", value)
    return _YES if value else _NO


def _of_frame(selected: Select[Any], wanted: FrameFilter) -> Select[Any]:
    return selected.select_from(CASES).where(and_(*_conditions(wanted)))


def _conditions(wanted: FrameFilter) -> Iterator[ColumnElement[bool]]:
    """Yield what a case must be; only a closed one has a moment at which it was closed."""
    yield CASES.c.closed_at >= open_of(wanted.closed_from)
    yield CASES.c.closed_at < close_of(wanted.closed_until)
    yield CASES.c.voided.is_(False)
    places: Select[Any] = select(ORGANISATIONS.c.id)
    chosen: Mapping[str, Callable[[Any], ColumnElement[bool]]] = {
        "clusters": lambda codes: CASES.c.cluster_id.in_(
            places.where(ORGANISATIONS.c.code.in_(codes))
        ),
        "categories": CASES.c.category.in_,
        "levels": CASES.c.level.in_,
        "unit_types": lambda types: CASES.c.unit_id.in_(
            places.where(ORGANISATIONS.c.unit_type.in_(types))
        ),
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
    StratumBy.CLUSTER: CASES.c.cluster_id.expression,
    StratumBy.CATEGORY: CASES.c.category.expression,
    StratumBy.LEVEL: CASES.c.level.expression,
    StratumBy.LISTED: _LISTED,
    StratumBy.RELAPSED: _RELAPSED,
    StratumBy.UNIT_TYPE: CASES.c.unit_id.expression,
}
_PLACES = select(ORGANISATIONS.c.id, ORGANISATIONS.c.code, ORGANISATIONS.c.unit_type)
