"""Checks of guards 保安抽查: begun, drawn, recorded, published; by the same verbs as everywhere."""

from datetime import date, datetime
from typing import Annotated

from fastapi import Path, Response
from pydantic import Field

from casework.accounts.tokens import Scope
from casework.events import Door
from casework.guardchecks.checks import Hand
from casework.guardchecks.drawing import commit_check, draw_check
from casework.guardchecks.looking import list_checks, open_check, publish_check, verify_check
from casework.guardchecks.recording import Seen, record_guard
from rules.access import Verb
from rules.guardchecks.acts import USUAL_SHARE, CheckState
from rules.guardchecks.findings import Card, Identity, Violation
from web.api.calls import Asked, Call
from web.api.routing import Operations
from web.api.sent import Given, Name
from web.api.shapes import Told, Words

operations = Operations("guard-checks")

CheckName = Annotated[
    str, Path(max_length=40, description="a check's number or month: BC2026-03, 2026-03")
]


class GuardCheck(Told):
    """A month's check; seed and frame are empty until it is drawn."""

    number: str
    period: str
    state: CheckState
    share: int
    commitment: str
    seed: str
    frame_digest: str
    frame_size: int
    drawn: int
    committed_at: datetime
    drawn_at: datetime | None
    published_at: datetime | None


class GuardDrawn(Told):
    """A guard who was drawn, by staff number; ``inspectors`` were drawn to look for them."""

    guard: str
    unit: str
    unit_code: str
    stratum: str
    no: int
    inspectors: list[str]
    planned_on: date | None
    mine: bool
    identity: Identity | None
    national: bool | None
    school: bool | None
    violations: list[Violation]
    note: str
    by: str
    at: datetime | None
    case: str


class GuardCount(Told):
    """What was found in a cluster, by number alone."""

    cluster: str
    drawn: int
    match: int
    mismatch: int
    absent: int
    no_national: int
    no_school: int
    violations: int


class GuardCheckFile(GuardCheck):
    """``wrong`` says what is wrong with the draw, reckoned again; null when nothing is."""

    guards: list[GuardDrawn]
    counts: list[GuardCount]
    wrong: Words | None
    receipt: str


class NewGuardCheck(Given):
    period: str = Field(max_length=7, description="a month: 2026-03")
    share: int = Field(default=USUAL_SHARE, description="percent of each cluster's guards")


class NewGuardSeen(Given):
    """What was seen; ``name`` and ``card`` are copied from the card that was shown."""

    unit: Name
    guard: Name
    present: bool = True
    name: Name = ""
    card: Name = ""
    national: bool = False
    school: bool = False
    violations: list[Violation] = Field(default=[], max_length=20)
    note: Annotated[str, Field(max_length=2_000)] = ""


class GuardSeen(Told):
    """``case`` is what somebody else's card led to, '' for none; ``left`` are still to be seen."""

    check: str
    guard: str
    unit: str
    identity: Identity
    case: str
    left: int
    receipt: str


class GuardCheckKept(Told):
    number: str
    receipt: str


@operations.get("/guard-checks", permission=Verb.CHECK_GUARDS, scope=Scope.READ)
def list_guard_checks(call: Asked) -> list[GuardCheck]:
    """List the checks, the newest month first."""
    return [GuardCheck.model_validate(each) for each in list_checks(call.office, by=call.by)]


@operations.get("/guard-checks/{check}", permission=Verb.CHECK_GUARDS, scope=Scope.READ)
def open_guard_check(call: Asked, check: CheckName) -> GuardCheckFile:
    """Open a check: who was drawn where you look, what was found; its draw is reckoned again."""
    found = open_check(call.office, check, by=call.by)
    wrong = verify_check(call.office, check, by=call.by)
    return GuardCheckFile.model_validate({**found, "guards": found["visits"], "wrong": wrong})


@operations.post("/guard-checks", permission=Verb.LOOK_BACK, scope=Scope.MOVE, status_code=201)
def begin_guard_check(call: Asked, wanted: NewGuardCheck, response: Response) -> GuardCheckKept:
    """Begin a month's check by committing to its seed."""
    keys = call.settings.keys
    done = commit_check(call.office, wanted.period, wanted.share, _hand(call), keys)
    response.headers["Location"] = f"/api/v1/guard-checks/{done.number}"
    return GuardCheckKept.model_validate(done)


@operations.post("/guard-checks/{check}/draw", permission=Verb.LOOK_BACK, scope=Scope.MOVE)
def draw_guard_check(call: Asked, check: CheckName) -> GuardCheckKept:
    """Freeze the frame, reveal the seed, draw guards and inspectors; once."""
    return GuardCheckKept.model_validate(
        draw_check(call.office, check, _hand(call), call.settings.keys)
    )


@operations.post("/guard-checks/{check}/records", permission=Verb.CHECK_GUARDS, scope=Scope.MOVE)
def record_guard_(call: Asked, check: CheckName, told: NewGuardSeen) -> GuardSeen:
    """Record what was found of a guard; a card that is another's becomes a case."""
    card = Card(told.name, told.card) if told.present else None
    seen = Seen(card, told.national, told.school, told.violations, told.note)
    done = record_guard(call.office, check, told.unit, told.guard, seen, _hand(call))
    return GuardSeen.model_validate(done)


@operations.post("/guard-checks/{check}/publish", permission=Verb.LOOK_BACK, scope=Scope.MOVE)
def publish_guard_check(call: Asked, check: CheckName) -> GuardCheckKept:
    """Publish the counts by cluster; neither a person nor a school is named."""
    receipt = publish_check(call.office, check, _hand(call))
    number = receipt.partition(":")[2].split("/")[0]
    return GuardCheckKept(number=number, receipt=receipt)


def _hand(call: Call) -> Hand:
    return Hand(call.by, call.at, Door.API)
