"""Acknowledging 知悉: a person says that they know. Repeats stop, the clock runs on."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, insert, select, update

from casework.cases import find_case
from casework.duties import telling
from casework.duties.ending import know_of
from casework.errors import NotFound
from casework.events import Door, Happening
from casework.links import read_token
from casework.lookback import visit_notices
from casework.office import Office
from casework.people import find_actor
from casework.writer import tell_case
from models.tables import ACKNOWLEDGEMENTS, CASES, NOTICES, PEOPLE
from notifications.sealing import Keys
from rules.access import Actor, Role
from rules.sending import Answer
from rules.wording import Wording


class Acknowledged(NamedTuple):
    """A notice that its reader knows of; ``new`` when nobody had to be told before.

    ``number`` is the case's, or what a notice is about that is about no case.
    """

    notice: int
    number: str
    at: datetime
    new: bool


def acknowledge(
    office: Office, notices: Sequence[int], *, by: str, at: datetime, door: Door
) -> list[Acknowledged]:
    """Say that ``by`` knows of these notices of theirs; again changes nothing.

    Raise NotFound when one of them is not theirs.
    """
    with office.writing() as connection:
        return _acknowledge(connection, notices, find_actor(connection, by), at, door)


def acknowledge_by_link(
    office: Office, keys: Keys, token: str, *, at: datetime, door: Door
) -> list[Acknowledged]:
    """Say it for whom a link was made; raise Refused for a link that is not ours or has expired."""
    link = read_token(keys, token, at)
    with office.writing() as connection:
        code = select(PEOPLE.c.code).where(PEOPLE.c.id == link.person_id)
        actor = find_actor(connection, connection.execute(code).scalar_one())
        return _acknowledge(connection, link.notices, actor, at, door)


def _acknowledge(
    connection: Connection, notices: Sequence[int], actor: Actor, at: datetime, door: Door
) -> list[Acknowledged]:
    found = [
        _acknowledge_one(connection, row, actor, at, door)
        for row in _theirs(connection, notices, actor)
    ]
    return sorted(found)


def _theirs(connection: Connection, notices: Sequence[int], actor: Actor) -> Sequence[Row[Any]]:
    """Return the notices in the order of their cases, so that no two wait for each other."""
    wanted = set(notices)
    rows = connection.execute(
        select(
            NOTICES.c.id, NOTICES.c.case_id, NOTICES.c.clock_no, NOTICES.c.acknowledged_at,
            NOTICES.c.kind, NOTICES.c.body, CASES.c.number,
        )
        .outerjoin(CASES, CASES.c.id == NOTICES.c.case_id)
        .where(NOTICES.c.id.in_(wanted), NOTICES.c.person_id == actor.id)
        .order_by(NOTICES.c.case_id, NOTICES.c.id)
    ).all()  # fmt: skip
    if missing := wanted - {row.id for row in rows}:
        listed = ", ".join(str(each) for each in sorted(missing))
        raise NotFound(
            Wording(f"没有发给您的通知 {listed}", f"no notice {listed} was sent to you"),
            remedy=Wording("可用 bihuan notice list 查看。", "`bihuan notice list` lists yours."),
            where="NOTICE",
        )
    return rows


def _acknowledge_one(
    connection: Connection, row: Row[Any], actor: Actor, at: datetime, door: Door
) -> Acknowledged:
    number = row.number or json.loads(row.body)["title"]["zh"]
    if row.acknowledged_at is not None:
        return Acknowledged(row.id, number, row.acknowledged_at, new=False)
    new = _tell_case if row.number else _tell_duty
    told = new(connection, row, actor, at, door)
    mine = update(NOTICES).where(NOTICES.c.id == row.id, NOTICES.c.acknowledged_at.is_(None))
    connection.execute(mine.values(acknowledged_at=at))
    return Acknowledged(row.id, number, at, new=told)


def _tell_duty(
    connection: Connection, row: Row[Any], actor: Actor, at: datetime, door: Door
) -> bool:
    """Say it in the duty's history, where the notice is of one."""
    if row.kind == telling.NOTICE:
        know_of(connection, json.loads(row.body)["duty"], row.id, actor, (at, door))
    return True


def _tell_case(
    connection: Connection, row: Row[Any], actor: Actor, at: datetime, door: Door
) -> bool:
    """Say it in the case's history, once of each clock; return whether it was not said before."""
    stored = find_case(connection, row.number, to_move=True)  # others wait here, and then see it
    said = _said_at(connection, row, actor)
    # Of a visit to come the case's own history says nothing: its school reads it.
    if said is None and row.kind not in visit_notices.KINDS:
        values = {"case_id": row.case_id, "clock_no": row.clock_no, "person_id": actor.id, "at": at}
        connection.execute(insert(ACKNOWLEDGEMENTS), values)
        role = min(actor.roles_over(stored.unit_path), default=Role.REPORTER)
        body = {"clock_no": row.clock_no, "notice": row.id}
        happening = Happening(Answer.ACKNOWLEDGE.value, actor.id, role.value, door, at, body)
        tell_case(connection, stored, happening)
    return said is None


def _said_at(connection: Connection, row: Row[Any], actor: Actor) -> datetime | None:
    kept = ACKNOWLEDGEMENTS.c
    before = select(kept.at).where(
        kept.case_id == row.case_id, kept.clock_no == row.clock_no, kept.person_id == actor.id
    )
    found: datetime | None = connection.execute(before).scalar()
    return found
