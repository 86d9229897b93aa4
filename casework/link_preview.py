"""What a link to acknowledge is about, before anybody acknowledges anything."""

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Row, func, select

from casework.links import read_token
from casework.office import Office
from models.tables import CASES, NOTICES, ORGANISATIONS, PEOPLE
from notifications.sealing import Keys


class Preview(NamedTuple):
    """Whom the link was made for, and the notices: case, unit, kind, owed_at, acknowledged_at.

    ``number`` is '' for one that is about no case.
    """

    name: str
    notices: list[Row[Any]]


def preview_link(office: Office, keys: Keys, token: str, *, at: datetime) -> Preview:
    """Return what a link is for, changing nothing; raise Refused as acknowledging does.

    What the hazard is stays unsaid: a link may be passed on.
    """
    link = read_token(keys, token, at)
    place = func.coalesce(CASES.c.unit_id, NOTICES.c.unit_id)
    notices = (
        select(
            NOTICES.c.id, func.coalesce(CASES.c.number, "").label("number"),
            ORGANISATIONS.c.name.label("unit"), NOTICES.c.kind,
            NOTICES.c.owed_at, NOTICES.c.acknowledged_at, CASES.c.due_at,
        )
        .outerjoin(CASES, CASES.c.id == NOTICES.c.case_id)
        .join(ORGANISATIONS, place == ORGANISATIONS.c.id)
        .where(NOTICES.c.id.in_(link.notices), NOTICES.c.person_id == link.person_id)
        .order_by(NOTICES.c.id)
    )  # fmt: skip
    with office.reading() as connection:
        name = connection.execute(select(PEOPLE.c.name).where(PEOPLE.c.id == link.person_id))
        return Preview(name.scalar_one(), list(connection.execute(notices).all()))
