"""What a register's rules say of a record on a day: what runs out, and what must become a case.

The last day is a good day: what is valid until the 31st lapses on the 1st. On the last day itself
a case is raised, so that nobody drives on with what ended at midnight.
"""

from calendar import monthrange
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from rules.registers.kinds import CheckRule, Kind, RuleType
from rules.registers.standing import Standing

BLANK = "blank"
"""The period of what no day tells: a blank field, a number that falls short, a wrong choice."""


RAISES = frozenset({Standing.DUE, Standing.LAPSED})
"""The standings of which a case is raised."""

_REACHED = frozenset({RuleType.YOUNGEST, RuleType.HELD})
_IN_EVERY_MONTH = 28


class Finding(NamedTuple):
    """What a rule says of a record. ``period`` tells one turn of a rule from the next; ``last_day``
    is None where no day ends it. ``raise_on`` is the day from which it is a case, ``warn_on`` that
    from which it is spoken of; None: never. ``well_on`` is the day on which what is broken mends
    by itself, as somebody's age does.
    """

    rule: CheckRule
    period: str
    standing: Standing
    last_day: date | None
    raise_on: date | None
    warn_on: date | None = None
    well_on: date | None = None

    def days_left(self, today: date) -> int | None:
        """Return how many days remain after today; negative when it lapsed."""
        return None if self.last_day is None else (self.last_day - today).days


def check(kind: Kind, values: Mapping[str, str], today: date) -> tuple[Finding, ...]:
    """Return a finding for every rule that applies, in the order of the kind's file."""
    found = [
        _find(rule, values, today)
        for rule in kind.rules
        if not rule.only or all(values.get(each.field, "") in each.among for each in rule.only)
    ]
    return tuple(filter(None, found))


def expires_on(findings: tuple[Finding, ...]) -> date | None:
    """Return the first last day among them."""
    return min([each.last_day for each in findings if each.last_day], default=None)


def well_from(findings: tuple[Finding, ...]) -> date:
    """Return the day from which nothing is broken that has no last day: ``date.max`` for never
    until somebody mends it, ``date.min`` when nothing is.
    """
    broken = [each for each in findings if not each.last_day and each.standing is Standing.LAPSED]
    return max([each.well_on or date.max for each in broken], default=date.min)


def next_check_on(findings: tuple[Finding, ...], after: date | None = None) -> date | None:
    """Return the next day something is to be said or a case to be raised; only days later than
    ``after``, if given.
    """
    days = [day for each in findings for day in (each.warn_on, each.raise_on) if day]
    return min([day for day in days if day > after] if after else days, default=None)


def add_months(day: date, months: int) -> date:
    """Return the same day of a later month, its last day where there is no such day.

    31 August and 6 months: the last of February. 《民法典》 Art. 202: where there is no
    corresponding day, the last day of the month.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if day.day <= _IN_EVERY_MONTH:
        return date(year, month + 1, day.day)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _find(rule: CheckRule, values: Mapping[str, str], today: date) -> Finding | None:
    text = values.get(rule.field, "")
    if not text:
        blank = rule.blank or rule.type is RuleType.MISSING
        return Finding(rule, BLANK, Standing.LAPSED, None, today) if blank else None
    if is_broken := _PLAIN.get(rule.type):
        if is_broken(rule, text, values):
            return Finding(rule, BLANK, Standing.LAPSED, None, today)
        return Finding(rule, "", Standing.WELL, None, None)
    day = date.fromisoformat(text)
    if rule.type in _REACHED:
        return _until_reached(rule, day, today)
    return _until_over(rule, add_months(day, rule.span), today)


def _falls_short(rule: CheckRule, text: str, values: Mapping[str, str]) -> bool:
    """What a number depends on counts as 0 while it is blank."""
    needed = sum(term.least(int(Decimal(values.get(term.of) or 0))) for term in rule.terms)
    return Decimal(text) < rule.least + needed


_PLAIN: Mapping[RuleType, Callable[[CheckRule, str, Mapping[str, str]], bool]] = {
    RuleType.MISSING: lambda _rule, _text, _values: False,
    RuleType.AT_LEAST: _falls_short,
    RuleType.STAFFING: _falls_short,
    RuleType.CHOSEN: lambda rule, text, _values: text not in rule.among,
}
"""The types that know no day: whether what is not blank is broken."""


def _until_reached(rule: CheckRule, since: date, today: date) -> Finding:
    """Broken before the anniversary, well from that day on: 以上 includes the number itself."""
    reached = add_months(since, rule.span)
    if today >= reached:
        return Finding(rule, since.isoformat(), Standing.WELL, None, None)
    return Finding(rule, since.isoformat(), Standing.LAPSED, None, today, well_on=reached)


def _until_over(rule: CheckRule, last_day: date, today: date) -> Finding:
    raise_on, warn_on = last_day - rule.case_ahead, last_day - rule.warned_ahead
    if today > last_day:
        standing = Standing.LAPSED
    elif today >= raise_on:
        standing = Standing.DUE
    elif today >= warn_on:
        standing = Standing.SOON
    else:
        standing = Standing.WELL
    return Finding(rule, last_day.isoformat(), standing, last_day, raise_on, warn_on)
