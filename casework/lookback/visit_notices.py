"""Notices of look-back visits, looked at again before they are sent: are they still true?"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select

from models.tables import LOOKBACK_VISITS, LOOKBACKS
from rules.ladder import StepKind
from rules.lookback.acts import LookbackState
from rules.lookback.findings import InspectionMode
from rules.wording import Locale, Wording

ASSIGNED = "visit"
REMINDED = "visit_remind"
OVERDUE = "visit_overdue"
CHASED = {StepKind.REMIND: REMINDED, StepKind.OVERDUE: OVERDUE}
"""The kind of notice that a step of either kind owes."""
KINDS = frozenset({ASSIGNED, REMINDED, OVERDUE})

REASONS = {
    "visited": Wording("已复查", "the visit is finished"),
    "look_back_ended": Wording("回头看已撤回或办结", "the look-back is withdrawn or closed"),
}
_VISITS = (
    select(
        LOOKBACKS.c.number, LOOKBACKS.c.state, LOOKBACK_VISITS.c.case_id,
        LOOKBACK_VISITS.c.finding, LOOKBACK_VISITS.c.due_at,
    )
    .join(LOOKBACKS, LOOKBACKS.c.id == LOOKBACK_VISITS.c.lookback_id)
    .where(
        LOOKBACK_VISITS.c.case_id.in_(bindparam("cases", expanding=True)),
        LOOKBACKS.c.number.in_(bindparam("numbers", expanding=True)),
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class VisitNow:
    """A visit as it is told: the look-back's number, the planned day and the way of looking as
    words, when it is due; ``void`` says why it is not told any more, '' when it is.
    """

    lookback: str
    planned: str
    mode: str
    due_at: datetime
    void: str


@dataclass(frozen=True, slots=True)
class Visits:
    """The visits that some notices speak of, as they stand now."""

    _rows: Mapping[tuple[int, str], Row[Any]]

    def of(self, case: int, body: str, locale: Locale) -> VisitNow:
        """Return the visit that the notice ``body`` of ``case`` speaks of."""
        said = json.loads(body)
        row = self._rows.get((case, said["lookback"]))
        return VisitNow(
            said["lookback"],
            date.fromisoformat(said["on"]).isoformat() if said.get("on") else "",
            InspectionMode(said["mode"]).label.say(locale),
            row.due_at if row else datetime.fromisoformat(said["due"]),
            _void(row),
        )


def read_visits(connection: Connection, notices: Iterable[tuple[int, str, str]]) -> Visits:
    """Return the visits of ``notices``, (case id, kind, body) each; other kinds are passed over."""
    wanted = {(case, json.loads(body)["lookback"]) for case, kind, body in notices if kind in KINDS}
    if not wanted:
        return Visits({})
    values = {
        "cases": [case for case, _ in wanted],
        "numbers": list({number for _, number in wanted}),
    }
    rows = connection.execute(_VISITS, values)
    return Visits({(row.case_id, row.number): row for row in rows})


def _void(row: Row[Any] | None) -> str:
    if row is not None and row.finding is not None:
        return "visited"
    if row is None or row.state is not LookbackState.DRAWN:
        return "look_back_ended"
    return ""
