"""Duties 应办事项: what must be done by a day."""

from datetime import date, datetime
from typing import Annotated

from fastapi import Query, Response
from pydantic import Field

from casework.accounts.tokens import Scope
from casework.duties.ending import waive
from casework.duties.listing import MOST_PER_PAGE, DutyFilter, list_duties, show_duty
from casework.events import Door
from casework.missing import chase_missing
from models import DutyState
from rules.access import Role, Verb
from rules.duties.acts import Counted
from rules.duties.kinds import Days, kinds
from rules.ladder import Audience
from rules.workdays import china_day
from web.api import asked
from web.api.calls import Asked
from web.api.cases import next_page
from web.api.routing import Operations
from web.api.sent import Given, Name
from web.api.shapes import Told, Words
from web.permission import Anyone

operations = Operations("duties")


class DutyList(asked.Asking):
    kind: Name = Field(default="", description="a key or name, or several with commas between")
    place: Name = ""
    late: bool = False
    mine: bool = False
    ended: bool = False
    since: date | None = Field(default=None, description="due from this day on")
    until: date | None = Field(default=None, description="due until this day")
    counted: Counted | None = Field(default=None, description="as a score counts them, open or not")
    after: asked.After = ""
    size: Annotated[int, Field(ge=1, le=MOST_PER_PAGE)] = 50


class Duty(Told):
    """``waits_for`` is a person's name, '' where it waits for the role of the kind; ``case`` the
    number of the case that was raised of it.
    """

    kind: str
    key: str
    unit: str
    title: Words
    link: str
    due_on: date
    days_late: int
    state: DutyState
    waits_for: str
    case: str
    opened_at: datetime
    ended_at: datetime | None


class DutyAsked(asked.Asking):
    kind: Name
    key: Name


class DutyEvent(Told):
    """``step`` is days from the due day, ``case`` the number of the case that was raised."""

    seq: int
    at: datetime
    act: str
    said: Words
    who: str
    step: int | None
    days_late: int | None
    case: str | None


class DutyFile(Duty):
    history: list[DutyEvent]


class DutyStep(Told):
    """A step of a kind's ladder: days from the due day, whom it tells, whether it raises a case."""

    days: int
    tell: list[Audience]
    case: bool


class DutyKind(Told):
    key: str
    label: Words
    holder: Role
    count: Days
    source: str
    steps: list[DutyStep]


class NewWaiver(Given):
    kind: Name
    key: Name
    reason: Annotated[str, Field(max_length=500)]


class DutyWaived(Told):
    kind: str
    key: str
    title: Words


class NewChase(Given):
    """``dry_run`` counts and writes nothing."""

    dry_run: bool = True


class Chased(Told):
    """What was done: duties opened and told of, notices owed, cases raised, or known already."""

    dry_run: bool
    opened: int
    looked_at: int
    told: int
    notices: int
    raised: int
    linked: int
    cases: list[str]
    by_kind: dict[str, int]
    failed: list[str]


class DutyPage(Told):
    """A page of duties; ``next`` is the address of the page after it, null on the last."""

    items: list[Duty]
    next: str | None


@operations.get("/duties", permission=Anyone.SIGNED_IN, scope=Scope.READ)
def list_duties_(call: Asked, wanted: Annotated[DutyList, Query()], response: Response) -> DutyPage:
    """List the duties that you may see, the earliest due first; ended ones the latest first."""
    page = list_duties(
        call.office, by=call.by, today=china_day(call.at), size=wanted.size, after=wanted.after,
        wanted=DutyFilter(**wanted.model_dump(exclude={"size", "after"})),
    )  # fmt: skip
    following = next_page(call, page.after, response)
    return DutyPage.model_validate({"items": page.rows, "next": following})


@operations.get("/duty-kinds", permission=Anyone.SIGNED_IN, scope=Scope.READ)
def list_duty_kinds(call: Asked) -> list[DutyKind]:  # noqa: ARG001 — a token is asked for
    """List the kinds of duty, each with the steps by which it is chased."""
    return [DutyKind.model_validate(each) for each in kinds().values()]


@operations.get("/duty", permission=Anyone.SIGNED_IN, scope=Scope.READ)
def open_duty(call: Asked, wanted: Annotated[DutyAsked, Query()]) -> DutyFile:
    """Open a duty with its history."""
    shown = show_duty(
        call.office, wanted.kind, wanted.key, by=call.by, today=china_day(call.at)
    )  # fmt: skip
    return DutyFile.model_validate(shown)


@operations.post("/duties/waivers", permission=Verb.SWEEP, scope=Scope.MOVE)
def waive_duty(call: Asked, told: NewWaiver) -> DutyWaived:
    """Let somebody off a duty, with a reason that is kept."""
    held = waive(
        call.office, told.kind, told.key, told.reason, by=call.by, at=call.at, door=Door.API
    )
    return DutyWaived.model_validate(held)


@operations.post("/duties/chase", permission=Verb.SWEEP, scope=Scope.MOVE)
def chase_duties(call: Asked, wanted: NewChase) -> Chased:
    """Take the steps that are due by now, as the engine does every day; again it tells nobody."""
    done = chase_missing(
        call.office, as_of=call.at, ran_at=call.at, door=Door.API, dry_run=wanted.dry_run
    )
    return Chased.model_validate(done)
