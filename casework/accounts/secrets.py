"""Secrets that are shown once: random for whoever holds them, a hash for us."""

import secrets
from hashlib import sha256

_BYTES = 32  # 256 bits, so that a plain hash keeps it safe


def new_secret(prefix: str = "") -> str:
    return prefix + secrets.token_urlsafe(_BYTES)


def digest(secret: str) -> str:
    return sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
