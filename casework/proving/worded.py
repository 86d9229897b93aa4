"""Events as each database words them: the canonical JSON that is hashed, many in one text.

Both escape as RFC 8785 does. What they word otherwise, or cannot, is another text: its hash is
another one, and the history is read row by row.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    LargeBinary,
    Text,
    cast,
    func,
    literal_column,
    type_coerce,
)

Column = ColumnElement[Any]
_LINE: Column = literal_column("'\n'")
_COMMA: Column = literal_column("','")
_QUOTE: Column = literal_column("'\"'")
_NOTHING: Column = literal_column("''")
_NO_BYTES: Column = literal_column("''::bytea")
_NAMES = ("actor", "alg", "at", "body", "case", "door", "kind", "prev", "role", "seq")
"""The names of an event's canonical JSON, in its order."""


class Words(NamedTuple):
    """How a database says it: ``event`` as JSON; texts, numbers, hashes and ``lines`` joined.

    ``event`` is given a table's columns and what the history is called. Texts and numbers are
    joined by commas, hashes of 32 bytes by nothing. What is joined keeps the order of its rows.
    """

    event: Callable[[Any, Column], Column]
    lines: Callable[[Column], Column]
    joined: Callable[[Column], Column]
    hashes: Callable[[Column], Column]


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


def _build_object(event: Any, name: Column) -> Column:  # noqa: ANN401 — a table's columns
    values = (
        event.actor_id, event.algorithm, stored_moment(event.at, sqlite=True), event.body, name,
        event.door, event.kind, event.previous, event.role, event.seq,
    )  # fmt: skip
    pairs: list[Column] = []
    for key, value in zip(_NAMES, values, strict=True):
        pairs += [literal_column(f"'{key}'"), value]
    return func.json_object(*pairs)


def _join_parts(event: Any, name: Column) -> Column:  # noqa: ANN401 — as above
    """PostgreSQL's JSON objects have blanks in them, and cost twice as much.

    Words of ours, which need no escape, get none: a quote in them leads to another text.
    """
    actor = func.coalesce(cast(event.actor_id, Text), literal_column("'null'"))
    at = stored_moment(event.at, sqlite=False)
    values = (
        actor, _quoted(event.algorithm), _quoted(at), _escaped(event.body), _escaped(name),
        *map(_quoted, (event.door, event.kind, event.previous, event.role)), event.seq,
    )  # fmt: skip
    parts: list[Column] = []
    for key, value in zip(_NAMES, values, strict=True):
        before = "," if parts else "{"
        parts += [literal_column(f"""'{before}"{key}":'"""), value]
    return func.concat(*parts, literal_column("'}'"))


def _quoted(text: Column) -> Column:
    return func.concat(_QUOTE, text, _QUOTE)


def _escaped(text: Column) -> Column:
    return cast(func.to_json(text), Text)


_SQLITE = Words(
    event=_build_object,
    lines=lambda line: cast(func.group_concat(line, _LINE), LargeBinary),
    joined=lambda value: func.group_concat(value, _COMMA),
    hashes=lambda hash_: cast(func.group_concat(hash_, _NOTHING), LargeBinary),
)
_POSTGRESQL = Words(
    event=_join_parts,
    lines=lambda line: func.string_agg(line, _LINE),
    joined=lambda value: func.string_agg(cast(value, Text), _COMMA),
    hashes=lambda hash_: func.string_agg(hash_, _NO_BYTES),
)
