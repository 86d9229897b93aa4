"""What comes in and goes out of inspections."""

from datetime import date, datetime
from typing import Annotated

from fastapi import Path
from pydantic import Field

from casework.exporting.sheet import SheetForm
from casework.inspections.listing import Wanted
from rules.case import Level
from rules.inspections.acts import Part, TaskState, Word
from rules.inspections.answers import MOST_PARTICIPANTS, Result
from rules.inspections.kinds import InspectionKind
from rules.lookback.findings import InspectionMode
from web.api.asked import After, Asking, Size
from web.api.sent import Given, Handle, Handles, Name, Text
from web.api.shapes import Told

PhotoDigest = Annotated[str, Path(max_length=64, description="as `photos` of an answer names it")]


class InspectionList(Asking):
    """As ``casework.inspections.listing.Wanted``."""

    state: TaskState | None = None
    kind: InspectionKind | None = None
    checklist: Name = ""
    place: Name = ""
    plan: Name = ""
    period: Name = ""
    mine: bool = False
    late: bool = False
    after: After = ""
    size: Size = 50

    def wanted(self) -> Wanted:
        return Wanted(
            (self.state,) if self.state else (), self.kind, self.checklist, self.place, self.plan,
            self.mine, self.late, self.size, self.after, self.period,
        )  # fmt: skip


class InspectionSheet(Asking):
    """``waiting`` are those still to be made, ``late`` of them the late ones; else those made."""

    kind: InspectionKind | None = None
    place: Name = ""
    plan: Name = ""
    waiting: bool = False
    late: bool = False
    form: SheetForm = SheetForm.XLSX

    def wanted(self) -> Wanted:
        owed = self.waiting or self.late
        states = (TaskState.OPEN, TaskState.AWAITING) if owed else (TaskState.RECORDED,)
        return Wanted(
            states, self.kind, place=self.place, plan=self.plan, late=self.late, newest=not owed
        )


class NewAnswer(Given):
    """What was found at an item; a hazard has evidence, or says in ``no_photo`` why not."""

    result: Result
    note: Annotated[str, Field(max_length=1_000)] = ""
    place: Name = ""
    no_photo: Name = ""
    another: bool = Field(default=False, description="not the hazard an open case tells of")
    evidence: Handles = Field(default_factory=list, description="from storeEvidence")


class NewInspectionRecord(Given):
    """A record: an answer for every item of the checklist, by its key."""

    items: dict[Name, NewAnswer] = Field(max_length=100)
    participants: Annotated[int, Field(ge=1, le=MOST_PARTICIPANTS)]
    held_on: date | None = Field(default=None, description="today, when left out")
    mode: InspectionMode = InspectionMode.OPEN
    note: Text = ""
    reason: Annotated[str, Field(max_length=500)] = ""


class NewInspection(Given):
    unit: Name
    checklist: Name
    kind: InspectionKind = InspectionKind.SPOT


class NewSignature(Given):
    """``version`` is the record that was looked at; ``head`` signs as the school's head;
    ``refused`` records why the head does not, ``drawn`` that the head, ``signer``, signed by hand.
    """

    version: Annotated[int, Field(ge=1, lt=2**31)] = 1
    head: bool = False
    refused: Annotated[str, Field(max_length=500)] = ""
    signer: Name = ""
    drawn: Handle = Field(default="", description="a picture of the signature, from storeEvidence")


class NewTeam(Given):
    inspectors: Annotated[list[Name], Field(max_length=10, description="people's codes")]
    reason: Annotated[str, Field(max_length=500)]


class ChecklistItem(Told):
    key: str
    zh: str
    en: str
    hazard_zh: str
    hazard_en: str
    level: Level
    source: str


class Checklist(Told):
    key: str
    version: str
    zh: str
    en: str
    category: str
    kinds: list[InspectionKind]
    items: list[ChecklistItem]


class Inspection(Told):
    number: str
    title: str
    unit: str
    unit_code: str
    checklist: str
    kind: InspectionKind
    state: TaskState
    period: str
    plan: str
    lead: str
    opens_on: date
    due_on: date
    planned_on: date | None
    hazards: int
    normal: int
    version: int
    recorded_at: datetime | None
    head_word: Word | None
    days_late: int


class InspectionPage(Told):
    """A page of inspections; ``next`` is the address of the page after it, null on the last."""

    items: list[Inspection]
    next: str | None


class InspectionAnswer(Told):
    result: Result
    note: str
    place: str
    no_photo: str
    another: bool
    photos: list[str]


class InspectionItem(Told):
    item: str
    zh: str
    en: str
    source: str
    answer: InspectionAnswer | None
    case: str | None
    open_before: list[str] = Field(description="open cases that earlier inspections led to here")


class InspectionRecord(Told):
    version: int
    checklist: str
    held_on: date
    mode: InspectionMode
    participants: int
    note: str
    reason: str
    recorded_at: datetime
    recorded_by: str
    counts: dict[str, int]


class InspectionSignature(Told):
    name: str
    code: str
    part: Part
    word: Word
    reason: str
    at: datetime
    drawn: str | None = Field(description="the picture's hash, when it was signed by hand")
    witness: str = Field(description="the inspector before whom the head signed by hand")


class InspectionFile(Told):
    """An inspection; ``needed`` inspectors sign before its record stands."""

    inspection: Inspection
    items: list[InspectionItem]
    record: InspectionRecord | None
    signatures: list[InspectionSignature]
    needed: int
    receipt: str
    broken_at: int | None


class InspectionCase(Told):
    item: str
    number: str
    linked: bool


class Recorded(Told):
    """What became of a record; ``unsigned`` signatures are missing before it stands."""

    number: str
    version: int
    state: TaskState
    unsigned: int
    hazards: int
    cases: list[InspectionCase]
    receipt: str
    repeated: bool


class Signed(Told):
    receipt: str


class Begun(Told):
    number: str
    unit: str
    receipt: str
