"""报告模板、专项: templates and campaigns of reports read, tried, adopted; a campaign stopped."""

from collections.abc import Mapping
from types import MappingProxyType

from fastapi import Response

from casework.adopting import find_text, list_versions
from casework.events import Door
from casework.filings.campaigning import start_campaign
from casework.filings.campaigns import CAMPAIGNS, list_campaigns, stop_campaign
from casework.filings.templates import TEMPLATES, list_templates
from casework.lookback.looks import Hand
from casework.reach import list_reach
from rules.access import Verb
from rules.filings.campaigns import Campaign
from rules.filings.periods import PeriodKind
from rules.filings.templates import Template
from rules.wording import Trouble
from rules.workdays import china_day
from web.adoption import Edited, edit
from web.forms import Sent
from web.routing import Pages
from web.troubles import status_of
from web.visits import Here, Visit

pages = Pages()

_EXAMPLE = """schema = 1
key = "surroundings_{year}"
zh = "{year}年校园周边专项整治"
en = "campaign on surroundings {year}"
template = "surroundings"
# places = ["PQ01"]    # codes of clusters or units; left out: everybody
source = "our choice"

[[periods]]
first = {day}
last = {day}
# due_on = {day}       # the units'; left out: as the policy says
"""


@pages.get("/filings/templates", permission=Verb.VIEW)
def read_all(visit: Here) -> Response:
    found = list_templates(visit.office)
    return visit.page("filing_templates.html", found=list(found.values()), one=None)


@pages.get("/filings/templates/{template}", permission=Verb.VIEW)
def read(visit: Here, template: str) -> Response:
    """A template's figures: where each number comes from, and its source."""
    return _template(visit, template)


@pages.post("/filings/templates/{template}", permission=Verb.ADMINISTER)
def adopt(visit: Here, form: Sent, template: str) -> Response:
    """Try another text, or put it in force; what is compiled keeps its own."""
    edited = edit(visit, form, TEMPLATES)
    if edited.adopted:
        return visit.redirect(f"/filings/templates/{edited.adopted.part.key}?done=adopt")
    return _template(visit, template, edited)


@pages.get("/filings/campaigns", permission=Verb.VIEW)
def campaigns(visit: Here) -> Response:
    return _campaigns(visit)


@pages.post("/filings/campaigns", permission=Verb.ADMINISTER)
def adopt_campaign(visit: Here, form: Sent) -> Response:
    edited = edit(visit, form, CAMPAIGNS)
    if edited.adopted:
        return visit.redirect("/filings/campaigns?done=adopt")
    return _campaigns(visit, edited)


@pages.post("/filings/campaigns/start", permission=Verb.SWEEP)
def start(visit: Here, form: Sent) -> Response:
    """Start a campaign with what was picked, without writing any text."""
    places = [name[3:] for name in form.texts if name.startswith("at-")]
    try:
        start_campaign(visit.office, form.texts, places, Hand(visit.by, visit.at, Door.PAGE))
    except Trouble as trouble:
        return _campaigns(visit, trouble=trouble, typed=form.texts)
    return visit.redirect("/filings/campaigns?done=start")


@pages.post("/filings/campaigns/stop", permission=Verb.SWEEP)
def stop(visit: Here, form: Sent) -> Response:
    hand = Hand(visit.by, visit.at, Door.PAGE)
    try:
        stop_campaign(visit.office, form.text("key"), form.text("why"), hand)
    except Trouble as trouble:
        return _campaigns(visit, trouble=trouble)
    return visit.redirect("/filings/campaigns?done=stop")


def _template(visit: Visit, key: str, edited: Edited[Template] | None = None) -> Response:
    with visit.office.reading() as connection:
        one = find_text(connection, TEMPLATES, key)
    return visit.page(
        "filing_templates.html", status=edited.status if edited else 200, one=one,
        edited=edited or Edited(one.text), adopts=_adopts(visit),
        versions=list_versions(visit.office, TEMPLATES, one.part.key),
        done=visit.request.query_params.get("done", ""),
    )  # fmt: skip


def _campaigns(
    visit: Visit,
    edited: Edited[Campaign] | None = None,
    *,
    trouble: Trouble | None = None,
    typed: Mapping[str, str] = MappingProxyType({}),
) -> Response:
    today = china_day(visit.at)
    example = _EXAMPLE.format(year=today.year, day=today)
    failed = edited.status if edited else status_of(trouble) if trouble else 200
    known = list_templates(visit.office).values()
    starts = bool(visit.actor.reach(Verb.SWEEP))
    with visit.office.reading() as connection:
        places = list_reach(connection, visit.actor, Verb.SWEEP) if starts else []
    return visit.page(
        "filing_campaigns.html", status=failed, trouble=trouble, adopts=_adopts(visit),
        starts=starts, typed=typed, places=places, today=today,
        templates=[each for each in known if each.period is PeriodKind.CAMPAIGN],
        rows=list_campaigns(visit.office, by=visit.by, today=today),
        edited=edited or Edited(example), done=visit.request.query_params.get("done", ""),
    )  # fmt: skip


def _adopts(visit: Visit) -> bool:
    return bool(visit.actor.reach(Verb.ADMINISTER))
