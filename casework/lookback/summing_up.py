"""A look-back as whoever runs the engine sees it: cases and numbers, nobody's name."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from sqlalchemy import bindparam, exists, select

from casework.lookback.judging import Judged, judge_strata
from casework.lookback.looks import find_look
from casework.office import Office
from models.tables import CASES, LOOKBACK_VISITS, LOOKBACKS, ORGANISATIONS
from rules.lookback.acts import LookbackState
from rules.lookback.plan import read_plan

_CASES = (
    select(
        CASES.c.number, ORGANISATIONS.c.name, LOOKBACK_VISITS.c.stratum, LOOKBACK_VISITS.c.no,
        LOOKBACK_VISITS.c.wave, LOOKBACK_VISITS.c.planned_on,
    )
    .join(CASES, CASES.c.id == LOOKBACK_VISITS.c.case_id)
    .join(ORGANISATIONS, ORGANISATIONS.c.id == CASES.c.unit_id)
    .where(LOOKBACK_VISITS.c.lookback_id == bindparam("look"))
    .order_by(LOOKBACK_VISITS.c.stratum, LOOKBACK_VISITS.c.no)
    .limit(bindparam("most"))
)  # fmt: skip
_FOUND = (
    select(LOOKBACKS.c.number)
    .where(
        LOOKBACKS.c.state == LookbackState.DRAWN,
        exists().where(
            LOOKBACK_VISITS.c.lookback_id == LOOKBACKS.c.id, LOOKBACK_VISITS.c.finding.is_not(None)
        ),
    )
    .order_by(LOOKBACKS.c.id.desc())
    .limit(bindparam("most"))
)


class DrawnCase(NamedTuple):
    """A drawn case: its rank in its stratum, the enlargement that drew it, the planned day."""

    number: str
    unit: str
    stratum: str
    rank: int
    wave: int
    planned_on: date | None


@dataclass(frozen=True, slots=True)
class Summary:
    """``drawn`` counts all drawn cases, of which ``cases`` are the first; strata as judged now."""

    number: str
    title: str
    frame_size: int
    drawn: int
    strata: Sequence[Judged]
    cases: Sequence[DrawnCase]


def sum_up(office: Office, number: str, *, most: int = 500) -> Summary:
    """Return a look-back with its first ``most`` cases; raise NotFound."""
    with office.reading() as connection:
        row = find_look(connection, number)
        strata = judge_strata(connection, row.id, read_plan(row.plan).confidence)
        cases = connection.execute(_CASES, {"look": row.id, "most": most})
        return Summary(
            row.number, row.title, row.frame_size, row.drawn, strata,
            [DrawnCase(*case) for case in cases],
        )  # fmt: skip


def visited_now(office: Office, *, most: int = 20) -> Sequence[str]:
    """Return the look-backs of which something was found and not all is over, newest first."""
    with office.reading() as connection:
        return list(connection.execute(_FOUND, {"most": most}).scalars())
