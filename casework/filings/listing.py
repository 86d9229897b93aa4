"""Filings listed a page at a time, and who has not reported 谁没报: one row for each place."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, exists, func, or_, select

from casework.filings.campaigns import scope_of
from casework.filings.places import find_period, seen_by
from casework.filings.store import FOUND
from casework.filings.templates import find_template, templates_in_force
from casework.office import Office
from casework.page_keys import bad_key
from casework.people import Unit, find_actor, find_unit
from models import Place
from models.tables import FILINGS, ORGANISATIONS
from rules.access import Actor, Verb
from rules.filings.acts import FilingState
from rules.filings.campaigns import due_on
from rules.filings.periods import Period, PeriodKind
from rules.filings.templates import Template
from rules.filings.tiers import Tier
from rules.wording import Wording
from rules.workdays import open_of

MOST_PER_PAGE = 500
MOST_PERIODS = 40
"""So many periods are offered to choose from."""
_NEWER = FILINGS.alias("newer")
_NEWEST_VERSION = ~exists().where(
    _NEWER.c.template == FILINGS.c.template,
    _NEWER.c.period == FILINGS.c.period,
    _NEWER.c.unit_id == FILINGS.c.unit_id,
    _NEWER.c.version > FILINGS.c.version,
)


@dataclass(frozen=True, slots=True)
class Page:
    """Rows of a list, and the key of the page after it ('' on the last)."""

    rows: Sequence[Mapping[str, Any]]
    after: str


@dataclass(frozen=True, slots=True)
class Board:
    """Who has reported and who has not, of one period: counts by standing, and a row for each."""

    template: str
    period: str
    counts: Mapping[str, int]
    rows: Sequence[Mapping[str, Any]]


def list_filings(
    office: Office,
    *,
    by: str,
    today: date,
    template: str = "",
    period: str = "",
    place: str = "",
    state: FilingState | None = None,
    size: int = 50,
    after: str = "",
) -> Page:
    """Return the last version of each filing that ``by`` may see, the newest period first.

    ``place`` keeps those of one unit, or of a cluster and its units. Raise NotFound or Invalid.
    """
    size = max(1, min(size, MOST_PER_PAGE))
    with office.reading() as connection:
        actor = find_actor(connection, by)
        wanted = FOUND.where(seen_by(connection, actor), _NEWEST_VERSION)
        wanted = _narrowed(connection, wanted, template, period, place)
        if state:
            wanted = wanted.where(FILINGS.c.state == state)
        if after:
            wanted = wanted.where(_beyond(after))
        wanted = wanted.order_by(FILINGS.c.last_day.desc(), FILINGS.c.id.desc())
        rows = connection.execute(wanted.limit(size + 1)).all()
        known = templates_in_force(connection)
    last = rows[size - 1] if len(rows) > size else None
    shown = [listed(row, known[row.template], today) for row in rows[:size]]
    return Page(shown, f"{last.last_day}/{last.id}" if last else "")


def show_board(
    office: Office, written: str, period: str, *, by: str, today: date, place: str = ""
) -> Board:
    """Return who of those that ``by`` may see has reported, and who has not yet, late ones first.

    ``place`` keeps a unit, or a cluster and its units. Raise NotFound or Invalid.
    """
    with office.reading() as connection:
        template = find_template(connection, written)
        stretch = find_period(template, period)
        scope = scope_of(connection, template, stretch)
        asked = _places(connection, find_actor(connection, by), template)
        within = find_unit(connection, place, where="place").path if place else ""
        places = [each for each in asked if scope.holds(each) and each.path.startswith(within)]
        filed = FOUND.where(
            FILINGS.c.template == template.key, FILINGS.c.period == stretch.key, _NEWEST_VERSION
        )
        found = {row.unit_id: row for row in connection.execute(filed)}
        bounds = office.rulebooks.at(connection, open_of(today)).policy.filings
    rows = [
        _standing(
            place,
            found.get(place.id),
            due_on(scope.stretch, bounds, stretch, Tier(place.kind.value)),
            today,
        )
        for place in places
    ]
    rows.sort(key=lambda each: (_ORDER.index(each["standing"]), each["unit_code"]))
    counts = {each: sum(row["standing"] == each for row in rows) for each in _ORDER}
    return Board(template.key, stretch.key, counts, rows)


def list_periods(connection: Connection, by: str) -> list[tuple[Template, Period]]:
    """Return the periods that are compiled for everybody and have filings which ``by`` may see,
    the last that ended first.
    """
    known = templates_in_force(connection)
    chased = [key for key, each in known.items() if each.period is not PeriodKind.DAY]
    filing = FILINGS.c
    rows = connection.execute(
        select(filing.template, filing.period)
        .where(filing.template.in_(chased), seen_by(connection, find_actor(connection, by)))
        .group_by(filing.template, filing.period)
        .order_by(func.max(filing.last_day).desc(), filing.template)
        .limit(MOST_PERIODS)
    )
    return [(known[key], find_period(known[key], period)) for key, period in rows]


def listed(row: Row[Any], template: Template, today: date) -> dict[str, Any]:
    """Return a filing's row as a list shows it."""
    state = FilingState(row.state)
    return {
        "template": row.template, "label": template.label, "period": row.period,
        "period_label": find_period(template, row.period).label,
        "level": row.level.value, "unit": row.unit_name, "unit_code": row.unit_code,
        "version": row.version, "state": state.value, "state_label": state.label,
        "number": row.number or "", "due_on": row.due_on, "frozen_at": row.frozen_at,
        "late": state is not FilingState.FROZEN and row.version == 1 and row.due_on < today,
    }  # fmt: skip


