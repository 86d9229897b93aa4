"""驾驶舱: open, late and listed cases, the months, and how much is on time or comes back.

What stands on indexes is reckoned at most once a minute. The rates read every clock (half a minute
at a million cases), so they are reckoned beside the page, at most once in half an hour.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, time, timedelta
from typing import NamedTuple

from fastapi import Response

from casework.auditing.figures import Figures
from casework.auditing.statistics import count_statistics
from casework.case_list import Filter
from casework.heat import Heat, count_categories, count_places
from casework.trend import Month, count_months
from rules.access import Verb
from rules.statistics import Grouping, Stays, together
from rules.workdays import CHINA
from web.figures import Share
from web.pages.asking import address
from web.remembering import Kept, Remembered
from web.routing import Pages
from web.visits import Here, Visit

pages = Pages()

_FRESH = timedelta(minutes=1)
_RATES_FRESH = timedelta(minutes=30)
_PATIENCE, _RATES_PATIENCE = 20.0, 2.0  # seconds
EVERY = 60
"""Seconds after which a wall asks again."""


class Board(NamedTuple):
    """What stands on indexes."""

    places: Sequence[Heat]
    categories: Sequence[Heat]
    months: Sequence[Month]

    def total(self, name: str) -> int:
        return sum(int(getattr(each, name)) for each in self.categories)


class Rates(NamedTuple):
    """Shares of the twelve months together, and of each month by its key.

    On time are stays, of which a case has several: no list of cases holds them.
    """

    on_time: Share
    relapsed: Share
    months: Sequence[tuple[str, Share, Share]]
    late_link: str


@pages.get("/dashboard", permission=Verb.VIEW)
def show(visit: Here) -> Response:
    board, rates = _board(visit), _rates(visit)
    wall = visit.request.query_params.get("wall") == "1"
    return visit.page(
        "wall.html" if wall else "dashboard.html", board=board.value if board else None,
        at=board.at if board else visit.at, rates=rates.value if rates else None,
        rates_at=rates.at if rates else None, every=EVERY, wall=wall,
        labels=visit.category_labels,
    )  # fmt: skip


def _board(visit: Visit) -> Kept | None:
    def make() -> Board:
        office, by, at = visit.office, visit.by, visit.at
        return Board(
            count_places(office, by=by, as_of=at), count_categories(office, by=by, as_of=at),
            count_months(office, by=by, as_of=at),
        )  # fmt: skip

    return _remembered(visit).ask(
        ("board", _reach(visit)), make, at=visit.at, life=_FRESH, wait=_PATIENCE
    )


def _rates(visit: Visit) -> Kept | None:
    return _remembered(visit).ask(
        ("rates", _reach(visit)), lambda: _reckon(visit), at=visit.at, life=_RATES_FRESH,
        wait=_RATES_PATIENCE,
    )  # fmt: skip


def _reckon(visit: Visit) -> Rates:
    first = count_months(visit.office, by=visit.by, as_of=visit.at)[0].first
    since = datetime.combine(first, time(), CHINA)
    found = count_statistics(
        visit.office, Grouping.MONTH, Filter(), by=visit.by, until=visit.at, since=since
    )
    stays = [stay for each in found for stay in each.stages.values()]
    within = f"reported:{first}.."
    return Rates(
        _on_time(stays), _relapsed(found, within),
        [(each.key, _on_time(each.stages.values()), _relapsed([each], f"reported:{each.key}"))
         for each in found],
        address(f"{within} late:yes"),
    )  # fmt: skip


def _on_time(stays: Iterable[Stays]) -> Share:
    found = together(stays)
    return Share(found.decided - found.late, found.decided)


def _relapsed(found: Sequence[Figures], within: str) -> Share:
    """Return the cases of a period that were opened again, of those ever verified or closed."""
    return Share(
        sum(each.counts["relapsed"] for each in found),
        sum(each.counts["finished"] for each in found),
        address(f"{within} relapsed:yes"), address(f"{within} finished:yes"),
    )  # fmt: skip


def _remembered(visit: Visit) -> Remembered:
    kept: Remembered = visit.request.app.state.remembered
    return kept


def _reach(visit: Visit) -> tuple[str, ...]:
    """Whoever sees the same places sees the same figures."""
    return visit.actor.reach(Verb.VIEW)
