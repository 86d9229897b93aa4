"""A secret is changed in place: for a while both sign, so that no message is turned away."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Row, update

from casework.errors import Invalid
from casework.office import Office
from casework.webhooks.store import Hand, administrator, find_webhook, remember
from models.tables import WEBHOOKS
from notifications.hooks import Receiver, new_secret
from notifications.sealing import Keys
from rules.webhooks import WebhookAct
from rules.wording import Wording

GRACE_HOURS = 24
"""How long a receiver has to take the new secret over, unless it is said otherwise."""
MOST_HOURS = 30 * 24
_MOST_SIGN = 4
"""Secrets at once: who changes one again and again must not make a header that nobody takes."""


class Rotated(NamedTuple):
    """The new ``secret``, shown now and never again; the older one signs ``until`` then too."""

    name: str
    secret: str
    until: datetime


def rotate_secret(
    office: Office, keys: Keys, name: str, hand: Hand, *, hours: int = GRACE_HOURS
) -> Rotated:
    """Give a webhook a new secret; what signed until now goes on beside it for ``hours``.

    With none it signs no more, nor does any before it: for a secret that others have come to know.
    Raise NotFound, Refused without the right, Invalid for more than 30 days.
    """
    if not 0 <= hours <= MOST_HOURS:
        raise _too_long()
    secret, until = new_secret(), hand.at + timedelta(hours=hours)
    with office.writing() as connection:
        by = administrator(connection, hand.by)
        row = find_webhook(connection, name, to_change=True)
        older = [[row.sealed_secret, until.isoformat()], *_still_good(row, hand.at)]
        values = {
            "sealed_secret": keys.seal(secret),
            "old_secrets": older[: _MOST_SIGN - 1] if hours else [],
        }
        connection.execute(update(WEBHOOKS).where(WEBHOOKS.c.id == row.id).values(**values))
        remember(
            connection, (row.id, row.name), WebhookAct.ROTATE, {"until": until.isoformat()},
            by=by, at=hand.at, door=hand.door,
        )  # fmt: skip
    return Rotated(row.name, secret, until)


def receiver_of(row: Row[Any], at: datetime) -> Receiver:
    """Return where a webhook's messages go, and every secret that signs them at a moment."""
    older = [sealed for sealed, _ in _still_good(row, at)]
    return Receiver(row.sealed_url, [row.sealed_secret, *older])


def _still_good(row: Row[Any], at: datetime) -> Iterator[tuple[str, str]]:
    for sealed, until in row.old_secrets:
        if at < datetime.fromisoformat(until):
            yield sealed, until


def _too_long() -> Invalid:
    return Invalid(
        Wording("旧密钥最多再用 30 天", "an old secret signs for 30 days more at most"),
        remedy=Wording(f"请填 0 至 {MOST_HOURS} 小时。", f"Give between 0 and {MOST_HOURS} hours."),
        where="hours",
    )
