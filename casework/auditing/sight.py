"""What an auditor has before them: a case they may see, with its events as they were written."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, select

from casework.cases import Stored, find_case, no_such_case
from casework.errors import Invalid
from casework.people import find_actor
from models.tables import EVENTS
from rules.access import Actor, Verb
from rules.folding import Told, Was, fold
from rules.wording import Wording

_EVENTS = select(EVENTS).where(EVENTS.c.case_id == bindparam("case")).order_by(EVENTS.c.seq)


class Seen(NamedTuple):
    """A case, who looks at it, and its events."""

    stored: Stored
    actor: Actor
    events: Sequence[Mapping[str, Any]]


def see_case(connection: Connection, number: str, by: str) -> Seen:
    """Return a case that ``by`` may see; raise NotFound for any other."""
    stored = find_case(connection, number)
    actor = find_actor(connection, by)
    if not actor.may(Verb.VIEW, stored.unit_path):
        raise no_such_case(number)
    rows = connection.execute(_EVENTS, {"case": stored.id}).mappings()
    return Seen(stored, actor, [dict(row) for row in rows])


def told(events: Iterable[Mapping[str, Any]]) -> list[Told]:
    """Return rows of ``case_event`` as the fold reads them; raise ValueError for no JSON."""
    return [Told(row["seq"], row["at"], row["kind"], json.loads(row["body"])) for row in events]


def fold_events(number: str, events: Sequence[Mapping[str, Any]], until: datetime) -> Was | None:
    """Return what a case was at ``until``; raise Invalid when its events were tampered with."""
    try:
        return fold(told(events), until)
    except (AttributeError, KeyError, TypeError, ValueError) as fault:
        raise Invalid(
            Wording("案件的历史已无法读取", "the case's history can no longer be read"),
            remedy=Wording(
                "请运行 bihuan db check，并从备份核对。",
                "Run `bihuan db check` and compare with a backup.",
            ),
            where=number,
        ) from fault
