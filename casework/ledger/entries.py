"""A row of a ledger made into typed values, or the list of what is wrong with it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal, cast

from casework.ledger import dates, remedies
from casework.ledger.findings import LONGEST_WORD, Finding, find_hazard
from casework.ledger.reader import Row
from casework.ledger.texts import LONGEST_DESCRIPTION, read_short_text, read_text
from casework.ledger.words import look_up
from rules.wording import Wording

Level = Literal["ordinary", "major"]
Risk = Literal["red", "orange", "yellow", "blue", ""]
InspectionKind = Literal[
    "self", "special", "spot", "mutual", "supervisory", "joint", "external", ""
]

_SHOWN_VALUE = 100  # characters of a bad cell quoted in its problem
_MOST_PARTICIPANTS = 100_000


@dataclass(frozen=True, slots=True)
class Entry:
    """A valid row; text is "" where the cell is blank, and an ungraded hazard is ordinary.

    ``is_normal`` rows report that nothing was found: they make no case.
    """

    sheet: str
    row: int
    is_normal: bool
    number: str
    unit: str
    cluster: str
    category: str
    name: str
    location: str
    description: str
    measure: str
    due: date | None
    owner: str
    department: str
    level: Level
    risk: Risk
    found_on: date | None
    inspection_kind: InspectionKind
    inspectors: str
    participants: int | None
    status: str
    source: str
    remark: str


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong in one cell; ``field`` is "" when it concerns the row as a whole."""

    sheet: str
    row: int
    field: str
    value: str
    wording: Wording
    remedy: Wording


def read_entry(row: Row, *, today: date, default_year: int | None = None) -> Entry | list[Problem]:
    """Return the row's values, or every problem it has.

    ``default_year`` completes dates such as 3月5日; without it they are refused.
    """
    cells = _Cells(row)
    finding = _finding(cells)
    found_on = _found_on(cells, today, default_year)
    entry = Entry(
        sheet=row.sheet.name,
        row=row.number,
        is_normal=finding.is_normal,
        number=cells.text("number"),
        unit=cells.text("unit"),
        cluster=cells.text("cluster"),
        category=cells.text("category"),
        name=cells.text("name"),
        location=cells.text("location"),
        description=finding.description,
        measure=cells.text("measure", LONGEST_DESCRIPTION),
        due=_due(cells, found_on, default_year),
        owner=cells.text("owner"),
        department=cells.text("department"),
        level=cast("Level", cells.word("level") or "ordinary"),
        risk=cast("Risk", cells.word("risk")),
        found_on=found_on,
        inspection_kind=cast("InspectionKind", cells.word("inspection_kind")),
        inspectors=cells.text("inspectors"),
        participants=_participants(cells),
        status=cells.text("status"),
        source=cells.text("source"),
        remark=cells.text("remark", LONGEST_DESCRIPTION),
    )
    _check_width(cells)
    return cells.problems or entry


class _Cells:
    """A row's cells, read once each, and the problems met on the way."""

    __slots__ = ("fields", "problems", "row")

    def __init__(self, row: Row) -> None:
        self.row = row
        self.fields: Mapping[str, str] = row.fields
        self.problems: list[Problem] = []

    def text(self, field: str, longest: int = 0) -> str:
        raw = self.fields.get(field)
        if raw is None:
            return ""
        text = read_text(raw, longest) if longest else read_short_text(raw)
        if isinstance(text, str):
            return text
        self.blame(field, text, remedies.for_text(text))
        return ""

    def word(self, field: str) -> str:
        text = self.text(field)
        if not text:
            return ""
        code = look_up(field, text)
        if not code and not look_up("blank", text):
            self.blame(field, remedies.UNKNOWN_WORD, remedies.for_word(field))
        return code

    def blame(self, field: str, wording: Wording, remedy: Wording) -> None:
        value = self.fields.get(field, "")[:_SHOWN_VALUE]
        self.problems.append(
            Problem(self.row.sheet.name, self.row.number, field, value, wording, remedy)
        )


def _finding(cells: _Cells) -> Finding:
    before = len(cells.problems)
    finding = find_hazard(
        description=_unless_blank(cells.text("description", LONGEST_DESCRIPTION)),
        result=_unless_blank(cells.text("result", LONGEST_DESCRIPTION)),
        item=cells.text("item", LONGEST_DESCRIPTION),
        name=_unless_blank(cells.text("name")),
    )
    if isinstance(finding, Finding):
        return finding
    if len(cells.problems) == before:
        field = "result" if "description" not in cells.row.sheet.columns else "description"
        cells.blame(field, finding, remedies.for_finding(finding))
    return Finding("")


def _unless_blank(text: str) -> str:
    # 无 in a hazard column is an answer ("none found"); / and - are not.
    if len(text) > LONGEST_WORD or look_up("finding", text):
        return text
    return "" if look_up("blank", text) else text


def _found_on(cells: _Cells, today: date, default_year: int | None) -> date | None:
    text = _dated(cells, "found_on")
    day = _day(cells, "found_on", text, default_year) if text else None
    if day and day > today:
        cells.blame("found_on", remedies.IN_FUTURE, remedies.CHECK_DATE)
    return day


def _due(cells: _Cells, found_on: date | None, default_year: int | None) -> date | None:
    text = _dated(cells, "due")
    if not text:
        return None
    if look_up("at_once", text):
        if not found_on:
            cells.blame("due", remedies.AT_ONCE_WHEN, remedies.GIVE_DATE)
        return found_on
    day = _day(cells, "due", dates.without_up_to(text), default_year)
    if day and found_on and day < found_on:
        cells.blame("due", remedies.DUE_BEFORE_FOUND, remedies.CHECK_DATE)
    return day


def _dated(cells: _Cells, field: str) -> str:
    text = cells.text(field)
    return "" if not text or look_up("blank", text) else text


def _day(cells: _Cells, field: str, text: str, default_year: int | None) -> date | None:
    day = dates.read_date(text, default_year)
    if isinstance(day, date):
        return day
    cells.blame(field, day, remedies.for_date(day))
    return None


def _participants(cells: _Cells) -> int | None:
    text = _dated(cells, "participants")
    if not text:
        return None
    digits = text.removesuffix("人").strip()
    # isdecimal also takes full-width digits, as int() does; six digits end before the limit.
    if digits.isdecimal() and len(digits) <= 6 and int(digits) <= _MOST_PARTICIPANTS:
        return int(digits)
    cells.blame("participants", remedies.NOT_A_COUNT, remedies.WHOLE_NUMBER)
    return None


def _check_width(cells: _Cells) -> None:
    row = cells.row
    width = len(row.sheet.header)
    if len(row.cells) > width and any(map(str.strip, row.cells[width:])):
        cells.blame("", remedies.too_wide(len(row.cells), width), remedies.QUOTE_COMMAS)
