"""标准化创建: who has assessed themselves and who has not, and the ranking of each cluster."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from fastapi import Response

from casework.reach import list_reach
from casework.scoring.listing import STANDINGS, cover, rank
from casework.scoring.sheets import list_sheets
from casework.scoring.workbooks import write_ranking
from rules.access import Verb
from rules.scoring.acts import FILLS, ScoringStage
from rules.scoring.sheets import Sheet, sheets
from rules.wording import Trouble
from rules.workdays import china_day
from web.downloads import send_made
from web.paging import number_of
from web.routing import Pages
from web.troubles import status_of
from web.visits import Here, Visit

pages = Pages()

_FIRST = next(iter(sheets()))
"""The sheet that is shown when none is asked for."""
_MOST = 300
"""Schools on a page: more are reached by choosing a cluster."""
_YEARS = 3


@pages.get("/assessments", permission=Verb.VIEW)
def show(visit: Here) -> Response:
    query, today = visit.request.query_params, china_day(visit.at)
    place, standing = query.get("place", ""), query.get("standing", "")

    def ask(sheet: str, year: int) -> Any:  # noqa: ANN401 — what the template shows
        return cover(
            visit.office, sheet, year, by=visit.by, today=today, place=place, standing=standing
        )

    found, trouble = _asked(visit, ask)
    if found is None:
        place = standing = ""
        found = ask(_FIRST, today.year)
    with visit.office.reading() as connection:
        places = list_reach(connection, visit.actor, Verb.VIEW)
    return visit.page(
        "assessments.html", status=status_of(trouble) if trouble else 200, found=found,
        rows=found.rows[:_MOST], more=max(0, len(found.rows) - _MOST), places=places, place=place,
        standing=standing, standings=STANDINGS, years=_years(visit), trouble=trouble,
        sheets=_sheets(visit),
        assesses=any(grant.role in FILLS[ScoringStage.SCHOOL] for grant in visit.actor.grants),
    )  # fmt: skip


@pages.get("/assessments/ranking", permission=Verb.VIEW)
def ranking(visit: Here) -> Response:
    def ask(sheet: str, year: int) -> Any:  # noqa: ANN401 — what the template shows
        return rank(visit.office, sheet, year, by=visit.by)

    found, trouble = _asked(visit, ask)
    found = found or ask(_FIRST, china_day(visit.at).year)
    return visit.page(
        "assessments_ranking.html", status=status_of(trouble) if trouble else 200, found=found,
        years=_years(visit), trouble=trouble, sheets=_sheets(visit),
    )  # fmt: skip


@pages.get("/assessments/ranking.xlsx", permission=Verb.VIEW)
def download(visit: Here) -> Response:
    query = visit.request.query_params
    year = number_of(query, "year") or china_day(visit.at).year

    def write(path: Path) -> object:
        sheet = query.get("sheet", "") or _FIRST
        return write_ranking(visit.office, sheet, year, path, visit.taking)

    return send_made(f"assessments-{year}.xlsx", write)


def _asked(visit: Visit, ask: Callable[[str, int], Any]) -> tuple[Any, Trouble | None]:
    query = visit.request.query_params
    try:
        year = number_of(query, "year") or china_day(visit.at).year
        return ask(query.get("sheet", "") or _FIRST, year), None
    except Trouble as trouble:
        return None, trouble


def _sheets(visit: Visit) -> list[Sheet]:
    return [each[0].part for each in list_sheets(visit.office).values()]


def _years(visit: Visit) -> list[str]:
    this = china_day(visit.at).year
    return [str(year) for year in range(this + 1, this - _YEARS, -1)]
