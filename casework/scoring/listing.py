"""Who has assessed themselves and who has not 全覆盖, and who comes first: 排名 and 标杆."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, and_, select

from casework.errors import Invalid
from casework.office import Office
from casework.people import find_actor, find_unit
from casework.scoring.places import require_year, seen_by
from casework.scoring.sheets import sheet_for
from casework.scoring.store import NEWEST, Held, read_standing
from casework.scoring.unaltered import altered_among, frozen_values
from models import Place
from models.tables import ASSESSMENTS, ORGANISATIONS
from rules.access import Actor
from rules.scoring.acts import ScoringStage
from rules.scoring.ranking import Candidate, quotas, ranked
from rules.scoring.ranking import Place as Ranked
from rules.scoring.sheets import Sheet
from rules.wording import Wording

_ROWS, _PLACES = ASSESSMENTS.c, ORGANISATIONS.c
_ABOVE = ORGANISATIONS.alias("above")
MISSING = "missing"
STANDINGS: Mapping[str, Wording] = {
    MISSING: Wording("未开始", "not begun"),
    **{each.value: each.label for each in ScoringStage},
}


@dataclass(frozen=True, slots=True)
class Coverage:
    """The schools within somebody's reach; ``assessed`` counts those signed by their head."""

    sheet: Sheet
    year: int
    counts: Mapping[str, int]
    assessed: int
    total: int
    rows: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Ranking:
    """Frozen assessments within somebody's reach, cluster by cluster, with each one's quota.

    ``altered`` are those that are not what was signed, by number: they have no rank. ``names`` are
    those of the clusters by code.
    """

    sheet: Sheet
    year: int
    quotas: Mapping[str, int]
    rows: Sequence[Mapping[str, Any]]
    altered: Sequence[str]
    names: Mapping[str, str]


def cover(
    office: Office, written: str, year: int, *, by: str, today: date, place: str = "",
    standing: str = "",
) -> Coverage:  # fmt: skip
    """Return how each school that ``by`` may see stands; raise NotFound or Invalid.

    ``standing`` leaves out the others, not their numbers.
    """
    require_year(year)
    _require_standing(standing)
    with office.reading() as connection:
        sheet = sheet_for(connection, written, year)
        rows = _standings(connection, find_actor(connection, by), sheet, year, place)
        ids = [row.id for row in rows if row.stage is ScoringStage.FROZEN]
        frozen = frozen_values(connection, ids)
    late = today > sheet.due_on(year)
    found = [
        _standing(row, sheet, year, late=late)
        | {"altered": frozen.get(row.id, _values(row)) != _values(row)}
        for row in rows
    ]
    counts = Counter(each["standing"] for each in found)
    open_of = counts[MISSING] + counts[ScoringStage.SCHOOL.value]
    shown = [each for each in found if standing in {"", each["standing"]}]
    return Coverage(
        sheet, year, {key: counts[key] for key in STANDINGS}, len(found) - open_of, len(found),
        shown,
    )  # fmt: skip


def rank(office: Office, written: str, year: int, *, by: str) -> Ranking:
    """Return the ranking of each cluster where ``by`` may look; raise NotFound or Invalid.

    Ranks and quotas are of all schools, whoever looks.
    """
    require_year(year)
    with office.reading() as connection:
        sheet = sheet_for(connection, written, year)
        actor = find_actor(connection, by)
        seen = set(connection.execute(select(_PLACES.code).where(seen_by(actor))).scalars())
        clusters = _clusters(connection)
        names = _names(connection, set(clusters.values()))
        standing = read_standing(connection, sheet.key, year)
        altered = altered_among(connection, standing)
    held = {each.named.unit.code: each for each in standing if each.id not in altered}
    quota = quotas(Counter(clusters.values()), sheet.quota.percent)
    candidates = [_candidate(each, clusters[code]) for code, each in held.items()]
    rows = [
        _ranked(of, held[of.candidate.unit])
        for of in ranked(candidates, quota)
        if of.candidate.unit in seen
    ]
    own = {clusters[code] for code in seen if code in clusters}
    lost = [each.number for each in standing if each.id in altered and each.named.unit.code in seen]
    own_quotas = {key: quota[key] for key in sorted(own)}
    return Ranking(sheet, year, own_quotas, rows, lost, names)


