"""Another house's accounts, by OpenID Connect: where to send people, and who came back.

Code flow with PKCE, state and nonce. The operator names the issuer; its document and keys are
fetched when first needed, and its keys again when a token names one that is not there yet.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock
from time import monotonic
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import httpx2
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.httpx_client import OAuth2Client
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from casework.errors import Invalid, Unavailable
from rules.oidc import Expected, fault_of
from rules.wording import Trouble, Wording

SCOPES = "openid profile email"
# None of the shared-key ones, and never "none": who knows the public key could sign by it.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
_SECONDS = 10.0
KEYS_EVERY = 30.0  # seconds: whoever sends made-up key names makes us ask no more often
_HERE = ("localhost", "127.0.0.1", "[::1]", "::1")
_NEEDED = ("authorization_endpoint", "token_endpoint", "jwks_uri")


class Asked(NamedTuple):
    """A sign-in under way, kept by the browser it began in: sealed, for ten minutes."""

    state: str
    nonce: str
    verifier: str


class Return(NamedTuple):
    """Who came back: with which code, to what was asked, at which address of ours."""

    code: str
    asked: Asked
    back: str


class Refusal(Invalid):
    """A sign-in that the provider, or what it sent, did not make good."""


@dataclass(slots=True)
class Provider:
    """``link_by_email`` lets a verified address find the person who has it as a contact; its keys
    are fetched again at most every ``keys_every`` seconds.
    """

    issuer: str
    client: str
    secret: str
    label: str
    link_by_email: bool = False
    keys_every: float = KEYS_EVERY
    _about: dict[str, Any] = field(default_factory=dict)
    _keys: KeySet | None = None
    _keys_at: float = 0.0
    _lock: Lock = field(default_factory=Lock)

    def address(self, asked: Asked, back: str) -> str:
        """Return where to send the browser; ``back`` is where it is to return.

        Raise Unavailable when the provider does not answer as one.
        """
        with self._session(back) as session:
            made, _ = session.create_authorization_url(
                self.about()["authorization_endpoint"], state=asked.state, nonce=asked.nonce,
                code_verifier=asked.verifier,
            )  # fmt: skip
        return str(made)

    def claims(self, come: Return, *, at: datetime) -> Mapping[str, Any]:
        """Return what the provider vouches for of whoever came back.

        Raise Refusal for a code or token that does not hold, Unavailable without an answer.
        """
        token = self._redeem(come)
        try:
            claims = self._opened(token)
        except (JoseError, ValueError) as fault:
            raise refused(
                Wording("身份令牌的签名无效", "the signature of its token does not hold")
            ) from fault
        expected = Expected(self.issuer, self.client, come.asked.nonce)
        if why := fault_of(claims, expected, at=at):
            raise refused(why)
        return claims

    def about(self) -> Mapping[str, Any]:
        """Return the provider's own document, fetched once; raise Unavailable."""
        with self._lock:
            if not self._about:
                found = _fetch(f"{self.issuer.rstrip('/')}/.well-known/openid-configuration")
                if found.get("issuer") != self.issuer or not all(map(found.get, _NEEDED)):
                    raise _silent("issuer")
                for name in _NEEDED:
                    require_safe(found[name])
                self._about = found
            return self._about

    def _session(self, back: str) -> Any:  # noqa: ANN401 — Authlib has no types
        methods = self._about.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        basic = "client_secret_basic" in methods
        named = (
            ("client_secret_basic" if basic else "client_secret_post") if self.secret else "none"
        )
        return OAuth2Client(
            self.client, self.secret or None, scope=SCOPES, redirect_uri=back,
            code_challenge_method="S256", token_endpoint_auth_method=named, timeout=_SECONDS,
            follow_redirects=False, trust_env=False,
        )  # fmt: skip

    def _redeem(self, come: Return) -> str:
        endpoint = self.about()["token_endpoint"]
        try:
            with self._session(come.back) as session:
                verifier = come.asked.verifier
                got = session.fetch_token(endpoint, code=come.code, code_verifier=verifier)
        except httpx2.HTTPError as fault:
            raise _silent(type(fault).__name__) from fault
        except (AuthlibBaseError, ValueError) as fault:
            raise refused(Wording("授权码无效", "the code is not taken")) from fault
        token = got.get("id_token") if isinstance(got, Mapping) else None
        if not isinstance(token, str):
            raise refused(Wording("没有收到身份令牌", "no token came that says who it is"))
        return token

    def _opened(self, token: str) -> Mapping[str, Any]:
        """Return a token's claims by the keys we have, or by those of now; raise JoseError."""
        keys = self._current()
        try:
            return jwt.decode(token, keys, algorithms=[*ALGORITHMS]).claims
        except (JoseError, ValueError):
            newer = self._current(unless=keys)
            if newer is keys:
                raise
            return jwt.decode(token, newer, algorithms=[*ALGORITHMS]).claims

    def _current(self, *, unless: KeySet | None = None) -> KeySet:
        """Return the provider's keys, fetched anew when those we have are ``unless``."""
        address = self.about()["jwks_uri"]
        with self._lock:
            stale = monotonic() - self._keys_at >= self.keys_every
            if self._keys is None or (self._keys is unless and stale):
                self._keys_at = monotonic()
                self._keys = _public(_fetch(address))
            return self._keys


