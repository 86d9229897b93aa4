"""Cases by their ids, many at once, as either database takes a list in one parameter."""

import json
from collections.abc import Collection
from typing import Any

from sqlalchemy import BigInteger, Column, ColumnElement, Connection, Table, cast, func, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.selectable import FromClause, Join


def ids_among(
    connection: Connection, column: Column[Any], ids: Collection[int]
) -> ColumnElement[bool]:
    """Return the condition that ``column`` is one of ``ids``, however many there are."""
    return column.in_(select(id_rows(connection, ids).c.value))


def id_rows(connection: Connection, ids: Collection[int]) -> FromClause:
    """Return the ids as rows with a column ``value``."""
    if connection.dialect.name == "sqlite":
        return func.json_each(json.dumps(sorted(ids))).table_valued("value", name="hit")
    array = cast(sorted(ids), ARRAY(BigInteger))
    return func.unnest(array).table_valued("value", name="hit").render_derived()


class Driven(Join):
    """A join that is carried out from left to right: SQLite reorders any but a CROSS JOIN."""

    inherit_cache = True


def driven(left: FromClause, right: FromClause | Table, onclause: ColumnElement[bool]) -> Driven:
    return Driven(left, right, onclause)


@compiles(Driven, "sqlite")
def _from_left_to_right(element: Driven, compiler: Any, **kwargs: Any) -> str:  # noqa: ANN401 — SQLAlchemy's own
    kwargs["asfrom"] = True
    left = compiler.process(element.left, **kwargs)
    right = compiler.process(element.right, **kwargs)
    return f"{left} CROSS JOIN {right} ON {compiler.process(element.onclause, **kwargs)}"
