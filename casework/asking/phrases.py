"""Phrases of a query: which cases hold them, exactly as substrings of what is told, folded."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    cast,
    exists,
    func,
    literal_column,
    or_,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import TSQUERY

from casework.asking.hits import ids_among
from casework.asking.index import EVERYTHING, GRAM_INDEX
from models.tables import CASE_TEXTS, CASES
from rules.query import Phrase
from rules.query.grams import fold, gram_query

# Up to here the cases that the grams leave are fetched and compared; beyond, rows are walked in
# the order asked for until the page is full. PostgreSQL cannot walk its index in order.
_FEW = 5_000
# PostgreSQL's guess is out by thousands (0.5 % of all for a gram it does not know, and one for the
# gram of long texts): below this it is not believed. Beyond, a page is soon full in any order.
_MANY = 50_000


@dataclass(frozen=True, slots=True)
class Words:
    """The phrases of a query, those that must stand and those that must not, folded."""

    wanted: tuple[str, ...]
    unwanted: tuple[str, ...]

    @classmethod
    def of(cls, phrases: Collection[Phrase]) -> "Words":
        return cls(
            tuple(fold(each.text) for each in phrases if not each.negated),
            tuple(fold(each.text) for each in phrases if each.negated),
        )

    def __bool__(self) -> bool:
        return bool(self.wanted or self.unwanted)

    def hold_in(self, told: str) -> bool:
        return all(each in told for each in self.wanted)


def word_conditions(
    connection: Connection, words: Words, pending: Mapping[int, str]
) -> list[ColumnElement[bool]]:
    """Return what a case must fulfil, row by row; what is pending was compared already.

    Texts only grow: a case that held a phrase before still does.
    """
    dialect = connection.dialect.name
    found = []
    for each in words.wanted:
        fresh = [case for case, told in pending.items() if each in told]
        found.append(_held(connection, _holds(dialect, each), fresh))
    for each in words.unwanted:
        fresh = [case for case, told in pending.items() if each in told]
        found.append(~_held(connection, _holds(dialect, each), fresh))
    return found


def few_with(connection: Connection, words: Words, pending: Mapping[int, str]) -> set[int] | None:
    """Return the cases that hold every phrase wanted, None when they are not few."""
    query = index_query(connection.dialect.name, words.wanted)
    if not query or _estimate(connection, query) > _FEW:
        return None
    ids = candidates(connection, query).subquery()
    exact = select(CASE_TEXTS.c.case_id).where(
        CASE_TEXTS.c.case_id.in_(select(ids.c[0])),
        *(_contains(connection.dialect.name, each) for each in words.wanted),
    )
    found = set(connection.execute(exact).scalars())
    return found | {case for case, told in pending.items() if words.hold_in(told)}


def index_query(dialect: str, wanted: Collection[str]) -> str:
    """Return what the index is asked for; '' when no gram narrows the search."""
    queries = [gram_query(each) for each in wanted]
    whole = sorted({gram for grams, _ in queries for gram in grams})
    begun = sorted({begin for _, begin in queries if begin}) if not whole else []
    if dialect == "sqlite":
        parts = [f'"{gram}"' for gram in whole] + [f'"{begin}"*' for begin in begun]
        narrowed = " AND ".join(parts)
        return f'({narrowed}) OR "{EVERYTHING}"' if narrowed else ""
    parts = [f"'{gram}'" for gram in whole] + [f"'{begin}':*" for begin in begun]
    narrowed = " & ".join(parts)
    return f"( {narrowed} ) | '{EVERYTHING}'" if narrowed else ""


def candidates(connection: Connection, query: str) -> Select[tuple[int]]:
    """Return a select of the ids of the cases whose grams fit."""
    column = GRAM_INDEX.c.rowid if connection.dialect.name == "sqlite" else GRAM_INDEX.c.case_id
    return select(column).where(fits(connection, query))


def fits(connection: Connection, query: str) -> ColumnElement[bool]:
    """Return the condition that the index fulfils what it is asked for."""
    if connection.dialect.name == "sqlite":
        return literal_column("case_text_index").op("MATCH")(query)
    return GRAM_INDEX.c.grams.op("@@")(cast(query, TSQUERY))


def _estimate(connection: Connection, query: str) -> int:
    """Return how many cases the grams leave, or about how many where they are not few."""
    if connection.dialect.name == "postgresql" and (planned := _planned(connection, query)) > _MANY:
        return planned
    some = candidates(connection, query).limit(_FEW + 1).subquery()
    return connection.execute(select(func.count()).select_from(some)).scalar_one()


def _planned(connection: Connection, query: str) -> int:
    planned = text(
        "EXPLAIN (FORMAT JSON) SELECT 1 FROM case_text_index WHERE grams @@ CAST(:query AS tsquery)"
    )
    plan = connection.execute(planned, {"query": query}).scalar_one()
    told = json.loads(plan) if isinstance(plan, str) else plan
    return int(told[0]["Plan"]["Plan Rows"])


def _held(
    connection: Connection, held: ColumnElement[bool], fresh: Collection[int]
) -> ColumnElement[bool]:
    return or_(held, ids_among(connection, CASES.c.id, fresh)) if fresh else held


def _holds(dialect: str, phrase: str) -> ColumnElement[bool]:
    return exists().where(CASE_TEXTS.c.case_id == CASES.c.id, _contains(dialect, phrase))


def _contains(dialect: str, phrase: str) -> ColumnElement[bool]:
    find = func.instr if dialect == "sqlite" else func.strpos
    return find(CASE_TEXTS.c.text, phrase) > 0
