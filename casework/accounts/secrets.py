"""Secrets that are shown once: random for whoever holds them, a hash for us."""

import secrets
from hashlib import sha256

_BYTES = 32  # 256 bits, so that a plain hash keeps it safe


def new_secret(prefix: str = "") -> str:
    return prefix + secrets.token_urlsafe(_BYTES)


def digest(secret: str) -> str:
    return sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def new_password() -> str:
    """Return a password to be told to somebody by word of mouth: 4 by 4 clear characters."""
    groups = ("".join(secrets.choice(_CLEAR) for _ in range(4)) for _ in range(4))
    return "-".join(groups)


_CLEAR = "abcdefghijkmnpqrstuvwxyz23456789"  # no l, o, 0, 1; 16 of 32 are 80 bits
