"""What comes in and goes out of registers: values are texts by the name of their field."""

from datetime import date, datetime
from typing import Annotated, Any

from fastapi import Path
from pydantic import Field

from casework.exporting.sheet import SheetForm
from rules.case import Level
from rules.registers.kinds import FieldType, RuleType
from rules.registers.standing import RecordOrder, Standing, Stands
from web.api.asked import After, Asking, Size
from web.api.ledgers import LedgerImported
from web.api.sent import Given, Handles, Name, Text
from web.api.shapes import Told

KindName = Annotated[str, Path(max_length=40, description="a kind's key")]
Values = Annotated[dict[Name, Text], Field(max_length=60)]


class RegisterField(Told):
    """A field of a kind; ``personal`` ones are masked."""

    key: str
    zh: str
    en: str
    type: FieldType
    required: bool
    personal: bool


class RegisterRule(Told):
    key: str
    zh: str
    en: str
    type: RuleType
    field: str
    level: Level
    source: str


class Register(Told):
    """A kind and how many records you see of it: active, of them lapsed and soon to run out."""

    kind: str
    zh: str
    en: str
    named_by: str
    active: int
    lapsed: int
    soon: int
    fields: list[RegisterField]
    rules: list[RegisterRule]


class RegisterFinding(Told):
    """What a rule says. ``about`` stands for a last day that would tell a birthday."""

    rule: str
    standing: Standing
    last_day: date | None
    days_left: int | None
    about: str
    source: str


class RegisterRow(Told):
    kind: str
    key: str
    unit: str
    unit_code: str
    state: str
    seq: int
    values: dict[str, str]
    expires_on: date | None
    findings: list[RegisterFinding]


class RegisterPage(Told):
    items: list[RegisterRow]
    next: str | None


class RecordCase(Told):
    rule: str
    period: str
    raised_at: datetime
    number: str
    state: str


class RecordAttachment(Told):
    """A file, opened by its ``id``; its name is blank where it could be somebody's."""

    id: int
    name: str
    media_type: str
    size: int
    sha256: str
    at: datetime
    seq: int


class RecordEvent(Told):
    """``personal`` names the fields whose values are not told."""

    seq: int
    at: datetime
    act: str
    said: str
    who: str
    role: str
    door: str
    reason: str
    fields: dict[str, str]
    personal: list[str]
    cleared: list[str]
    cases: dict[str, str]
    files: list[dict[str, Any]]


class RegisterFile(RegisterRow):
    """``rules`` are all that apply, ``findings`` those that are not well."""

    rules: list[RegisterFinding]
    files: list[RecordAttachment]
    cases: list[RecordCase]
    history: list[RecordEvent]


class RecordKept(Told):
    """What became of a record; ``seq`` is unchanged when there was nothing to change."""

    kind: str
    key: str
    unit: str
    act: str
    seq: int
    receipt: str


class RegisterList(Asking):
    place: Name = ""
    text: Name = ""
    retired: bool = False
    standing: Stands | None = None
    order: RecordOrder = RecordOrder.ADDED
    after: After = ""
    size: Size = 50


class Expiring(Asking):
    kind: Annotated[str, Field(max_length=40)] = ""
    days: Annotated[int, Field(ge=0, le=3_660)] = 30
    place: Name = ""
    after: After = ""
    size: Size = 50


class Which(Asking):
    """``unit`` is needed where two units have the same key."""

    key: Name
    unit: Name = ""


class RegisterLedger(Asking):
    place: Name = ""
    text: Name = ""
    retired: bool = False
    standing: Stands | None = None
    form: SheetForm = SheetForm.XLSX


class RegisterImported(LedgerImported):
    changed: int


class NewLook(Given):
    """Why personal data is looked at; it is recorded."""

    key: Name
    unit: Name = ""
    why: Annotated[str, Field(max_length=500)]


class NewRegisterLook(Given):
    """Which records, and why their personal data is taken away; it is recorded."""

    place: Name = ""
    text: Name = ""
    retired: bool = False
    standing: Stands | None = None
    form: SheetForm = SheetForm.XLSX
    why: Annotated[str, Field(max_length=500)]


class NewRecordFiles(Given):
    key: Name
    unit: Name = ""
    evidence: Handles = Field(description="from storeEvidence")


class NewRecord(Given):
    unit: Name
    fields: Values


class NewRecordChange(Given):
    key: Name
    unit: Name = ""
    fields: Values
    seen: Annotated[int, Field(ge=1, lt=2**31)] | None = Field(
        default=None, description="how many events you know of"
    )


class NewRetirement(Given):
    key: Name
    unit: Name = ""
    reason: Text
