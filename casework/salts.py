"""Salts of private values: random, unless a story is told that is to come out alike twice."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from secrets import token_hex

_DIGITS = 32
_DRAW: ContextVar[Callable[[], str] | None] = ContextVar("salts", default=None)


def new_salt() -> str:
    """Return 32 hexadecimal digits that nobody can guess."""
    return new_salts(1)[0]


def new_salts(count: int) -> list[str]:
    """Return so many of them, the system asked once for all."""
    if draw := _DRAW.get():
        return [draw() for _ in range(count)]
    drawn = token_hex(_DIGITS // 2 * count)
    return [drawn[at : at + _DIGITS] for at in range(0, len(drawn), _DIGITS)]


@contextmanager
def salted_by(draw: Callable[[], str]) -> Iterator[None]:
    """Take the salts of what is written within from ``draw``; only a story does that."""
    token = _DRAW.set(draw)
    try:
        yield
    finally:
        _DRAW.reset(token)
