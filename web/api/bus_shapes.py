"""What comes in and goes out of school buses on the road."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from casework.exporting.sheet import SheetForm
from rules.buses.sightings import Road, Seen, Stray
from web.api.asked import After, Asking, Size
from web.api.sent import Given, Name
from web.api.shapes import Told

MOST_EVENTS = 2_000
"""Of one batch, our choice; a body holds a megabyte (``web.api.reading``)."""
Day = date
Event = Annotated[
    dict[str, Any],
    Field(
        description="`plate` and `at` are needed; `id`, `kind` (position, violation), `speed` in "
        "km/h, `road` (expressway, ordinary, special), `what`, `place` and `penalty_on` may be."
    ),
]


class NewBusFeed(Given):
    """What a platform tells. An event is kept once for its ``source`` and ``id``."""

    source: Annotated[str, Field(min_length=1, max_length=40)] = "平台"
    events: Annotated[list[Event], Field(max_length=MOST_EVENTS)]


class BadBusEvent(Told):
    """An event that was not kept: where it stands in the body, and what is wrong with it."""

    pointer: str = Field(description="RFC 6901, as a URI fragment")
    field: str
    detail: str


class BusFeed(Told):
    """What became of a batch: ``known`` came before, ``strangers`` are plates of no register."""

    received: int
    new: int
    known: int
    offences: int
    strangers: list[str]
    cases: list[str]
    bad: list[BadBusEvent]


class BusToday(Told):
    """A bus that did what it may not, and how often."""

    plate: str
    unit: str
    unit_code: str
    fault: Stray | None
    offence: bool
    times: int


class BusBoard(Told):
    """Today so far; ``strangers`` are told to who sees all buses."""

    day: Day
    rows: list[BusToday]
    strangers: list[str]


class BulletinHead(Told):
    """A bulletin; counts are of what you see, ``whole`` whether that is all of it."""

    day: Day
    number: str
    whole: bool
    made_at: datetime
    violations: int
    buses: int


class BulletinOffence(Told):
    at: datetime
    what: str
    place: str
    kind: Seen
    speed: int | None
    limit: int
    penalty_on: Day | None


class BulletinRow(Told):
    """A bus; ``moves`` counts movements by what was wrong, ``repeats`` offences in 30 days."""

    plate: str
    unit: str
    offences: list[BulletinOffence]
    moves: dict[Stray, int]
    repeats: int
    vetoed: bool
    cases: list[str]


class BusBulletin(BulletinHead):
    rows: list[BulletinRow]


class BusNarrow(Asking):
    """``text`` is a part of a plate."""

    place: Name = ""
    text: Annotated[str, Field(max_length=20)] = ""
    since: Day | None = None
    until: Day | None = None


class ViolationList(BusNarrow):
    after: After = ""
    size: Size = 50


class BusViolation(Told):
    """``unit`` is '' of a plate of no register, ``bulletin`` '' until one tells of it."""

    id: int
    at: datetime
    plate: str
    unit: str
    unit_code: str
    kind: Seen
    what: str
    place: str
    road: Road
    speed: int | None
    limit: int
    penalty_on: Day | None
    bulletin: str


class ViolationPage(Told):
    items: list[BusViolation]
    next: str | None


class VetoList(Asking):
    lifted: bool = Field(default=False, description="those that were lifted in place of the rest")


class BusVeto(Told):
    """``by`` is '' where the engine vetoed, ``case`` '' where a person did."""

    kind: str
    key: str
    unit: str
    unit_code: str
    reason: str
    at: datetime
    by: str
    case: str
    lifted_at: datetime | None
    lifted_by: str
    lifted_why: str


class NewVeto(Given):
    """``unit`` is needed where two units have the same key."""

    act: Literal["veto", "lift"]
    kind: Literal["bus", "driver"] = "bus"
    key: Name
    unit: Name = ""
    reason: Annotated[str, Field(max_length=200)]


class BusVetoed(Told):
    key: str
    unit: str
    vetoed: bool
    receipt: str


class BulletinSheet(Asking):
    form: SheetForm = SheetForm.XLSX


class ViolationSheet(BusNarrow):
    form: SheetForm = SheetForm.XLSX
