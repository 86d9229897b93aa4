"""Statistics over everything one may see: one statement over cases, one over clocks.

The database groups stays by how many days they took, so that medians need no list of them. Who
asks for everything until now, or since the first of a month, gets the sums of closed cases, and
only open cases are read.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    Select,
    Subquery,
    and_,
    case,
    cast,
    exists,
    func,
    literal,
    not_,
    or_,
    select,
    text,
)
from sqlalchemy.sql.elements import True_

from casework.auditing.figures import COUNTED, Figures
from casework.auditing.stays import day_number, stays_of
from casework.auditing.tallies import MOST_READ, add_some, how_many_pending, sums_by
from casework.case_list import Filter, matching
from casework.office import Office
from casework.people import find_actor
from casework.scope import visible
from models import Dimension
from models.tables import CASES, ORDERS, ORGANISATIONS
from rules.statistics import Grouping
from rules.workdays import china_day, open_of

_SUMS = {
    Grouping.NONE: Dimension.LEVEL, Grouping.LEVEL: Dimension.LEVEL,
    Grouping.UNIT: Dimension.UNIT, Grouping.CLUSTER: Dimension.CLUSTER,
    Grouping.CATEGORY: Dimension.CATEGORY, Grouping.MONTH: Dimension.MONTH,
    Grouping.QUARTER: Dimension.MONTH,
}  # fmt: skip
_OF_MONTHS = (Grouping.NONE, Grouping.MONTH, Grouping.QUARTER)


# By their places: SQLite would reckon each expression again.
_FIRST_FIVE = [text(str(place)) for place in range(1, 6)]


def count_statistics(
    office: Office,
    grouping: Grouping,
    wanted: Filter,
    *,
    by: str,
    until: datetime,
    since: datetime | None = None,
) -> Sequence[Figures]:
    """Return the figures of each group of the cases that ``by`` may see and ``wanted`` finds.

    Cases count that were reported, stays that were begun, from ``since`` until ``until``; a stay
    that runs then is censored. Unit, cluster and level are those of today. Raise Invalid or
    NotFound as ``list_cases`` does.
    """
    everything = wanted == Filter() and _in_sums(grouping, since)
    if everything:
        add_some(office)
    with office.auditing() as connection:
        seen = visible(connection, find_actor(connection, by))
        within = [
            *([] if isinstance(seen, True_) else [seen]),  # who sees all asks for no cases
            *matching(connection, wanted, CASES, until),
        ]
        counting = _Counting(connection, grouping, since, until)
        if not (everything and not within and _add_sums(counting)):
            counting.add_cases(within)
        _name(connection, grouping, counting.found)
    found = filter(Figures.prune, counting.found.values())
    return sorted(found, key=lambda each: (len(each.key) * each.key.isdigit(), each.key))


class _Counting:
    """Figures that are being put together for one question."""

    def __init__(
        self, connection: Connection, grouping: Grouping, since: datetime | None, until: datetime
    ) -> None:
        self.connection, self.grouping, self.since, self.until = connection, grouping, since, until
        self.found: dict[Any, Figures] = {}

    def of(self, key: object) -> Figures:
        return self.found.setdefault(key, Figures(str(key)))

    def add_cases(self, within: Sequence[ColumnElement[bool]]) -> None:
        """Add the cases that ``within`` finds, read one by one."""
        asked = (self.connection, self.grouping)
        statement = _cases(*asked, within, self.since, self.until)
        for key, *counts in self.connection.execute(statement):
            self.of(key).count(**dict(zip(COUNTED, counts, strict=True)))
        for sign, stay in stays_of(within, self.until):
            counted = self.connection.execute(_stays(*asked, stay, self.since, self.until))
            for key, stage, days, running, late, count in counted:
                stays = self.of(key).stages[stage]
                stays.add(days, running=bool(running), late=bool(late), count=sign * count)


def _add_sums(counting: _Counting) -> bool:
    """Count by the sums of closed cases and reading the open ones; False when they will not do:
    too much is pending, or they know of moments after ``until``.
    """
    connection, until = counting.connection, counting.until
    if how_many_pending(connection) > MOST_READ:
        return False
    first = _month_begun(counting.since) if counting.since else ""
    sums = sums_by(connection, Dimension.MONTH if first else _SUMS[counting.grouping])
    if sums.latest and sums.latest > until:
        return False
    for of, count in sums.cases.items():
        if of.key < first:  # '' when there is none: months alone are compared
            continue
        counting.of(_shown(counting.grouping, of.key)).count(
            reported=count, closed=count * (not of.voided), voided=count * of.voided,
            finished=count * (not of.voided), relapsed=count * of.relapsed,
        )  # fmt: skip
    for kept, count in sums.stays.items():
        if kept.key < first:
            continue
        stays = counting.of(_shown(counting.grouping, kept.key)).stages[kept.stage]
        stays.add(kept.days, running=False, late=kept.late, count=count)
    for key, count in connection.execute(_listed_of_closed(counting)):
        counting.of(key).count(listed=count)
    counting.add_cases([CASES.c.due_at.is_not(None)])
    return True


def _in_sums(grouping: Grouping, since: datetime | None) -> bool:
    """Return whether sums can tell: they are kept by month, and by no other thing of a month."""
    return since is None or (grouping in _OF_MONTHS and bool(_month_begun(since)))


def _month_begun(since: datetime) -> str:
    """Return the month in China that begins at a moment, '' when none does."""
    day = china_day(since)
    return f"{day:%Y-%m}" if day.day == 1 and since == open_of(day) else ""


def _shown(grouping: Grouping, key: str) -> object:
    """Return a sum's key as the cases themselves would give it."""
    match grouping:
        case Grouping.NONE:
            return "all"
        case Grouping.UNIT | Grouping.CLUSTER:
            return int(key)
        case Grouping.QUARTER:
            year, month = key.split("-")
            return f"{year}-Q{(int(month) + 2) // 3}"
        case _:
            return key


