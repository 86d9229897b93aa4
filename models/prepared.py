"""Statements compiled once for each dialect and run on the driver's own cursor, one row or many.

SQLAlchemy Core resolves types, parameters and results anew at every execution; on the write path
that costs more than the rows. What runs here is the same SQL with the same types, inside the same
transaction, and raises SQLAlchemy's own exceptions.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from functools import lru_cache
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import JSON, Connection, Delete, Dialect, Insert, Select, Update
from sqlalchemy.exc import DBAPIError

Convert = Callable[[Any], Any] | None
_REMEMBERED = 4_096
_WORTH_COPYING = 50
_PARAMETER = re.compile(r"%\((\w+)\)s")


class _Compiled(NamedTuple):
    """SQL; the parameters' names; which of them, and which results, the driver needs converted.

    ``preset`` holds the values that the statement brings itself (a LIMIT). ``copy`` is
    PostgreSQL's COPY of the same columns, ``at_once`` its UPDATE of many rows by one statement;
    each is '' where there is none.
    """

    sql: str
    names: tuple[str, ...]
    pick: Callable[[Mapping[str, Any]], tuple[Any, ...]]
    conversions: tuple[tuple[int, Callable[[Any], Any]], ...]
    results: tuple[Convert, ...]
    positional: bool
    preset: Mapping[str, Any]
    copy: str
    at_once: str


class Prepared:
    """A statement whose values are all bound parameters."""

    def __init__(self, statement: Insert | Update | Delete | Select[Any], *names: str) -> None:
        """``names`` are the columns an INSERT fills, all of the table's when left out."""
        self._statement = statement
        self._names = list(names) or None
        self._compiled: dict[str, _Compiled] = {}

    def run(self, connection: Connection, row: Mapping[str, Any]) -> int:
        """Run it once and return how many rows it touched.

        Raise KeyError when ``row`` lacks a parameter.
        """
        compiled = self._for(connection.dialect)
        values = _bind(compiled, row)
        try:
            cursor = connection.connection.cursor()  # which a dead connection refuses
            cursor.execute(compiled.sql, values)
        except connection.dialect.loaded_dbapi.Error as fault:
            raise _translated(connection, compiled.sql, fault) from fault
        touched: int = cursor.rowcount
        cursor.close()
        return touched

    def run_all(self, connection: Connection, rows: Sequence[Mapping[str, Any]]) -> int:
        """Run it for every row, in one round, and return how many rows it touched.

        Many rows go into PostgreSQL by COPY, or by one UPDATE of as many rows, each another.
        """
        if len(rows) < 2:
            return self.run(connection, rows[0]) if rows else 0
        compiled = self._for(connection.dialect)
        many = len(rows) >= _WORTH_COPYING
        try:
            cursor = connection.connection.cursor()
            if many and compiled.copy:
                _copy(cursor, compiled, rows)
            elif many and compiled.at_once:
                cursor.execute(compiled.at_once, _columns(compiled, rows))
            else:
                cursor.executemany(compiled.sql, [_bind(compiled, row) for row in rows])
        except connection.dialect.loaded_dbapi.Error as fault:
            raise _translated(connection, compiled.sql, fault) from fault
        touched: int = cursor.rowcount
        cursor.close()
        return touched

    def rows(self, connection: Connection, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """Run a SELECT and return its rows, in Python's types."""
        compiled = self._for(connection.dialect)
        bound = _bind(compiled, values)
        try:
            cursor = connection.connection.cursor()
            cursor.execute(compiled.sql, bound)
            found = cursor.fetchall()
        except connection.dialect.loaded_dbapi.Error as fault:
            raise _translated(connection, compiled.sql, fault) from fault
        cursor.close()
        return [_converted(compiled, row) for row in found]

    def _for(self, dialect: Dialect) -> _Compiled:
        found = self._compiled.get(dialect.name)
        if found is None:
            found = self._compiled[dialect.name] = self._compile(dialect)
        return found

    def _compile(self, dialect: Dialect) -> _Compiled:
        statement = self._statement
        compiled = statement.compile(dialect=dialect, column_keys=self._names)
        names = tuple(compiled.positiontup or compiled.bind_names.values())
        converters = [_converter(compiled.binds[name].type, dialect) for name in names]
        conversions = tuple((at, each) for at, each in enumerate(converters) if each)
        selected = statement.selected_columns if isinstance(statement, Select) else ()
        results = tuple(_reader(column.type, dialect) for column in selected)
        positional = bool(compiled.positiontup)
        preset = {name: value for name, value in compiled.params.items() if value is not None}
        return _Compiled(
            str(compiled), names, _picker(names), conversions, results, positional, preset,
            _copy_statement(statement, names, dialect), _at_once(statement, compiled, dialect),
        )  # fmt: skip


def run_together(
    connection: Connection, work: Sequence[tuple[Prepared, Sequence[Mapping[str, Any]]]]
) -> None:
    """Run statements in order, each for its rows; PostgreSQL answers all in one round trip."""
    pipeline = getattr(connection.connection.driver_connection, "pipeline", nullcontext)
    try:
        with pipeline():
            for prepared, rows in work:
                prepared.run_all(connection, rows)
    except connection.dialect.loaded_dbapi.Error as fault:  # told only when the round trip ends
        raise _translated(connection, None, fault) from fault


def _copy_statement(statement: object, names: Sequence[str], dialect: Dialect) -> str:
    if dialect.name != "postgresql" or not isinstance(statement, Insert):
        return ""
    quote = dialect.identifier_preparer.quote
    columns = ", ".join(quote(name) for name in names)
    return f"COPY {quote(str(statement.table))} ({columns}) FROM STDIN"


def _at_once(statement: object, compiled: Any, dialect: Dialect) -> str:  # noqa: ANN401 — SQLAlchemy's SQLCompiler
    """Return an UPDATE of as many rows as the arrays of its parameters are long."""
    if dialect.name != "postgresql" or not isinstance(statement, Update):
        return ""
    kinds = {name: bind.type.compile(dialect=dialect) for name, bind in compiled.binds.items()}
    arrays = ", ".join(f"%({name})s::{kind}[]" for name, kind in kinds.items())
    columns = ", ".join(f'"{name}"' for name in kinds)
    head, _, where = _PARAMETER.sub(r'each."\1"', str(compiled)).partition(" WHERE ")
    return f"{head} FROM unnest({arrays}) AS each({columns}) WHERE {where}"


def _copy(cursor: Any, compiled: _Compiled, rows: Sequence[Mapping[str, Any]]) -> None:  # noqa: ANN401 — psycopg's own
    with cursor.copy(compiled.copy) as copy:
        for row in rows:
            copy.write_row(_picked(compiled, row))


def _columns(compiled: _Compiled, rows: Sequence[Mapping[str, Any]]) -> dict[str, list[Any]]:
    picked = zip(*(_picked(compiled, row) for row in rows), strict=True)
    return {name: list(each) for name, each in zip(compiled.names, picked, strict=True)}


def _picker(names: tuple[str, ...]) -> Callable[[Mapping[str, Any]], tuple[Any, ...]]:
    if len(names) > 1:
        return itemgetter(*names)
    return lambda row: tuple(row[name] for name in names)


def _bind(compiled: _Compiled, row: Mapping[str, Any]) -> Any:  # noqa: ANN401 — what the driver takes
    values = _picked(compiled, row)
    return values if compiled.positional else dict(zip(compiled.names, values, strict=True))


def _picked(compiled: _Compiled, row: Mapping[str, Any]) -> Sequence[Any]:
    picked = compiled.pick({**compiled.preset, **row} if compiled.preset else row)
    if not compiled.conversions:
        return picked
    values = list(picked)
    for at, convert in compiled.conversions:
        values[at] = convert(values[at])
    return values


def _converted(compiled: _Compiled, row: Sequence[Any]) -> tuple[Any, ...]:
    return tuple(
        value if convert is None else convert(value)
        for value, convert in zip(row, compiled.results, strict=True)
    )


def _converter(kind: Any, dialect: Dialect) -> Convert:  # noqa: ANN401 — a TypeEngine of any value
    """Return the type's own conversion, remembering the values that keep coming back."""
    convert: Convert = kind.dialect_impl(dialect).bind_processor(dialect)
    unhashable = isinstance(kind, JSON)
    return lru_cache(_REMEMBERED)(convert) if convert and not unhashable else convert


def _reader(kind: Any, dialect: Dialect) -> Convert:  # noqa: ANN401 — a TypeEngine of any value
    """Return the type's own conversion, remembering likewise."""
    convert: Convert = kind.dialect_impl(dialect).result_processor(dialect, None)
    unhashable = isinstance(kind, JSON)
    return lru_cache(_REMEMBERED)(convert) if convert and not unhashable else convert


def _translated(connection: Connection, sql: str | None, fault: Exception) -> Exception:
    """Return the driver's fault as SQLAlchemy raises it; values are left out, they may be names."""
    dialect, driver = connection.dialect, connection.connection.driver_connection
    lost = dialect.is_disconnect(fault, driver, None)  # type: ignore[arg-type] # its own protocol
    return DBAPIError.instance(
        sql, None, fault, dialect.loaded_dbapi.Error, hide_parameters=True,
        connection_invalidated=lost, dialect=dialect,
    )  # fmt: skip
