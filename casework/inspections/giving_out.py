"""Giving out 下达: each period of each plan becomes inspections to be made, once.

A plan's row is held while its periods are given out, and an inspection is unique for its plan,
line, period and unit: a run that comes twice, late or beside another one adds nothing. Nobody is
late for what they were not asked for: what is given out late is due that day at the earliest.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy import Connection, bindparam, select

from casework.errors import Refused, Unavailable
from casework.events import Door
from casework.inspections.drawing import carry_on_draw
from casework.inspections.owing import owe_duties
from casework.inspections.people import people_ids
from casework.inspections.plans import PLANS, Held, hold_plan, write_plan
from casework.inspections.runs import Run, happening, units_under
from casework.inspections.tasks import TASKS, NewTask, add_tasks
from casework.office import Office
from casework.people import Unit, find_unit
from models.tables import INSPECTION_PLANS
from notifications.sealing import Keys
from rules.inspections.acts import PlanAct, PlanState
from rules.inspections.periods import Cadence, Period, periods
from rules.inspections.plan import Line, Plan
from rules.wording import Trouble, Wording
from rules.workdays import china_day

LOG = logging.getLogger(__name__)
CATCH_UP = timedelta(days=7)
"""A daily check that was never asked for is made up for so long (our choice)."""
_AHEAD = timedelta(days=1)  # a draw is committed to the day before

_ACTIVE = select(PLANS.number).where(PLANS.state == PlanState.ACTIVE).order_by(PLANS.id)
_GIVEN = select(TASKS.period, TASKS.unit_id).where(
    TASKS.plan_id == bindparam("plan"), TASKS.line == bindparam("line"),
    TASKS.period.in_(bindparam("periods", expanding=True)),
)  # fmt: skip


@dataclass(slots=True)
class Given:
    """What a run gave out: inspections by plan, draws committed to and drawn, what was impossible.

    ``missed`` counts daily checks too old to be asked for; ``failed`` says what hindered which
    plan.
    """

    as_of: datetime
    dry_run: bool
    tasks: int = 0
    by_plan: dict[str, int] = field(default_factory=dict)
    committed: list[str] = field(default_factory=list)
    drawn: list[str] = field(default_factory=list)
    impossible: list[str] = field(default_factory=list)
    missed: int = 0
    failed: list[str] = field(default_factory=list)

    def add(self, part: "Given") -> None:
        """Count what was done for one more plan."""
        self.tasks += part.tasks
        self.by_plan |= part.by_plan
        self.committed += part.committed
        self.drawn += part.drawn
        self.impossible += part.impossible
        self.missed += part.missed


def give_out(
    office: Office,
    keys: Keys,
    *,
    as_of: datetime,
    ran_at: datetime,
    door: Door,
    dry_run: bool = False,
    only: str = "",
) -> Given:
    """Give out what is due on the day of ``as_of``; a plan a transaction, ``only`` one of them.

    What hinders one plan hinders no other. ``dry_run`` counts and writes nothing. Raise Refused
    for a day to come that is no rehearsal, Unavailable when the database does not answer.
    """
    if as_of > ran_at and not dry_run:
        raise _not_yet(as_of)
    given = Given(as_of, dry_run)
    with office.reading() as connection:
        numbers = [n for n in connection.execute(_ACTIVE).scalars() if only in {"", n}]
        calendar = office.rulebooks.at(connection, as_of).calendar
    run = Run(china_day(as_of), ran_at, door, keys, calendar)
    for number in numbers:
        part = Given(as_of, dry_run)
        try:
            with office.writing() as connection:
                _give_out_plan(connection, number, run, part)
                if dry_run:
                    connection.rollback()
        except Unavailable:
            raise
        except Trouble as trouble:
            LOG.warning("%s: cannot be given out: %s", number, trouble.say("en"))
            given.failed.append(f"{number}: {trouble.say('zh')}")
        else:
            given.add(part)
    return given


def _give_out_plan(connection: Connection, number: str, run: Run, given: Given) -> None:
    held = hold_plan(connection, number)
    if held.row.state is not PlanState.ACTIVE:  # withdrawn a moment ago
        return
    wanted: list[NewTask] = []
    for line_no, line in enumerate(held.plan.lines):
        if held.plan.sample:
            held = _draw_line(connection, held, line_no, run, given)
        else:
            wanted += _wanted(connection, held, (line_no, line), run)
    held = give(connection, held, wanted, run)
    given.tasks += len(wanted)
    if wanted:
        given.by_plan[number] = given.by_plan.get(number, 0) + len(wanted)
    given.missed += _missed(held.plan, held.row.done_until, run)
    _remember_day(connection, held, run.today)


def give(connection: Connection, held: Held, wanted: Sequence[NewTask], run: Run) -> Held:
    """Write inspections of a plan, what is owed for them, and that they were given out."""
    if not wanted:
        return held
    numbers = add_tasks(connection, wanted, run.at)
    owe_duties(connection, list(zip(numbers, wanted, strict=True)), run.at, run.door)
    counts: dict[str, int] = {}
    for each in wanted:
        counts[each.period] = counts.get(each.period, 0) + 1
    body = {"given": counts, "first": numbers[0], "last": numbers[-1]}
    return write_plan(connection, held, happening(PlanAct.GENERATE, run, body))


def _wanted(
    connection: Connection, held: Held, numbered: tuple[int, Line], run: Run
) -> list[NewTask]:
    """Return what is not yet given out of a line; units added since are among it."""
    line_no, line = numbered
    plan = held.plan
    due = _due(plan, held.row.done_until, run)
    asked = {"plan": held.row.id, "line": line_no, "periods": [each.key for each in due]}
    known = {tuple(row) for row in connection.execute(_GIVEN, asked)} if due else set()
    units = units_under(connection, line.place) if due else []
    make = NewTasks(connection, held, line_no)
    return [
        make.of(unit, period, run.today)
        for period in due
        for unit in units
        if (period.key, unit.id) not in known
    ]


class NewTasks:
    """Makes the inspections of one line of a plan."""

    def __init__(self, connection: Connection, held: Held, line_no: int) -> None:
        self._plan, self._plan_id, self._line_no = held.plan, held.row.id, line_no
        self._line = held.plan.lines[line_no]
        self._responsible = find_unit(connection, self._line.responsible).id
        codes = [self._line.lead, *self._line.inspectors]
        self._people = people_ids(connection, codes)

    def of(
        self,
        unit: Unit,
        period: Period,
        today: date,
        team: Sequence[int] | None = None,
        planned_on: date | None = None,
    ) -> NewTask:
        plan, line = self._plan, self._line
        named = [self._people[code] for code in line.inspectors] if team is None else team
        return NewTask(
            unit, line.task, line.checklist, plan.kind, period.opens_on,
            max(period.due_on, today), self._responsible, self._people.get(line.lead), named,
            plan.unannounced, self._plan_id, self._line_no, period.key, planned_on,
        )  # fmt: skip


def _due(plan: Plan, done_until: date | None, run: Run) -> list[Period]:
    """Return the periods that opened and are not done with: new ones, and those still running."""
    since = run.today - CATCH_UP if plan.cadence is Cadence.DAILY else plan.first_on
    found = periods(
        plan.cadence, plan.span, run.calendar, since=max(since, plan.first_on),
        until=run.today, term_only=plan.passes_over_breaks,
    )  # fmt: skip
    fresh = done_until or date.min
    return [each for each in found if each.opens_on > fresh or each.due_on >= run.today]


def _missed(plan: Plan, done_until: date | None, run: Run) -> int:
    """Return how many days of a daily plan are too old to be asked for."""
    oldest = run.today - CATCH_UP
    since = max(plan.first_on, (done_until or plan.first_on - _AHEAD) + _AHEAD)
    if plan.cadence is not Cadence.DAILY or since >= oldest:
        return 0
    return len(
        periods(
            plan.cadence, plan.span, run.calendar, since=since, until=oldest - _AHEAD,
            term_only=plan.passes_over_breaks,
        )
    )  # fmt: skip


def _draw_line(connection: Connection, held: Held, line_no: int, run: Run, given: Given) -> Held:
    """Commit to the draws of tomorrow, carry out those whose period has opened."""
    plan = held.plan
    found = periods(
        plan.cadence, plan.span, run.calendar, since=plan.first_on, until=run.today + _AHEAD,
        term_only=plan.passes_over_breaks,
    )  # fmt: skip
    running = [each for each in found if each.due_on >= run.today]
    for period in running:
        held, drawn = carry_on_draw(connection, held, line_no, period, run)
        given.committed += [drawn.number] * drawn.committed
        if drawn.teams is None:
            continue
        given.drawn.append(drawn.number)
        given.impossible += drawn.impossible
        make = NewTasks(connection, held, line_no)
        wanted = [make.of(unit, period, run.today, team, day) for unit, team, day in drawn.teams]
        held = give(connection, held, wanted, run)
        given.tasks += len(wanted)
        given.by_plan[held.row.number] = given.by_plan.get(held.row.number, 0) + len(wanted)
    return held


def _remember_day(connection: Connection, held: Held, today: date) -> None:
    """Remember how far a plan is given out; a run for an earlier day takes nothing back."""
    if held.row.done_until is None or held.row.done_until < today:
        connection.execute(
            INSPECTION_PLANS.update().where(PLANS.id == held.row.id).values(done_until=today)
        )


def _not_yet(as_of: datetime) -> Refused:
    return Refused(
        Wording(f"{china_day(as_of)} 尚未到来", f"{china_day(as_of)} has not come yet"),
        remedy=Wording(
            "将来的日子只能试运行（--dry-run）。", "It can only be rehearsed: --dry-run."
        ),
        where="--as-of",
    )
