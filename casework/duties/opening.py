"""Duties opened: what is wanted and is not there yet. Opening the same again changes nothing."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, bindparam, insert, select

from casework.duties.store import subject
from casework.errors import Invalid, NotFound
from casework.events import Door, Happening
from casework.numbering import take_ids
from casework.records import START, write_records
from casework.rulebook import Rulebooks
from models import DutyState
from models.prepared import Prepared
from models.tables import DUTIES, ORGANISATIONS
from rules.access import Role
from rules.duties.acts import DutyAct
from rules.duties.kinds import kinds
from rules.duties.ladder import next_on
from rules.wording import Wording
from rules.workdays import Calendar

AT_ONCE = 1_000
"""Keys asked for in one query."""

_ADD = Prepared(insert(DUTIES))
_KNOWN = select(DUTIES.c.kind, DUTIES.c.key).where(
    DUTIES.c.kind.in_(bindparam("kinds", expanding=True)),
    DUTIES.c.key.in_(bindparam("keys", expanding=True)),
)
_UNITS = select(ORGANISATIONS.c.id, ORGANISATIONS.c.code, ORGANISATIONS.c.path).where(
    ORGANISATIONS.c.id.in_(bindparam("units", expanding=True))
)
_LONGEST = {"key": 80, "link": 1_000, "title": 200}


class Wanted(NamedTuple):
    """A duty as it shall be. ``key`` is unique within its kind: "weekly/2026-W48/S1".

    ``title`` says what is to be done, ``link`` is the path of the page where it is done.
    ``person_id`` names whom it waits for when that is one person, else it is the kind's role.
    """

    kind: str
    key: str
    unit_id: int
    due_on: date
    title: Wording
    link: str
    person_id: int | None = None


def open_duties(
    connection: Connection, wanted: Sequence[Wanted], at: datetime, *, door: Door = Door.FLOW
) -> int:
    """Open the duties that were never opened, and return how many those are.

    Raise Invalid for a kind that is none, or a text too long or a link off our pages; NotFound for
    a unit that is none.
    """
    for each in wanted:
        _check(each)
    fresh = {(each.kind, each.key): each for each in wanted}
    if not (missing := _unknown(connection, fresh)):
        return 0
    # Who takes ids waits for whoever took some before: then it sees what they opened.
    ids = take_ids(connection, "duties", len(missing))
    missing = _unknown(connection, missing)
    if missing:
        _add(connection, list(missing.values()), ids, at, door)
    return len(missing)


_Keyed = Mapping[tuple[str, str], Wanted]


def _unknown(connection: Connection, wanted: _Keyed) -> _Keyed:
    known: set[tuple[str, str]] = set()
    keys = list(wanted)
    for start in range(0, len(keys), AT_ONCE):
        part = keys[start : start + AT_ONCE]
        asked = {"kinds": list({kind for kind, _ in part}), "keys": [key for _, key in part]}
        known |= {(row.kind, row.key) for row in connection.execute(_KNOWN, asked)}
    return {each: of for each, of in wanted.items() if each not in known}


def _add(
    connection: Connection, wanted: Sequence[Wanted], ids: range, at: datetime, door: Door
) -> None:
    units = _units(connection, {each.unit_id for each in wanted})
    calendar = Rulebooks().at(connection, at).calendar
    pairs = list(zip(ids, wanted, strict=False))  # somebody may have opened some meanwhile
    told = [
        (subject(number, each.kind, each.key), _opened(each, units, at, door), START)
        for number, each in pairs
    ]
    entries = write_records(connection, told)
    _ADD.run_all(connection, [
        {
            **_columns(number, each, units[each.unit_id], calendar), "opened_at": at,
            "seq": entry.seq, "head": entry.hash,
        }
        for (number, each), entry in zip(pairs, entries, strict=True)
    ])  # fmt: skip


def _units(connection: Connection, wanted: set[int]) -> dict[int, Row[Any]]:
    found = {row.id: row for row in connection.execute(_UNITS, {"units": list(wanted)})}
    if missing := wanted - found.keys():
        raise NotFound(
            Wording(f"没有单位 {min(missing)}", f"there is no unit {min(missing)}"), where="unit"
        )
    return found


def _columns(number: int, each: Wanted, unit: Row[Any], calendar: Calendar) -> dict[str, Any]:
    above = unit.path.strip("/").split("/")
    return {
        "id": number, "kind": each.kind, "key": each.key, "unit_id": each.unit_id,
        "cluster_id": int(above[1]) if len(above) > 1 else None, "person_id": each.person_id,
        "due_on": each.due_on, "title_zh": each.title.zh, "title_en": each.title.en,
        "link": each.link, "state": DutyState.OPEN, "ended_at": None, "ended_by_id": None,
        "next_on": next_on(kinds()[each.kind], each.due_on, calendar), "last_step": None,
        "case_id": None,
    }  # fmt: skip


def _opened(each: Wanted, units: Mapping[int, Row[Any]], at: datetime, door: Door) -> Happening:
    body = {
        "kind": each.kind, "unit": units[each.unit_id].code, "due_on": each.due_on.isoformat(),
        "title": each.title.zh, "link": each.link,
        **({"person": each.person_id} if each.person_id else {}),
    }  # fmt: skip
    return Happening(DutyAct.OPEN.value, None, Role.LADDER.value, door, at, body)


def _check(each: Wanted) -> None:
    if each.kind not in kinds():
        known = ", ".join(kinds())
        raise Invalid(
            Wording(f"没有“{each.kind[:40]}”这种应办事项", f"no kind of duty {each.kind[:40]!r}"),
            remedy=Wording(f"可填：{known}。", f"Choose from: {known}."),
            where="kind",
        )
    lengths = {
        "key": len(each.key), "link": len(each.link),
        "title": max(len(each.title.zh), len(each.title.en)),
    }  # fmt: skip
    for name, longest in _LONGEST.items():
        if not 0 < lengths[name] <= longest:
            raise _unfit(name, Wording(f"须为 1 至 {longest} 字", f"1 to {longest} characters"))
    if not each.link.startswith("/") or each.link.startswith("//"):
        raise _unfit("link", Wording("须是本站页面的路径", "it must be a path of our pages"))


def _unfit(where: str, problem: Wording) -> Invalid:
    return Invalid(problem, remedy=Wording("请改正。", "Correct it."), where=where)
