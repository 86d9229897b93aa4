"""What goes out of cases, evidence and notices: moments and days by ISO 8601."""

from datetime import date, datetime
from typing import Any

from pydantic import BaseModel, ConfigDict

from models import NoticeState, Shows, UploadState
from rules.access import Role
from rules.actions import Action
from rules.case import Level, Listing, State
from rules.deadlines import Stage
from rules.risk import Colour


class Told(BaseModel):
    """What goes out: of a row, what stands here and nothing else."""

    model_config = ConfigDict(from_attributes=True)


class Moved(Told):
    """What became of a case; ``repeated`` marks an answer given before."""

    number: str
    action: str
    state: State
    claimed: bool
    stage: Stage | None
    holder: Role | None
    due_at: str | None
    seq: int
    receipt: str
    repeated: bool


class BulkItem(Told):
    """What came of one case, or would; `lacks` names a field still to be filled in."""

    number: str
    done: bool
    state: State | None
    receipt: str
    repeated: bool
    lacks: str
    detail: str
    remedy: str


class BulkResult(Told):
    action: Action
    dry_run: bool
    done: int
    refused: int
    items: list[BulkItem]


class LedgerProblem(Told):
    """What is wrong in a cell; `field` is empty when it concerns the row."""

    sheet: str
    row: int
    field: str
    value: str
    detail: str
    remedy: str


class LedgerUpload(Told):
    """How an import stands. `problems` are the first 200; `detail` is why a file was refused."""

    upload: str
    name: str
    sha256: str
    state: UploadState
    dry_run: bool
    partial: bool
    landed: bool
    done: int
    rows: int
    cases: int
    normal: int
    duplicates: int
    rejected: int
    problems: list[LedgerProblem]
    detail: str
    remedy: str


class CaseRow(Told):
    number: str
    unit: str
    cluster: str | None
    category: str
    level: Level
    risk: Colour | None
    description: str
    location: str
    found_on: date
    state: State
    claimed: bool
    listed: Listing | None
    stage: Stage | None
    holder: Role | None
    due_at: datetime | None
    reported_at: datetime
    closed_at: datetime | None
    days_late: int


class CasePage(Told):
    """A page of cases; ``next`` is the address of the page after it, null on the last."""

    items: list[CaseRow]
    next: str | None


class FoundPage(CasePage):
    """``query`` is the query as it was understood."""

    query: str


class Count(Told):
    """``more``: counting stopped there."""

    number: int
    more: bool


class CountThen(Told):
    """How many cases there were at a moment, and how they stood."""

    total: int
    open: int
    overdue: int
    listed: int
    major: int
    by_state: dict[State, int]


class CaseFacts(CaseRow):
    """``seq`` counts the events, and is the ETag."""

    department: str
    owner: str
    measure: str
    source: str
    deadline_asked: date | None
    plan_deadline: date | None
    extensions: int
    cycle: int
    voided: bool
    seq: int


class Event(Told):
    seq: int
    at: datetime
    kind: str
    who: str
    role: str
    door: str
    zh: str
    en: str
    body: dict[str, Any]
    hash: str


class Clock(Told):
    no: int
    cycle: int
    stage: Stage
    started_at: datetime
    due_at: datetime
    limit: str
    cause: str
    estimated: bool
    reason: str
    stopped_at: datetime | None


class Plan(Told):
    no: int
    duty: str
    measures: str
    funds: str
    deadline: date
    contingency: str
    submitted_at: datetime
    decided_at: datetime | None
    approved: bool | None
    reason: str


class Evidence(Told):
    """``href`` gives the bytes: a redrawn copy of a photo."""

    id: int
    cycle: int
    shows: Shows
    sha256: str
    media_type: str
    size: int
    name: str
    at: datetime
    href: str


class Stored(Told):
    """A stored file; ``evidence`` is its handle, good for a day, for whoever stored it."""

    evidence: str
    sha256: str
    media_type: str
    size: int
    width: int | None
    height: int | None
    taken_at: str | None


class OfferField(Told):
    """A field of an action: its name, and what it is called."""

    name: str
    zh: str
    en: str


class Offer(Told):
    """What may be done now, and the fields it needs and may take."""

    action: Action
    zh: str
    en: str
    needs: list[OfferField]
    may: list[OfferField]


class CaseFile(Told):
    """``broken_at`` is the first event that does not follow from those before it; null: none."""

    case: CaseFacts
    history: list[Event]
    clocks: list[Clock]
    plans: list[Plan]
    evidence: list[Evidence]
    orders: list[str]
    offers: list[Offer]
    receipt: str
    broken_at: int | None


class Words(Told):
    """What is said in both languages."""

    zh: str
    en: str


class Notice(Told):
    """``case`` is '' for one that is about no case: ``title`` and ``link`` say what it is about."""

    id: int
    case: str
    title: Words
    link: str
    unit: str
    person: str
    kind: str
    urgent: bool
    owed_at: datetime
    state: NoticeState
    tries: int
    sent_at: datetime | None
    acknowledged_at: datetime | None
    receipt: str


class NoticePage(Told):
    items: list[Notice]
    next: str | None


class Acknowledged(Told):
    """``new``: nobody had said so before."""

    notice: int
    number: str
    at: datetime
    new: bool