def _standing(place: Unit, row: Row[Any] | None, due_on: date, today: date) -> dict[str, Any]:
    of = {"unit": place.name, "unit_code": place.code, "level": place.kind.value}
    if row is None:
        standing = "late" if due_on < today else "none"
        return {**of, "state": "", "due_on": due_on, "standing": standing, "number": ""}
    frozen = row.state is FilingState.FROZEN or row.version > 1
    standing = "filed" if frozen else "late" if row.due_on < today else "open"
    return {
        **of, "state": row.state.value, "due_on": row.due_on, "standing": standing,
        "number": row.number or "",
    }  # fmt: skip


def _places(connection: Connection, actor: Actor, template: Template) -> list[Unit]:
    places = ORGANISATIONS.c
    reach = actor.reach(Verb.VIEW)
    if not reach:
        return []
    rows = connection.execute(
        select(places.id, places.code, places.name, places.kind, places.path)
        .where(
            places.kind.in_([Place(level.value) for level in template.levels]),
            or_(*(places.path.startswith(path, autoescape=True) for path in reach)),
        )
        .order_by(places.path)
    )
    return [Unit(*row) for row in rows]


def _narrowed(
    connection: Connection, wanted: Select[Any], template: str, period: str, place: str
) -> Select[Any]:
    if template:
        kind = find_template(connection, template)
        wanted = wanted.where(FILINGS.c.template == kind.key)
        if period:
            wanted = wanted.where(FILINGS.c.period == find_period(kind, period).key)
    elif period:
        wanted = wanted.where(FILINGS.c.period == period.strip())
    if place:
        unit = find_unit(connection, place, where="place")
        column = FILINGS.c.cluster_id if unit.kind is Place.CLUSTER else FILINGS.c.unit_id
        wanted = wanted if unit.kind is Place.COMMITTEE else wanted.where(column == unit.id)
    return wanted


def _beyond(after: str) -> Any:  # noqa: ANN401 — SQLAlchemy's condition
    day, _, number = after.partition("/")
    try:
        last = date.fromisoformat(day)
    except ValueError as fault:
        raise bad_key() from fault
    if not (number.isascii() and number.isdigit() and int(number) < 2**63):
        raise bad_key()
    return or_(
        FILINGS.c.last_day < last, and_(FILINGS.c.last_day == last, FILINGS.c.id < int(number))
    )


STANDINGS = {
    "late": Wording("逾期未报", "late"),
    "none": Wording("未开始", "not begun"),
    "open": Wording("填报中", "under way"),
    "filed": Wording("已报", "filed"),
}
"""How a place stands with a period, the worst first."""
_ORDER = tuple(STANDINGS)
