"""A case as it stands in the database, and how it is found."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, select

from casework.errors import NotFound
from casework.forms import LONGEST_NAME, clean
from casework.rulebook import STAMPS, Stamps
from models.prepared import Prepared
from models.tables import CASES, ORGANISATIONS
from rules.case import Facts, Level, Listing, State
from rules.wording import Wording

_OF_THE_CASE = (
    "id", "number", "unit_id", "cluster_id", "department", "owner", "category", "clock_no",
    "due_at", "closed_at", "seq", "head", "state", "claimed", "level",
    "listed", "cycle", "hands", "plan_author_id", "plan_by_head", "plan_deadline",
    "verified_by_id", "extension_asked_by_id", "extensions", "after_evidence", "voided",
)  # fmt: skip
_FIRST_FACT = _OF_THE_CASE.index("state")
_SELECT = (
    select(*(CASES.c[name] for name in _OF_THE_CASE), ORGANISATIONS.c.path, *STAMPS)
    .join(ORGANISATIONS, ORGANISATIONS.c.id == CASES.c.unit_id)
    .where(CASES.c.number == bindparam("number"))
)
_FIND = Prepared(_SELECT)
_FIND_TO_MOVE = Prepared(_SELECT.with_for_update(of=CASES))


@dataclass(frozen=True, slots=True)
class Stored:
    """What the writer needs of a case before it changes it."""

    id: int
    number: str
    unit_id: int
    cluster_id: int | None
    department: str
    owner: str
    category: str
    clock_no: int
    due_at: datetime | None
    closed_at: datetime | None
    seq: int
    head: str
    facts: Facts
    unit_path: str
    stamps: Stamps


def find_case(connection: Connection, number: str, *, to_move: bool = False) -> Stored:
    """Return the case called ``number``; raise NotFound or Invalid.

    ``to_move`` locks its row until the transaction ends, so that of two movers one waits and
    then decides on what the other left.
    """
    called = {"number": clean(number, where="number", longest=LONGEST_NAME)}
    rows = (_FIND_TO_MOVE if to_move else _FIND).rows(connection, called)
    if not rows and to_move:
        # PostgreSQL finds nothing when it waited for a transfer: the unit it joined was the old.
        rows = _FIND_TO_MOVE.rows(connection, called)
    if not rows:
        raise no_such_case(number)
    return _stored(rows[0])


def no_such_case(number: str) -> NotFound:
    """Say that there is none; also to whoever may not see it, so that numbers tell nothing."""
    return NotFound(
        Wording(f"没有编号为 {number} 的案件", f"there is no case {number}"),
        remedy=Wording("可用 bihuan case list 查找。", "`bihuan case list` finds cases."),
        where="number",
    )


def _stored(row: tuple[Any, ...]) -> Stored:
    state, claimed, level, listed, cycle, hands, *rest = row[_FIRST_FACT : len(_OF_THE_CASE)]
    path, first, second, third = row[len(_OF_THE_CASE) :]
    facts = Facts(
        State(state), claimed, Level(level), Listing(listed) if listed else None, cycle,
        frozenset(hands), *rest,
    )  # fmt: skip
    return Stored(*row[:_FIRST_FACT], facts, path, (first, second, third))  # type: ignore[call-arg] # a row's length is not typed
