"""Records listed a page at a time, masked; and who runs out when 谁什么时候到期."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, Select, String, cast, literal, or_, tuple_

from casework.case_list import bad_key
from casework.forms import clean
from casework.office import Office
from casework.people import find_actor
from casework.registers.places import find_kind, held_under, seen_by, under
from casework.registers.store import FOUND, Held, read
from models import RecordState
from models.tables import REGISTER_RECORDS
from rules.registers.checking import Finding, Standing, check
from rules.registers.kinds import Kind, kinds
from rules.registers.masking import masked

MOST_PER_PAGE = 500


@dataclass(frozen=True, slots=True)
class Page:
    """Rows of a list, and the key of the page after it ('' on the last)."""

    rows: Sequence[Mapping[str, Any]]
    after: str


def list_records(
    office: Office,
    written: str,
    *,
    by: str,
    today: date,
    place: str = "",
    text: str = "",
    retired: bool = False,
    size: int = 50,
    after: str = "",
) -> Page:
    """Return records of a kind where ``by`` may look, in the order they were added.

    ``text`` is looked for in keys and in what is not personal. Raise NotFound or Invalid.
    """
    kind, size = find_kind(written), _within(size)
    with office.reading() as connection:
        actor = find_actor(connection, by)
        wanted = FOUND.where(seen_by(connection, actor, kind)).order_by(REGISTER_RECORDS.c.id)
        wanted = _narrowed(connection, wanted, place, text)
        if not retired:
            wanted = wanted.where(REGISTER_RECORDS.c.state == RecordState.ACTIVE)
        if after:
            wanted = wanted.where(REGISTER_RECORDS.c.id > _number(after))
        rows = [read(row) for row in connection.execute(wanted.limit(size + 1))]
    shown = [shown_record(kind, each, today) for each in rows[:size]]
    return Page(shown, f"{rows[size - 1].id}" if len(rows) > size else "")


def list_expiring(
    office: Office,
    *,
    by: str,
    today: date,
    days: int = 30,
    written: str = "",
    place: str = "",
    size: int = 50,
    after: str = "",
) -> Page:
    """Return what ran out or runs out within ``days``, the earliest first, of one kind or all.

    One row for each record, with every rule of it that runs out by then.
    """
    wanted_kinds = [find_kind(written)] if written else list(kinds().values())
    horizon, size = today + timedelta(days), _within(size)
    records = REGISTER_RECORDS.c
    with office.reading() as connection:
        actor = find_actor(connection, by)
        seen = or_(
            *(
                (records.kind == kind.key) & held_under(connection, actor, kind.see)
                for kind in wanted_kinds
            )
        )
        wanted = FOUND.where(seen, records.expires_on <= horizon)
        wanted = _narrowed(connection, wanted, place, "").order_by(records.expires_on, records.id)
        if after:
            wanted = wanted.where(tuple_(records.expires_on, records.id) > _expiry_key(after))
        rows = connection.execute(wanted.limit(size + 1)).all()
    shown = [_expiring(kinds()[row.kind], read(row), today, horizon) for row in rows[:size]]
    last = rows[size - 1] if len(rows) > size else None
    return Page(shown, f"{last.expires_on}/{last.id}" if last else "")


def shown_record(kind: Kind, held: Held, today: date) -> dict[str, Any]:
    """Return a record as anybody may see it who sees it at all: masked."""
    findings = check(kind, held.values, today) if held.state is RecordState.ACTIVE else ()
    return {
        "id": held.id, "kind": kind.key, "key": held.key, "unit": held.unit.name,
        "unit_code": held.unit.code, "state": held.state.value, "seq": held.entry.seq,
        "values": masked(kind, held.values), "expires_on": held.expires_on,
        "findings": [
            finding_row(each, today) for each in findings if each.standing is not Standing.WELL
        ],
    }  # fmt: skip


def finding_row(finding: Finding, today: date) -> dict[str, Any]:
    return {
        "rule": finding.rule.key, "what": finding.rule.label,
        "standing": finding.standing.value, "said": finding.standing.label,
        "last_day": finding.last_day, "days_left": finding.days_left(today),
        "source": finding.rule.source,
    }  # fmt: skip


def _expiring(kind: Kind, held: Held, today: date, horizon: date) -> dict[str, Any]:
    findings = check(kind, held.values, today)
    ending = [each for each in findings if each.last_day and each.last_day <= horizon]
    return {
        **shown_record(kind, held, today),
        "findings": [finding_row(each, today) for each in ending],
    }


def _narrowed(connection: Connection, wanted: Select[Any], place: str, text: str) -> Select[Any]:
    if place:
        wanted = wanted.where(under(connection, place))
    if text := clean(text, where="text", longest=200):
        records = REGISTER_RECORDS.c
        wanted = wanted.where(
            or_(
                records.key.icontains(text, autoescape=True),
                cast(records.facts, String).icontains(_as_stored(text), autoescape=True),
            )
        )
    return wanted


def _as_stored(text: str) -> str:
    """Return the text as JSON writes it: the engine keeps non-ASCII as escapes."""
    return json.dumps(text)[1:-1]


def _within(size: int) -> int:
    return max(1, min(size, MOST_PER_PAGE))


def _number(after: str) -> int:
    if after.isascii() and after.isdigit() and int(after) < 2**63:
        return int(after)
    raise bad_key()


def _expiry_key(after: str) -> Any:  # noqa: ANN401 — SQLAlchemy's tuple
    day, _, number = after.partition("/")
    try:
        return tuple_(literal(date.fromisoformat(day)), literal(_number(number)))
    except ValueError as fault:
        raise bad_key() from fault
