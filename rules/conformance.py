"""Whether a case lived as the table of moves allows: its events replayed, deviations listed."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from rules.access import Role
from rules.actions import Action, Given
from rules.case import Bounds, Facts
from rules.consequences import evolve
from rules.decisions import Move
from rules.folding import Told, Was, fold_one
from rules.ladder import StepKind
from rules.moves import TABLE, Row
from rules.wording import Wording
from rules.workdays import china_day

# How many extensions a policy allowed then is not in the events.
_MANY = 1_000_000


class Deviation(StrEnum):
    """How an event departs from the table."""

    UNREADABLE = "unreadable"
    BEGINNING = "beginning"
    ORDER_OF_TIME = "order_of_time"
    STATE = "state"
    ROLE = "role"
    FIELD = "field"
    CONDITION = "condition"
    CONSEQUENCE = "consequence"
    STAGE = "stage"

    @property
    def label(self) -> Wording:
        return _LABELS[self]


@dataclass(frozen=True, slots=True)
class Acted:
    """An event with who acted."""

    told: Told
    by: int | None
    role: str


@dataclass(frozen=True, slots=True)
class Departure:
    """What is wrong with event ``seq``."""

    seq: int
    kind: str
    deviation: Deviation
    detail: Wording


def departures(events: Iterable[Acted]) -> Iterator[Departure]:
    """Yield every deviation of one case's events, in order, from what the table allows."""
    was: Was | None = None
    last: datetime | None = None
    for each in events:
        if last and each.told.at < last:
            yield _departs(each, Deviation.ORDER_OF_TIME, f"{each.told.at} < {last}")
        last = each.told.at
        try:
            yield from _against(was, each)
            was = fold_one(was, each.told)
        except (AttributeError, KeyError, TypeError, ValueError) as fault:
            yield _departs(each, Deviation.UNREADABLE, str(fault))
            return


def _against(was: Was | None, each: Acted) -> Iterator[Departure]:
    kind = each.told.kind
    if was is None or kind == Action.REPORT:
        if (was is None) is not (kind == Action.REPORT):
            yield _departs(each, Deviation.BEGINNING, kind)
        return
    if kind in set(Action):
        yield from _moved(was.facts, each, TABLE[Action(kind)])
        return
    changed = sorted(each.told.body.get("changed", {}))
    if changed:
        yield _departs(each, Deviation.CONSEQUENCE, ", ".join(changed))
    if kind in set(StepKind) and each.told.body["stage"] != (was.facts.stage or ""):
        yield _departs(each, Deviation.STAGE, str(each.told.body["stage"]))


def _moved(facts: Facts, each: Acted, row: Row) -> Iterator[Departure]:
    if facts.state not in row.sources:
        yield _departs(each, Deviation.STATE, str(facts.state))
    if Role(each.role) not in row.roles(facts.level):
        yield _departs(each, Deviation.ROLE, each.role)
    said = each.told.body.get("given", {})
    outside = {Given.EVIDENCE, Given.OWNER}  # files and people's names are told apart
    missing = [need for need in row.needs if need not in outside and need.value not in said]
    for field in missing:
        yield _departs(each, Deviation.FIELD, field.value)
    for guard in row.guards:
        if not guard.holds(facts, _bounds(each), each.by):
            yield Departure(each.told.seq, each.told.kind, Deviation.CONDITION, guard.unmet)
    after = evolve(facts, _move(facts, each, row, said))
    for name in _different(facts, after, each.told.body.get("changed", {})):
        yield _departs(each, Deviation.CONSEQUENCE, name)


def _bounds(each: Acted) -> Bounds:
    """Return what holds whatever the policy was: whether it was overdue is not asked again."""
    return Bounds(china_day(each.told.at), most_extensions=_MANY)


def _move(facts: Facts, each: Acted, row: Row, said: Mapping[str, Any]) -> Move:
    given: dict[Given, Any] = {Given(name): value for name, value in said.items()}
    if Given.DEADLINE in given:
        given[Given.DEADLINE] = date.fromisoformat(given[Given.DEADLINE])
    given[Given.EVIDENCE] = len(each.told.body.get("evidence", ()))
    target = row.target or facts.state
    if target is None:
        message = "a case that was not reported has no state"
        raise ValueError(message)
    return Move(row.action, target, each.by, Role(each.role), given, row.clock, None)


def _different(before: Facts, after: Facts, changed: Mapping[str, Any]) -> list[str]:
    """Return the facts whose change the event does not tell as the rules have it."""
    return [
        each.name
        for each in fields(Facts)
        if [_plain(getattr(before, each.name)), _plain(getattr(after, each.name))]
        != changed.get(each.name, [_plain(getattr(before, each.name))] * 2)
    ]


def _plain(value: Any) -> Any:  # noqa: ANN401 — JSON's own types
    if isinstance(value, frozenset):
        return sorted(value)
    return value.isoformat() if isinstance(value, date) else value


def _departs(each: Acted, deviation: Deviation, detail: str) -> Departure:
    return Departure(each.told.seq, each.told.kind, deviation, Wording(detail, detail))


_LABELS = {
    Deviation.UNREADABLE: Wording("记录无法读取", "cannot be read"),
    Deviation.BEGINNING: Wording("案件须由上报开始，且只上报一次", "a case begins with one report"),
    Deviation.ORDER_OF_TIME: Wording("时间早于前一条", "dated before the event before it"),
    Deviation.STATE: Wording("此状态下不能办理", "not allowed in this state"),
    Deviation.ROLE: Wording("此职责不能办理", "not this role's to do"),
    Deviation.FIELD: Wording("缺少必填内容", "a needed field is missing"),
    Deviation.CONDITION: Wording("不满足条件", "a condition was not met"),
    Deviation.CONSEQUENCE: Wording("结果与规则不符", "what it changed is not what follows"),
    Deviation.STAGE: Wording("所催环节不是当时环节", "not the stage that ran"),
}
