"""Hazards the engine finds by itself, made into cases: told the same way twice, it is one case."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, select

from casework.errors import Invalid
from casework.handing import New, hand_in
from casework.intake import Arrival, Intake, Report, check_report, fingerprint, new_cases
from casework.people import Unit
from casework.rulebook import Rulebook
from casework.writer import open_cases
from models.tables import CASES
from rules.access import Role
from rules.case import State
from rules.policy import Category
from rules.wording import Wording
from rules.workdays import china_day

_SAME = select(CASES.c.fingerprint, CASES.c.id, CASES.c.number).where(
    CASES.c.fingerprint.in_(bindparam("prints", expanding=True)), CASES.c.state != State.CLOSED
)


class Hazard(NamedTuple):
    """What is told of a unit, and what the event of its case says besides."""

    unit: Unit
    told: Report
    said: Mapping[str, Any]

    @property
    def print(self) -> str:
        return fingerprint(self.unit.id, self.told.location, self.told.description)


class Raised(NamedTuple):
    """Id and number of each hazard's case, in their order; ``opened`` are those newly opened."""

    cases: Sequence[tuple[int, str]]
    opened: Sequence[str]


def raise_cases(connection: Connection, intake: Intake, hazards: Sequence[Hazard]) -> Raised:
    """Open a case for each hazard that no open case of the unit tells already."""
    prints = [each.print for each in hazards]
    same = connection.execute(_SAME, {"prints": list({*prints})}) if prints else ()
    known = {row.fingerprint: (row.id, row.number) for row in same}
    fresh: dict[str, Hazard] = {}
    for mark, each in zip(prints, hazards, strict=True):
        if mark not in known:
            fresh.setdefault(mark, each)
    arrivals = [_arrival(each, mark, intake) for mark, each in fresh.items()]
    cases = new_cases(connection, intake, arrivals) if arrivals else []
    written = open_cases(connection, cases)
    told = zip(cases, fresh.values(), written, strict=True)
    new = [New(case, each.unit.path, event) for case, each, event in told]
    hand_in(connection, new, intake.at)
    known |= {mark: (case.id, case.number) for mark, case in zip(fresh, cases, strict=True)}
    return Raised([known[mark] for mark in prints], [case.number for case in cases])


def category_of(key: str, book: Rulebook) -> Category:
    """Return the policy's category of this key, or its last one where it has none of that name."""
    found = book.policy.category(key)
    if found is None and not book.policy.categories:
        raise Invalid(Wording("政策没有品目", "the policy has no category"), where="category")
    return found or book.policy.categories[-1]


def _arrival(each: Hazard, mark: str, intake: Intake) -> Arrival:
    checked = check_report(each.told, intake.book, today=china_day(intake.at))
    return Arrival(each.unit, checked, Role.LADDER, fingerprint=mark, body=dict(each.said))
