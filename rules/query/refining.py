"""A query narrowed, widened or sorted anew: what a link beside a list leads to."""

from collections.abc import Iterable
from dataclasses import replace

from rules.query.grammar import parse
from rules.query.meanings import Clause, Query, Sort


def narrowed(query: Query, wanted: Iterable[tuple[str, str]]) -> Query:
    """Return the query with each field at one value, as it is typed, instead of any before.

    What the query already excludes stays excluded. Raise QueryTrouble for no such field or value.
    """
    clauses = [_clause(name, value) for name, value in wanted]
    named = {each.name for each in clauses}
    kept = [each for each in query.clauses if each.negated or each.name not in named]
    return replace(query, clauses=(*kept, *clauses))


def without(query: Query, place: int) -> Query:
    """Return the query without the part at ``place``, clauses counted first, then phrases."""
    clauses = tuple(each for at, each in enumerate(query.clauses) if at != place)
    after = place - len(query.clauses)
    phrases = tuple(each for at, each in enumerate(query.phrases) if at != after)
    return replace(query, clauses=clauses, phrases=phrases)


def sorted_by(query: Query, sort: Sort) -> Query:
    return replace(query, sort=sort)


def _clause(name: str, value: str) -> Clause:
    sign, name = ("-", name[1:]) if name.startswith("-") else ("", name)
    doubled = value.replace('"', '""')
    (clause,) = parse(f'{sign}{name}:"{doubled}"').clauses
    return clause
