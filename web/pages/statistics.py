"""统计: figures with their definitions, charts over tables, and the same as a workbook."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from fastapi import Response

from casework.auditing.figures import Figures
from casework.auditing.pivot import write_pivot
from casework.auditing.statistics import count_statistics
from casework.case_list import Filter
from casework.reach import list_reach
from rules.access import Verb
from rules.case import Level
from rules.deadlines import Stage
from rules.looking import Look
from rules.statistics import DEFINITIONS, LET_IT_LIE, Grouping, together
from rules.wording import Trouble, Wording
from rules.workdays import CHINA, open_of
from web.charts import Bars, Line, draw_bars, draw_lines
from web.downloads import send_made
from web.figures import Share
from web.forms import bad_choice
from web.looking import record_look
from web.moments import moment_in, opening_in, picked
from web.pages.asking import address
from web.queries import query_of, read_query
from web.routing import Pages
from web.troubles import status_of
from web.visits import Here, Visit

pages = Pages()

_IN_TIME = (Grouping.MONTH, Grouping.QUARTER)
_MOST_BARS = 20
_NONE = "—"


@dataclass(frozen=True, slots=True)
class _Asked:
    """What an address asks to be counted; ``until`` None is now."""

    grouping: Grouping
    wanted: Filter
    since: datetime | None
    until: datetime | None


@pages.get("/audit/statistics", permission=Verb.VIEW)
def show(visit: Here) -> Response:
    try:
        asked = _read(visit.request.query_params)
        found = _count(visit, asked)
        record_look(visit, Look.STATISTICS, _seen(asked))
    except Trouble as trouble:
        asked = _Asked(Grouping.NONE, Filter(), None, None)
        return _page(visit, asked, [], trouble=trouble)
    return _page(visit, asked, found)


@pages.get("/audit/statistics.xlsx", permission=Verb.VIEW)
def pivot(visit: Here) -> Response:
    asked = _read(visit.request.query_params)
    found = [_renamed(visit, asked.grouping, each) for each in _count(visit, asked)]
    name = f"bihuan-statistics-{asked.grouping.value}.xlsx"
    record_look(visit, Look.EXPORT, {**_seen(asked), "file": name})
    return send_made(name, lambda path: write_pivot(path, asked.grouping, found, visit.locale))


def _read(query: Mapping[str, str]) -> _Asked:
    by = query.get("by", "") or Grouping.CLUSTER.value
    if by not in set(Grouping):
        raise bad_choice("by")
    wanted, _ = read_query(query)
    return _Asked(Grouping(by), wanted, opening_in(query, "since"), moment_in(query, "until"))


def _count(visit: Visit, asked: _Asked) -> Sequence[Figures]:
    return count_statistics(
        visit.office, asked.grouping, asked.wanted, by=visit.by,
        until=asked.until or visit.at, since=asked.since,
    )  # fmt: skip


def _seen(asked: _Asked) -> dict[str, Any]:
    return {"by": asked.grouping.value, "place": asked.wanted.place}


def _page(
    visit: Visit, asked: _Asked, found: Sequence[Figures], *, trouble: Trouble | None = None
) -> Response:
    named = [_renamed(visit, asked.grouping, each) for each in found]
    with visit.office.reading() as connection:
        places = list_reach(connection, visit.actor, Verb.VIEW)
    within = _within(asked, places)
    kept = {**query_of(asked.wanted), "by": asked.grouping.value}
    kept |= {"since": picked(asked.since)} if asked.since else {}
    kept |= {"until": asked.until.isoformat()} if asked.until else {}
    return visit.page(
        "audit_statistics.html", status=status_of(trouble) if trouble else 200, trouble=trouble,
        asked=asked, groupings=list(Grouping), levels=list(Level),
        categories=visit.policy.categories, places=places, picked=picked,
        rows=[_row(asked, within, each) for each in named],
        stages=_stages(named, within if asked.since is None else None),
        charts=_charts(visit, asked, named), definitions=DEFINITIONS,
        download=f"/audit/statistics.xlsx?{urlencode(kept)}",
    )  # fmt: skip


def _renamed(visit: Visit, grouping: Grouping, figures: Figures) -> Figures:
    """Call a group as people do: the database knows levels and categories by their keys."""
    figures.name = visit.say(_called(visit, grouping, figures))
    return figures


def _called(visit: Visit, grouping: Grouping, figures: Figures) -> Wording:
    if grouping is Grouping.NONE:
        return Grouping.NONE.label
    if grouping is Grouping.LEVEL:
        return Level(figures.key).label
    if grouping is Grouping.CATEGORY:
        category = visit.policy.category(figures.key)
        return category.label if category else Wording(figures.name, figures.name)
    if grouping is Grouping.CLUSTER and figures.key == "0":
        return Wording("不属片区", "in no cluster")
    return Wording(figures.name, figures.name)


def _row(asked: _Asked, within: Sequence[str] | None, figures: Figures) -> dict[str, Any]:
    group = _group(asked.grouping, figures)
    known = within is not None and group is not None
    links = {
        name: address(" ".join([*group, *within, *more])) if known else ""  # type: ignore[misc] # both are known
        for name, more in _LISTS.items()
    }
    counts, stays = figures.counts, together(figures.stages.values())
    kept = counts["reported"] - counts["voided"]
    shares = {
        "on_time_rate": Share(stays.decided - stays.late, stays.decided),
        "listing_rate": Share(counts["listed"], kept, links["listed"], links["kept"]),
        "relapse_rate": Share(
            counts["relapsed"], counts["finished"], links["relapsed"], links["finished"]
        ),
    }
    return figures.plain() | {f"{name}_link": link for name, link in links.items()} | shares


_LISTS: dict[str, tuple[str, ...]] = {
    "reported": (), "closed": ("state:closed", "voided:no"), "voided": ("voided:yes",),
    "open": ("-state:closed",), "listed": ("listed:ever",), "kept": ("voided:no",),
    "relapsed": ("relapsed:yes",), "finished": ("finished:yes",), "late": ("late:yes",),
}  # fmt: skip


def _within(asked: _Asked, places: Sequence[Any]) -> list[str] | None:
    """Return what is counted as parts of a query; None where no query of today can say it."""
    wanted, kinds = asked.wanted, {place.code: place.kind for place in places}
    plain = Filter(place=wanted.place, level=wanted.level, category=wanted.category)
    if asked.until or wanted != plain or wanted.place not in {"", *kinds}:
        return None
    parts = [f"{kinds[wanted.place].value}:{_quoted(wanted.place)}"] if wanted.place else []
    parts += [f"level:{wanted.level.value}"] if wanted.level else []
    parts += [f"category:{_quoted(wanted.category)}"] if wanted.category else []
    if asked.since is None:
        return parts
    day = asked.since.astimezone(CHINA).date()
    return [*parts, f"reported:{day}.."] if open_of(day) == asked.since else None


def _group(grouping: Grouping, figures: Figures) -> list[str] | None:
    match grouping:
        case Grouping.NONE:
            return []
        case Grouping.UNIT | Grouping.CLUSTER:
            return [f"{grouping.value}:{_quoted(figures.name)}"] if figures.key != "0" else None
        case Grouping.LEVEL | Grouping.CATEGORY:
            return [f"{grouping.value}:{figures.key}"]
        case _:
            return [f"reported:{figures.key.replace('-Q', 'Q')}"]


def _quoted(name: str) -> str:
    doubled = name.replace('"', '""')
    return f'"{doubled}"'


def _stages(found: Sequence[Figures], within: Sequence[str] | None = None) -> list[dict[str, Any]]:
    """Return the stays of all groups together, stage by stage, and who holds each.

    Those that still run are cases, and listed where ``within`` can say which.
    """
    rows = []
    for stage in Stage:
        stays = together(each.stages[stage] for each in found)
        rows.append({
            "stage": stage.label, "held": LET_IT_LIE[stage], "ended": stays.ended.total(),
            "running": stays.running.total(), "late": stays.late, "rate": stays.on_time_rate,
            "on_time_rate": percent(stays.on_time_rate), "median": stays.quantile(0.5),
            "p90": stays.quantile(0.9),
            "running_link": "" if within is None else address(
                " ".join([*within, f"stage:{stage.value}"])
            ),
        })  # fmt: skip
    return rows


def _charts(visit: Visit, asked: _Asked, found: Sequence[Figures]) -> dict[str, Any]:
    """Return the chart of cases and that of rates; in time both are lines' business."""
    rates = [(each.name, each.on_time_rate, percent(each.on_time_rate)) for each in found]
    days = [(visit.say(row["stage"]), row["median"], _days(visit, row["median"]))
            for row in _stages(found)]  # fmt: skip
    in_time = asked.grouping in _IN_TIME
    return {
        "line": _over_time(found) if in_time else None,
        "cases": None if in_time else _reported(found),
        "rates": draw_bars(rates[:_MOST_BARS], most=1, tone="chart-ok"),
        "days": draw_bars(days),
    }  # fmt: skip


def _over_time(found: Sequence[Figures]) -> Line:
    counts = [
        (tone, [each.counts[name] for each in found])
        for name, tone in (("reported", ""), ("closed", "chart-ok"))
    ]
    return draw_lines([each.name for each in found], counts)


def _reported(found: Sequence[Figures]) -> Bars:
    most = sorted(found, key=lambda each: -each.counts["reported"])[:_MOST_BARS]
    return draw_bars(
        [(each.name, each.counts["reported"], str(each.counts["reported"])) for each in most]
    )


def _days(visit: Visit, days: int | None) -> str:
    return _NONE if days is None else visit.say(Wording(f"{days} 天", f"{days} d"))


def percent(share: float | None) -> str:
    """Return a share in percent; a dash where the denominator is 0."""
    return _NONE if share is None else f"{share:.1%}"
