"""Whether a ledger's row can become a case here: its unit, its category, and the person's right."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Connection, select

from casework.errors import Invalid
from casework.intake import Checked, Report, fingerprint
from casework.ledger.entries import Entry, Problem, read_entry
from casework.ledger.reader import Row
from casework.people import Unit, find_unit
from casework.rulebook import Rulebook
from models import InspectionKind, Place
from models.tables import ORGANISATIONS
from rules.access import PERMITS, Actor, Role, Verb
from rules.case import Level
from rules.policy import Category
from rules.risk import Colour
from rules.steps import plan_steps
from rules.wording import Wording
from rules.workdays import CalendarEnds, close_of


class InspectionKey(NamedTuple):
    """Rows with the same key were found in one inspection."""

    unit_id: int
    held_on: date
    kind: InspectionKind
    inspectors: str
    participants: int | None


class Vetted(NamedTuple):
    """A row that may land. ``said`` is what the event keeps of it besides the report."""

    sheet: str
    row: int
    unit: Unit
    checked: Checked
    fingerprint: str
    dated: bool
    inspection: InspectionKey | None
    said: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Normal:
    """A row that found nothing."""

    inspection: InspectionKey | None


class Vetting:
    """Knows the units and the rules for the time of one import."""

    def __init__(
        self,
        connection: Connection,
        actor: Actor,
        book: Rulebook,
        *,
        today: date,
        default_unit: str = "",
        default_year: int | None = None,
    ) -> None:
        self._actor = actor
        self._book = book
        self._today = today
        self._year = default_year
        self._units = _units(connection)
        self._default = _given(connection, default_unit) if default_unit else self._own_unit()
        self._may: dict[int, bool] = {}
        self._reckonable: dict[date, bool] = {}
        self._categories: dict[tuple[str, str], Category | None] = {}

    def vet(self, row: Row) -> Vetted | Normal | list[Problem]:
        entry = read_entry(row, today=self._today, default_year=self._year)
        if isinstance(entry, list):
            return entry
        unit = self._unit(entry)
        if isinstance(unit, Problem):
            return [unit]
        if entry.is_normal:
            return Normal(_inspection(entry, unit, self._today))
        category = self._category(entry)
        if category is None:
            return [self._no_category(entry)]
        if entry.due and not self._can_reckon(entry.due):
            return [self._too_early(entry)]
        return self._vetted(entry, unit, category)

    def role_at(self, unit: Unit) -> Role:
        """Return the role in which the actor imports there."""
        return min(self._actor.roles_over(unit.path) & PERMITS[Verb.IMPORT])

    def _own_unit(self) -> Unit | None:
        """A person who may import for one school need not name it in every row."""
        reach = self._actor.reach(Verb.IMPORT)
        own = [unit for unit in self._units.values() if unit.path in reach]
        return own[0] if len({unit.id for unit in own}) == 1 else None

    def _unit(self, entry: Entry) -> Unit | Problem:
        unit = self._units.get(entry.unit) if entry.unit else self._default
        if unit is None:
            return self._no_unit(entry)
        if unit.id not in self._may:
            self._may[unit.id] = self._actor.may(Verb.IMPORT, unit.path)
        return unit if self._may[unit.id] else self._not_theirs(entry, unit)

    def _category(self, entry: Entry) -> Category | None:
        key = (entry.category, "" if entry.category else f"{entry.location}{entry.description}")
        if entry.category and key in self._categories:
            return self._categories[key]
        found = self._book.policy.category(entry.category) or self._guess(entry)
        if entry.category:
            self._categories[key] = found
        return found

    def _guess(self, entry: Entry) -> Category | None:
        """Read the category from its words; a ledger without the column says it in the hazard."""
        words = entry.category or f"{entry.description}{entry.location}"
        for category in self._book.policy.categories:
            if any(name in words for name in (category.zh, *category.aliases)):
                return category
        return None if entry.category else self._book.policy.categories[-1]

    def _can_reckon(self, due: date) -> bool:
        """Whether the steps of a clock due on that day lie within the calendar."""
        if due not in self._reckonable:
            try:
                for ladder in self._book.policy.ladders:
                    plan_steps(ladder, self._book.calendar, close_of(due))
                self._reckonable[due] = True
            except CalendarEnds:
                self._reckonable[due] = False
        return self._reckonable[due]

    def _vetted(self, entry: Entry, unit: Unit, category: Category) -> Vetted:
        told = Report(
            unit.code, entry.description, category.key, entry.found_on, entry.location,
            entry.measure, Level(entry.level), Colour(entry.risk) if entry.risk else None,
            entry.department, entry.owner, entry.due, entry.source,
        )  # fmt: skip
        said = {"sheet": entry.sheet, "row": entry.row, "number": entry.number}
        said |= {"status": entry.status, "remark": entry.remark}
        return Vetted(
            entry.sheet, entry.row, unit,
            Checked(told, category, entry.found_on or self._today),
            fingerprint(unit.id, entry.location, entry.description),
            entry.found_on is not None, _inspection(entry, unit, self._today),
            {name: value for name, value in said.items() if value},
        )  # fmt: skip

    def _no_unit(self, entry: Entry) -> Problem:
        if not entry.unit:
            return _problem(
                entry, "unit", "",
                Wording("没有填写单位", "the unit is missing"),
                Wording("请填单位，或用 --unit 指定。", "Fill it in, or give --unit."),
            )  # fmt: skip
        return _problem(
            entry, "unit", entry.unit,
            Wording(f"没有名为“{entry.unit}”的单位", f"there is no unit called {entry.unit!r}"),
            Wording(
                "请按组织名单填写全称或代码（bihuan units）。",
                "Write its full name or code as `bihuan units` lists it.",
            ),
        )  # fmt: skip

    def _not_theirs(self, entry: Entry, unit: Unit) -> Problem:
        return _problem(
            entry, "unit", unit.name,
            Wording(f"您无权为“{unit.name}”导入", f"you may not import for {unit.name}"),
            Wording("请由其片区或管理员导入。", "Ask its cluster or an administrator."),
        )  # fmt: skip

    def _no_category(self, entry: Entry) -> Problem:
        known = self._book.policy.categories
        return _problem(
            entry, "category", entry.category,
            Wording(f"没有品目“{entry.category}”", f"there is no category {entry.category!r}"),
            Wording(
                "可填：" + "、".join(each.zh for each in known) + "。",
                "Choose from: " + ", ".join(each.en for each in known) + ".",
            ),
        )  # fmt: skip

    def _too_early(self, entry: Entry) -> Problem:
        first = self._book.calendar.first
        return _problem(
            entry, "due", f"{entry.due}",
            Wording(f"工作日历从 {first} 起，算不了更早的期限", f"the calendar begins on {first}"),
            Wording("请核对日期。", "Check the date."),
        )  # fmt: skip


def _given(connection: Connection, written: str) -> Unit:
    unit = find_unit(connection, written, where="--unit")
    if unit.kind is not Place.UNIT:
        raise Invalid(
            Wording(f"“{unit.name}”不是责任单位", f"{unit.name} is not a responsible unit"),
            remedy=Wording("请填学校或其他责任单位。", "Give a school or other unit."),
            where="--unit",
        )
    return unit


def _units(connection: Connection) -> dict[str, Unit]:
    """Return responsible units by code and by name; a name two units share names neither."""
    places = ORGANISATIONS.c
    rows = connection.execute(
        select(places.id, places.code, places.name, places.kind, places.path)
        .where(places.kind == Place.UNIT)
        .order_by(places.id)
    ).all()
    units = [Unit(*row) for row in rows]
    shared = Counter(unit.name for unit in units)
    by_name = {unit.name: unit for unit in units if shared[unit.name] == 1}
    return by_name | {unit.code: unit for unit in units}


def _inspection(entry: Entry, unit: Unit, today: date) -> InspectionKey | None:
    if not (entry.inspection_kind or entry.inspectors or entry.participants is not None):
        return None
    kind = InspectionKind(entry.inspection_kind or InspectionKind.SELF)
    held_on = entry.found_on or today
    return InspectionKey(unit.id, held_on, kind, entry.inspectors, entry.participants)


def _problem(entry: Entry, field: str, value: str, wording: Wording, remedy: Wording) -> Problem:
    return Problem(entry.sheet, entry.row, field, value, wording, remedy)
