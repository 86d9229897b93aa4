"""Scheduled look-backs, carried on day by day: committed to the day before, drawn on the day.

Everything may be done again, late or by several at once: the occurrence of a schedule is unique in
the database, and each step looks at where the look-back stands. A schedule that fails stops no
other one.
"""

import logging
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial

from sqlalchemy import bindparam, func, insert, select
from sqlalchemy.exc import IntegrityError

from casework.errors import Unavailable
from casework.events import Door
from casework.lookback.assigning import Dealt
from casework.lookback.carrying import ask, assign_new, carry_on
from casework.lookback.enlarging import Enlarged, recheck_rejected
from casework.lookback.looks import Hand
from casework.lookback.timetable import (
    Occurrence,
    occurrences_of,
    read_clusters,
    read_schedules,
)
from casework.office import Office
from models.tables import ENGINE_RUNS, LOOKBACKS
from notifications.sealing import Keys
from rules.deadlines import due
from rules.lookback.acts import LookbackState
from rules.wording import Trouble, Wording
from rules.workdays import china_day

LOG = logging.getLogger(__name__)
RUN = "look_back"
DAY = timedelta(days=1)
CATCH_UP = timedelta(days=14)
"""A draw that was missed is made up for so long (our choice); what is older is only reported."""

_OVER = frozenset({LookbackState.DRAWN, LookbackState.CLOSED, LookbackState.WITHDRAWN})


@dataclass(frozen=True, slots=True)
class Failure:
    """What could not be done, of which occurrence or look-back, and why."""

    where: str
    wording: Wording


@dataclass(slots=True)
class Drawn:
    """What a run did, by the look-backs' numbers.

    ``waiting`` says of each what it waits for; ``unconfirmed`` wait for an admin's word, until
    ``confirm_by``. ``missed`` are the occurrences that grew too old to be drawn since the last run.
    """

    as_of: datetime
    committed: list[str] = field(default_factory=list)
    drawn: list[str] = field(default_factory=list)
    rechecked: list[Enlarged] = field(default_factory=list)
    dealt: list[Dealt] = field(default_factory=list)
    unconfirmed: list[str] = field(default_factory=list)
    confirm_by: datetime | None = None
    waiting: list[Failure] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)

    @property
    def impossible(self) -> int:
        return sum(len(each.impossible) for each in self.dealt)

    @property
    def assigned(self) -> int:
        return sum(each.assigned for each in self.dealt)


def occurrences(office: Office, first: date, last: date, *, at: datetime) -> Sequence[Occurrence]:
    """Return what all active schedules ask for from ``first`` to ``last``, by day."""
    with office.reading() as connection:
        calendar = office.rulebooks.at(connection, at).calendar
        clusters, schedules = read_clusters(connection), read_schedules(connection)
    found = (
        each
        for schedule in schedules
        for each in occurrences_of(schedule, calendar, clusters, first, last)
    )
    return sorted(found, key=lambda each: (each.day, each.key))


def draw_due(
    office: Office,
    keys: Keys,
    *,
    as_of: datetime,
    ran_at: datetime,
    door: Door,
    only: str = "",
    confirmed: Collection[str] = (),
) -> Drawn:
    """Commit to what is drawn tomorrow, draw what is due, assign what was drawn; once each.

    ``only`` looks at one schedule, and at nothing else. Where the policy wants an admin's word,
    only look-backs ``confirmed`` by number are drawn; the rest is committed to and named. Raise
    Unavailable when the database does not answer.
    """
    done, hand, today = Drawn(as_of), Hand(None, as_of, door), china_day(as_of)
    with office.reading() as connection:
        book = office.rulebooks.at(connection, as_of)
    bounds = book.policy.lookback
    done.confirm_by = due(as_of, bounds.confirm_within.limit, book.calendar).at
    run = _Run(office, keys, hand, confirmed if bounds.confirm_draw else None, done)
    for each in occurrences(office, today - CATCH_UP, today + DAY, at=as_of):
        if only in {"", each.schedule.name}:
            run.attempt(each.key, partial(run.occur, each))
    if not only:
        run.attempt("recheck", run.recheck)
        done.missed = _missed(office, today, as_of)
        _record(office, done, ran_at)
    return done


@dataclass(frozen=True, slots=True)
class _Run:
    """One run: who acts, which look-backs may be drawn (None: all), and what was done."""

    office: Office
    keys: Keys
    hand: Hand
    confirmed: Collection[str] | None
    done: Drawn

    def attempt(self, where: str, work: Callable[[], None]) -> None:
        """Do ``work``; what hinders it is kept, and hinders nothing else."""
        try:
            work()
        except Unavailable:
            raise
        except Trouble as trouble:
            self.done.failures.append(Failure(where, Wording(trouble.say("zh"), trouble.say("en"))))
        except (LookupError, ValueError, IntegrityError):
            LOG.exception("%s: the look-back cannot be carried on", where)
            self.done.failures.append(Failure(where, _UNEXPECTED))

    def occur(self, each: Occurrence) -> None:
        number = ask(self.office, each, self.hand)
        is_time = each.day <= china_day(self.hand.at)
        draws = is_time and (self.confirmed is None or number in self.confirmed)
        stage = carry_on(self.office, self.keys, number, self.hand, draws=draws)
        self.done.committed += [number] * stage.committed
        self.done.drawn += [number] * stage.drawn
        self.done.dealt += [stage.dealt] if stage.dealt else []
        if stage.waits:
            self.done.waiting.append(Failure(number, stage.waits))
        elif is_time and not draws and stage.stands not in _OVER:
            self.done.unconfirmed.append(number)

    def recheck(self) -> None:
        self.done.rechecked = recheck_rejected(self.office, self.hand)
        for number in dict.fromkeys(each.number for each in self.done.rechecked):
            dealt = assign_new(self.office, number, self.hand)
            self.done.dealt += [dealt] if dealt else []


def _missed(office: Office, today: date, as_of: datetime) -> list[str]:
    """Return what became too old to draw since the last run, so that it is told once."""
    with office.reading() as connection:
        last = connection.execute(_LAST_RUN).scalar()
    first = china_day(last) - CATCH_UP if last else date.min
    until = today - CATCH_UP - DAY
    if first > until:
        return []
    old = [each.key for each in occurrences(office, first, until, at=as_of)]
    with office.reading() as connection:
        known = set(connection.execute(_KNOWN, {"keys": old}).scalars())
    return [each for each in old if each not in known]


def _record(office: Office, done: Drawn, ran_at: datetime) -> None:
    for each in done.missed:
        LOG.warning("%s: too long ago to be drawn, left undone", each)
    row = {"kind": RUN, "at": ran_at, "done": len(done.drawn), "failed": len(done.failures)}
    with office.writing() as connection:
        connection.execute(insert(ENGINE_RUNS), row)


_UNEXPECTED = Wording("出现意外错误，见日志", "an unexpected fault, see the log")
_LAST_RUN = select(func.max(ENGINE_RUNS.c.at)).where(ENGINE_RUNS.c.kind == RUN)
_KNOWN = select(LOOKBACKS.c.occurrence).where(
    LOOKBACKS.c.occurrence.in_(bindparam("keys", expanding=True)), LOOKBACKS.c.state.in_(_OVER)
)
