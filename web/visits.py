"""One request as a page sees it: who asks, when, in which language, and how a page is drawn."""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Depends, Request, Response
from starlette.responses import HTMLResponse, RedirectResponse

from casework.accounts.sessions import Caller, Session, find_session
from casework.events import Door
from casework.exporting.sheet import Taking
from casework.office import Office
from casework.people import find_actor
from rules.access import Actor, Verb
from rules.policy import Policy
from rules.wording import Locale, Wording
from web.rendering import Theme, draw
from web.settings import Settings

_NOBODY = Actor(None, ())
_LOCALES: dict[str, Locale] = {"zh": "zh", "zh-CN": "zh", "en": "en"}
_A_YEAR = 366 * 24 * 3600


@dataclass
class Visit:
    """What a page function is given. ``at`` is the one moment of the whole request."""

    request: Request
    office: Office
    settings: Settings
    at: datetime
    locale: Locale
    theme: Theme
    session: Session | None

    @property
    def by(self) -> str:
        """Return the code of who asks, as casework's verbs take it; '' for nobody."""
        return self.session.code if self.session and not self.session.pending else ""

    @cached_property
    def actor(self) -> Actor:
        if not self.by:
            return _NOBODY
        with self.office.reading() as connection:
            return find_actor(connection, self.by)

    @cached_property
    def policy(self) -> Policy:
        """Return the policy in force."""
        with self.office.reading() as connection:
            return self.office.rulebooks.at(connection, self.at).policy

    @property
    def category_labels(self) -> dict[str, Wording]:
        return {each.key: each.label for each in self.policy.categories}

    @property
    def caller(self) -> Caller:
        client = self.request.client
        agent = self.request.headers.get("user-agent", "")
        return Caller(client.host if client else "", agent)

    @property
    def taking(self) -> Taking:
        """Who takes a sheet away by a page."""
        return Taking(self.by, self.at, Door.PAGE, self.locale)

    @property
    def may_report(self) -> bool:
        return bool(self.actor.reach(Verb.REPORT))

    @property
    def path(self) -> str:
        """Return the address asked for, to come back to; a form's own address is none to ask."""
        if self.request.method != "GET":
            return "/"
        query = [(name, value) for name, value in self.request.query_params.multi_items()
                 if name != "lang"]  # fmt: skip
        return self.request.url.path + (f"?{urlencode(query)}" if query else "")

    def say(self, wording: Wording) -> str:
        return wording.say(self.locale)

    def page(self, template: str, *, status: int = 200, **shown: Any) -> HTMLResponse:  # noqa: ANN401 — each template's own
        """Draw a template; ``visit`` is there besides what is given."""
        response = HTMLResponse(draw(template, self, shown), status)
        if chosen := self.request.query_params.get("lang"):
            self.remember(response, "lang", _LOCALES.get(chosen, "zh"))
        return response

    def redirect(self, to: str) -> Response:
        """Lead on after a form: reloading the next page sends nothing twice."""
        return RedirectResponse(to, 303)

    def remember(self, response: Response, name: str, value: str) -> None:
        """Keep a preference in a cookie; it is nobody's secret."""
        response.set_cookie(
            name, value, max_age=_A_YEAR, httponly=True, samesite="lax", secure=self.settings.https
        )

    def let_in(self, response: Response, token: str, *, seconds: int) -> Response:
        response.set_cookie(
            self.settings.cookie, token, max_age=seconds, path="/", httponly=True,
            samesite="lax", secure=self.settings.https,
        )  # fmt: skip
        return response

    def let_out(self, response: Response) -> Response:
        response.delete_cookie(
            self.settings.cookie,
            path="/",
            httponly=True,
            samesite="lax",
            secure=self.settings.https,
        )
        return response


def visit_of(request: Request, *, guest: bool = False) -> Visit:
    """Return the request's visit, made once; ``guest`` asks nobody who it is."""
    known: Visit | None = getattr(request.state, "visit", None)
    if known is not None:
        return replace(known, session=None) if guest else known
    settings: Settings = request.app.state.settings
    office: Office = request.app.state.office
    at = settings.now()
    token = request.cookies.get(settings.cookie, "")
    session = find_session(office, token, at=at) if token and not guest else None
    visit = Visit(request, office, settings, at, _locale(request), _theme(request), session)
    if not guest:
        request.state.visit = visit
    return visit


def _current(request: Request) -> Visit:
    return visit_of(request)


Here = Annotated[Visit, Depends(_current)]
"""The parameter of a page function: who asks, and all it needs to answer."""


def _locale(request: Request) -> Locale:
    """Return the language asked for by ``?lang=``, else the one kept, else Chinese."""
    asked = request.query_params.get("lang") or request.cookies.get("lang", "")
    return _LOCALES.get(asked, "zh")


def _theme(request: Request) -> Theme:
    kept = request.cookies.get("theme", "")
    return Theme(kept) if kept in set(Theme) else Theme.AUTO
