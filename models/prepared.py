"""Statements compiled once for each dialect and run through the driver, one row or many.

SQLAlchemy Core resolves types and parameters anew at every execution; on the write path that costs
more than the rows. What is run here is the same SQL with the same types.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Connection, CursorResult, Delete, Dialect, Insert, Update

Convert = Callable[[Any], Any] | None
_REMEMBERED = 4_096


class _Compiled(NamedTuple):
    """SQL, and for each parameter its name and how its value is converted for the driver."""

    sql: str
    parameters: tuple[tuple[str, Convert], ...]
    positional: bool


class Prepared:
    """An INSERT, UPDATE or DELETE whose values are all bound parameters."""

    def __init__(self, statement: Insert | Update | Delete, *names: str) -> None:
        """``names`` are the columns an INSERT fills, all of the table's when left out."""
        self._statement = statement
        self._names = list(names) or None
        self._compiled: dict[str, _Compiled] = {}

    def run(self, connection: Connection, row: Mapping[str, Any]) -> CursorResult[Any]:
        """Run it once; raise KeyError when ``row`` lacks a parameter."""
        compiled = self._for(connection.dialect)
        return connection.exec_driver_sql(compiled.sql, _bind(compiled, row))

    def run_all(self, connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
        """Run it for every row, in one round."""
        if rows:
            compiled = self._for(connection.dialect)
            connection.exec_driver_sql(compiled.sql, [_bind(compiled, row) for row in rows])

    def _for(self, dialect: Dialect) -> _Compiled:
        found = self._compiled.get(dialect.name)
        if found is None:
            found = self._compiled[dialect.name] = self._compile(dialect)
        return found

    def _compile(self, dialect: Dialect) -> _Compiled:
        compiled = self._statement.compile(dialect=dialect, column_keys=self._names)
        names = compiled.positiontup or list(compiled.binds)
        parameters = tuple((name, _converter(compiled.binds[name].type, dialect)) for name in names)
        return _Compiled(str(compiled), parameters, bool(compiled.positiontup))


def _bind(compiled: _Compiled, row: Mapping[str, Any]) -> Any:  # noqa: ANN401 — what the driver takes
    values = [row[name] if convert is None else convert(row[name]) for name, convert in
              compiled.parameters]  # fmt: skip
    if compiled.positional:
        return tuple(values)
    return dict(zip((name for name, _ in compiled.parameters), values, strict=True))


def _converter(kind: Any, dialect: Dialect) -> Convert:  # noqa: ANN401 — a TypeEngine of any value
    """Return the type's own conversion, remembering the values that keep coming back."""
    convert = kind.dialect_impl(dialect).bind_processor(dialect)
    if convert is None or not _is_hashable(kind):
        return convert  # type: ignore[no-any-return] # SQLAlchemy leaves it untyped
    return lru_cache(_REMEMBERED)(convert)


def _is_hashable(kind: Any) -> bool:  # noqa: ANN401 — a TypeEngine of any value
    try:
        python_type: type = kind.python_type
    except NotImplementedError:
        return False
    return python_type.__hash__ is not None and python_type is not dict
