"""Duties listed a page at a time, counted, and shown one by one with their history."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, func, literal, select, tuple_

from casework.duties.counting import counted
from casework.duties.ending import no_such_duty
from casework.duties.sight import mine, seen, under
from casework.duties.store import FOUND, SUBJECT
from casework.errors import Invalid
from casework.office import Office
from casework.page_keys import read_day_key
from casework.people import find_actor, names_of
from casework.records import read_records
from models import DutyState
from models.tables import CASES, DUTIES, ORGANISATIONS, PEOPLE
from rules.duties.acts import Counted, DutyAct
from rules.duties.kinds import kinds
from rules.duties.ladder import days_late
from rules.wording import Wording

MOST_PER_PAGE = 500
STATES = {
    DutyState.OPEN: Wording("待办", "to do"),
    DutyState.FULFILLED: Wording("已办结", "done"),
    DutyState.WAIVED: Wording("已免办", "waived"),
}
_ROWS = (
    FOUND.add_columns(CASES.c.number.label("case_number"), PEOPLE.c.name.label("person_name"))
    .outerjoin(CASES, CASES.c.id == DUTIES.c.case_id)
    .outerjoin(PEOPLE, PEOPLE.c.id == DUTIES.c.person_id)
)
_OF_DUTIES = DUTIES.join(ORGANISATIONS, ORGANISATIONS.c.id == DUTIES.c.unit_id)


@dataclass(frozen=True, slots=True)
class DutyFilter:
    """Which duties: of some kinds, of a cluster or unit, open and late, only what waits for whoever
    asks; ``ended`` those that are done or waived in place of the open ones, ``counted`` those that
    count so in a score, open or not. ``since`` and ``until`` are the days they are due.
    """

    kind: str = ""
    place: str = ""
    late: bool = False
    mine: bool = False
    ended: bool = False
    since: date | None = None
    until: date | None = None
    counted: Counted | None = None


@dataclass(frozen=True, slots=True)
class DutyPage:
    """Rows of a list, and the key of the page after it ('' on the last)."""

    rows: Sequence[Mapping[str, Any]]
    after: str


_ALL = DutyFilter()


def list_duties(
    office: Office,
    *,
    by: str,
    today: date,
    wanted: DutyFilter = _ALL,
    size: int = 50,
    after: str = "",
) -> DutyPage:
    """Return duties that ``by`` may see: open ones the earliest due first, ended ones the latest.

    Raise NotFound for a place that is none, Invalid for a kind or key that is none.
    """
    size = max(1, min(size, MOST_PER_PAGE))
    place = tuple_(DUTIES.c.due_on, DUTIES.c.id)
    with office.reading() as connection:
        found = _ROWS.where(*_conditions(connection, by, today, wanted)).limit(size + 1)
        if after:
            key = tuple_(*map(literal, read_day_key(after)))
            found = found.where(place < key if wanted.ended else place > key)
        order = (DUTIES.c.due_on, DUTIES.c.id)
        turned = [each.desc() for each in order] if wanted.ended else order
        rows = connection.execute(found.order_by(*turned)).all()
    last = rows[size - 1] if len(rows) > size else None
    shown = [duty_row(row, today) for row in rows[:size]]
    return DutyPage(shown, f"{last.due_on}/{last.id}" if last else "")


def count_duties(office: Office, *, by: str, today: date, wanted: DutyFilter = _ALL) -> int:
    """Return how many duties a list of the same filter has; raise as it does."""
    with office.reading() as connection:
        counted = select(func.count()).select_from(_OF_DUTIES)
        where = _conditions(connection, by, today, wanted)
        found: int = connection.execute(counted.where(*where)).scalar_one()
    return found


def show_duty(office: Office, kind: str, key: str, *, by: str, today: date) -> dict[str, Any]:
    """Return a duty with its history; raise NotFound for one that ``by`` may not see."""
    with office.reading() as connection:
        actor = find_actor(connection, by)
        one = _ROWS.where(DUTIES.c.kind == kind, DUTIES.c.key == key, seen(connection, actor))
        row = connection.execute(one).first()
        if row is None:
            raise no_such_duty(kind, key)
        return {**duty_row(row, today), "history": _history(connection, row.id)}


def duty_row(row: Row[Any], today: date) -> dict[str, Any]:
    """Return a row of the list: ``waits_for`` is a person's name, or '' for the kind's role."""
    kind = kinds().get(row.kind)
    is_open = row.state is DutyState.OPEN
    return {
        "id": row.id, "kind": row.kind, "kind_said": _label(row.kind), "key": row.key,
        "unit": row.unit_name, "unit_code": row.unit_code, "due_on": row.due_on,
        "title": Wording(row.title_zh, row.title_en), "link": row.link, "state": row.state.value,
        "state_said": STATES[row.state], "days_late": days_late(row.due_on, today) * is_open,
        "holder": kind.holder.label if kind else Wording("", ""),
        "waits_for": row.person_name or "", "case": row.case_number or "",
        "opened_at": row.opened_at, "ended_at": row.ended_at, "next_on": row.next_on,
    }  # fmt: skip


def _label(key: str) -> Wording:
    kind = kinds().get(key)
    return kind.label if kind else Wording(key, key)


def _conditions(
    connection: Connection, by: str, today: date, wanted: DutyFilter
) -> list[ColumnElement[bool]]:
    actor = find_actor(connection, by)
    found = [
        mine(connection, actor) if wanted.mine else seen(connection, actor),
        _state(connection, wanted),
    ]
    if wanted.late:
        found.append(DUTIES.c.due_on < today)
    if wanted.kind:
        found.append(DUTIES.c.kind.in_([_kind(each) for each in wanted.kind.split(",")]))
    if wanted.since:
        found.append(DUTIES.c.due_on >= wanted.since)
    if wanted.until:
        found.append(DUTIES.c.due_on <= wanted.until)
    if wanted.place:
        found.append(under(connection, wanted.place))
    return found


def _state(connection: Connection, wanted: DutyFilter) -> ColumnElement[bool]:
    if wanted.counted:
        return counted(wanted.counted, sqlite=connection.dialect.name == "sqlite")
    is_open = DUTIES.c.state == DutyState.OPEN
    return ~is_open if wanted.ended else is_open


def _kind(written: str) -> str:
    for kind in kinds().values():
        if kind.is_called(written):
            return kind.key
    raise Invalid(
        Wording(f"没有“{written[:40]}”这种应办事项", f"there is no kind of duty {written[:40]!r}"),
        remedy=Wording(
            "可填：" + "、".join(f"{each.key}({each.zh})" for each in kinds().values()) + "。",
            "Choose from: " + ", ".join(kinds()) + ".",
        ),
        where="kind",
    )


def _history(connection: Connection, duty: int) -> list[dict[str, Any]]:
    events = [sealed for sealed, _ in read_records(connection, SUBJECT, duty)]
    names = names_of(connection, (each.actor for each in events))
    return [
        {
            "seq": each.seq, "at": each.at, "act": each.kind, "said": DutyAct(each.kind).label,
            "who": names.get(each.actor or 0, ""), "role": each.role,
            **{name: json.loads(each.body).get(name) for name in ("step", "days_late", "case")},
        }
        for each in events
    ]  # fmt: skip
