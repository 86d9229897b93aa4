"""What lies behind a figure: the list of cases or duties that was counted, with its address.

A figure was taken at a moment; the list shows what the same question finds now.
"""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from typing import NamedTuple
from urllib.parse import urlencode

from casework.duties.listing import DutyFilter
from casework.scoring.store import Held
from rules.access import Role
from rules.duties.acts import Counted
from rules.duties.kinds import kinds
from rules.scoring.points import Mark
from rules.scoring.sheets import Auto, AutoType, asked, days_of, good_of
from rules.wording import Wording
from rules.workdays import china_day


class Behind(NamedTuple):
    """``query`` finds cases, '' where ``duties`` were counted; ``link`` is the page of the list, ''
    for who may not see it: a school does not read of inspections that are to surprise it.
    """

    said: Wording
    number: int
    query: str
    link: str
    duties: DutyFilter | None = None


_GOOD = Wording("按期", "in time")
_ALL = Wording("全部", "all")
_FOUND = Wording("件数", "found")


def behind(held: Held, auto: Auto | None, mark: Mark, roles: frozenset[Role]) -> Sequence[Behind]:
    """Return the lists behind the figures of an item that is reckoned, the whole one last, for
    whoever has ``roles`` over the school; none for another item.
    """
    if auto is None or mark.figures is None:
        return ()
    good, every = mark.figures
    if auto.type is AutoType.DUTIES:
        counts = {Counted.KEPT: good, Counted.MISSED: every - good, Counted.OWED: every}
        sees = all(kinds()[key].see & roles for key in auto.kinds)
        return [_of_duties(held, auto, how, count, sees=sees) for how, count in counts.items()]
    whole = of_cases(held, auto.query, _ALL if auto.good else _FOUND, every)
    return [of_cases(held, good_of(auto), _GOOD, good), whole] if auto.good else [whole]


def of_cases(held: Held, query: str, said: Wording, count: int) -> Behind:
    """Return the list of what a query of the sheet finds in the school."""
    written = asked(query, _days(held), held.named.unit.code)
    return Behind(said, count, written, "/audit?" + urlencode({"q": written}))


def _of_duties(held: Held, auto: Auto, how: Counted, count: int, *, sees: bool) -> Behind:
    first, last = _days(held)
    wanted = DutyFilter(
        ",".join(auto.kinds), held.named.unit.code, since=first, until=last, counted=how
    )
    asked_for = {name: value for name, value in asdict(wanted).items() if value}
    link = "/duties?" + urlencode(asked_for) if sees else ""
    return Behind(how.label, count, "", link, wanted)


def _days(held: Held) -> tuple[date, date]:
    return days_of(held.named.year, china_day(held.as_of))
