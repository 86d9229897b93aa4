"""What there is, in a few lines: found, planned, overdue and by whom, and what is due next."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, case, func, select

from casework.office import Office
from models.tables import CASES, ORDERS, ORGANISATIONS
from rules.deadlines import days_late
from rules.policy import Policy
from rules.wording import Locale, Wording
from rules.workdays import CHINA, day_due

TOP = 5

_CLUSTERS = ORGANISATIONS.alias("cluster")


def has_cases(office: Office) -> bool:
    with office.reading() as connection:
        return connection.execute(select(CASES.c.id).limit(1)).first() is not None


def summarise(office: Office, *, as_of: datetime, locale: Locale) -> list[str]:
    """Return the state of all cases at a moment, as lines for a person to read."""
    with office.reading() as connection:
        policy = office.rulebooks.at(connection, as_of).policy
        told = [
            _totals(connection, as_of),
            *_by_state(connection),
            *_by_category(connection, policy),
            *_by_cluster(connection, as_of),
            *_overdue(connection, as_of),
            *_orders(connection),
            *_next_due(connection, as_of),
        ]
    return [each.say(locale) for each in told]


def _totals(connection: Connection, as_of: datetime) -> Wording:
    row = connection.execute(
        select(
            func.count(),
            func.count(CASES.c.due_at),
            func.count(CASES.c.plan_deadline),
            _counted(_late(as_of)),
        )
    ).one()
    found, still_open, planned, late = row
    at = f"{as_of.astimezone(CHINA):%Y-%m-%d %H:%M}"
    return Wording(
        f"截至 {at}：隐患 {found} 件，已报方案 {planned} 件，"
        f"未销号 {still_open} 件，其中逾期 {late} 件。",
        f"As of {at}: {found} hazards, {planned} planned, {still_open} open, {late} of them late.",
    )


def _orders(connection: Connection) -> list[Wording]:
    """Return the supervision orders in force, by who supervises; nothing when there are none."""
    open_orders = select(ORDERS.c.level.label("value"), func.count().label("n")).where(
        ORDERS.c.released_at.is_(None)
    )
    rows = connection.execute(open_orders.group_by(ORDERS.c.level).order_by(ORDERS.c.level))
    return _listed(Wording("挂牌中", "Listed"), [(row.value.label, row.n) for row in rows])


def _by_state(connection: Connection) -> list[Wording]:
    counts = [(row.value.label, row.n) for row in _counts(connection, CASES.c.state)]
    return _listed(Wording("状态", "State"), counts)


def _by_category(connection: Connection, policy: Policy) -> list[Wording]:
    labels = {each.key: each.label for each in policy.categories}
    counts = [
        (labels.get(row.value, Wording(row.value, row.value)), row.n)
        for row in _counts(connection, CASES.c.category)
    ]
    return _listed(Wording("品目", "Category"), counts)


def _by_cluster(connection: Connection, as_of: datetime) -> list[Wording]:
    late = _counted(_late(as_of)).label("late")
    rows = connection.execute(
        select(_CLUSTERS.c.name, func.count().label("n"), late)
        .join(_CLUSTERS, _CLUSTERS.c.id == CASES.c.cluster_id)
        .group_by(_CLUSTERS.c.id, _CLUSTERS.c.name)
        .order_by(late.desc(), func.count().desc(), _CLUSTERS.c.id)
        .limit(TOP)
    ).all()
    lines = [
        Wording(
            f"  {row.name}：{row.n} 件，逾期 {row.late} 件",
            f"  {row.name}: {row.n}, {row.late} late",
        )
        for row in rows
    ]
    return _under(
        Wording(f"片区（逾期最多的 {TOP} 个）", f"Clusters (top {TOP} by lateness)"), lines
    )


def _overdue(connection: Connection, as_of: datetime) -> list[Wording]:
    """Who is late: stages with the role they wait for, then the units that are latest."""
    late = select(
        CASES.c.stage, CASES.c.holder, func.count().label("n"),
        func.min(CASES.c.due_at).label("oldest"),
    ).where(_late(as_of))  # fmt: skip
    stages = connection.execute(
        late.group_by(CASES.c.stage, CASES.c.holder).order_by(func.count().desc(), CASES.c.stage)
    ).all()
    units = connection.execute(
        select(
            ORGANISATIONS.c.name, func.count().label("n"),
            func.min(CASES.c.due_at).label("oldest"),
        )
        .join(ORGANISATIONS, ORGANISATIONS.c.id == CASES.c.unit_id)
        .where(_late(as_of))
        .group_by(ORGANISATIONS.c.id, ORGANISATIONS.c.name)
        .order_by(func.count().desc(), func.min(CASES.c.due_at), ORGANISATIONS.c.id)
        .limit(TOP)
    ).all()  # fmt: skip
    return [
        *_under(
            Wording("逾期在谁", "Late, and waiting for whom"),
            [_lateness(_waiting(row), row, as_of) for row in stages],
        ),
        *_under(
            Wording(f"逾期单位（前 {TOP} 个）", f"Late units (top {TOP})"),
            [_lateness(Wording(row.name, row.name), row, as_of) for row in units],
        ),
    ]


def _next_due(connection: Connection, as_of: datetime) -> list[Wording]:
    rows = connection.execute(
        select(CASES.c.number, CASES.c.stage, CASES.c.due_at, ORGANISATIONS.c.name)
        .join(ORGANISATIONS, ORGANISATIONS.c.id == CASES.c.unit_id)
        .where(CASES.c.due_at > as_of)
        .order_by(CASES.c.due_at, CASES.c.id)
        .limit(TOP)
    ).all()
    lines = [
        Wording(
            f"  {day_due(row.due_at)}  {row.number}  {row.name}：{row.stage.label.zh}",
            f"  {day_due(row.due_at)}  {row.number}  {row.name}: {row.stage.label.en}",
        )
        for row in rows
    ]
    return _under(Wording("即将到期", "Due next"), lines)


def _late(as_of: datetime) -> Any:  # noqa: ANN401 — SQLAlchemy's own condition
    return and_(CASES.c.due_at.is_not(None), CASES.c.due_at <= as_of)


def _counted(condition: Any) -> Any:  # noqa: ANN401 — SQLAlchemy's own expressions
    return func.count(case((condition, 1)))


def _counts(connection: Connection, column: ColumnElement[Any]) -> Sequence[Row[Any]]:
    """Return each value of a column with the number of cases, the most frequent first."""
    counted = select(column.label("value"), func.count().label("n")).group_by(column)
    return connection.execute(counted.order_by(func.count().desc(), column)).all()


def _waiting(row: Row[Any]) -> Wording:
    stage, holder = row.stage.label, row.holder.label
    return Wording(f"{stage.zh}（待{holder.zh}）", f"{stage.en} (waiting for the {holder.en})")


def _lateness(who: Wording, row: Row[Any], as_of: datetime) -> Wording:
    longest = days_late(row.oldest, as_of)
    return Wording(
        f"  {who.zh}：{row.n} 件，最长 {longest} 天",
        f"  {who.en}: {row.n}, up to {longest} day(s)",
    )


def _listed(title: Wording, counts: Sequence[tuple[Wording, int]]) -> list[Wording]:
    if not counts:
        return []
    zh = "，".join(f"{label.zh} {count}" for label, count in counts)
    en = ", ".join(f"{label.en} {count}" for label, count in counts)
    return [Wording(f"{title.zh}：{zh}", f"{title.en}: {en}")]


def _under(title: Wording, lines: list[Wording]) -> list[Wording]:
    """Put a title above its lines; without lines there is nothing to say."""
    return [Wording(f"{title.zh}：", f"{title.en}:"), *lines] if lines else []
