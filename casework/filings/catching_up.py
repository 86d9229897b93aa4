"""Compile what is due by the calendar: every period that ended since the last one, once each."""

import logging
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy import Connection, func, insert, select

from casework.errors import Refused
from casework.events import Door
from casework.filings.campaigns import periods_begun
from casework.filings.compiling import Compiled, compile_period
from casework.filings.templates import find_template, templates_in_force
from casework.office import Office
from models.tables import ENGINE_RUNS, FILINGS
from rules.filings.periods import Period, PeriodKind, ended_between, period_on
from rules.filings.templates import Template
from rules.filings.tiers import Tier
from rules.wording import Wording
from rules.workdays import china_day, open_of

LOG = logging.getLogger(__name__)
RUN = "compile_report"
CATCH_UP = timedelta(days=400)
"""Periods missed for longer are left out (our choice): a year's filing is still made up."""


@dataclass(slots=True)
class CaughtUp:
    """What was compiled, period by period; ``planned`` names them in a dry run."""

    as_of: datetime
    dry_run: bool
    compiled: list[Compiled] = field(default_factory=list)
    planned: list[str] = field(default_factory=list)

    @property
    def new(self) -> int:
        return sum(each.new for each in self.compiled)


def compile_due(
    office: Office,
    *,
    as_of: datetime,
    ran_at: datetime,
    door: Door,
    only: str = "",
    dry_run: bool = False,
) -> CaughtUp:
    """Compile each template's periods that ended by ``as_of`` and were not compiled yet.

    Nothing of a template was ever compiled: its last whole period, if that is still in time, so
    that nobody is chased for what was before. ``only`` is one template.
    Daily filings are opened by the schools, campaigns on the first day of each of their periods, or
    by the committee. Raise Refused for a day to come that is no rehearsal.
    """
    if as_of > ran_at and not dry_run:
        raise _not_yet(as_of)
    with office.reading() as connection:
        known = templates_in_force(connection)
        chosen = [find_template(connection, only)] if only else list(known.values())
    done, today = CaughtUp(as_of, dry_run), china_day(as_of)
    for template in chosen:
        for period in _missed(office, template, today):
            done.planned.append(f"{template.key} {period.key}")
            if not dry_run:
                compiled = compile_period(
                    office, template.key, period.key, by=None, at=as_of, door=door
                )
                done.compiled.append(compiled)
    if not dry_run:
        row = {"kind": RUN, "at": ran_at, "done": done.new, "failed": 0}
        with office.writing() as connection:
            connection.execute(insert(ENGINE_RUNS), row)
    return done


def _missed(office: Office, template: Template, today: date) -> list[Period]:
    if template.period is PeriodKind.DAY:
        return []
    with office.reading() as connection:
        if template.period is PeriodKind.CAMPAIGN:
            wanted = periods_begun(connection, template, today)
            return [each for each in wanted if not _is_compiled(connection, template, each)]
        last = _last_compiled(connection, template)
        due_on = office.rulebooks.at(connection, open_of(today)).policy.filings.due_on
    if last is None:
        ended = period_on(template.period, period_on(template.period, today).before)
        return [ended] if due_on(ended, Tier.UNIT) >= today else []
    return list(ended_between(template.period, max(last, today - CATCH_UP), today))


def _last_compiled(connection: Connection, template: Template) -> date | None:
    """Return the last day of the last whole compilation."""
    wanted = select(func.max(FILINGS.c.last_day)).where(
        FILINGS.c.template == template.key, FILINGS.c.level == template.whole
    )
    return connection.execute(wanted).scalar()


def _is_compiled(connection: Connection, template: Template, period: Period) -> bool:
    wanted = select(FILINGS.c.id).where(
        FILINGS.c.template == template.key, FILINGS.c.period == period.key,
        FILINGS.c.level == template.whole,
    )  # fmt: skip
    return connection.execute(wanted.limit(1)).first() is not None


def _not_yet(as_of: datetime) -> Refused:
    return Refused(
        Wording(f"{china_day(as_of)} 尚未到来", f"{china_day(as_of)} has not come yet"),
        remedy=Wording(
            "将来的日子只能试运行（--dry-run）。", "It can only be rehearsed: --dry-run."
        ),
        where="--as-of",
    )
