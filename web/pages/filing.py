"""One filing: filled in, checked, signed, corrected; each number leads to its cases."""

from collections.abc import Callable, Container, Mapping
from typing import Any
from urllib.parse import urlencode

from fastapi import Response

from casework.events import Door
from casework.filings.checking import check_filing
from casework.filings.correcting import correct_filing
from casework.filings.figures import show_figure
from casework.filings.filling import fields_of, fill_in
from casework.filings.papers import draw_filing, form_of
from casework.filings.places import Which
from casework.filings.returning import return_filing
from casework.filings.showing import show_filing
from casework.filings.signing import sign_filing
from rules.access import Verb
from rules.filings.acts import Outcome
from rules.wording import Trouble
from web.charts import draw_bars, draw_lines
from web.forms import Form, Sent
from web.pages import asking
from web.pages.documents import base_of
from web.pages.filings import address
from web.routing import Pages
from web.troubles import status_of
from web.visits import Here, Visit

pages = Pages()

_PATH = "/filings/{template}/{period}/{unit}"
_CHARTED = 4  # figures beside one another that are counts of cases


@pages.get(_PATH, permission=Verb.VIEW)
def show(visit: Here, template: str, period: str, unit: str) -> Response:
    return _page(visit, Which(template, period, unit))


@pages.get(_PATH + "/figures/{figure}", permission=Verb.VIEW)
def number(visit: Here, template: str, period: str, unit: str, figure: str) -> Response:
    which = Which(template, period, unit)
    shown = show_figure(visit.office, which, figure, by=visit.by, at=visit.at)
    trend = shown["trend"]
    names = [each["period"] for each in trend]
    line = draw_lines(names, [("", [each["value"] for each in trend])]) if trend else None
    bars = [(each["unit"], each["value"], visit.say(each["said"])) for each in shown["parts"]]
    return visit.page(
        "filing_figure.html", shown=shown, line=line, bars=draw_bars(bars) if bars else None,
        asked=asking.address, cases_of=_cases_of, back=address(shown), address=address,
    )  # fmt: skip


@pages.get(_PATH + "/file.{form}", permission=Verb.VIEW)
def download(visit: Here, template: str, period: str, unit: str, form: str) -> Response:
    version = visit.request.query_params.get("version", "")
    made = draw_filing(
        visit.office, Which(template, period, unit), form_of(f"file.{form}"), by=visit.by,
        at=visit.at, door=Door.PAGE, version=_version(version), base=base_of(visit),
    )  # fmt: skip
    named = "filename*=UTF-8''" + urlencode({"": made.name})[1:]
    headers = {"Content-Disposition": f"attachment; {named}"}
    return Response(made.data, media_type=made.media_type, headers=headers)


@pages.post(_PATH + "/fill", permission=Verb.REPORT)
def fill(visit: Here, form: Sent, template: str, period: str, unit: str) -> Response:
    """Keep what was typed; the button that was pressed may check it, too."""
    which = Which(template, period, unit)
    typed = _typed(form, fields_of(visit.office, which, by=visit.by))

    def work() -> str:
        how: dict[str, Any] = {"by": visit.by, "at": visit.at, "door": Door.PAGE}
        fill_in(visit.office, which, typed, **how)
        if form.text("then") != "check":
            return "saved"
        return "passed" if check_filing(visit.office, which, **how).passed else "found"

    return _do(visit, which, work, typed)


@pages.post(_PATH + "/sign", permission=Verb.REPORT)
def sign(visit: Here, template: str, period: str, unit: str) -> Response:
    which = Which(template, period, unit)

    def work() -> str:
        sign_filing(visit.office, which, by=visit.by, at=visit.at, door=Door.PAGE)
        return "signed"

    return _do(visit, which, work)


@pages.post(_PATH + "/return", permission=Verb.REPORT)
def give_back(visit: Here, form: Sent, template: str, period: str, unit: str) -> Response:
    which = Which(template, period, unit)

    def work() -> str:
        return_filing(
            visit.office, which, form.text("reason"), by=visit.by, at=visit.at, door=Door.PAGE
        )
        return "returned"

    return _do(visit, which, work)


@pages.post(_PATH + "/correct", permission=Verb.REPORT)
def correct(visit: Here, form: Sent, template: str, period: str, unit: str) -> Response:
    which = Which(template, period, unit)

    def work() -> str:
        correct_filing(
            visit.office, which, form.text("reason"), by=visit.by, at=visit.at, door=Door.PAGE
        )
        return "corrected"

    return _do(visit, which, work)


def _do(
    visit: Visit, which: Which, work: Callable[[], str], typed: Mapping[str, str] | None = None
) -> Response:
    try:
        done = work()
    except Trouble as trouble:
        return _page(visit, which, trouble, typed)
    parts = {"template": which.template, "period": which.period, "unit_code": which.unit}
    return visit.redirect(f"{address(parts)}?done={done}")


def _page(
    visit: Visit,
    which: Which,
    trouble: Trouble | None = None,
    typed: Mapping[str, str] | None = None,
) -> Response:
    version = _version(visit.request.query_params.get("version", ""))
    shown = show_filing(visit.office, which, by=visit.by, at=visit.at, version=version)
    return visit.page(
        "filing.html", status=status_of(trouble) if trouble else 200, shown=shown,
        trouble=trouble, typed=typed or {}, here=address(shown), chart=_chart(visit, shown),
        cases_of=_cases_of, outcomes=list(Outcome), version=version,
        faults={each["row"]: each for each in shown["findings"]},
        done=visit.request.query_params.get("done", ""),
    )  # fmt: skip


def _chart(visit: Visit, shown: Mapping[str, Any]) -> Any:  # noqa: ANN401 — what the template draws
    rows = [
        (visit.say(row["label"]), row["value"], visit.say(row["said"]))
        for row in shown["rows"]
        if row["type"] == "cases" and row["value"] is not None
    ]
    shows = len(rows) >= _CHARTED and any(value for _, value, _ in rows)
    return draw_bars(rows[:_CHARTED] + rows[-_CHARTED:]) if shows else None


def _cases_of(of: Mapping[str, Any], query: str) -> str:
    """Return where the cases behind a number are: of a frozen filing, as they stood then."""
    if not of["number"]:
        return asking.address(query)
    return "/audit/as-of?" + urlencode({"at": of["as_of"].isoformat(), "q": query})


def _typed(form: Form, known: Container[str]) -> dict[str, str]:
    parts = ("reason:", "outcome:", "why:")
    return {
        name: value for name, value in form.texts.items() if name in known or name.startswith(parts)
    }


def _version(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0