def _cases(
    connection: Connection,
    grouping: Grouping,
    within: Sequence[ColumnElement[bool]],
    since: datetime | None,
    until: datetime,
) -> Select[Any]:
    at = CASES.c.reported_at
    key = _key(connection, grouping, at)
    closed = and_(CASES.c.closed_at.is_not(None), CASES.c.closed_at <= until)
    listed = exists().where(ORDERS.c.case_id == CASES.c.id, ORDERS.c.issued_at <= until)
    relapsed = CASES.c.cycle > 1
    verified = CASES.c.state.in_(["verified", "closed"])
    marks = (
        and_(closed, ~CASES.c.voided), and_(closed, CASES.c.voided), not_(closed), listed,
        and_(or_(relapsed, verified), ~CASES.c.voided), relapsed,
    )  # fmt: skip
    counts = [func.sum(case((each, 1), else_=0)) for each in marks]
    period = [at <= until, *([at >= since] if since else [])]
    return select(key, func.count(), *counts).where(*within, *period).group_by(key)


def _listed_of_closed(counting: "_Counting") -> Select[Any]:
    at = CASES.c.reported_at
    key = _key(counting.connection, counting.grouping, at)
    by_then = ORDERS.c.issued_at <= counting.until
    issued = select(ORDERS.c.case_id).where(by_then).distinct().subquery()
    found = select(key, func.count()).join_from(issued, CASES, CASES.c.id == issued.c.case_id)
    period = [at >= counting.since] if counting.since else []
    return found.where(CASES.c.due_at.is_(None), *period).group_by(text("1"))


def _stays(
    connection: Connection,
    grouping: Grouping,
    stay: Subquery,
    since: datetime | None,
    until: datetime,
) -> Select[Any]:
    key = _key(connection, grouping, stay.c.began)
    period = [stay.c.began <= until, *([stay.c.began >= since] if since else [])]
    ended = func.coalesce(stay.c.ended, literal(until, stay.c.began.type))
    days = cast(day_number(connection, ended) - day_number(connection, stay.c.began), Integer)
    running = case((stay.c.ended.is_(None), 1), else_=0)
    grouped = (key, stay.c.stage, days, running, stay.c.late)
    of_the_case = grouping in (Grouping.UNIT, Grouping.CLUSTER, Grouping.CATEGORY, Grouping.LEVEL)
    source = stay.join(CASES, CASES.c.id == stay.c.case_id) if of_the_case else stay
    return select(*grouped, func.count()).select_from(source).where(*period).group_by(*_FIRST_FIVE)


def _key(
    connection: Connection, grouping: Grouping, began: ColumnElement[Any]
) -> ColumnElement[Any]:
    match grouping:
        case Grouping.UNIT:
            return CASES.c.unit_id
        case Grouping.CLUSTER:
            return func.coalesce(CASES.c.cluster_id, 0)
        case Grouping.CATEGORY:
            return CASES.c.category
        case Grouping.LEVEL:
            return CASES.c.level
        case Grouping.MONTH | Grouping.QUARTER:
            return _period(connection, grouping, began)
        case _:
            return literal("all")


def _period(
    connection: Connection, grouping: Grouping, began: ColumnElement[Any]
) -> ColumnElement[str]:
    """Return ``2026-03`` or ``2026-Q1`` of a moment by China's calendar."""
    if connection.dialect.name == "sqlite":
        month = func.strftime("%Y-%m", began, "+8 hours")
        quarter = (cast(func.substr(month, 6, 2), Integer) + 2) // 3
        named = func.printf("%s-Q%d", func.substr(month, 1, 4), quarter)
        return month if grouping is Grouping.MONTH else named
    local = func.timezone("Asia/Shanghai", began)
    return func.to_char(local, "YYYY-MM" if grouping is Grouping.MONTH else 'YYYY"-Q"Q')


def _name(connection: Connection, grouping: Grouping, found: Mapping[Any, Figures]) -> None:
    """Say what places are called; the rest is its own name."""
    names: dict[Any, str] = {}
    if grouping in (Grouping.UNIT, Grouping.CLUSTER):
        rows = connection.execute(select(ORGANISATIONS.c.id, ORGANISATIONS.c.name))
        names = dict(rows.tuples().all())
    for key, figures in found.items():
        figures.name = names.get(key, str(key))
