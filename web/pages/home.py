"""我的待办: what waits for whoever looks, by when, every number a link to its list."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any, NamedTuple
from urllib.parse import urlencode

from fastapi import Response

from casework.case_list import Filter, count_each, list_cases
from casework.duties.listing import DutyFilter, count_duties
from casework.health import check_health
from casework.inspections.listing import Wanted, list_tasks
from casework.list_pages import Order
from casework.lookback.looking import my_visits
from casework.notice_list import list_notices
from casework.reach import Post, list_posts
from rules.access import Role
from rules.wording import Wording
from rules.workdays import china_day
from web.figures import Figure
from web.permission import Anyone
from web.queries import query_of
from web.routing import Pages
from web.supervision import supervision_for
from web.visits import Here, Visit

pages = Pages()

SOON = timedelta(days=3)
_SHOWN = 8
_INSPECTIONS = 3
_OF_THE_ROOT = 2  # strokes of the committee's path: /1/
# Roles that a case waits for (rules.case.Facts.holder).
_HOLDERS = (Role.OWNER, Role.HEAD, Role.VERIFIER, Role.CLUSTER, Role.COMMITTEE)
# Who checks a school every day (每日自查): whoever works in one.
_CHECKERS = (Role.REPORTER, Role.OWNER, Role.HEAD)
# Who decides on an extension (rules.moves): ordinary ones the cluster, major ones the committee.
_DECIDERS = (Role.CLUSTER, Role.COMMITTEE)


class Desk(NamedTuple):
    """What waits for one of somebody's roles."""

    post: Post
    figures: Sequence[Figure]
    waiting: Sequence[Any]
    link: str


class _Question(NamedTuple):
    """A number of the home page, before it is counted."""

    label: Wording
    wanted: Filter
    tone: str


@pages.get("/", permission=Anyone.SIGNED_IN)
def home(visit: Here) -> Response:
    with visit.office.reading() as connection:
        posts = list_posts(connection, visit.by)
    desks = [_desk(visit, post) for post in posts if post.role in _HOLDERS]
    unread = [
        each
        for each in list_notices(visit.office, by=visit.by, person=visit.by)
        if each["acknowledged_at"] is None
    ]
    return visit.page(
        "home.html", duties=_duties(visit), desks=desks, posts=posts,
        overview=_counted(visit, _overview()), unread=unread, supervision=supervision_for(visit),
        visits=_visits(visit, posts), inspections=_inspections(visit),
        checks=any(post.role in _CHECKERS for post in posts), troubles=_troubles(visit),
    )  # fmt: skip


def _troubles(visit: Visit) -> Sequence[Wording]:
    """Return what the engine needs somebody for: whoever administers the whole is that somebody."""
    whole = (grant for grant in visit.actor.grants if grant.path.count("/") <= _OF_THE_ROOT)
    if all(grant.role is not Role.ADMIN for grant in whole):
        return ()
    return check_health(visit.office, at=visit.at).problems


def _duties(visit: Visit) -> Sequence[Figure]:
    """Return what is to be done by a day besides cases; nothing when there is none."""
    figures = [
        _duty_figure(visit, Wording("等我办的", "waiting for me"), DutyFilter(mine=True)),
        _duty_figure(
            visit, Wording("已逾期", "late"), DutyFilter(mine=True, late=True), tone="late"
        ),
    ]
    return figures if figures[0].n else ()


def _duty_figure(visit: Visit, label: Wording, wanted: DutyFilter, tone: str = "") -> Figure:
    n = count_duties(visit.office, by=visit.by, today=china_day(visit.at), wanted=wanted)
    return Figure(label, n, "/duties?mine=1" + "&late=1" * wanted.late, tone if n else "")


def _visits(visit: Visit, posts: Sequence[Post]) -> Figure | None:
    """How many look-back visits wait: for an inspector also when none does."""
    waiting = len(my_visits(visit.office, by=visit.by))
    if not waiting and all(post.role is not Role.INSPECTOR for post in posts):
        return None
    label = Wording("我的复查", "visits waiting for me")
    return Figure(label, waiting, "/visits", "soon" if waiting else "")


def _inspections(visit: Visit) -> Sequence[Mapping[str, Any]]:
    """What waits to be inspected or signed: today's check is one press away."""
    mine = Wanted(mine=True, size=_INSPECTIONS)
    return list_tasks(visit.office, mine, by=visit.by, today=china_day(visit.at)).rows


def _desk(visit: Visit, post: Post) -> Desk:
    mine = Filter(holder=post.role, place=post.code)
    found = list_cases(
        visit.office, mine, by=visit.by, as_of=visit.at, order=Order.DUE, size=_SHOWN
    )
    return Desk(post, _counted(visit, _figures(visit, mine)), found.rows, _link(mine))


def _figures(visit: Visit, mine: Filter) -> Iterator[_Question]:
    soon = china_day(visit.at) + SOON
    yield _question(Wording("待我办理", "waiting for me"), mine)
    yield _question(Wording("已逾期", "late"), replace(mine, overdue=True), tone="late")
    yield _question(
        Wording("三日内到期（含逾期）", "due in three days, or late"),
        replace(mine, due_to=soon), tone="soon",
    )  # fmt: skip
    if mine.holder in _DECIDERS:
        asked = Filter(place=mine.place, asking=True)
        yield _question(Wording("延期待批", "extensions asked"), asked, tone="soon")


def _overview() -> Iterator[_Question]:
    """What lies within reach, whoever it waits for."""
    yield _question(Wording("未销号", "open"), Filter())
    yield _question(Wording("已逾期", "late"), Filter(overdue=True), tone="late")
    yield _question(Wording("挂牌中", "listed"), Filter(listed=True), tone="listed")


def _question(label: Wording, wanted: Filter, *, tone: str = "") -> _Question:
    return _Question(label, replace(wanted, is_open=True), tone)


def _counted(visit: Visit, questions: Iterable[_Question]) -> list[Figure]:
    asked = list(questions)
    filters = [each.wanted for each in asked]
    counts = count_each(visit.office, filters, by=visit.by, as_of=visit.at)
    return [
        Figure(each.label, count, _link(each.wanted), each.tone if count else "")
        for each, count in zip(asked, counts, strict=True)
    ]


def _link(wanted: Filter) -> str:
    return "/cases?" + urlencode(query_of(wanted, Order.DUE))
