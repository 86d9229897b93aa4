"""A case's events folded back into what it was: its state, its clock and who it waited for.

Nothing but the events is read, so what was true at a moment stays true, whatever happens later.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from typing import Any

from rules.access import Role
from rules.actions import Action
from rules.case import Facts, Level, Listing, State
from rules.deadlines import Stage, days_late, is_overdue


@dataclass(frozen=True, slots=True)
class Told:
    """An event as the fold reads it; ``body`` is its JSON, read."""

    seq: int
    at: datetime
    kind: str
    body: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Term:
    """A clock as events tell it: what it ran for, until when, and who held the case.

    ``holder`` is who held it when the term ended, or holds it now; ``stopped_at`` is None while it
    runs; ``cause`` is the event that started it.
    """

    no: int
    cycle: int
    stage: Stage
    holder: Role | None
    since: datetime
    due_at: datetime
    limit: str
    cause: str
    estimated: bool = False
    stopped_at: datetime | None = None

    def was_late(self, at: datetime) -> bool:
        """Return whether it had run over by ``at``, or before it was stopped."""
        return is_overdue(self.due_at, min(at, self.stopped_at or at))


@dataclass(frozen=True, slots=True)
class Was:
    """What a case was after its event ``seq``.

    ``unit`` is the code it was reported for; ``unit_id`` the id it was last transferred to, None
    while it never was. ``terms`` are all its clocks in order.
    """

    seq: int
    at: datetime
    facts: Facts
    unit: str
    unit_id: int | None
    department: str
    terms: tuple[Term, ...]
    closed_at: datetime | None = None

    @property
    def term(self) -> Term | None:
        """Return the clock that ran; None once the case was closed."""
        last = self.terms[-1] if self.terms else None
        return last if last and last.stopped_at is None else None

    @property
    def due_at(self) -> datetime | None:
        return self.term.due_at if self.term else None

    def days_late(self, at: datetime) -> int:
        return days_late(self.due_at, at) if self.due_at else 0

    def overdue(self, at: datetime) -> bool:
        return self.due_at is not None and is_overdue(self.due_at, at)

    def late_terms(self, at: datetime) -> tuple[Term, ...]:
        """Return every clock that ever ran over, those of the past included."""
        return tuple(each for each in self.terms if each.was_late(at))


def fold(events: Iterable[Told], until: datetime | None = None) -> Was | None:
    """Return what a case was after its events up to ``until`` (all of them by default).

    An event counts from the moment at which it and all before it had happened, so that one dated
    back changes nothing before its place in the chain. None when the case was not yet reported.
    Raise ValueError or KeyError for events that no case can have.
    """
    was: Was | None = None
    for event in events:
        if until is not None and event.at > until:
            break
        was = fold_one(was, event)
    return was


def fold_one(was: Was | None, event: Told) -> Was:
    """Return what a case is after one more event; ``was`` is None before its report."""
    return _begun(event) if was is None else _after(was, event)


def _begun(event: Told) -> Was:
    if event.kind != Action.REPORT:
        message = f"a case begins with its report, not with {event.kind!r}"
        raise ValueError(message)
    facts = Facts(State.REPORTED, level=Level(event.body["level"]))
    department = str(event.body.get("department", ""))
    empty = Was(event.seq, event.at, facts, str(event.body["unit"]), None, department, ())
    return replace(empty, terms=_terms(empty, facts, event))


def _after(was: Was, event: Told) -> Was:
    changed = event.body.get("changed", {})
    facts = replace(was.facts, **{
        name: _READ.get(name, _as_it_is)(after)
        for name, (_, after) in changed.items()
        if name in _FACTS
    }) if changed else was.facts  # fmt: skip
    return Was(
        event.seq, event.at, facts, was.unit,
        _last(changed, "unit_id", was.unit_id), _last(changed, "department", was.department),
        _terms(was, facts, event),
        (was.closed_at or event.at) if facts.state is State.CLOSED else None,
    )  # fmt: skip


def _last(changed: Mapping[str, Any], name: str, before: Any) -> Any:  # noqa: ANN401 — JSON's own types
    return changed[name][1] if name in changed else before


def _terms(was: Was, facts: Facts, event: Told) -> tuple[Term, ...]:
    """Return the clocks after an event: the running one stops when another starts, or none may."""
    told = event.body.get("clock")
    running = was.term
    if running is None:
        return (*was.terms, _started(told, facts, event)) if told else was.terms
    if told is None and facts.stage is not None:
        if running.holder is facts.holder:
            return was.terms
        return (*was.terms[:-1], replace(running, holder=facts.holder))
    stopped = (*was.terms[:-1], replace(running, stopped_at=event.at))
    return (*stopped, _started(told, facts, event)) if told else stopped


def _started(told: Mapping[str, Any], facts: Facts, event: Told) -> Term:
    return Term(
        told["no"], facts.cycle, Stage(told["stage"]), facts.holder, event.at,
        datetime.fromisoformat(told["due"]), told["limit"], event.kind,
        told.get("estimated", False),
    )  # fmt: skip


def _as_it_is(value: Any) -> Any:  # noqa: ANN401 — JSON's own types
    return value


_FACTS = frozenset(each.name for each in fields(Facts))
_READ: dict[str, Callable[[Any], Any]] = {
    "state": State,
    "level": Level,
    "listed": lambda value: Listing(value) if value else None,
    "hands": frozenset,
    "plan_deadline": lambda value: date.fromisoformat(value) if value else None,
}
