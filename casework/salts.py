"""Salts of private values: random, unless a story is told that is to come out alike twice."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from secrets import token_hex


def _unguessable() -> str:
    return token_hex(16)


_DRAW: ContextVar[Callable[[], str]] = ContextVar("salts", default=_unguessable)


def new_salt() -> str:
    """Return 32 hexadecimal digits that nobody can guess."""
    return _DRAW.get()()


@contextmanager
def salted_by(draw: Callable[[], str]) -> Iterator[None]:
    """Take the salts of what is written within from ``draw``; only a story does that."""
    token = _DRAW.set(draw)
    try:
        yield
    finally:
        _DRAW.reset(token)
