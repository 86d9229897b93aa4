"""How a told hazard becomes a case: checked, numbered, with its first clock and event.

One report and a ledger of a hundred thousand rows come in the same way.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, partial
from hashlib import sha256
from types import MappingProxyType
from typing import Any, NamedTuple

from sqlalchemy import Connection

from casework.attachments import Attachment
from casework.clocks import NewClock, start_clock
from casework.errors import Invalid
from casework.events import Door, Happening
from casework.forms import LONGEST_NAME, clean
from casework.numbering import take_ids, take_numbers
from casework.people import Unit
from casework.rulebook import Rulebook
from casework.writer import NewCase, Place
from rules.access import Role
from rules.actions import Action, Given
from rules.case import Facts, Level, State
from rules.policy import Category
from rules.risk import Colour
from rules.wording import Wording
from rules.workdays import china_day, day_due

LONGEST_DESCRIPTION = 2_000
# All but the decimal point: 1.5 metres are not 15.
_PUNCTUATION = re.compile(r"(?:[^\w\x00.]|_|(?<!\d)\.|\.(?!\d))+")


class Report(NamedTuple):
    """A hazard as somebody tells it. ``unit`` is a code or an exact name."""

    unit: str
    description: str
    category: str
    found_on: date | None = None
    location: str = ""
    measure: str = ""
    level: Level = Level.ORDINARY
    risk: Colour | None = None
    department: str = ""
    owner: str = ""
    deadline_asked: date | None = None
    source: str = ""


class Checked(NamedTuple):
    """A report whose fields hold: clean texts, a known category, a day it was found on."""

    told: Report
    category: Category
    found_on: date


def check_report(told: Report, book: Rulebook, *, today: date) -> Checked:
    """Return the report checked; raise Invalid naming the field."""
    category = book.policy.category(told.category)
    if category is None:
        known = book.policy.categories
        raise Invalid(
            Wording(f"没有品目“{told.category}”", f"there is no category {told.category!r}"),
            remedy=Wording(
                "可填：" + "、".join(each.zh for each in known) + "。",
                "Choose from: " + ", ".join(each.key for each in known) + ".",
            ),
            where="category",
        )
    if told.found_on and told.found_on > today:
        raise Invalid(
            Wording(f"发现日期 {told.found_on} 在今天之后", f"{told.found_on} is in the future"),
            remedy=Wording("请改正日期。", "Correct the date."),
            where="found_on",
        )
    _check_texts(told)
    return Checked(told, category, told.found_on or today)


def fingerprint(unit_id: int, location: str, description: str) -> str:
    """Return what two tellings of one hazard share: unit, place and words, punctuation aside."""
    words = f"{location}\x00{description}"
    kept = _PUNCTUATION.sub("", unicodedata.normalize("NFKC", words).casefold())
    return sha256(f"{unit_id}\x00{kept}".encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Intake:
    """What the cases of one transaction share: the rules in force, and who brought them, how."""

    book: Rulebook
    by: int | None
    at: datetime
    door: Door


class Arrival(NamedTuple):
    """A checked report at its unit, told in a role.

    ``row`` adds columns to the case, ``body`` to the event.
    """

    unit: Unit
    checked: Checked
    role: Role
    files: Sequence[Attachment] = ()
    fingerprint: str = ""
    row: Mapping[str, Any] = MappingProxyType({})
    body: Mapping[str, Any] = MappingProxyType({})


def new_cases(connection: Connection, intake: Intake, arrivals: Sequence[Arrival]) -> list[NewCase]:
    """Give reports their numbers, clocks and events, ready for ``writer.open_cases``."""
    year = china_day(intake.at).year
    ids = take_ids(connection, "cases", len(arrivals))
    numbers = take_numbers(connection, "case", year, len(arrivals))
    pattern = intake.book.policy.numbering.case
    start = cache(partial(_start, intake))
    return [
        _new_case(intake, arrival, case_id, pattern.format(year=year, n=number), start)
        for arrival, case_id, number in zip(arrivals, ids, numbers, strict=True)
    ]


Started = tuple[Facts, NewClock, dict[str, Any]]


def _start(intake: Intake, level: Level, category: str, asked: date | None) -> Started:
    """Return how a case of this level begins: many rows of a ledger begin alike."""
    facts = Facts(State.REPORTED, level=level)
    clock = _first_clock(intake, facts, category, asked)
    return facts, clock, clock.said()


def _new_case(
    intake: Intake,
    arrival: Arrival,
    case_id: int,
    number: str,
    start: Callable[[Level, str, date | None], Started],
) -> NewCase:
    told, unit = arrival.checked.told, arrival.unit
    facts, clock, said = start(told.level, arrival.checked.category.key, told.deadline_asked)
    columns = {
        "category": arrival.checked.category.key,
        "risk": told.risk,
        "description": told.description,
        "location": told.location,
        "measure": told.measure,
        "source": told.source,
        "found_on": arrival.checked.found_on,
        "deadline_asked": told.deadline_asked,
        "inspection_id": None,
        "reported_at": intake.at,
        "fingerprint": arrival.fingerprint or fingerprint(unit.id, told.location, told.description),
        **arrival.row,
    }
    body = {
        "unit": unit.code,
        "level": told.level.value,
        "clock": said,
        **_told(told, arrival.checked),
        **({"evidence": [each.said() for each in arrival.files]} if arrival.files else {}),
        **arrival.body,
    }
    happening = Happening(
        Action.REPORT.value, intake.by, arrival.role.value, intake.door, intake.at, body,
        {Given.OWNER.value: told.owner} if told.owner else {},
    )  # fmt: skip
    place = Place(unit.id, unit.cluster_id, told.department, told.owner)
    return NewCase(case_id, number, place, facts, columns, clock, happening)


def _told(told: Report, checked: Checked) -> dict[str, Any]:
    """Return the report as the event tells it, without what was left blank."""
    said = {
        "category": checked.category.key,
        "description": told.description,
        "location": told.location,
        "measure": told.measure,
        "source": told.source,
        "department": told.department,
        "risk": told.risk.value if told.risk else "",
        "found_on": checked.found_on.isoformat(),
        "deadline_asked": told.deadline_asked.isoformat() if told.deadline_asked else "",
    }
    return {name: value for name, value in said.items() if value}


def _first_clock(intake: Intake, facts: Facts, category: str, asked: date | None) -> NewClock:
    """Start the plan's clock: the policy's limit, or sooner where the finder set a deadline."""
    cause = "import" if intake.door is Door.IMPORT else Action.REPORT.value
    start = partial(start_clock, intake.book, facts, category, no=1, cause=cause, at=intake.at)
    clock = start()
    if asked is None or asked >= day_due(clock.due_at):
        return clock
    return start(due_day=asked)


def _check_texts(told: Report) -> None:
    clean(told.description, where="description", longest=LONGEST_DESCRIPTION)
    if not told.description.strip():
        raise Invalid(
            Wording("缺少隐患描述", "the description is missing"),
            remedy=Wording("请写明隐患是什么。", "Say what the hazard is."),
            where="description",
        )
    clean(told.measure, where="measure", longest=LONGEST_DESCRIPTION)
    clean(told.source, where="source", longest=500)
    for name in ("location", "department", "owner"):
        clean(getattr(told, name), where=name, longest=LONGEST_NAME)
