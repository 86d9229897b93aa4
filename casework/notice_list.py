"""Notices as they are read: by whom they were for, and by whoever may send them again."""

import json
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select

from casework.errors import NotFound
from casework.forms import LONGEST_NAME, clean
from casework.lookback.visit_notices import KINDS
from casework.office import Office
from casework.parcels import REASONS
from casework.people import find_actor
from models import NoticeState
from models.tables import CASES, CONTACTS, DELIVERIES, NOTICES, ORGANISATIONS, PEOPLE, ROLE_GRANTS
from rules.access import Actor, Verb
from rules.wording import Wording

_KEPT = NOTICES.c
_SHOWN = (
    select(
        _KEPT.id, _KEPT.key, func.coalesce(CASES.c.number, "").label("case"),
        ORGANISATIONS.c.name.label("unit"),
        PEOPLE.c.code.label("person"), PEOPLE.c.name, _KEPT.kind, _KEPT.urgent, _KEPT.receipt,
        _KEPT.owed_at, _KEPT.state, _KEPT.next_at, _KEPT.tries, _KEPT.sent_at, _KEPT.reason,
        _KEPT.acknowledged_at, _KEPT.body,
    )
    .outerjoin(CASES, CASES.c.id == _KEPT.case_id)
    .join(ORGANISATIONS, ORGANISATIONS.c.id == func.coalesce(CASES.c.unit_id, _KEPT.unit_id))
    .join(PEOPLE, PEOPLE.c.id == _KEPT.person_id)
)  # fmt: skip
_PLACE = ORGANISATIONS.alias("place")
_POSTED = select(ROLE_GRANTS.c.person_id).join(_PLACE, _PLACE.c.id == ROLE_GRANTS.c.organisation_id)
_MOST_DELIVERIES = 20


def list_notices(
    office: Office,
    *,
    by: str,
    state: NoticeState | None = None,
    case: str = "",
    person: str = "",
    size: int = 50,
    before: int = 0,
) -> Sequence[Mapping[str, Any]]:
    """Return notices, newest first: one's own, and those of others that one may see.

    ``case`` is '' for one that is about no case: it has a ``title`` and a ``link`` then.
    ``before`` is the id of the last one of the page before.
    """
    with office.reading() as connection:
        found = _SHOWN.where(_visible(find_actor(connection, by)))
        if state:
            found = found.where(_KEPT.state == state)
        if case:
            number = clean(case, where="case", longest=LONGEST_NAME)
            found = found.where(CASES.c.number == number)
        if person:
            code = clean(person, where="person", longest=LONGEST_NAME)
            found = found.where(PEOPLE.c.code == code)
        if before:
            found = found.where(_KEPT.id < before)
        rows = connection.execute(found.order_by(_KEPT.id.desc()).limit(size)).mappings().all()
    return [_told(dict(row)) for row in rows]


def open_notice(office: Office, notice: int, *, by: str) -> Mapping[str, Any]:
    """Return a notice with what its kind says, and the latest messages to its reader.

    Raise NotFound for one that ``by`` may not see.
    """
    with office.reading() as connection:
        shown = _SHOWN.add_columns(_KEPT.person_id).where(
            _KEPT.id == notice, _visible(find_actor(connection, by))
        )
        row = connection.execute(shown).mappings().first()
        if row is None:
            raise NotFound(
                Wording(f"没有您能看到的通知 {notice}", f"there is no notice {notice} for you"),
                remedy=Wording("可用 bihuan notice list 查看。", "`bihuan notice list` has yours."),
                where="NOTICE",
            )
        body = json.loads(row["body"])
        told = _told(dict(row))
        deliveries = _deliveries(connection, told.pop("person_id"))
    return {**told, "body": body, "deliveries": deliveries}


def _visible(actor: Actor) -> ColumnElement[bool]:
    """Return one's own; all where one may sweep; what was owed inside where one leads.

    Nobody reads there who was drawn for a surprise inspection, or what was owed to outsiders.
    """
    every = [_inside(ORGANISATIONS.c.path, path) for path in actor.reach(Verb.SWEEP)]
    led = [
        and_(
            _inside(ORGANISATIONS.c.path, path), _KEPT.kind.not_in(KINDS),
            _KEPT.person_id.in_(_POSTED.where(_inside(_PLACE.c.path, path))),
        )
        for path in actor.reach(Verb.SEE_NOTICES)
    ]  # fmt: skip
    return or_(_KEPT.person_id == actor.id, *every, *led)


def _inside(place: ColumnElement[str], path: str) -> ColumnElement[bool]:
    return place.startswith(path, autoescape=True)


def _told(row: dict[str, Any]) -> dict[str, Any]:
    reason, said = row["reason"], json.loads(row.pop("body"))
    title = Wording(**said["title"]) if "title" in said else Wording("", "")
    return {
        **row, "reason": REASONS.get(reason, Wording(reason, reason)), "title": title,
        "link": said.get("link") or (f"/case/{quote(row['case'], safe='')}" if row["case"] else ""),
    }  # fmt: skip


def _deliveries(connection: Connection, person: int) -> list[dict[str, Any]]:
    kept = DELIVERIES.c
    rows = connection.execute(
        select(kept.at, kept.sent, kept.notices, kept.detail, CONTACTS.c.kind, CONTACTS.c.shown)
        .outerjoin(CONTACTS, CONTACTS.c.id == kept.contact_id)
        .where(kept.person_id == person)
        .order_by(kept.id.desc())
        .limit(_MOST_DELIVERIES)
    )
    return [dict(row) for row in rows.mappings()]
