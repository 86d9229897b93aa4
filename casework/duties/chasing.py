"""The chase 催办应办事项: what is not done is told of, step by step, and at last becomes a case.

Only duties whose next day has come are looked at, a batch a transaction; what another chaser holds
is left to it. After downtime only the newest step is told, and a case is raised once.
"""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, func, tuple_

from casework.directory import Directory, read_directory
from casework.duties.store import FOUND, Change, Held, read, receipt_of, write
from casework.duties.telling import NOTICE, said_of
from casework.errors import Refused
from casework.events import Door, Happening
from casework.intake import Intake, Report
from casework.notices import Owed, owe
from casework.office import Office
from casework.raising import Hazard, category_of, raise_cases
from casework.records import Entry
from casework.rulebook import Rulebook
from models import Place
from models.tables import DUTIES
from rules.access import Role
from rules.audience import find_told
from rules.duties.acts import DutyAct
from rules.duties.kinds import DutyKind, Step, kinds
from rules.duties.ladder import day_of, days_late, next_on, reached
from rules.wording import Trouble, Wording
from rules.workdays import china_day

LOG = logging.getLogger(__name__)
BATCH = 500
_DUE = (
    FOUND.where(
        DUTIES.c.next_on <= bindparam("today"),
        # Wrapped, or SQLite reads all duties of the kinds rather than those whose day has come.
        func.coalesce(DUTIES.c.kind, "").in_(bindparam("kinds", expanding=True)),
        tuple_(DUTIES.c.next_on, DUTIES.c.id) > tuple_(bindparam("day"), bindparam("number")),
    )
    .order_by(DUTIES.c.next_on, DUTIES.c.id)
    .limit(bindparam("most"))
    .with_for_update(of=DUTIES, skip_locked=True)
)


@dataclass(slots=True)
class Chased:
    """What a chase did (or, dry, would do): duties looked at, notices owed, cases raised; cases
    that were open already are ``linked``. ``by_kind`` counts the duties that were told of,
    ``opened`` those that a round of what is missing opened before.
    """

    as_of: datetime
    dry_run: bool
    opened: int = 0
    looked_at: int = 0
    told: int = 0
    notices: int = 0
    raised: int = 0
    linked: int = 0
    cases: list[str] = field(default_factory=list)
    by_kind: dict[str, int] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)


class _Chase(NamedTuple):
    """A duty, the newest step that the day has reached, and how many before it went untold."""

    held: Held
    kind: DutyKind
    step: Step
    missed: int
    raises: bool
    next_on: date | None


@dataclass(frozen=True, slots=True)
class _Moment:
    """What all duties of a batch are chased by."""

    today: date
    at: datetime
    door: Door
    book: Rulebook
    directory: Directory


def chase(
    office: Office,
    *,
    as_of: datetime,
    ran_at: datetime,
    door: Door,
    dry_run: bool = False,
    batch: int = BATCH,
) -> Chased:
    """Take the steps that are due on the day of ``as_of``, at ``ran_at``.

    ``dry_run`` counts and writes nothing. Raise Refused for a day to come that is no rehearsal.
    """
    if as_of > ran_at and not dry_run:
        raise _not_yet(as_of)
    chased = Chased(as_of, dry_run)
    today, place = china_day(as_of), (date.min, 0)
    while True:
        with office.writing() as connection:
            asked = {"today": today, "kinds": list(kinds()), "day": place[0], "number": place[1]}
            rows = connection.execute(_DUE, {**asked, "most": batch}).all()
            if not rows:
                return chased
            place = rows[-1].next_on, rows[-1].id
            moment = _Moment(
                today, ran_at, door, office.rulebooks.at(connection, ran_at),
                read_directory(connection, today),
            )  # fmt: skip
            _take(connection, [read(row) for row in rows], moment, chased)
            if dry_run:
                connection.rollback()


def _not_yet(as_of: datetime) -> Refused:
    return Refused(
        Wording(f"{china_day(as_of)} 尚未到来", f"{china_day(as_of)} has not come yet"),
        remedy=Wording(
            "将来的日子只能试运行（--dry-run）。", "It can only be rehearsed: --dry-run."
        ),
        where="--as-of",
    )


def _take(connection: Connection, rows: Sequence[Held], moment: _Moment, chased: Chased) -> None:
    """Take the newest step of each duty: told, a case raised where the step says so."""
    steps = list(_reckoned(rows, moment, chased))
    raised = _raise(connection, [each for each in steps if each.raises], moment, chased)
    changes = [_change(each, raised.get(each.held.id), moment) for each in steps]
    entries = write(connection, changes)
    _tell(connection, steps, entries, moment, chased)
    chased.looked_at += len(rows)


