"""One's own account: password, second factor, sessions, access tokens."""

from typing import Any

import segno
from fastapi import Response
from markupsafe import Markup

from casework.accounts import second_factor
from casework.accounts.register import change_password
from casework.accounts.sessions import list_sessions, revoke_session
from casework.accounts.tokens import Scope, drop_token, list_tokens, make_token
from casework.errors import Invalid
from casework.events import Door
from casework.reach import list_posts
from rules.wording import Trouble, Wording
from web.devices import device
from web.forms import Form, Sent, bad_choice
from web.permission import Anyone
from web.routing import Pages
from web.troubles import status_of
from web.visits import Here, Visit

pages = Pages()

_DAYS = 90


@pages.get("/account", permission=Anyone.SIGNED_IN)
def show(visit: Here) -> Response:
    return _page(visit)


@pages.post("/account/password", permission=Anyone.SIGNED_IN)
def set_password(visit: Here, form: Sent) -> Response:
    try:
        if form.text("password") != form.text("again"):
            raise _differ()
        change_password(
            visit.office, visit.by, form.text("old"), form.text("password"),
            at=visit.at, door=Door.PAGE,
        )  # fmt: skip
    except Trouble as trouble:
        return _page(visit, trouble=trouble, at="password")
    return visit.let_out(visit.redirect("/login"))


@pages.post("/account/sessions/end", permission=Anyone.SIGNED_IN)
def end(visit: Here, form: Sent) -> Response:
    revoke_session(visit.office, visit.by, _id(form))
    return visit.redirect("/account#sessions")


@pages.post("/account/second/begin", permission=Anyone.SIGNED_IN)
def begin(visit: Here) -> Response:
    return _page(visit, enrolment=_enrolment(visit))


@pages.post("/account/second/complete", permission=Anyone.SIGNED_IN)
def complete(visit: Here, form: Sent) -> Response:
    try:
        codes = second_factor.complete(
            visit.office, visit.settings.keys, visit.by, form.text("second"),
            at=visit.at, door=Door.PAGE,
        )  # fmt: skip
    except Trouble as trouble:
        return _page(visit, trouble=trouble, at="second", enrolment=_enrolment(visit))
    return _page(visit, codes=codes)


@pages.post("/account/second/drop", permission=Anyone.SIGNED_IN)
def drop_second(visit: Here, form: Sent) -> Response:
    try:
        second_factor.drop(
            visit.office, visit.by, form.text("password"), at=visit.at, door=Door.PAGE
        )
    except Trouble as trouble:
        return _page(visit, trouble=trouble, at="drop")
    return visit.redirect("/account#second")


@pages.post("/account/tokens/make", permission=Anyone.SIGNED_IN)
def make(visit: Here, form: Sent) -> Response:
    scopes = [each for each in Scope if form.text(f"scope-{each.value}")]
    try:
        token = make_token(
            visit.office, visit.by, form.text("name"), scopes, form.number("days") or 0,
            at=visit.at, door=Door.PAGE,
        )  # fmt: skip
    except Trouble as trouble:
        return _page(visit, trouble=trouble, at="tokens")
    return _page(visit, token=token)


@pages.post("/account/tokens/drop", permission=Anyone.SIGNED_IN)
def drop(visit: Here, form: Sent) -> Response:
    drop_token(visit.office, visit.by, _id(form), at=visit.at, door=Door.PAGE)
    return visit.redirect("/account#tokens")


def _enrolment(visit: Visit) -> dict[str, Any]:
    begun = second_factor.begin(visit.office, visit.settings.keys, visit.by)
    drawn = segno.make(begun.address, error="m").svg_inline(scale=5, border=2, light="#fff")
    # Our own drawing of an address that we made: nothing in it comes from outside.
    return {"secret": begun.secret, "qr": Markup(drawn)}  # noqa: S704 — see above


def _page(visit: Visit, *, trouble: Trouble | None = None, at: str = "", **new: Any) -> Response:  # noqa: ANN401 — what was just made
    with visit.office.reading() as connection:
        posts = list_posts(connection, visit.by)
    return visit.page(
        "account.html", status=status_of(trouble) if trouble else 200, trouble=trouble, at=at,
        posts=posts, sessions=list_sessions(visit.office, visit.by, at=visit.at),
        tokens=list_tokens(visit.office, visit.by), scopes=list(Scope), days=_DAYS, device=device,
        enrolled=second_factor.is_enrolled(visit.office, visit.by),
        **{"enrolment": None, "codes": [], "token": "", **new},
    )  # fmt: skip


def _id(form: Form) -> int:
    found = form.number("id")
    if found is None:
        raise bad_choice("id")
    return found


def _differ() -> Invalid:
    return Invalid(
        Wording("两次输入的密码不同", "the two passwords differ"),
        remedy=Wording("请重新输入。", "Type them again."),
        where="again",
    )
