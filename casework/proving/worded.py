"""Events as each database words them: the canonical JSON that is hashed, and what joins lines.

SQLite and PostgreSQL escape a text in JSON as RFC 8785 does; a test holds both to it.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, LargeBinary, Text, cast, func, literal_column, type_coerce
from sqlalchemy.dialects.postgresql import aggregate_order_by

Column = ColumnElement[Any]
_LINE: Column = literal_column("'\n'")
_COMMA: Column = literal_column("','")
_NOTHING: Column = literal_column("''")
_NO_BYTES: Column = literal_column("''::bytea")
_HEX: Column = literal_column("'hex'")
_NAMES = ("actor", "alg", "at", "body", "case", "door", "kind", "prev", "role", "seq")
"""The names of an event's canonical JSON, in its order."""


class Words(NamedTuple):
    """How a database says it: an event; many texts, numbers or hashes in the order of ``seq``.

    Hashes come as capital hexadecimal digits, one after the other.
    """

    event: Callable[[Any, Column], Column]
    joined: Callable[[Column, Column], Column]
    numbers: Callable[[Column, Column], Column]
    hashes: Callable[[Column, Column], Column]
    lines: Callable[[Column, Column], Column]


def words_of(*, sqlite: bool) -> Words:
    return _SQLITE if sqlite else _POSTGRESQL


def stored_moment(column: ColumnElement[Any], *, sqlite: bool) -> ColumnElement[str]:
    """Return a moment as ``rules.proof.moment`` writes it, straight from what is stored.

    A "T" where SQLite keeps a blank is no moment of ours.
    """
    if sqlite:
        ours = func.replace(func.replace(type_coerce(column, Text), "T", "?"), " ", "T")
        return ours.concat("Z")
    return func.to_char(func.timezone("UTC", column), 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')


def _sqlite_event(event: Any, name: Column) -> Column:  # noqa: ANN401 — a table's columns
    pairs = zip(_NAMES, _values(event, name, sqlite=True), strict=True)
    return func.json_object(*(each for key, value in pairs for each in (_quoted(key), value)))


def _postgresql_event(event: Any, name: Column) -> Column:  # noqa: ANN401 — as above
    actor, *values = _values(event, name, sqlite=False)
    said: list[Column] = [func.coalesce(cast(actor, Text), literal_column("'null'"))]
    said += [cast(func.to_json(cast(each, Text)), Text) for each in values[:-1]]
    said.append(cast(values[-1], Text))
    parts: list[Column] = []
    for key, value in zip(_NAMES, said, strict=True):
        parts += [_quoted(f'{"," if parts else "{"}"{key}":'), value]
    return func.concat(*parts, literal_column("'}'"))


def _values(event: Any, name: Column, *, sqlite: bool) -> tuple[Column, ...]:  # noqa: ANN401 — as above
    return (
        event.actor_id, event.algorithm, stored_moment(event.at, sqlite=sqlite), event.body, name,
        event.door, event.kind, event.previous, event.role, event.seq,
    )  # fmt: skip


def _quoted(text: str) -> Column:
    return literal_column(f"'{text}'")


# Without an order of its own: the rows come by a key that ends with it, and what came otherwise
# would be doubted, as it follows from nothing.
_SQLITE = Words(
    event=_sqlite_event,
    joined=lambda text, _: func.group_concat(text, _NOTHING),
    numbers=lambda number, _: func.group_concat(number),
    hashes=lambda hash_, _: func.group_concat(func.hex(hash_), _NOTHING),
    lines=lambda text, _: cast(func.group_concat(text, _LINE), LargeBinary),
)
_POSTGRESQL = Words(
    event=_postgresql_event,
    joined=lambda text, seq: func.string_agg(text, aggregate_order_by(_NOTHING, seq)),
    numbers=lambda number, seq: func.string_agg(
        cast(number, Text), aggregate_order_by(_COMMA, seq)
    ),
    hashes=lambda hash_, seq: func.upper(
        func.encode(func.string_agg(hash_, aggregate_order_by(_NO_BYTES, seq)), _HEX)
    ),
    lines=lambda text, seq: func.convert_to(
        func.string_agg(text, aggregate_order_by(_LINE, seq)), literal_column("'UTF8'")
    ),
)