def _reckoned(rows: Sequence[Held], moment: _Moment, chased: Chased) -> Iterator[_Chase]:
    """Yield each duty's newest step; one that cannot be reckoned is named and left."""
    for held in rows:
        try:
            if chase := _newest(held, moment):
                yield chase
        # Trouble: a day before the calendar.
        except (LookupError, ValueError, Trouble):
            LOG.exception("duty %s %s: its steps cannot be reckoned", held.kind, held.key)
            chased.failed.append(f"{held.kind} {held.key}")


def _newest(held: Held, moment: _Moment) -> _Chase | None:
    """Return what is owed; a step of before the duty was opened counts as none that was missed."""
    kind, calendar = kinds()[held.kind], moment.book.calendar
    steps = reached(kind, held.due_on, calendar, moment.today, after=held.last_step)
    if not steps:  # the calendar moved the day
        return None
    opened = china_day(held.opened_at)
    missed = [each for each in steps[:-1] if day_of(kind, each, held.due_on, calendar) >= opened]
    raises = any(each.case for each in steps) and held.unit.kind is Place.UNIT
    following = next_on(kind, held.due_on, calendar, after=steps[-1].days)
    return _Chase(held, kind, steps[-1], len(missed), raises, following)


def _raise(
    connection: Connection, raising: Sequence[_Chase], moment: _Moment, chased: Chased
) -> dict[int, tuple[int, str]]:
    """Open the cases, and return id and number of each duty's, by the duty's id."""
    if not raising:
        return {}
    hazards = [_hazard(each, moment.book) for each in raising]
    raised = raise_cases(connection, Intake(moment.book, None, moment.at, moment.door), hazards)
    chased.raised += len(raised.opened)
    chased.linked += len(raising) - len(raised.opened)
    chased.cases.extend(raised.opened)
    return {each.held.id: case for each, case in zip(raising, raised.cases, strict=True)}


def _hazard(each: _Chase, book: Rulebook) -> Hazard:
    held, kind = each.held, each.kind
    if kind.raised is None:
        message = f"the kind {kind.key} raises no case"
        raise ValueError(message)
    told = Report(
        held.unit.code,
        f"{kind.zh}未按期完成：{held.title.zh}（应于 {held.due_on} 前完成）",
        category_of(kind.raised.category, book).key,
        measure=kind.raised.measure,
        level=kind.raised.level,
        source=f"{kind.source}"[:500],
    )
    return Hazard(held.unit, told, {"duty": {"kind": held.kind, "key": held.key}})


def _change(each: _Chase, case: tuple[int, str] | None, moment: _Moment) -> Change:
    body: dict[str, Any] = {
        "step": each.step.days, "days_late": days_late(each.held.due_on, moment.today),
    }  # fmt: skip
    columns: dict[str, Any] = {"next_on": each.next_on, "last_step": each.step.days}
    if case:
        body["case"], columns["case_id"] = case[1], case[0]
    act = DutyAct.RAISE_CASE if case else DutyAct.CHASE
    happening = Happening(act.value, None, Role.LADDER.value, moment.door, moment.at, body)
    return Change(each.held, happening, columns)


def _tell(
    connection: Connection,
    steps: Sequence[_Chase],
    entries: Sequence[Entry],
    moment: _Moment,
    chased: Chased,
) -> None:
    owed = [
        Owed(
            f"duty:{each.held.id}:{each.held.due_on}:{each.step.days}", None, 0,
            _people(each, moment), NOTICE, said_of(each.held, each.missed), urgent=False,
            receipt=receipt_of(each.held.id, entry), unit_id=each.held.unit.id,
        )
        for each, entry in zip(steps, entries, strict=True)
    ]  # fmt: skip
    chased.notices += owe(connection, owed, moment.at)
    chased.told += len(steps)
    for each in steps:
        chased.by_kind[each.held.kind] = chased.by_kind.get(each.held.kind, 0) + 1


def _people(each: _Chase, moment: _Moment) -> Sequence[int]:
    """Return whom the step tells; the holder is the one person it waits for, if it names one."""
    held, directory, holder = each.held, moment.directory, each.kind.holder
    if held.person_id is None:
        return directory.told(held.unit.path, holder, each.step.tell).people
    mine = directory.present((held.person_id,))

    def who(role: Role) -> Sequence[int]:
        return mine if role is holder else directory.who(held.unit.path, role)

    return find_told(each.step.tell, holder, who).people
