"""One assessment: opened, filled in and signed by the school, reviewed, frozen, corrected."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

from fastapi import Response

from casework.errors import NotFound
from casework.events import Door
from casework.scoring.filling import attach, fill_in
from casework.scoring.opening import open_assessment
from casework.scoring.places import Which
from casework.scoring.reviewing import review
from casework.scoring.showing import open_evidence, show_assessment
from casework.scoring.signing import correct, sign
from casework.scoring.workbooks import write_assessment
from rules.access import Verb
from rules.scoring.acts import ScoringStage
from rules.wording import Trouble
from web.downloads import send_made
from web.forms import Sent, bad_choice
from web.photos import send_shown
from web.routing import Pages
from web.troubles import status_of
from web.visits import Here, Visit

pages = Pages()

_PATH = "/assessments/{sheet}/{year}/{unit}"
_REVIEWED = "v:"


@pages.get(_PATH, permission=Verb.VIEW)
def show(visit: Here, sheet: str, year: int, unit: str) -> Response:
    return _page(visit, Which(sheet, year, unit))


@pages.get(_PATH + "/evidence/{sha256}", permission=Verb.VIEW)
def evidence(visit: Here, sheet: str, year: int, unit: str, sha256: str) -> Response:
    shown = open_evidence(visit.office, Which(sheet, year, unit), sha256, by=visit.by)
    return send_shown(visit, shown)


@pages.get(_PATH + "/file.xlsx", permission=Verb.VIEW)
def download(visit: Here, sheet: str, year: int, unit: str) -> Response:
    which = Which(sheet, year, unit)

    def write(path: Path) -> object:
        return write_assessment(visit.office, which, path, visit.taking, version=_version(visit))

    return send_made(f"assessment-{year}.xlsx", write)


@pages.post(_PATH + "/open", permission=Verb.REPORT)
def begin(visit: Here, sheet: str, year: int, unit: str) -> Response:
    which = Which(sheet, year, unit)
    return _do(visit, which, "", lambda how: open_assessment(visit.office, which, **how))


@pages.post(_PATH + "/fill", permission=Verb.REPORT)
def fill(visit: Here, form: Sent, sheet: str, year: int, unit: str) -> Response:
    which = Which(sheet, year, unit)
    return _do(visit, which, "saved", lambda how: fill_in(visit.office, which, form.texts, **how))


@pages.post(_PATH + "/attach", permission=Verb.REPORT)
def add_evidence(visit: Here, form: Sent, sheet: str, year: int, unit: str) -> Response:
    which = Which(sheet, year, unit)

    def work(how: Mapping[str, Any]) -> object:
        show_assessment(visit.office, which, by=visit.by)  # nothing is stored for a stranger
        files = [
            visit.office.evidence.put(file.file, name=file.filename or "")
            for name, file in form.files
            if name == "files"
        ]
        return attach(visit.office, which, form.text("item"), files, **how)

    return _do(visit, which, "saved", work)


@pages.post(_PATH + "/review", permission=Verb.REPORT)
def change(visit: Here, form: Sent, sheet: str, year: int, unit: str) -> Response:
    """Change what differs from the reviewer's own values as they stand."""
    which = Which(sheet, year, unit)

    def work(how: Mapping[str, Any]) -> object:
        shown = show_assessment(visit.office, which, by=visit.by)
        given = {
            name.removeprefix(_REVIEWED): value.strip()
            for name, value in form.texts.items()
            if name.startswith(_REVIEWED)
        }
        own = _own(shown)
        values = {key: value for key, value in given.items() if value != own.get(key, "")}
        return review(visit.office, which, values, form.text("reason"), **how)

    return _do(visit, which, "saved", work)


@pages.post(_PATH + "/sign", permission=Verb.REPORT)
def put_name(visit: Here, form: Sent, sheet: str, year: int, unit: str) -> Response:
    which = Which(sheet, year, unit)

    def work(how: Mapping[str, Any]) -> object:
        if form.text("stage") not in set(ScoringStage):
            raise bad_choice("stage")
        return sign(visit.office, which, seen=ScoringStage(form.text("stage")), **how)

    return _do(visit, which, "signed", work)


@pages.post(_PATH + "/correct", permission=Verb.REPORT)
def begin_again(visit: Here, form: Sent, sheet: str, year: int, unit: str) -> Response:
    which = Which(sheet, year, unit)
    return _do(
        visit, which, "corrected",
        lambda how: correct(visit.office, which, form.text("reason"), **how),
    )  # fmt: skip


def _do(
    visit: Visit, which: Which, done: str, work: Callable[[Mapping[str, Any]], object]
) -> Response:
    try:
        work({"by": visit.by, "at": visit.at, "door": Door.PAGE})
    except NotFound:
        raise
    except Trouble as trouble:
        return _page(visit, which, trouble)
    path = "/".join(quote(each, safe="") for each in (which.sheet, str(which.year), which.unit))
    return visit.redirect(f"/assessments/{path}?done={done}")


def _page(visit: Visit, which: Which, trouble: Trouble | None = None) -> Response:
    version = _version(visit)
    shown = show_assessment(visit.office, which, by=visit.by, version=version)
    return visit.page(
        "assessment.html", status=status_of(trouble) if trouble else 200, shown=shown,
        trouble=trouble, version=version, own=_own(shown), here=shown["link"],
        done=visit.request.query_params.get("done", ""),
    )  # fmt: skip


def _version(visit: Visit) -> int:
    text = visit.request.query_params.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0


def _own(shown: Mapping[str, Any]) -> dict[str, str]:
    """Return the values of whoever's turn it is, as they were given, by key."""
    stage = shown["stage"].value
    items = [item for level in shown["levels"] for item in level["items"]]
    marks = {each["key"]: each for each in (*items, *shown["vetoes"])} | {"honour": shown["honour"]}
    given = {key: mark.get(stage) for key, mark in marks.items()}
    return {key: f"{value}" for key, value in given.items() if value is not None}
