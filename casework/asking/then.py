"""A query made ready for a moment that is past: which cases can fulfil it, and how they stood."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, Connection, FromClause, or_

from casework.asking.asked import Asked, Condition
from casework.asking.conditions import condition_of, conditions, of_open
from casework.asking.index import pending_texts
from casework.asking.pages import has_place
from casework.asking.words_then import words_then
from casework.auditing.past import transferred_after
from casework.office import Office
from models.tables import CASES
from rules.query import Query, Sort, parse

# The words for categories are those of the moment; before this no calendar, and no case, was out.
_FIRST = datetime(2020, 1, 1, tzinfo=UTC)
_PLACES = frozenset(("unit", "cluster"))


@dataclass(frozen=True, slots=True)
class Then:
    """``within`` are conditions on ``cases`` as it is now, which narrow and look for words."""

    asked: Asked
    query: Query
    within: Sequence[Condition]

    @property
    def sort(self) -> Sort:
        return self.query.sort or Sort.NEWEST

    def on(self, cases: FromClause) -> list[Condition]:
        """Return the clauses as conditions on cases as they were."""
        asked = replace(self.asked, cases=cases, past=True)
        return [*has_place(self.sort, cases), *conditions(asked, self.query)]


def ready_then(office: Office, connection: Connection, text: str, moment: datetime) -> Then:
    """Read a query for a moment; raise QueryTrouble pointing at the word, as ``search`` does, and
    for a word that too many cases hold that were written on since.
    """
    query = parse(text)
    policy = office.rulebooks.at(connection, max(moment, _FIRST)).policy
    asked = Asked(connection, moment, policy)
    pending = pending_texts(connection) if query.phrases else {}
    within = [*_narrowing(asked, query), *words_then(connection, query.phrases, pending, moment)]
    return Then(asked, query, within)


def alive(moment: datetime) -> ColumnElement[bool]:
    """Return the condition that a case had not been closed for good by then."""
    return or_(CASES.c.closed_at.is_(None), CASES.c.closed_at > moment)


def _narrowing(asked: Asked, query: Query) -> list[Condition]:
    """Return what indexes of today can tell beforehand."""
    wanted = [each for each in query.clauses if not each.negated]
    found: list[Condition] = [
        or_(condition_of(asked, each), CASES.c.id.in_(transferred_after(asked.as_of)))
        for each in wanted
        if each.name in _PLACES
    ]
    if query.sort is Sort.DUE or any(of_open(each) for each in wanted):
        found.append(alive(asked.as_of))
    return found
