"""Which records of a kind are meant: place, text and standing as conditions for the database."""

import json
from datetime import date, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, String, and_, case, cast, not_, or_

from casework.forms import clean
from casework.registers.places import under
from models import RecordState
from models.tables import REGISTER_RECORDS
from rules.registers.standing import SOON_DAYS, Stands

_SOON = timedelta(SOON_DAYS)
_RECORDS = REGISTER_RECORDS.c


class Narrow(NamedTuple):
    """What a list asks for: ``place`` a code or name, ``text`` in keys and what is not personal."""

    place: str = ""
    text: str = ""
    retired: bool = False
    stands: Stands | None = None


EVERY = Narrow()
"""Every active record."""


def narrowed(
    connection: Connection, wanted: Select[Any], narrow: Narrow, today: date
) -> Select[Any]:
    """Return ``wanted`` for those records alone; raise NotFound for the place, Invalid for text."""
    if not narrow.retired:
        wanted = wanted.where(_RECORDS.state == RecordState.ACTIVE)
    if narrow.place:
        wanted = wanted.where(under(connection, narrow.place))
    if narrow.stands:
        wanted = wanted.where(standing_on(today)[narrow.stands])
    if text := clean(narrow.text, where="text", longest=200):
        wanted = wanted.where(
            or_(
                _RECORDS.key.icontains(text, autoescape=True),
                cast(_RECORDS.facts, String).icontains(_as_stored(text), autoescape=True),
            )
        )
    return wanted


def standing_on(today: date) -> dict[Stands, ColumnElement[bool]]:
    """Return the condition of each standing; an active record has one of them."""
    missing = and_(_RECORDS.well_from.is_not(None), _RECORDS.well_from > today)
    ended = and_(_RECORDS.expires_on.is_not(None), _RECORDS.expires_on < today)
    ends = and_(_RECORDS.expires_on.is_not(None), _RECORDS.expires_on <= today + _SOON)
    lapsed = or_(missing, ended)
    active = _RECORDS.state == RecordState.ACTIVE
    return {
        Stands.LAPSED: and_(active, lapsed),
        Stands.SOON: and_(active, ends, not_(lapsed)),
        Stands.WELL: and_(active, not_(lapsed), not_(ends)),
    }


def as_number(condition: ColumnElement[bool]) -> ColumnElement[int]:
    """Return 1 where the condition holds, to be summed."""
    return case((condition, 1), else_=0)


def _as_stored(text: str) -> str:
    """Return the text as JSON writes it: the engine keeps non-ASCII as escapes."""
    return json.dumps(text)[1:-1]
