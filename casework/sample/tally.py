"""The story in numbers: what was found and kept, who let it lie, and whether history holds."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from sqlalchemy import ColumnElement, Connection, Row, distinct, func, select

from casework.office import Office
from casework.sample.names import COMMITTEE_NAME
from casework.sample.organisation import Team
from models.tables import CASES, EVENTS, LOOKBACK_STRATA, LOOKBACK_VISITS, LOOKBACKS
from rules.access import Role
from rules.actions import Action
from rules.case import State
from rules.ladder import StepKind
from rules.lookback.findings import Finding
from rules.lookback.verdict import Decision
from rules.proof import Sealed, first_break
from rules.wording import Wording

Lateness = Counter[tuple[Role, str]]
"""Days late by who the case waited for: the role, and the school, cluster or committee."""


@dataclass(frozen=True, slots=True)
class Checked:
    """How many cases and events were looked at, and the cases whose chain does not hold."""

    cases: int
    events: int
    broken: tuple[str, ...]


def blame(late: Lateness, role: Role, team: Team, days: int) -> None:
    if days > 0:
        late[role, _answerable(role, team)] += days


def count_totals(connection: Connection, late_now: int) -> list[tuple[Wording, int]]:
    """Return each total with its name. ``late_now`` is how many cases are overdue at the end."""
    closed = CASES.c.state == State.CLOSED
    return [
        (Wording("发现", "found"), _cases(connection)),
        (Wording("已报方案", "planned"), _with_event(connection, Action.SUBMIT_PLAN.value)),
        (Wording("立行立改", "fixed on the spot"), _with_event(connection, Action.FIX_ON_SPOT)),
        (Wording("曾经逾期", "ever overdue"), _with_event(connection, StepKind.OVERDUE.value)),
        (Wording("曾经挂牌", "ever listed"), _with_event(connection, Action.LIST.value)),
        (Wording("曾经复发", "ever reopened"), _with_event(connection, Action.REOPEN.value)),
        (Wording("已销号", "closed"), _cases(connection, closed, ~CASES.c.voided)),
        (Wording("已撤销", "voided"), _cases(connection, CASES.c.voided)),
        (Wording("在办", "open"), _cases(connection, ~closed)),
        (Wording("现逾期", "overdue now"), late_now),
    ]


def count_lookbacks(connection: Connection) -> list[tuple[Wording, int]]:
    """Return what look-backs came to, each total with its name."""
    looks, visits, strata = LOOKBACKS.c, LOOKBACK_VISITS.c, LOOKBACK_STRATA.c
    return [
        (Wording("次数", "look-backs"), _rows(connection, looks.drawn_at.is_not(None))),
        (Wording("抽取", "drawn"), _rows(connection, visits.wave >= 0)),
        (Wording("复查", "looked at"), _rows(connection, visits.finding.is_not(None))),
        (Wording("复发", "relapsed"), _rows(connection, visits.finding == Finding.RELAPSED)),
        (Wording("不合格层", "strata rejected"),
         _rows(connection, strata.decision == Decision.REJECTED)),
        (Wording("公开", "published"), _rows(connection, looks.published_at.is_not(None))),
    ]  # fmt: skip


def check_chains(office: Office) -> Checked:
    """Recompute the chain of every case from its events, as an auditor would."""
    broken, cases, events = [], 0, 0
    with office.reading() as connection:
        for number, rows in groupby(_events(connection), key=lambda row: row.number):
            history = [(_sealed(row), row.hash) for row in rows]
            cases, events = cases + 1, events + len(history)
            if first_break(history) is not None:
                broken.append(number)
    return Checked(cases, events, tuple(broken))


def _answerable(role: Role, team: Team) -> str:
    if role in (Role.OWNER, Role.HEAD):
        return team.name
    return team.cluster_name if role in (Role.CLUSTER, Role.VERIFIER) else COMMITTEE_NAME


def _cases(connection: Connection, *conditions: ColumnElement[bool]) -> int:
    statement = select(func.count()).select_from(CASES).where(*conditions)
    return connection.execute(statement).scalar_one()


def _rows(connection: Connection, condition: ColumnElement[bool]) -> int:
    return connection.execute(select(func.count()).where(condition)).scalar_one()


def _with_event(connection: Connection, kind: str) -> int:
    statement = select(func.count(distinct(EVENTS.c.case_id))).where(EVENTS.c.kind == kind)
    return connection.execute(statement).scalar_one()


def _events(connection: Connection) -> Iterator[Row[tuple[object, ...]]]:
    statement = (
        select(CASES.c.number, *EVENTS.c)
        .join(CASES, CASES.c.id == EVENTS.c.case_id)
        .order_by(EVENTS.c.case_id, EVENTS.c.seq)
    )
    yield from connection.execute(statement)


def _sealed(row: Row[tuple[object, ...]]) -> Sealed:
    return Sealed(
        row.number, row.seq, row.at, row.kind, row.actor_id, row.role, row.door, row.body,
        row.previous,
    )  # fmt: skip
