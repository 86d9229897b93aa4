"""A webhook's row, found and held while it is changed, and its history."""

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, bindparam, select

from casework.contacts import require_administrator
from casework.errors import NotFound
from casework.events import Door, Happening
from casework.forms import clean
from casework.people import find_actor
from casework.records import Subject, last_entry, write_record
from models import WebhookState
from models.tables import WEBHOOKS
from rules.access import Role
from rules.webhooks import WebhookAct
from rules.wording import Wording

SUBJECT = "webhook"
LONGEST = 40  # as models.webhooks keeps a name
_FIND = select(WEBHOOKS).where(
    WEBHOOKS.c.name == bindparam("name"), WEBHOOKS.c.state != WebhookState.REMOVED
)


class Hand(NamedTuple):
    """Who changes a webhook, when, through which door."""

    by: str
    at: datetime
    door: Door


def administrator(connection: Connection, by: str) -> int | None:
    """Return the id of who administers; raise Refused: a webhook is a door out of our network."""
    actor = find_actor(connection, by)
    require_administrator(connection, actor)
    return actor.id


def find_webhook(connection: Connection, name: str, *, to_change: bool = False) -> Row[Any]:
    """Return the webhook called ``name``; ``to_change`` holds it. Raise NotFound."""
    called = clean(name, where="name", longest=LONGEST)
    found = connection.execute(_FIND.with_for_update() if to_change else _FIND, {"name": called})
    row = found.first()
    if row is None:
        raise NotFound(
            Wording(f"没有名为“{called}”的网址回调", f"there is no webhook called {called!r}"),
            remedy=Wording("可用 bihuan webhook list 查看。", "`bihuan webhook list` lists them."),
            where="name",
        )
    return row


def remember(
    connection: Connection,
    hook: tuple[int, str],
    act: WebhookAct,
    body: dict[str, Any],
    *,
    by: int | None,
    at: datetime,
    door: Door,
) -> None:
    """Write an act into a webhook's history; ``by`` None is the engine."""
    number, name = hook
    role = Role.LADDER if by is None else Role.ADMIN
    happening = Happening(act.value, by, role.value, door, at, body)
    last = last_entry(connection, SUBJECT, number)
    write_record(connection, Subject(SUBJECT, number, name), happening, last)