def read_provider(environ: Mapping[str, str]) -> Provider | None:
    """Return the provider that the environment names, None without one; raise BadProvider."""
    issuer = environ.get("BIHUAN_OIDC_ISSUER", "").strip()
    if not issuer:
        return None
    require_safe(issuer)
    client = environ.get("BIHUAN_OIDC_CLIENT_ID", "").strip()
    if not client:
        raise _bad_setting("BIHUAN_OIDC_CLIENT_ID")
    return Provider(
        issuer, client, environ.get("BIHUAN_OIDC_CLIENT_SECRET", ""),
        environ.get("BIHUAN_OIDC_LABEL", "").strip() or "统一身份认证",
        link_by_email=environ.get("BIHUAN_OIDC_LINK_BY_EMAIL", "") == "yes",
    )  # fmt: skip


class BadProvider(Trouble):
    """A setting of the operator's that cannot be used."""


def require_safe(address: object) -> None:
    """Raise BadProvider for an address over which anybody could listen or answer."""
    parts = urlsplit(address if isinstance(address, str) else "")
    here = parts.scheme == "http" and (parts.hostname or "") in _HERE
    if not (parts.hostname and (parts.scheme == "https" or here)):
        raise _bad_setting("BIHUAN_OIDC_ISSUER")


def refused(why: Wording) -> Refusal:
    return Refusal(
        Wording(f"统一身份登录未通过：{why.zh}", f"the sign-in was not made good: {why.en}"),
        remedy=Wording(
            "请重新登录；仍不行请联系管理员。", "Sign in again, or ask an administrator."
        ),
        where="oidc",
    )


def _fetch(address: str) -> dict[str, Any]:
    try:
        answer = httpx2.get(address, timeout=_SECONDS, follow_redirects=False, trust_env=False)
        found = answer.raise_for_status().json()
    except (httpx2.HTTPError, ValueError) as fault:
        raise _silent(type(fault).__name__) from fault
    if not isinstance(found, dict):
        raise _silent("JSON")
    return found


def _public(found: dict[str, Any]) -> KeySet:
    """Return the keys that may sign: a shared key, were one there, verifies nothing."""
    keys = [each for each in found.get("keys", []) if isinstance(each, dict)]
    kept = [each for each in keys if each.get("kty") in ("RSA", "EC")
            and each.get("use", "sig") == "sig"]  # fmt: skip
    try:
        return KeySet.import_key_set({"keys": kept})
    except (JoseError, ValueError, KeyError, TypeError) as fault:
        raise _silent("jwks_uri") from fault


def _silent(where: str) -> Unavailable:
    return Unavailable(
        Wording("统一身份认证没有应答", "the identity provider does not answer"),
        remedy=Wording("请稍后再试，或用密码登录。", "Try again later, or use your password."),
        where=where,
    )


def _bad_setting(name: str) -> BadProvider:
    return BadProvider(
        Wording("统一身份认证的设置有误", "the setting of the identity provider is wrong"),
        remedy=Wording(
            "签发者须为 https 网址（本机可用 http），并须填写客户端编号。",
            "The issuer is an https address (http on this machine), and a client id is needed.",
        ),
        where=name,
    )
