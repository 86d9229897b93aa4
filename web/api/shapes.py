"""What the API takes and gives: names in English, moments and days by ISO 8601."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from models import NoticeState, Shows
from rules.access import Role
from rules.actions import Action
from rules.case import Level, Listing, State
from rules.deadlines import Stage
from rules.ladder import OrderLevel
from rules.lookback.acts import LookbackState
from rules.orders import OrderCause, Service
from rules.risk import Colour


class Given(BaseModel):
    """What comes in: an unknown name is refused, not passed over."""

    model_config = ConfigDict(extra="forbid")


class Told(BaseModel):
    """What goes out: of a row, what stands here and nothing else."""

    model_config = ConfigDict(from_attributes=True)


Name = Annotated[str, StringConstraints(max_length=200)]
Text = Annotated[str, StringConstraints(max_length=5_000)]
Handle = Annotated[str, StringConstraints(max_length=2_000)]
Handles = Annotated[list[Handle], Field(max_length=12)]


class NewCase(Given):
    """A hazard as somebody tells it. ``unit`` is a code or an exact name."""

    unit: Name
    category: Name = Field(description="a category's key or name")
    description: Annotated[str, StringConstraints(max_length=2_000)]
    location: Name = ""
    level: Level = Level.ORDINARY
    risk: Colour | None = None
    found_on: date | None = Field(default=None, description="today, when left out")
    measure: Text = ""
    owner: Name = ""
    department: Name = ""
    deadline_asked: date | None = None
    source: Annotated[str, StringConstraints(max_length=500)] = ""
    evidence: Handles = Field(default_factory=list, description="from storeEvidence")
    again: bool = Field(default=False, description="report it though an open case tells the same")


class NewMove(Given):
    """An action and its fields as text; ``listOffers`` tells which it takes."""

    action: Action
    fields: dict[Name, Text] = Field(default_factory=dict, max_length=40)
    evidence: Handles = Field(default_factory=list, description="from storeEvidence")
    seen: Annotated[int, Field(ge=1, lt=2**31)] | None = Field(
        default=None, description="how many events you know of; If-Match says the same"
    )


class NewAcknowledgement(Given):
    notices: Annotated[list[Annotated[int, Field(ge=1, lt=2**63)]], Field(max_length=200)]


class NewOrderAct(Given):
    """What is done to an order. ``how`` goes with serve, ``until`` and ``reason`` with
    ask_extension, ``reason`` with refuse_extension.
    """

    act: Literal[
        "serve", "acknowledge", "ask_extension", "grant_extension", "refuse_extension", "publish"
    ]
    how: Service | None = None
    note: Text = ""
    until: date | None = None
    reason: Text = ""


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


class Notice(Told):
    id: int
    case: str
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


class SupervisionOrder(Told):
    number: str
    case: str
    unit: str
    cluster: str | None
    category: str
    hazard: Level
    state: State
    kind: Listing
    level: OrderLevel
    cause: OrderCause
    reason: str
    demands: str
    issued_at: datetime
    due_at: datetime
    days_late: int
    served_at: datetime | None
    served_how: Service | None
    acknowledged_at: datetime | None
    next_demand_at: datetime | None
    missed_reports: int
    extension_asked_at: datetime | None
    extension_until: datetime | None
    extension_reason: str
    extensions: int
    published_at: datetime | None
    publish_by: datetime
    decide_by: datetime | None
    released_at: datetime | None
    release_reason: str


class OrderActed(Told):
    order: str
    case: str
    act: str
    due_at: str
    seq: int
    receipt: str
    repeated: bool


class PublishedOrder(Told):
    number: str
    kind: Listing
    level: OrderLevel
    unit: str
    category: str
    hazard: Level
    issued_at: datetime
    due_at: datetime
    published_at: datetime
    released_at: datetime | None


class Lookback(Told):
    number: str
    title: str
    template: str
    state: LookbackState
    frame_size: int | None
    drawn: int | None
    planned_at: datetime
    drawn_at: datetime | None
    due_at: datetime | None
    closed_at: datetime | None
    published_at: datetime | None
    withdrawn_at: datetime | None


class Stratum(Told):
    stratum: str
    population: int
    drawn: int
    checked: int
    relapsed: int
    decision: str


class LookedAt(Told):
    number: str
    unit: str
    category: str
    finding: str | None


class LookbackFile(Told):
    look: Lookback
    strata: list[Stratum]
    visits: list[LookedAt]
    receipt: str
    broken_at: int | None
    publish_by: datetime | None


class PublishedLookback(Told):
    number: str
    title: str
    drawn_at: datetime | None
    published_at: datetime
    frame_size: int | None
    drawn: int | None
    period: str
    seed: str | None
    frame_digest: str | None
    commitment: str | None
    strata: list[Stratum]
    cases: list[LookedAt]
    receipt: str
