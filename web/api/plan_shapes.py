"""What comes in and goes out of inspection plans and of what they draw."""

from datetime import date, datetime
from typing import Annotated, Any

from pydantic import Field

from casework.exporting.sheet import SheetForm
from rules.inspections.acts import PlanState, TaskState
from rules.inspections.kinds import InspectionKind
from rules.inspections.periods import Cadence
from web.api.asked import Asking
from web.api.ledgers import LedgerImported
from web.api.sent import Given, Name
from web.api.shapes import Told, Words


class NewSample(Given):
    """双随机: which share of the units is drawn in each period."""

    percent: Annotated[float, Field(gt=0, le=100)] = 5
    least: Annotated[int, Field(ge=1, le=500)] = 1
    by_cluster: bool = True


class NewLine(Given):
    """A line of the breakdown; places and people by their codes."""

    task: Name
    checklist: Name
    place: Name
    responsible: Name
    lead: Name
    inspectors: Annotated[list[Name], Field(max_length=10)] = Field(default_factory=list)


class NewPlan(Given):
    """A plan 检查计划 with its task breakdown 任务分解清单."""

    title: Name
    place: Name
    kind: InspectionKind
    cadence: Cadence
    first_on: date
    until: date | None = None
    term_only: bool | None = None
    unannounced: bool = False
    sample: NewSample | None = None
    lines: Annotated[list[NewLine], Field(min_length=1, max_length=100)]


class Planned(Told):
    number: str
    title: str
    receipt: str


class InspectionPlan(Told):
    """A plan; ``plan`` is what it says, with its breakdown in ``lines``."""

    number: str
    title: str
    kind: InspectionKind
    cadence: Cadence
    place: str
    state: PlanState
    planned_at: datetime
    done_until: date | None
    plan: dict[str, Any]
    receipt: str


class PublishedTask(Told):
    unit: str
    state: TaskState
    hazards: int
    recorded_at: datetime | None


class PublishedDraw(Told):
    number: str
    title: str
    kind: InspectionKind
    period: str
    frame_size: int
    drawn: int
    commitment: str
    secret: str
    seed: str
    frame_digest: str
    published_at: datetime | None
    tasks: list[PublishedTask]


class Undrawn(Told):
    """A drawn unit for which nobody could be drawn, and why."""

    unit: str
    why: Words


class DrawnTask(PublishedTask):
    number: str
    unit_code: str


class InspectionDraw(Told):
    """A draw of a plan: before it is drawn only what was committed to."""

    number: str
    period: str
    opens_on: date
    due_on: date
    commitment: str
    committed_at: datetime
    secret: str
    seed: str
    frame_digest: str
    frame_size: int
    drawn: int
    drawn_at: datetime | None
    impossible: list[Undrawn]
    published_at: datetime | None
    tasks: list[DrawnTask]


class PlanProgress(Told):
    """A line of the breakdown in a period; ``line`` counts from 0. Dropped ones do not count."""

    line: int
    period: str
    due_on: date
    given: int
    made: int
    late: int
    hazards: int


class PlanSheet(Asking):
    plan: Name = Field(default="", description="one alone; '': all that you see")
    form: SheetForm = SheetForm.XLSX


class PlansImported(LedgerImported):
    """What came of a workbook of plans; rows are counted, not plans."""


class DrawAsked(Asking):
    draw: Name = Field(description="a draw's number: JH2026-0002/1/2026-Q4")


class NewDrawPublication(Given):
    draw: Name


class DrawCheck(Told):
    """Something looked at when a draw is done again."""

    what: Words
    holds: bool


class NewPlanWithdrawal(Given):
    reason: Annotated[str, Field(max_length=500)]


class NewGivingOut(Given):
    """``dry_run`` counts and writes nothing; ``plan`` is one alone, '' all of them."""

    dry_run: bool = True
    plan: Name = ""


class GivenOut(Told):
    """What was given out; ``failed`` says what hindered which plan."""

    dry_run: bool
    tasks: int
    by_plan: dict[str, int]
    committed: list[str]
    drawn: list[str]
    impossible: list[str]
    missed: int
    failed: list[str]


class PlanKept(Told):
    receipt: str
