"""What goes out of orders and look-backs."""

from datetime import datetime

from rules.case import Level, Listing, State
from rules.ladder import OrderLevel
from rules.lookback.acts import LookbackState
from rules.orders import OrderCause, Service
from web.api.shapes import Told


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


class Webhook(Told):
    """How a webhook stands; ``behind`` counts the events it has not looked at yet."""

    name: str
    state: str
    kinds: list[str]
    place: str
    shown: str
    behind: int
    tries: int
    reason: str
    added_at: datetime
    sent_at: datetime | None


class WebhookAdded(Told):
    """``secret`` is told now and never again."""

    name: str
    shown: str
    secret: str


class WebhookRotated(Told):
    """``secret`` is told now and never again; the older one signs ``until`` then too."""

    name: str
    secret: str
    until: datetime


class WebhookReceipt(Told):
    message: str
    kind: str
    at: datetime
    sent: bool
    detail: str


class WebhookActed(Told):
    """``sent`` and ``detail`` are what became of a test."""

    name: str
    act: str
    sent: bool | None = None
    detail: str = ""
