"""Coverage of responsibility 主体责任: which units have every letter of the year signed."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, false, func, or_, select

from casework.errors import Invalid
from casework.office import Office
from casework.people import find_actor, find_unit
from casework.registers.yearly import count_in
from models import Place, RecordState
from models.tables import ORGANISATIONS, REGISTER_RECORDS
from rules.access import Actor, widest
from rules.registers.coverage import Cover
from rules.registers.kinds import Kind, kinds
from rules.wording import Wording

LISTS, FEEDBACK = "responsibility", "responsibility_fb"
PERIODS = ("first", "second")
_FIRST, _LAST = 2020, 2099  # as the kind's field has it
_PLACES = ORGANISATIONS.c
_RECORDS = REGISTER_RECORDS.c


@dataclass(frozen=True, slots=True)
class UnitCover:
    """A unit's lists of a year: how many posts, how many signed, feedback given by half-years."""

    code: str
    name: str
    cluster: str
    posts: int
    signed: int
    feedback: Mapping[str, int]

    @property
    def cover(self) -> Cover:
        return Cover.of(self.posts, self.signed)


@dataclass(frozen=True, slots=True)
class ClusterCover:
    """How many of a cluster's units are covered. ``code`` is '' for units in none."""

    code: str
    name: str
    units: int
    covered: int


@dataclass(frozen=True, slots=True)
class Coverage:
    """What is within somebody's reach; the units in the order of their clusters."""

    year: int
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
        given = _feedback(connection, year, ids)
    units = [
        UnitCover(row.code, row.name, row.cluster or "", *lists.get(row.id, (0, 0)), given[row.id])
        for row in rows
    ]
    shown = [each for each in units if not (missing and each.cover is Cover.WHOLE)]
    return Coverage(year, _by_cluster(rows, units), shown)


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


def _feedback(
    connection: Connection, year: int, units: Collection[int]
) -> dict[int, dict[str, int]]:
    """Return how many posts each unit gave feedback of, by half-years."""
    found = {unit: dict.fromkeys(PERIODS, 0) for unit in units}
    facts = _RECORDS.facts
    period = facts["period"].as_string()
    rows = connection.execute(
        select(_RECORDS.unit_id, period, func.count(facts["item_no"].as_string().distinct()))
        .where(
            _RECORDS.kind == FEEDBACK,
            _RECORDS.unit_id.in_(units),
            _RECORDS.state == RecordState.ACTIVE,
            facts["year"].as_string() == f"{year}",
        )
        .group_by(_RECORDS.unit_id, period)
    )
    for unit, half, count in rows:
        found[unit][half] = count
    return found


def _by_cluster(rows: Sequence[Any], units: Sequence[UnitCover]) -> list[ClusterCover]:
    found: dict[str, list[int]] = {}
    names: dict[str, str] = {}
    for row, unit in zip(rows, units, strict=True):
        code = row.cluster_code if row.above is Place.CLUSTER else ""
        names[code] = row.cluster if code else ""
        counted = found.setdefault(code, [0, 0])
        counted[0] += 1
        counted[1] += unit.cover is Cover.WHOLE
    return [ClusterCover(code, names[code], *counted) for code, counted in found.items()]
