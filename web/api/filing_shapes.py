"""What comes in and goes out of filings 定期报告."""

from datetime import date, datetime
from typing import Annotated

from fastapi import Depends, Path
from pydantic import Field

from casework.filings.papers import FilingForm
from casework.filings.places import Which
from rules.filings.acts import FilingAct, FilingState, Outcome
from rules.filings.checks import Fault
from rules.filings.periods import PeriodKind
from rules.filings.templates import FigureType, Measure
from rules.filings.tiers import Tier
from web.api.asked import After, Asking, Size
from web.api.sent import Given, Name, Text
from web.api.shapes import Told, Words

TemplateName = Annotated[str, Path(max_length=40, description="a template's key: monthly")]
PeriodName = Annotated[
    str, Path(max_length=40, description="2026-11-24, 2026-W48, 2026-11, 2026Q4")
]
UnitName = Annotated[str, Path(max_length=200, description="a unit's code or name")]


def _filing(template: TemplateName, period: PeriodName, unit: UnitName) -> Which:
    return Which(template, period, unit)


OfFiling = Annotated[Which, Depends(_filing)]
FigureName = Annotated[str, Path(max_length=40, description="a figure's key")]


class FilingFigure(Told):
    """A figure of a template: ``query`` finds its cases, with the period's days put in."""

    key: str
    zh: str
    en: str
    type: FigureType
    measure: Measure
    query: str
    required: bool
    source: str


class FilingTemplate(Told):
    key: str
    zh: str
    en: str
    period: PeriodKind
    levels: list[Tier]
    source: str
    figures: list[FilingFigure]


class FilingList(Asking):
    template: str = Field(default="", max_length=40)
    period: str = Field(default="", max_length=40)
    place: str = Field(default="", max_length=200, description="a cluster or a unit")
    state: FilingState | None = None
    size: Size = 50
    after: After = ""


class FilingAsked(Asking):
    version: int = Field(default=0, ge=0, lt=2**31, description="0: the last")


class FilingFileAsked(FilingAsked):
    form: FilingForm = FilingForm.XLSX


class FilingRow(Told):
    template: str
    period: str
    unit: str
    unit_code: str
    level: Tier
    version: int
    state: FilingState
    number: str
    due_on: date
    late: bool
    frozen_at: datetime | None


class FilingPage(Told):
    items: list[FilingRow]
    next: str | None


class FilingNumber(Told):
    """A figure of a filing; ``value`` is the number that counts, ``query`` finds its cases."""

    nth: int
    key: str
    label: Words
    type: FigureType
    measure: Measure
    value: float | None
    computed: int | None
    typed: int | None
    query: str
    source: str


class FilingText(Told):
    key: str
    label: Words
    required: bool
    text: str


class FilingProgress(Told):
    """An item of the last plan, and how far it got."""

    nth: int
    item: str
    outcome: Outcome | None
    why: str


class FilingFinding(Told):
    fault: Fault
    row: str
    problem: Words
    remedy: Words
    reason: str
    hinders: bool


class FilingEvent(Told):
    seq: int
    at: datetime
    act: FilingAct
    who: str
    reason: str


class FilingChange(Told):
    """A row that a correction changed of the version before it."""

    label: Words
    before: Words
    after: Words


class Filing(FilingRow):
    first: date
    last: date
    reason: str
    as_of: datetime
    receipt: str
    nil: bool
    ready: bool
    rows: list[FilingNumber]
    texts: list[FilingText]
    plan: list[str]
    progress: list[FilingProgress]
    findings: list[FilingFinding]
    changes: list[FilingChange]
    history: list[FilingEvent]


class FilingStanding(Told):
    unit: str
    unit_code: str
    level: Tier
    standing: str
    due_on: date
    number: str


class BoardAsked(Asking):
    place: Name = Field(default="", description="a unit, or a cluster and its units")


class NewReminding(Given):
    """``place`` keeps a unit, or a cluster and its units."""

    place: Name = ""


class FilingsReminded(Told):
    """How many filings are missing, and how many people were told of them now."""

    missing: int
    people: int


class FilingBoard(Told):
    template: str
    period: str
    counts: dict[str, int]
    rows: list[FilingStanding]


class FilingShare(Told):
    """A unit's part of a sum."""

    unit: str
    unit_code: str
    number: str
    value: int | None
    query: str


class FilingItem(Told):
    """One of what a unit's number is made of, when it counts no cases; ``link`` is '' for none."""

    name: Words
    link: str
    value: int


class FilingFigureFile(Told):
    """A number and its parts, a unit's its items; ``cases`` is what the cases say now."""

    key: str
    total: int | None
    cases: int | None
    query: str
    parts: list[FilingShare]
    items: list[FilingItem]


class NewFilingFields(Given):
    """Fields by name; a figure's blank one takes the computed number again."""

    fields: dict[Name, Text] = Field(max_length=200)


class NewFilingCorrection(Given):
    reason: str = Field(min_length=1, max_length=500)


class NewFilingReturn(Given):
    reason: str = Field(min_length=1, max_length=500)


class NewFilingPeriod(Given):
    template: str = Field(max_length=40)
    period: str = Field(max_length=40)


class FilingKept(Told):
    """What became of a filing; ``ready`` once nothing hinders its signature."""

    template: str
    period: str
    unit: str
    version: int
    state: FilingState
    number: str
    receipt: str
    ready: bool
    findings: list[FilingFinding]


class FilingsCompiled(Told):
    template: str
    period: str
    new: int
    known: int
