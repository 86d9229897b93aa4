"""Log in, the second factor, log out, and the language and theme of whoever looks."""

from urllib.parse import quote

from fastapi import Response
from starlette.responses import RedirectResponse

from casework.accounts.register import has_accounts
from casework.accounts.sessions import LONGEST, PENDING, end_session
from casework.accounts.signing_in import pass_second_factor, sign_in
from casework.events import Door
from rules.wording import Trouble
from web.forms import Sent
from web.permission import Anyone
from web.rendering import Theme
from web.routing import Pages
from web.troubles import NotSignedIn, status_of
from web.visits import Here, Visit

pages = Pages()


@pages.get("/login", permission=Anyone.ANYBODY)
def ask(visit: Here) -> Response:
    if visit.by:
        return visit.redirect("/")
    with visit.office.reading() as connection:
        founded = has_accounts(connection)
    onward = safe_path(visit.request.query_params.get("next", "/"))
    return visit.page("login.html", trouble=None, code="", onward=onward, founded=founded)


@pages.post("/login", permission=Anyone.ANYBODY)
def let_in(visit: Here, form: Sent) -> Response:
    onward, code = safe_path(form.text("next")), form.text("code")
    try:
        opened = sign_in(
            visit.office, code, form.text("password"), visit.caller, at=visit.at, door=Door.PAGE
        )
    except Trouble as trouble:
        return visit.page(
            "login.html", status=status_of(trouble), trouble=trouble, code=code, onward=onward,
            founded=True,
        )  # fmt: skip
    leave_old_session(visit)
    to = f"/login/second?next={quote(onward, safe='')}" if opened.pending else onward
    seconds = int((PENDING if opened.pending else LONGEST).total_seconds())
    return visit.let_in(visit.redirect(to), opened.token, seconds=seconds)


@pages.get("/login/second", permission=Anyone.ANYBODY)
def ask_second(visit: Here) -> Response:
    if visit.session is None or not visit.session.pending:
        raise NotSignedIn
    onward = safe_path(visit.request.query_params.get("next", "/"))
    return visit.page("second.html", trouble=None, onward=onward)


@pages.post("/login/second", permission=Anyone.ANYBODY)
def let_in_second(visit: Here, form: Sent) -> Response:
    onward = safe_path(form.text("next"))
    if visit.session is None or not visit.session.pending:
        raise NotSignedIn
    try:
        token = pass_second_factor(
            visit.office, visit.settings.keys, visit.session, form.text("second"), visit.caller,
            at=visit.at, door=Door.PAGE,
        )  # fmt: skip
    except Trouble as trouble:
        status = status_of(trouble)
        return visit.page("second.html", status=status, trouble=trouble, onward=onward)
    seconds = int(LONGEST.total_seconds())
    return visit.let_in(visit.redirect(onward), token, seconds=seconds)


@pages.post("/logout", permission=Anyone.ANYBODY)
def let_out(visit: Here) -> Response:
    leave_old_session(visit)
    return visit.let_out(RedirectResponse("/login", 303))


@pages.post("/preferences", permission=Anyone.ANYBODY)
def prefer(visit: Here, form: Sent) -> Response:
    response = visit.redirect(safe_path(form.text("next")))
    if form.text("lang") in ("zh", "en"):
        visit.remember(response, "lang", form.text("lang"))
    if form.text("theme") in set(Theme):
        visit.remember(response, "theme", form.text("theme"))
    return response


def safe_path(asked: str) -> str:
    """Return an address of ours to lead on to: nobody is led away after a log-in."""
    ours = asked.startswith("/") and not asked.startswith(("//", "/\\", "/login"))
    return asked if ours and asked.isprintable() else "/"


def leave_old_session(visit: Visit) -> None:
    if token := visit.request.cookies.get(visit.settings.cookie, ""):
        end_session(visit.office, token)
