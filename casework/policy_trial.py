"""A policy tried on today's open cases: what new clocks would get. Nothing is written.

Running clocks keep the policy they began with, so a trial speaks of clocks to come only.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection, func, select

from casework.contacts import require_administrator
from casework.office import Office
from casework.people import find_actor
from casework.rulebook import Rulebook
from models.tables import CASES
from rules.case import Level
from rules.deadlines import Stage, due
from rules.policy import Policy, read_policy
from rules.wording import Wording
from rules.workdays import Calendar, day_due, open_of


class Terms(NamedTuple):
    """What a new clock gets: how long, the last day on time, and the ladder it climbs."""

    limit: Wording
    last_day: date
    ladder: str


class Row(NamedTuple):
    """A kind of clock, how many open cases have it now, and what a new one gets."""

    level: Level
    stage: Stage
    cases: int
    before: Terms
    after: Terms

    @property
    def changed(self) -> bool:
        return self.before != self.after


@dataclass(frozen=True, slots=True)
class Trial:
    """What a policy would change for clocks that begin at ``since``.

    ``lost`` are categories that open cases have and the policy lacks, with how many; ``parts`` the
    other tables that differ; ``hidden_by`` the later effective date in force then, under which this
    policy would never come into force.
    """

    policy: Policy
    since: datetime
    rows: Sequence[Row]
    lost: Mapping[str, int]
    parts: Sequence[str]
    hidden_by: date | None


def try_policy(office: Office, text: str, *, by: str, at: datetime) -> Trial:
    """Try a policy text; raise PolicyTrouble for a bad one, Refused without the role."""
    policy = read_policy(text)
    since = max(at, open_of(policy.effective_from))
    with office.reading() as connection:
        require_administrator(connection, find_actor(connection, by))
        book = office.rulebooks.at(connection, since)
        counts = _open_cases(connection)
    known = {each.key for each in policy.categories}
    lost: Counter[str] = Counter()
    for (_, _, category), cases in counts.items():
        lost[category] += cases if category not in known else 0
    later = book.policy.effective_from
    return Trial(
        policy, since, list(_rows(book, policy, since, counts)), +lost,
        list(_parts(book.policy, policy)), later if later > policy.effective_from else None,
    )  # fmt: skip


_Kind = tuple[Level, Stage, str]
_OPEN = (
    select(CASES.c.level, CASES.c.stage, CASES.c.category, func.count())
    .where(CASES.c.stage.is_not(None))
    .group_by(CASES.c.level, CASES.c.stage, CASES.c.category)
)
_SHOWN_IN_ROWS = frozenset({"name", "title", "effective_from", "limits", "ladders"})


def _open_cases(connection: Connection) -> dict[_Kind, int]:
    return {
        (Level(level), Stage(stage), category): cases
        for level, stage, category, cases in connection.execute(_OPEN)
    }


def _rows(
    book: Rulebook, policy: Policy, since: datetime, counts: Mapping[_Kind, int]
) -> Iterator[Row]:
    """Yield a row for each level and stage, and for each pair of ladders within."""
    categories = sorted({each.key for each in (*book.policy.categories, *policy.categories)})
    for level in Level:
        for stage in Stage:
            cases: Counter[tuple[Terms, Terms]] = Counter()
            for category in dict.fromkeys((*categories, *(kind[2] for kind in counts))):
                terms = (
                    _terms(book.policy, book.calendar, (level, stage, category), since),
                    _terms(policy, book.calendar, (level, stage, category), since),
                )
                cases[terms] += counts.get((level, stage, category), 0)
            for (before, after), count in cases.items():
                yield Row(level, stage, count, before, after)


def _terms(policy: Policy, calendar: Calendar, kind: _Kind, since: datetime) -> Terms:
    level, stage, category = kind
    limit = policy.limit(level, stage)
    last_day = day_due(due(since, limit, calendar).at)
    return Terms(limit.label, last_day, policy.ladder(level, category, stage).name)


def _parts(before: Policy, after: Policy) -> Iterator[str]:
    """Yield the names of tables that differ; a ladder by its own name."""
    for name in Policy.model_fields:
        if name not in _SHOWN_IN_ROWS and getattr(before, name) != getattr(after, name):
            yield name
    kept = {each.name: each for each in before.ladders}
    yield from (f"ladder {each.name}" for each in after.ladders if kept.get(each.name) != each)
