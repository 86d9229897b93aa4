"""Sign in by another house's account: there and back, and only in the browser it began in."""

import hmac
import json
from datetime import datetime, timedelta
from secrets import token_urlsafe
from urllib.parse import quote

from fastapi import Response
from starlette.responses import RedirectResponse

from casework.accounts.by_provider import sign_in_by
from casework.accounts.provider import Asked, Provider, Return, refused
from casework.accounts.register import has_accounts
from casework.accounts.sessions import LONGEST, PENDING
from casework.errors import NotFound
from notifications.sealing import Unopened
from rules.wording import Trouble, Wording
from web.pages.signing_in import leave_old_session, safe_path
from web.permission import Anyone
from web.routing import Pages
from web.troubles import status_of
from web.visits import Here, Visit

pages = Pages()

WITHIN = timedelta(minutes=10)
"""How long one may take at the provider."""


@pages.get("/login/oidc", permission=Anyone.ANYBODY)
def leave(visit: Here) -> Response:
    """Send the browser to the provider; what it must bring back is sealed in a cookie."""
    provider = _provider(visit)
    onward = safe_path(visit.request.query_params.get("next", "/"))
    asked = Asked(*(token_urlsafe(32) for _ in Asked._fields))
    try:
        address = provider.address(asked, _back(visit))
    except Trouble as trouble:
        return _refuse(visit, trouble, onward)
    response = RedirectResponse(address, 303)
    kept = json.dumps([*asked, onward, visit.at.isoformat()])
    response.set_cookie(
        _cookie(visit), visit.settings.keys.seal(kept), max_age=int(WITHIN.total_seconds()),
        path="/", httponly=True, samesite="lax", secure=visit.settings.https,
    )  # fmt: skip
    return response


@pages.get("/login/oidc/back", permission=Anyone.ANYBODY)
def come_back(visit: Here) -> Response:
    provider, query = _provider(visit), visit.request.query_params
    onward = "/"
    try:
        asked, onward = _asked(visit)
        _require_ours(provider, asked, query.get("state", ""), query.get("iss", provider.issuer))
        opened = sign_in_by(
            visit.office, provider, Return(_code(query.get("code", "")), asked, _back(visit)),
            keys=visit.settings.keys, caller=visit.caller, at=visit.at,
        )  # fmt: skip
    except Trouble as trouble:
        return _refuse(visit, trouble, onward)
    leave_old_session(visit)
    to = f"/login/second?next={quote(onward, safe='')}" if opened.pending else onward
    seconds = int((PENDING if opened.pending else LONGEST).total_seconds())
    return _forget(visit, visit.let_in(visit.redirect(to), opened.token, seconds=seconds))


def _provider(visit: Visit) -> Provider:
    if visit.settings.provider is None:
        raise NotFound(
            Wording("没有设置统一身份认证", "no identity provider is set up"),
            remedy=Wording("请用密码登录。", "Use your password."),
        )
    return visit.settings.provider


def _asked(visit: Visit) -> tuple[Asked, str]:
    """Return what this browser was sent away with, and where it is to go on to."""
    try:
        kept = json.loads(visit.settings.keys.unseal(visit.request.cookies.get(_cookie(visit), "")))
    except (Unopened, ValueError) as fault:
        raise refused(_ANOTHER) from fault
    state, nonce, verifier, onward, since = kept
    if not timedelta(0) <= visit.at - datetime.fromisoformat(since) <= WITHIN:
        raise refused(Wording("用时过长", "it took too long"))
    return Asked(state, nonce, verifier), onward


def _require_ours(provider: Provider, asked: Asked, state: str, issuer: str) -> None:
    """Raise Refusal unless the answer is that to this browser's asking, and the provider's own."""
    same = hmac.compare_digest(asked.state.encode(), state.encode())
    if not same or issuer != provider.issuer:  # iss: RFC 9207
        raise refused(_ANOTHER)


def _code(code: str) -> str:
    if not code:  # the person said no there, or may not
        raise refused(Wording("对方没有放行", "the provider let nobody through"))
    return code


_ANOTHER = Wording("与本浏览器的登录不符", "it is no sign-in of this browser")


def _refuse(visit: Visit, trouble: Trouble, onward: str) -> Response:
    with visit.office.reading() as connection:
        founded = has_accounts(connection)
    page = visit.page(
        "login.html", status=status_of(trouble), trouble=trouble, code="", onward=onward,
        founded=founded,
    )  # fmt: skip
    return _forget(visit, page)


def _forget(visit: Visit, response: Response) -> Response:
    """Let what was brought back be used once."""
    response.delete_cookie(
        _cookie(visit), path="/", httponly=True, samesite="lax", secure=visit.settings.https
    )
    return response


def _back(visit: Visit) -> str:
    url = visit.request.url
    return f"{'https' if visit.settings.https else url.scheme}://{url.netloc}/login/oidc/back"


def _cookie(visit: Visit) -> str:
    return f"{visit.settings.cookie}-oidc"
