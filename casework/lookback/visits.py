"""The visits of a look-back: one for each drawn case, due together, reminded of by the ladder."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, insert, select, update

from casework.lookback.looks import Look
from casework.office import Office
from casework.rulebook import Rulebook
from models.prepared import Prepared
from models.tables import CASES, LOOKBACK_VISITS, LOOKBACKS
from rules.deadlines import due
from rules.lookback.draw import Drawn
from rules.steps import first_step

_ADD = Prepared(insert(LOOKBACK_VISITS))
_IDS = select(CASES.c.number, CASES.c.id).where(
    CASES.c.number.in_(bindparam("numbers", expanding=True))
)
_AT_ONCE = 500


class _Term(NamedTuple):
    due_at: datetime
    next_step: str | None
    next_step_at: datetime | None


def add_visits(
    office: Office,
    connection: Connection,
    look: Look,
    drawn: Mapping[str, Sequence[Drawn]],
    *,
    wave: int,
) -> int:
    """Write a visit for every drawn case and return how many; all of a wave are due together."""
    book = office.rulebooks.at(connection, look.hand.at)
    term, wanted = _term(look, book), [each for cases in drawn.values() for each in cases]
    ids = _ids_of(connection, [each.id for each in wanted])
    _ADD.run_all(connection, [_row(look.id, each, ids[each.id], term, wave) for each in wanted])
    if wanted:
        connection.execute(
            update(LOOKBACKS).where(LOOKBACKS.c.id == look.id).values(due_at=term.due_at)
        )
    return len(wanted)


def _term(look: Look, book: Rulebook) -> _Term:
    at, plan = look.hand.at, look.plan
    due_at = due(at, plan.within, book.calendar).at
    step = first_step(book.policy.lookback.ladder, book.calendar, started_at=at, due_at=due_at)
    return _Term(due_at, step.key if step else None, step.at if step else None)


def _ids_of(connection: Connection, numbers: Sequence[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for several in _batches(numbers):
        found |= dict(connection.execute(_IDS, {"numbers": several}).tuples().all())
    return found


def _batches(numbers: Sequence[str]) -> Iterator[list[str]]:
    reading = iter(numbers)
    while several := list(islice(reading, _AT_ONCE)):
        yield several


def _row(look: int, drawn: Drawn, case: int, term: _Term, wave: int) -> dict[str, Any]:
    return {
        "lookback_id": look, "case_id": case, "stratum": drawn.stratum, "no": drawn.rank,
        "ticket": drawn.ticket, "wave": wave, "planned_on": None, **term._asdict(),
        "proposed": None, "mode": None, "note": "", "photos": [], "finding": None, "found_at": None,
        "reopened": False,
    }  # fmt: skip
