"""Coverage of responsibility 主体责任: which units have every letter of the year signed, and have
given feedback of every post.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, false, or_, select

from casework.errors import Invalid
from casework.office import Office
from casework.people import find_actor, find_unit
from casework.registers.periodic import given_in
from casework.registers.yearly import count_in
from models import Place
from models.tables import ORGANISATIONS
from rules.access import Actor, widest
from rules.registers.coverage import Answer, Cover
from rules.registers.kinds import Kind, kinds
from rules.registers.obligations import Turn
from rules.wording import Wording

LISTS, FEEDBACK = "responsibility", "responsibility_fb"
_FIRST, _LAST = 2020, 2099  # as the kind's field has it
_PLACES = ORGANISATIONS.c


@dataclass(frozen=True, slots=True)
class UnitCover:
    """A unit's lists of a year: how many posts, how many signed, of how many feedback is given, by
    period.
    """

    code: str
    name: str
    cluster: str
    posts: int
    signed: int
    feedback: Mapping[str, int]

    @property
    def cover(self) -> Cover:
        return Cover.of(self.posts, self.signed)

    def answer(self, turn: Turn, today: date) -> Answer:
        """Return how its feedback of a period stands on a day."""
        return Answer.of(turn, self.posts, self.feedback[turn.key], today)


@dataclass(frozen=True, slots=True)
class ClusterCover:
    """How many of a cluster's units are covered, how many have a list, and how many of these have
    given all feedback, by period. ``code`` is '' for units in none.
    """

    code: str
    name: str
    units: int
    covered: int
    listed: int
    feedback: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Coverage:
    """What is within somebody's reach; the units in the order of their clusters.

    ``turns`` are the periods of the year's feedback.
    """

    year: int
    turns: Sequence[Turn]
    clusters: Sequence[ClusterCover]
    units: Sequence[UnitCover]

    @property
    def covered(self) -> int:
        return sum(each.covered for each in self.clusters)

    @property
    def total(self) -> int:
        return sum(each.units for each in self.clusters)


def find_coverage(
    office: Office, *, by: str, year: int, place: str = "", missing: bool = False
) -> Coverage:
    """Return the coverage of a year where ``by`` may see the lists; ``missing`` leaves out the
    covered units, not their numbers.

    Raise Invalid for a year that is none, NotFound for a place.
    """
    if not _FIRST <= year <= _LAST:
        raise Invalid(
            Wording(f"年度须在 {_FIRST} 至 {_LAST} 之间", f"a year from {_FIRST} to {_LAST}"),
            remedy=Wording("请核对年度。", "Check the year."),
            where="year",
        )
    with office.reading() as connection:
        rows = _units(connection, kinds()[LISTS], find_actor(connection, by), place)
        ids = [row.id for row in rows]
        lists = count_in(connection, kinds()[LISTS], year, ids)
        given = given_in(connection, kinds()[FEEDBACK], year, ids)
    turns = periodic.turns(year) if (periodic := kinds()[FEEDBACK].periodic) else []
    units = [
        UnitCover(
            row.code, row.name, row.cluster or "", *lists.get(row.id, (0, 0)),
            {turn.key: given.get(row.id, {}).get(turn.key, 0) for turn in turns},
        )
        for row in rows
    ]  # fmt: skip
    shown = [each for each in units if not (missing and each.cover is Cover.WHOLE)]
    return Coverage(year, turns, _by_cluster(rows, units, turns), shown)


def _units(connection: Connection, kind: Kind, actor: Actor, place: str) -> Sequence[Any]:
    above = ORGANISATIONS.alias("cluster")
    where = [_within(actor, kind)]
    if place:
        path = find_unit(connection, place, where="place").path
        where.append(_PLACES.path.startswith(path, autoescape=True))
    found = (
        select(
            _PLACES.id, _PLACES.code, _PLACES.name, above.c.name.label("cluster"),
            above.c.code.label("cluster_code"), above.c.kind.label("above"),
        )
        .outerjoin(above, above.c.id == _PLACES.parent_id)
        .where(_PLACES.kind == Place.UNIT, *where)
        .order_by(_PLACES.path)
    )  # fmt: skip
    return connection.execute(found).all()


def _within(actor: Actor, kind: Kind) -> ColumnElement[bool]:
    paths = widest(grant.path for grant in actor.grants if grant.role in kind.see)
    if not paths:
        return false()
    return or_(*(_PLACES.path.startswith(path, autoescape=True) for path in paths))


def _by_cluster(
    rows: Sequence[Any], units: Sequence[UnitCover], turns: Sequence[Turn]
) -> list[ClusterCover]:
    found: dict[tuple[str, str], list[UnitCover]] = {}
    for row, unit in zip(rows, units, strict=True):
        inside = row.above is Place.CLUSTER
        named = (row.cluster_code, row.cluster) if inside else ("", "")
        found.setdefault(named, []).append(unit)
    return [_summed(named, there, turns) for named, there in found.items()]


def _summed(
    named: tuple[str, str], units: Sequence[UnitCover], turns: Sequence[Turn]
) -> ClusterCover:
    listed = [each for each in units if each.posts]
    whole = {
        turn.key: sum(each.feedback[turn.key] == each.posts for each in listed) for turn in turns
    }
    covered = sum(each.cover is Cover.WHOLE for each in units)
    return ClusterCover(*named, len(units), covered, len(listed), whole)
