"""Signing in by another house's account: vouched for there, let in as a person here."""

from collections.abc import Mapping
from datetime import datetime
from secrets import token_hex
from typing import Any

from casework.accounts.linking import find_linked, link_by_email
from casework.accounts.provider import Provider, Refusal, Return
from casework.accounts.sessions import Caller, open_session
from casework.accounts.signing_in import Opened, let_in
from casework.accounts.throttle import note_failure, require_calm
from casework.errors import Refused
from casework.events import Door
from casework.office import Office
from notifications.sealing import Keys
from rules.oidc import verified_email
from rules.wording import Wording


class Unknown(Refused):
    """The provider knows who it is, and we do not."""


def sign_in_by(
    office: Office,
    provider: Provider,
    come: Return,
    *,
    keys: Keys,
    caller: Caller,
    at: datetime,
) -> Opened:
    """Open a session for whoever came back from the provider.

    Raise Refusal for a code or token that does not hold, Unknown for somebody who is nobody here,
    TooMany after too many failures from the address, Unavailable without an answer.
    """
    address = caller.address[:64]
    with office.reading() as connection:
        require_calm(connection, _nobody(), address, at=at)
    try:
        claims = provider.claims(come, at=at)
        return _open(office, keys, provider, claims, caller, at)
    except (Refusal, Unknown):
        with office.writing() as connection:
            note_failure(connection, _nobody(), address, at=at)
        raise


def _open(
    office: Office,
    keys: Keys,
    provider: Provider,
    claims: Mapping[str, Any],
    caller: Caller,
    at: datetime,
) -> Opened:
    subject = claims["sub"]
    with office.writing() as connection:
        found = find_linked(connection, provider.issuer, subject)
        email = verified_email(claims) if provider.link_by_email else ""
        if (
            found is None
            and email
            and link_by_email(connection, keys, provider.issuer, subject, email, at=at)
        ):
            found = find_linked(connection, provider.issuer, subject)
        if found is None or found.disabled_at is not None:
            raise _unknown(subject)
        pending = found.totp_at is not None
        token = open_session(connection, found.id, caller, at=at, pending=pending)
        if not pending:
            let_in(connection, found.id, found.code, at, Door.PAGE, by="oidc")
    return Opened(token, pending)


def _nobody() -> str:
    """Return a code that is nobody's: what fails before we know who it is counts by address."""
    return f"oidc:{token_hex(8)}"


def _unknown(subject: str) -> Unknown:
    return Unknown(
        Wording(
            "您的统一身份还没有绑定到本系统的账号", "this identity is linked to no account here"
        ),
        remedy=Wording(
            f"请把标识 {subject} 交给管理员绑定，或用密码登录。",
            f"Give an administrator the subject {subject}, or use your password.",
        ),
        where="oidc",
    )
