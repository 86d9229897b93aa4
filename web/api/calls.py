"""One request as the API sees it: whose token asks, for what, when, and in which language."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request

from casework.accounts.tokens import Scope, find_bearer
from casework.errors import Invalid, Refused
from casework.events import Door
from casework.exporting.sheet import Taking
from casework.lookback.looks import Hand
from casework.office import Office
from casework.people import find_actor
from rules.wording import Locale, Wording
from web.api.rates import Rates
from web.permission import Anyone, Permission, is_permitted
from web.settings import Settings

_SCHEME = "bearer "


class NoToken(Refused):
    """No token came, or one that is not ours, is revoked, or has expired."""

    def __init__(self) -> None:
        super().__init__(
            Wording("没有有效的访问令牌", "there is no valid access token"),
            remedy=Wording(
                "请在“账号”页生成令牌，并放入 Authorization: Bearer 请求头。",
                "Make one on the account page and send it as Authorization: Bearer.",
            ),
            where="Authorization",
        )


class NarrowToken(Refused):
    """The token may not do this, whatever its person may."""

    def __init__(self, scope: Scope) -> None:
        super().__init__(
            Wording(
                f"令牌没有“{scope.label.zh}”权限", f"the token lacks the scope {scope.value!r}"
            ),
            remedy=Wording("请生成含该权限的令牌。", "Make a token that has it."),
            where="Authorization",
        )


@dataclass(frozen=True, slots=True)
class Call:
    """What an operation is given. ``at`` is the one moment of the whole request."""

    request: Request
    office: Office
    settings: Settings
    at: datetime
    by: str

    @property
    def locale(self) -> Locale:
        return locale_of(self.request)

    @property
    def base(self) -> str:
        """The address of our pages, for what leads back to them."""
        return self.settings.base_of(self.request.url)

    @property
    def hand(self) -> Hand:
        """Who acts by the API."""
        return Hand(self.by, self.at, Door.API)

    @property
    def taking(self) -> Taking:
        """Who takes a sheet away by the API."""
        return Taking(self.by, self.at, Door.API, self.locale)


class Bearing:
    """The dependency that an operation's permission becomes: a token, its scope, its person's role.

    Sessions of the pages count for nothing here, so that no page elsewhere can use one.
    """

    def __init__(self, permission: Permission, *scopes: Scope) -> None:
        """Any of ``scopes`` will do."""
        self.permission, self.scopes = permission, scopes

    def __call__(self, request: Request) -> Call:
        office: Office = request.app.state.office
        settings: Settings = request.app.state.settings
        at = settings.now()
        if self.permission is Anyone.ANYBODY:
            request.state.call = Call(request, office, settings, at, "")
            return _call_of(request)
        token = _token(request)
        bearer = find_bearer(office, token, at=at) if token else None
        if bearer is None:
            raise NoToken
        rates: Rates = request.app.state.rates
        rates.take(token, changes=request.method not in ("GET", "HEAD"))
        if bearer.scopes.isdisjoint(self.scopes):
            raise NarrowToken(self.scopes[0])
        with office.reading() as connection:
            actor = find_actor(connection, bearer.code)
        if not is_permitted(self.permission, actor):
            raise Refused(
                Wording("您的角色无权使用此接口", "this operation is not for your role"),
                remedy=Wording("请联系管理员授权。", "Ask an administrator for the role."),
            )
        request.state.call = Call(request, office, settings, at, bearer.code)
        return _call_of(request)


def _call_of(request: Request) -> Call:
    call: Call = request.state.call
    return call


Asked = Annotated[Call, Depends(_call_of)]
"""The parameter of an operation: who asks, and all it needs to answer."""


def read_key(header: str) -> str | None:
    """Return the idempotency key; the draft writes it as a quoted string, most people do not."""
    return header.strip().strip('"') or None


def read_version(header: str, said: str | None) -> str | None:
    """Return the version that the asker has seen: by If-Match, else as the body says."""
    tag = header.strip()
    return said if tag in ("", "*") else tag.removeprefix("W/").strip('"')


def read_tag(header: str, said: int | None) -> int | None:
    """Return how many events the asker has seen: by If-Match, else as the body says."""
    number = read_version(header, None)
    if number is None:
        return said
    if number.isascii() and number.isdigit() and len(number) <= 18:
        return int(number)
    raise Invalid(
        Wording("If-Match 不是案件的 ETag", "If-Match is not the ETag of a case"),
        remedy=Wording("请用读取案件时得到的 ETag。", "Send the ETag you got with the case."),
        where="If-Match",
    )


def locale_of(request: Request) -> Locale:
    """Return the language preferred by Accept-Language (RFC 9110, 12.5.4), else Chinese."""
    ranked = sorted(_ranges(request.headers.get("accept-language", "")), reverse=True)
    for weight, _, name in ranked:
        if weight > 0 and name in ("zh", "en"):
            return "en" if name == "en" else "zh"
    return "zh"


def _ranges(header: str) -> Sequence[tuple[float, int, str]]:
    found = []
    for place, part in enumerate(header[:200].split(",")):
        name, _, weight = part.partition(";q=")
        try:
            found.append((float(weight or 1), -place, name.strip().lower().partition("-")[0]))
        except ValueError:
            continue
    return found


def _token(request: Request) -> str:
    header = request.headers.get("authorization", "")
    return header[len(_SCHEME) :].strip() if header.lower().startswith(_SCHEME) else ""
