"""Records listed a page at a time, masked; and who runs out when 谁什么时候到期."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, func, literal, or_, select, tuple_
from sqlalchemy.sql.selectable import ScalarSelect

from casework.office import Office
from casework.page_keys import read_id_key
from casework.people import find_actor
from casework.registers.narrowing import EVERY, Narrow, narrowed
from casework.registers.places import find_kind, held_under, seen_by
from casework.registers.store import FOUND, Held, read
from models import RecordState
from models.tables import ORGANISATIONS, REGISTER_RECORDS
from rules.registers.checking import Finding, check
from rules.registers.kinds import BY_FAULT, Kind, kinds
from rules.registers.masking import mask_day, masked
from rules.registers.standing import RecordOrder, Standing
from rules.wording import Wording

MOST_PER_PAGE = 500
_RECORDS = REGISTER_RECORDS.c


@dataclass(frozen=True, slots=True)
class Page:
    """Rows of a list, and the key of the page after it ('' on the last)."""

    rows: Sequence[Mapping[str, Any]]
    after: str


def list_records(
    office: Office,
    written: str,
    narrow: Narrow = EVERY,
    *,
    by: str,
    today: date,
    order: RecordOrder = RecordOrder.ADDED,
    size: int = 50,
    after: str = "",
) -> Page:
    """Return records of a kind where ``by`` may look. Raise NotFound or Invalid."""
    kind, size = find_kind(written), _within(size)
    with office.reading() as connection:
        wanted = _seen(connection, FOUND, kind, by, narrow, today)
        wanted = _following(wanted, order, read_id_key(after) if after else None)
        rows = [read(row) for row in connection.execute(wanted.limit(size + 1))]
    shown = [shown_record(kind, each, today) for each in rows[:size]]
    return Page(shown, f"{rows[size - 1].id}" if len(rows) > size else "")


def count_records(
    office: Office, written: str, narrow: Narrow = EVERY, *, by: str, today: date
) -> int:
    """Return how many records ``list_records`` finds. Raise as it does."""
    kind = find_kind(written)
    counted = select(func.count()).select_from(REGISTER_RECORDS).join(ORGANISATIONS, _AT)
    with office.reading() as connection:
        wanted = _seen(connection, counted, kind, by, narrow, today)
        return int(connection.execute(wanted).scalar_one())


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
    with office.reading() as connection:
        actor = find_actor(connection, by)
        seen = or_(
            *(
                (_RECORDS.kind == kind.key) & held_under(connection, actor, kind.see)
                for kind in wanted_kinds
            )
        )
        wanted = FOUND.where(seen, _RECORDS.expires_on <= horizon)
        wanted = narrowed(connection, wanted, Narrow(place), today)
        wanted = _following(wanted, RecordOrder.EXPIRY, read_id_key(after) if after else None)
        rows = [(row.kind, read(row)) for row in connection.execute(wanted.limit(size + 1))]
    shown = [_expiring(kinds()[kind], held, today, horizon) for kind, held in rows[:size]]
    return Page(shown, f"{rows[size - 1][1].id}" if len(rows) > size else "")


def shown_record(kind: Kind, held: Held, today: date) -> dict[str, Any]:
    """Return a record as anybody may see it who sees it at all: masked."""
    findings = check(kind, held.values, today) if held.state is RecordState.ACTIVE else ()
    told = [finding_row(kind, each, today) for each in findings]
    days = [each["last_day"] for each in told if each["last_day"]]
    return {
        "id": held.id, "kind": kind.key, "key": held.key, "unit": held.unit.name,
        "unit_code": held.unit.code, "state": held.state.value, "seq": held.entry.seq,
        "values": masked(kind, held.values), "expires_on": min(days, default=None),
        "findings": [each for each in told if each["standing"] != Standing.WELL],
    }  # fmt: skip


def finding_row(kind: Kind, finding: Finding, today: date) -> dict[str, Any]:
    """Return a finding to be shown.

    The last day of an age would tell a birthday: until it is near, it is masked as the birthday is
    (``about``), and ``last_day`` is None.
    """
    hidden = finding.rule.field in kind.personal and finding.standing is Standing.WELL
    last_day = None if hidden else finding.last_day
    return {
        "rule": finding.rule.key, "what": finding.rule.label,
        "standing": finding.standing.value, "said": _said(finding),
        "last_day": last_day,
        "about": mask_day(finding.last_day) if hidden and finding.last_day else "",
        "days_left": None if hidden else finding.days_left(today),
        "source": finding.rule.source,
    }  # fmt: skip


def _said(finding: Finding) -> Wording:
    """A rule that is called by its fault, 无保安员证, is not 正常 where it holds."""
    well = finding.standing is Standing.WELL
    return _NOT_SO if well and finding.rule.type in BY_FAULT else finding.standing.label


_NOT_SO = Wording("没有此问题", "not so")
_AT = ORGANISATIONS.c.id == _RECORDS.unit_id


def _seen(
    connection: Connection, wanted: Select[Any], kind: Kind, by: str, narrow: Narrow, today: date
) -> Select[Any]:
    actor = find_actor(connection, by)
    wanted = wanted.where(seen_by(connection, actor, kind))
    return narrowed(connection, wanted, narrow, today)


def _following(wanted: Select[Any], order: RecordOrder, last: int | None) -> Select[Any]:
    """Return the rows in order, those after the record with the id ``last`` alone.

    The key of a page is an id and nothing more: a day in an address could tell a birthday.
    """
    if order is RecordOrder.ADDED:
        wanted = wanted.order_by(_RECORDS.id)
        return wanted if last is None else wanted.where(_RECORDS.id > last)
    never = _RECORDS.expires_on.is_(None)
    wanted = wanted.order_by(never, _RECORDS.expires_on, _RECORDS.id)
    return wanted if last is None else wanted.where(_expires_after(last, never))


def _expires_after(last: int, never: ColumnElement[bool]) -> ColumnElement[bool]:
    day = _day_of(last)
    later = tuple_(_RECORDS.expires_on, _RECORDS.id) > tuple_(day, literal(last))
    return or_(
        and_(day.is_not(None), or_(never, later)),
        and_(day.is_(None), never, _RECORDS.id > last),
    )


def _day_of(record: int) -> ScalarSelect[Any]:
    other = REGISTER_RECORDS.alias()
    return select(other.c.expires_on).where(other.c.id == record).scalar_subquery()


def _expiring(kind: Kind, held: Held, today: date, horizon: date) -> dict[str, Any]:
    findings = check(kind, held.values, today)
    ending = [each for each in findings if each.last_day and each.last_day <= horizon]
    return {
        **shown_record(kind, held, today),
        "findings": [finding_row(kind, each, today) for each in ending],
    }


def _within(size: int) -> int:
    return max(1, min(size, MOST_PER_PAGE))
