"""检查: what is to be inspected, what was found, and inspections begun on the spot; checklists."""

from collections.abc import Mapping
from urllib.parse import urlencode

from fastapi import Response

from casework.adopting import list_versions
from casework.errors import NotFound
from casework.events import Door
from casework.inspections.checklists import CHECKLISTS, list_checklists
from casework.inspections.listing import list_tasks
from casework.inspections.naming import begin_inspection
from casework.lookback.looks import Hand
from casework.people import Unit
from casework.reach import list_reach
from models import Place
from rules.access import Verb
from rules.inspections.acts import TaskState
from rules.inspections.checklists import Checklist
from rules.inspections.kinds import PLANNERS, VISITORS, InspectionKind
from rules.wording import Trouble, Wording
from rules.workdays import china_day
from web.adoption import Edited, edit
from web.forms import Sent, bad_choice
from web.inspections import NARROWING, Tab, holds, tab_of, wanted_of
from web.routing import Pages
from web.troubles import status_of
from web.visits import Here, Visit

pages = Pages()


@pages.get("/inspections", permission=Verb.VIEW)
def list_(visit: Here) -> Response:
    query, tab = visit.request.query_params, tab_of(visit)
    page = list_tasks(visit.office, wanted_of(visit), by=visit.by, today=china_day(visit.at))
    kept = {name: query[name] for name in NARROWING if query.get(name)}
    same = "/inspections?" + urlencode({"show": tab.value, **kept})
    with visit.office.reading() as connection:
        places = list_reach(connection, visit.actor, Verb.VIEW)
    return visit.page(
        "inspections.html", rows=page.rows, tab=tab, tabs=list(Tab), kinds=list(InspectionKind),
        asked=query, narrows=bool(kept), kept=urlencode(kept), places=places,
        first=same if query.get("after") else "", address=same,
        following=f"{same}&{urlencode({'after': page.after})}" if page.after else "",
        plans=holds(visit, PLANNERS), visits=holds(visit, VISITORS), states=TaskState,
    )  # fmt: skip


@pages.get("/inspections/begin", permission=Verb.VIEW)
def ask(visit: Here) -> Response:
    return _beginning(visit, visit.request.query_params)


@pages.post("/inspections/begin", permission=Verb.VIEW)
def begin(visit: Here, form: Sent) -> Response:
    """Begin an inspection that no plan asked for."""
    try:
        if form.text("kind") not in set(InspectionKind):
            raise bad_choice("kind")
        begun = begin_inspection(
            visit.office, form.text("unit"), form.text("checklist"),
            InspectionKind(form.text("kind")), Hand(visit.by, visit.at, Door.PAGE),
        )  # fmt: skip
    except Trouble as trouble:
        return _beginning(visit, form.texts, trouble)
    return visit.redirect(f"/inspections/{begun.number}")


@pages.get("/inspections/checklists", permission=Verb.VIEW)
def read_all(visit: Here) -> Response:
    return visit.page("inspection_checklists.html", found=list_checklists(visit.office), one=None)


@pages.get("/inspections/checklists/{checklist}", permission=Verb.VIEW)
def read(visit: Here, checklist: str) -> Response:
    """A checklist's items, each with the clause behind it and the case it would raise."""
    return _checklist(visit, checklist)


@pages.post("/inspections/checklists/{checklist}", permission=Verb.ADMINISTER)
def adopt(visit: Here, form: Sent, checklist: str) -> Response:
    """Try another text, or put it in force; records keep the version they answered."""
    edited = edit(visit, form, CHECKLISTS)
    if edited.adopted:
        key = edited.adopted.part.key
        return visit.redirect(f"/inspections/checklists/{key}?done=adopt")
    return _checklist(visit, checklist, edited)


def _checklist(visit: Visit, key: str, edited: Edited[Checklist] | None = None) -> Response:
    found = list_checklists(visit.office)
    one = next((each for each in found if each.part.key == key), None)
    if one is None:
        raise NotFound(
            Wording("没有这张检查表", "there is no such checklist"),
            remedy=Wording("请从列表中选择。", "Choose one of the list."),
            where="checklist",
        )
    return visit.page(
        "inspection_checklists.html", status=edited.status if edited else 200,
        found=found, one=one, labels=visit.category_labels, edited=edited or Edited(one.text),
        adopts=bool(visit.actor.reach(Verb.ADMINISTER)),
        versions=list_versions(visit.office, CHECKLISTS, key),
        done=visit.request.query_params.get("done", ""),
    )  # fmt: skip


def _beginning(visit: Visit, typed: Mapping[str, str], trouble: Trouble | None = None) -> Response:
    with visit.office.reading() as connection:
        places = list_reach(connection, visit.actor, Verb.VIEW)
    checklists = [each.part for each in list_checklists(visit.office)]
    units: list[Unit] = [each for each in places if each.kind is Place.UNIT]
    return visit.page(
        "inspection_begin.html", status=status_of(trouble) if trouble else 200, units=units,
        checklists=[each for each in checklists if each.kinds != (InspectionKind.SELF,)],
        kinds=[each for each in InspectionKind if each is not InspectionKind.SELF], typed=typed,
        trouble=trouble,
    )  # fmt: skip