def _require_standing(written: str) -> None:
    if written and written not in STANDINGS:
        raise Invalid(
            Wording(f"没有“{written[:40]}”这种情况", f"there is no standing {written[:40]!r}"),
            remedy=Wording(
                f"可填：{'、'.join(STANDINGS)}。", f"Choose from: {', '.join(STANDINGS)}."
            ),
            where="standing",
        )


def _candidate(held: Held, cluster: str) -> Candidate:
    whole, sheet = held.score, held.named.sheet
    return Candidate(
        held.named.unit.code, cluster, whole.points, whole.automatic, whole.result,
        whole.honoured, sheet.total,
    )  # fmt: skip


def _ranked(of: Ranked, held: Held) -> dict[str, Any]:
    one = of.candidate
    return {
        "cluster": one.cluster, "rank": of.rank, "unit_code": one.unit,
        "unit": held.named.unit.name, "points": one.points, "total": one.total,
        "automatic": one.automatic, "result": one.result, "result_label": one.result.label,
        "honoured": one.honoured, "chosen": of.chosen, "number": held.number,
        "link": held.named.link,
    }  # fmt: skip


def _standings(
    connection: Connection, actor: Actor, sheet: Sheet, year: int, place: str
) -> Sequence[Any]:
    where = [_PLACES.kind == Place.UNIT, seen_by(actor)]
    if place:
        path = find_unit(connection, place, where="place").path
        where.append(_PLACES.path.startswith(path, autoescape=True))
    of_the_year = and_(
        _ROWS.unit_id == _PLACES.id, _ROWS.sheet == sheet.key, _ROWS.year == year, NEWEST
    )
    return connection.execute(
        select(
            _ROWS.id, _PLACES.code, _PLACES.name, _ABOVE.c.name.label("cluster"), _ROWS.stage,
            _ROWS.points, _ROWS.result, _ROWS.number,
        )
        .select_from(ORGANISATIONS)
        .outerjoin(_ABOVE, _ABOVE.c.id == _PLACES.parent_id)
        .outerjoin(ASSESSMENTS, of_the_year)
        .where(*where)
        .order_by(_PLACES.path)
    ).all()  # fmt: skip


def _standing(row: Any, sheet: Sheet, year: int, *, late: bool) -> dict[str, Any]:  # noqa: ANN401 — a row
    standing = row.stage.value if row.stage else MISSING
    begun = standing not in {MISSING, ScoringStage.SCHOOL.value}
    return {
        "unit_code": row.code, "unit": row.name, "cluster": row.cluster or "",
        "standing": standing, "label": STANDINGS[standing], "late": late and not begun,
        "points": row.points, "result": row.result, "number": row.number or "",
        "result_label": row.result.label if row.result else None,
        "link": f"/assessments/{sheet.key}/{year}/{row.code}",
    }  # fmt: skip


def _values(row: Any) -> tuple[int, str]:  # noqa: ANN401 — a row
    return row.points, row.result and row.result.value


def _clusters(connection: Connection) -> dict[str, str]:
    """Return the code of each school's cluster, '' where it lies in none."""
    rows = connection.execute(
        select(_PLACES.code, _ABOVE.c.code, _ABOVE.c.kind)
        .outerjoin(_ABOVE, _ABOVE.c.id == _PLACES.parent_id)
        .where(_PLACES.kind == Place.UNIT)
    )
    return {unit: cluster if kind is Place.CLUSTER else "" for unit, cluster, kind in rows}


def _names(connection: Connection, codes: set[str]) -> dict[str, str]:
    wanted = select(_PLACES.code, _PLACES.name).where(_PLACES.code.in_(codes))
    return {row.code: row.name for row in connection.execute(wanted)}
