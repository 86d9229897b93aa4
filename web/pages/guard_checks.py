"""保安抽查: held by the committee, recorded at the gate from a phone."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from fastapi import Response

from casework.errors import NotFound
from casework.events import Door
from casework.guardchecks.checks import Hand
from casework.guardchecks.drawing import commit_check, draw_check
from casework.guardchecks.looking import list_checks, open_check, publish_check, verify_check
from casework.guardchecks.recording import Seen, record_guard
from rules.access import Role, Verb
from rules.guardchecks.acts import MAY_HOLD, MAY_RECORD, USUAL_SHARE, period_of
from rules.guardchecks.findings import Card, Violation
from rules.wording import Trouble, Wording
from rules.workdays import china_day
from web.forms import Form, Sent
from web.routing import Pages
from web.troubles import status_of
from web.visits import Here, Visit

pages = Pages()


@pages.get("/guard-checks", permission=Verb.CHECK_GUARDS)
def list_(visit: Here) -> Response:
    return _list(visit)


@pages.post("/guard-checks", permission=Verb.LOOK_BACK)
def begin(visit: Here, form: Sent) -> Response:
    """Begin a month's check by committing to its seed."""
    try:
        done = commit_check(
            visit.office, form.text("period").strip(), form.number("share") or 0, _hand(visit),
            visit.settings.keys,
        )  # fmt: skip
    except Trouble as trouble:
        return _list(visit, trouble=trouble, typed=form)
    return visit.redirect(f"/guard-checks/{done.number}")


@pages.get("/guard-checks/{check}", permission=Verb.CHECK_GUARDS)
def show(visit: Here, check: str) -> Response:
    return _check(visit, check)


@pages.post("/guard-checks/{check}/draw", permission=Verb.LOOK_BACK)
def draw(visit: Here, check: str) -> Response:
    try:
        draw_check(visit.office, check, _hand(visit), visit.settings.keys)
    except Trouble as trouble:
        return _check(visit, check, trouble=trouble)
    return visit.redirect(f"/guard-checks/{check}")


@pages.post("/guard-checks/{check}/publish", permission=Verb.LOOK_BACK)
def publish(visit: Here, check: str) -> Response:
    try:
        publish_check(visit.office, check, _hand(visit))
    except Trouble as trouble:
        return _check(visit, check, trouble=trouble)
    return visit.redirect("/public")


@pages.get("/guard-checks/{check}/guard", permission=Verb.CHECK_GUARDS)
def ask(visit: Here, check: str, guard: str = "", unit: str = "") -> Response:
    return _guard(visit, check, (unit, guard))


@pages.post("/guard-checks/{check}/guard", permission=Verb.CHECK_GUARDS)
def record(visit: Here, form: Sent, check: str) -> Response:
    which = form.text("unit"), form.text("guard")
    try:
        record_guard(visit.office, check, *which, _seen(form), _hand(visit))
    except Trouble as trouble:
        return _guard(visit, check, which, trouble=trouble, typed=form)
    return visit.redirect(f"/guard-checks/{check}?done=1")


def _seen(form: Form) -> Seen:
    present = form.text("present") != "0"
    return Seen(
        Card(form.text("name"), form.text("card")) if present else None,
        bool(form.text("national")), bool(form.text("school")),
        [each for each in Violation if form.text(f"v-{each.value}")], form.text("note"),
    )  # fmt: skip


def _hand(visit: Visit) -> Hand:
    return Hand(visit.by, visit.at, Door.PAGE)


def _list(visit: Visit, *, trouble: Trouble | None = None, typed: Form | None = None) -> Response:
    return visit.page(
        "guard_checks.html", status=status_of(trouble) if trouble else 200, trouble=trouble,
        rows=list_checks(visit.office, by=visit.by), holds=_holds(visit),
        period=period_of(china_day(visit.at)), share=USUAL_SHARE,
        typed=typed.texts if typed else {},
    )  # fmt: skip


def _check(visit: Visit, check: str, *, trouble: Trouble | None = None) -> Response:
    found = open_check(visit.office, check, by=visit.by)
    return visit.page(
        "guard_check.html", status=status_of(trouble) if trouble else 200, trouble=trouble,
        check=found, fault=verify_check(visit.office, check, by=visit.by), holds=_holds(visit),
        done=visit.request.query_params.get("done", ""),
        link=lambda each: _link(found["number"], each),
    )  # fmt: skip


def _guard(
    visit: Visit,
    check: str,
    which: tuple[str, str],
    *,
    trouble: Trouble | None = None,
    typed: Form | None = None,
) -> Response:
    found = open_check(visit.office, check, by=visit.by)
    row = next(
        (each for each in found["visits"] if (each["unit_code"], each["guard"]) == which), None
    )
    if row is None:
        raise NotFound(
            Wording("没有抽中这名保安员", "this guard was not drawn"),
            remedy=Wording("请回到抽查页查看。", "Go back to the check."),
            where="guard",
        )
    return visit.page(
        "guard_visit.html", status=status_of(trouble) if trouble else 200, check=found, row=row,
        violations=list(Violation), trouble=trouble, typed=typed.texts if typed else {},
        records=_records(visit, row),
    )  # fmt: skip


def _records(visit: Visit, row: Mapping[str, Any]) -> bool:
    """Whether it is theirs to record: the team's that was drawn, or the committee's."""
    roles = {grant.role for grant in visit.actor.grants} & MAY_RECORD
    return bool(roles) and (row["mine"] or not row["inspectors"] or roles != {Role.INSPECTOR})


def _link(check: str, row: dict[str, Any]) -> str:
    query = urlencode({"unit": row["unit_code"], "guard": row["guard"]})
    return f"/guard-checks/{check}/guard?{query}"


def _holds(visit: Visit) -> bool:
    return any(grant.role in MAY_HOLD for grant in visit.actor.grants)
