"""Links by which a person acknowledges what a message told: signed, for that person, for a while.

Whoever holds the link acts as that person in this one thing; using it again changes nothing.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from casework.errors import Refused
from notifications.sealing import Keys
from rules.wording import Wording

VALID_FOR = timedelta(days=30)  # our choice
_PURPOSE = "acknowledge"


class Link(NamedTuple):
    """Who acknowledges, and which notices."""

    person_id: int
    notices: tuple[int, ...]


def link_token(keys: Keys, person_id: int, notices: Sequence[int], at: datetime) -> str:
    """Return the token of a link that is good for 30 days from ``at``."""
    until = int((at + VALID_FOR).timestamp())
    said = f"{person_id}.{until}.{'-'.join(map(str, notices))}"
    return f"{said}.{keys.sign(f'{_PURPOSE}.{said}')}"


def read_token(keys: Keys, token: str, at: datetime) -> Link:
    """Return what a token is for; raise Refused when we did not sign it, or it has expired."""
    said, _, signature = token.strip().rpartition(".")
    if not said or not keys.is_signed(f"{_PURPOSE}.{said}", signature):
        raise _refused(Wording("链接无效", "the link is not one of ours"))
    person, until, notices = said.split(".")
    if at >= datetime.fromtimestamp(int(until), UTC):
        raise _refused(Wording("链接已过期", "the link has expired"))
    return Link(int(person), tuple(int(each) for each in notices.split("-")))


def _refused(problem: Wording) -> Refused:
    return Refused(
        problem,
        remedy=Wording(
            "请打开最近一次通知中的链接，或登录后确认。",
            "Use the link of the latest notice, or acknowledge it after signing in.",
        ),
        where="token",
    )
