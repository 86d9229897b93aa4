"""评分表: score sheets read in all their versions, compared, tried and adopted."""

from fastapi import Response

from casework.scoring.sheets import SHEETS, count_users, find_version, find_versions, list_sheets
from rules.access import Verb
from rules.scoring.changes import changes, reckoned_from
from rules.scoring.sheets import Sheet
from rules.workdays import china_day
from web.adoption import Edited, edit
from web.forms import Sent
from web.paging import number_of
from web.routing import Pages
from web.visits import Here, Visit

pages = Pages()


@pages.get("/assessments/sheets", permission=Verb.VIEW)
def read_all(visit: Here) -> Response:
    today = china_day(visit.at)
    found = [find_version(each, 0, today) for each in list_sheets(visit.office).values()]
    return visit.page("score_sheets.html", found=found, one=None)


@pages.get("/assessments/sheets/{sheet}", permission=Verb.VIEW)
def read(visit: Here, sheet: str) -> Response:
    """A version of a sheet, by default this year's, and what it changes of another."""
    return _page(visit, sheet)


@pages.post("/assessments/sheets/{sheet}", permission=Verb.ADMINISTER)
def adopt(visit: Here, form: Sent, sheet: str) -> Response:
    """Try another version, or put it in force; assessments keep the one they began with."""
    edited = edit(visit, form, SHEETS)
    if edited.adopted:
        part = edited.adopted.part
        return visit.redirect(
            f"/assessments/sheets/{part.key}?version={part.version}&done=adopt"
        )  # fmt: skip
    return _page(visit, sheet, edited)


def _page(visit: Visit, written: str, edited: Edited[Sheet] | None = None) -> Response:
    query, today = visit.request.query_params, china_day(visit.at)
    with visit.office.reading() as connection:
        known = find_versions(connection, written)
    one = find_version(known, number_of(query, "version"), today)
    against = number_of(query, "against")
    old = find_version(known, against, today) if against else None
    return visit.page(
        "score_sheets.html", status=edited.status if edited else 200, one=one, versions=known,
        now=find_version(known, 0, today), old=old, year=today.year,
        changed=changes(old.part, one.part) if old else (), reckoned_from=reckoned_from,
        edited=edited or Edited(known[0].text), users=count_users(visit.office, one.part.key),
        adopts=bool(visit.actor.reach(Verb.ADMINISTER)), done=query.get("done", ""),
    )  # fmt: skip
