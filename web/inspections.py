"""What the pages and sheets of inspections share: which list is asked for, and who may what."""

from enum import StrEnum

from sqlalchemy import Connection

from casework.inspections.listing import Wanted
from casework.reach import list_posts
from rules.access import Role
from rules.inspections.acts import TaskState
from rules.inspections.kinds import OWN_PEOPLE, PLANNERS, InspectionKind
from rules.wording import Wording
from web.visits import Visit

NARROWING = ("kind", "place", "plan", "period")
"""What narrows a list besides its tab, in its address."""


class Tab(StrEnum):
    """What a list shows."""

    MINE = "mine"
    WAITING = "waiting"
    LATE = "late"
    DONE = "done"

    @property
    def label(self) -> Wording:
        return _TABS[self]


_TABS = {
    Tab.MINE: Wording("待我办理", "For me"),
    Tab.WAITING: Wording("待检查", "To be done"),
    Tab.LATE: Wording("已逾期", "Late"),
    Tab.DONE: Wording("已完成", "Done"),
}
_WAITING = (TaskState.OPEN, TaskState.AWAITING)


def tab_of(visit: Visit) -> Tab:
    """Return the tab asked for; else those who inspect see their own, the others all."""
    asked = visit.request.query_params.get("show")
    if asked in set(Tab):
        return Tab(asked)
    inspects = holds(visit, OWN_PEOPLE | {Role.INSPECTOR, Role.VERIFIER})
    return Tab.MINE if inspects else Tab.WAITING


def wanted_of(visit: Visit) -> Wanted:
    """Return the list that is asked for: what is done the newest first."""
    query, tab = visit.request.query_params, tab_of(visit)
    kind, place, plan, period = (query.get(each, "").strip() for each in NARROWING)
    return Wanted(
        states=(TaskState.RECORDED,) if tab is Tab.DONE else _WAITING,
        kind=InspectionKind(kind) if kind in set(InspectionKind) else None,
        place=place, plan=plan, period=period, mine=tab is Tab.MINE, late=tab is Tab.LATE,
        after=query.get("after", ""), newest=tab is Tab.DONE,
    )  # fmt: skip


def holds(visit: Visit, roles: frozenset[Role]) -> bool:
    """Whether who visits holds one of the roles anywhere."""
    return any(grant.role in roles for grant in visit.actor.grants)


def own_places(connection: Connection, visit: Visit) -> dict[str, str]:
    """Return the places whose plans who visits may make: names by code."""
    posts = list_posts(connection, visit.by)
    return {each.code: each.place for each in posts if each.role in PLANNERS}
