"""What happened to a case lately, in one sentence, for somebody who was overtaken by it."""

import json

from sqlalchemy import Connection, bindparam, select

from models.tables import EVENTS, PEOPLE
from notifications.sentences import tell
from rules.wording import Wording
from rules.workdays import CHINA

_SINCE = (
    select(EVENTS.c.at, EVENTS.c.kind, EVENTS.c.role, EVENTS.c.body, PEOPLE.c.name)
    .outerjoin(PEOPLE, PEOPLE.c.id == EVENTS.c.actor_id)
    .where(EVENTS.c.case_id == bindparam("case"), EVENTS.c.seq > bindparam("seen"))
    .order_by(EVENTS.c.seq)
)
_MOST = 3


def what_happened_since(connection: Connection, case_id: int, seen: int) -> Wording:
    """Return the last few events after number ``seen`` as one line."""
    rows = connection.execute(_SINCE, {"case": case_id, "seen": seen}).all()[-_MOST:]
    told = [(row, tell(row.kind, row.role, json.loads(row.body), row.name or "")) for row in rows]
    stamps = [f"{row.at.astimezone(CHINA):%m-%d %H:%M} " for row, _ in told]
    pairs = list(zip(stamps, told, strict=True))
    # What people wrote last may end with a stop of its own.
    return Wording(
        "；".join(stamp + each.zh for stamp, (_, each) in pairs).rstrip("。") + "。",
        "; ".join(stamp + each.en for stamp, (_, each) in pairs).rstrip(".") + ".",
    )
