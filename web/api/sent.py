"""What comes in: names in English, days by ISO 8601, an unknown name refused."""

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from casework.case_list import Filter
from rules.access import Role
from rules.actions import Action
from rules.case import Level, State
from rules.deadlines import Stage
from rules.orders import Service
from rules.risk import Colour


class Given(BaseModel):
    """What comes in: an unknown name is refused, not passed over."""

    model_config = ConfigDict(extra="forbid")


Name = Annotated[str, StringConstraints(max_length=200)]
Text = Annotated[str, StringConstraints(max_length=5_000)]
Handle = Annotated[str, StringConstraints(max_length=2_000)]
Handles = Annotated[list[Handle], Field(max_length=12)]


class Filtering(BaseModel):
    """The fields of ``casework.case_list.Filter``, for queries and bodies alike."""

    place: Name = ""
    state: State | None = None
    stage: Stage | None = None
    level: Level | None = None
    category: Name = ""
    holder: Role | None = None
    overdue: bool = False
    listed: bool = False
    text: Name = ""
    found_from: date | None = None
    found_to: date | None = None
    due_to: date | None = None
    asking: bool = False
    is_open: bool = False

    def filter(self) -> Filter:
        return Filter(**{name: getattr(self, name) for name in Filtering.model_fields})


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


class NewPick(Given):
    """A case; ``seen`` is how many events of it you know of."""

    number: Name
    seen: Annotated[int, Field(ge=1, lt=2**31)] | None = None


class NewFilter(Given, Filtering):
    """As the query of ``listCases``."""


class NewBulk(Given):
    """An action said of many cases: those named, or all that a filter finds."""

    action: Action
    fields: dict[Name, Text] = Field(default_factory=dict, max_length=40)
    cases: Annotated[list[NewPick], Field(max_length=2_000)] = Field(default_factory=list)
    filter: NewFilter | None = None
    dry_run: bool = False


class NewRun(Given):
    """`partial` imports the good rows though others are refused."""

    dry_run: bool = True
    partial: bool = False


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


Kinds = Annotated[list[Annotated[str, StringConstraints(max_length=40)]], Field(max_length=60)]


class NewWebhook(Given):
    """Where case events are to be posted. No ``kinds`` are all, no ``place`` is everywhere."""

    name: Annotated[str, StringConstraints(max_length=40)]
    url: Annotated[str, StringConstraints(max_length=500)]
    kinds: Kinds = Field(default_factory=list, description="such as report, approve_plan, overdue")
    place: Name = Field(default="", description="a cluster's or unit's code")


class NewWebhookSecret(Given):
    """Both secrets sign for ``hours`` more; with 0 the old one signs no more."""

    hours: Annotated[int, Field(ge=0, le=720)] = 24


class NewWebhookAct(Given):
    act: Literal["pause", "resume", "remove", "test"]
