"""What an ID token must say before anybody is let in by it (OpenID Connect Core 1.0, 3.1.3.7).

Its signature is checked elsewhere; these are claims, as they came.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from rules.wording import Wording

LEEWAY = timedelta(minutes=1)
"""How far two clocks may differ."""
OLDEST = timedelta(minutes=10)
"""A token is for the sign-in that asked for it, and that takes no longer."""
LONGEST_SUBJECT = 255  # OpenID Connect Core 1.0, 2: ASCII characters at most


class Expected(NamedTuple):
    """What this sign-in expects of its token."""

    issuer: str
    client: str
    nonce: str


def fault_of(claims: Mapping[str, Any], expected: Expected, *, at: datetime) -> Wording | None:
    """Return why nobody is let in by these claims; None when all of them hold."""
    for holds, wording in _CHECKS:
        if not holds(claims, expected, at):
            return wording
    return None


def verified_email(claims: Mapping[str, Any]) -> str:
    """Return the e-mail address that the issuer vouches for, '' for one it does not."""
    email = claims.get("email")
    # True alone: some issuers send "true", and of a text "false" would be as true.
    return email if claims.get("email_verified") is True and isinstance(email, str) else ""


def _of_issuer(claims: Mapping[str, Any], expected: Expected, _at: datetime) -> bool:
    return isinstance(claims.get("iss"), str) and claims["iss"] == expected.issuer


def _for_us(claims: Mapping[str, Any], expected: Expected, _at: datetime) -> bool:
    audience = claims.get("aud")
    named = [audience] if isinstance(audience, str) else audience
    if not isinstance(named, list) or expected.client not in named:
        return False
    party = claims.get("azp")
    return party == expected.client if len(named) > 1 or party is not None else True


def _fresh(claims: Mapping[str, Any], _expected: Expected, at: datetime) -> bool:
    expires, issued = _seconds(claims.get("exp")), _seconds(claims.get("iat"))
    if expires is None or issued is None:
        return False
    now, leeway = at.timestamp(), LEEWAY.total_seconds()
    not_before = _seconds(claims.get("nbf", issued))
    if not_before is None or not_before > now + leeway:
        return False
    return expires > now - leeway and now - OLDEST.total_seconds() < issued <= now + leeway


def _asked_for(claims: Mapping[str, Any], expected: Expected, _at: datetime) -> bool:
    return bool(expected.nonce) and claims.get("nonce") == expected.nonce


def _of_somebody(claims: Mapping[str, Any], _expected: Expected, _at: datetime) -> bool:
    subject = claims.get("sub")
    return (
        isinstance(subject, str) and 0 < len(subject) <= LONGEST_SUBJECT and subject.isprintable()
    )


def _seconds(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


_CHECKS = (
    (_of_issuer, Wording("签发者不符", "another issuer signed it")),
    (_for_us, Wording("不是发给本系统的", "it is meant for another system")),
    (_fresh, Wording("已过期或时间不符", "it has expired, or its time is wrong")),
    (_asked_for, Wording("与本次登录不符", "it belongs to another sign-in")),
    (_of_somebody, Wording("没有写明是谁", "it names nobody")),
)
