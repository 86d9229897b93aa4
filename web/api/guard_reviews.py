"""Yearly reviews of guards 保安年审: asked for, carried out and read, by the same verbs."""

from datetime import date, datetime
from typing import Annotated

from fastapi import Query, Response
from pydantic import Field

from casework.accounts.tokens import Scope
from casework.events import Door
from casework.reviews.asking import ask_reviews
from casework.reviews.deciding import pass_records, review_record
from casework.reviews.listing import list_reviews, open_review
from casework.reviews.store import Named
from rules.access import Verb
from rules.guardchecks.findings import Identity, Violation
from rules.registers.outcomes import ReviewOutcome, ReviewStatus
from rules.registers.reviews import Verdict
from rules.workdays import china_day
from web.api.asked import After, Asking, Size
from web.api.calls import Asked
from web.api.cases import next_page
from web.api.routing import Operations
from web.api.sent import Given, Name
from web.api.shapes import Told, Words

operations = Operations("guard-reviews")

GUARD = "guard"


class GuardReviewList(Asking):
    status: ReviewStatus | None = None
    place: Name = ""
    after: After = ""
    size: Size = 50


class WhichGuard(Asking):
    unit: Name
    guard: Name


class GuardNamed(Given):
    unit: Name
    guard: Name

    @property
    def named(self) -> Named:
        return Named(self.unit, self.guard)


class GuardsNamed(Given):
    guards: list[GuardNamed] = Field(min_length=1, max_length=200)


class NewGuardVerdict(GuardNamed):
    """What is decided. ``reasons`` are keys of the kind's file, ``until`` the day by which what has
    conditions is mended; ``why`` is needed to correct what was decided this year.
    """

    outcome: ReviewOutcome
    reasons: list[Name] = Field(default=[], max_length=20)
    until: date | None = None
    note: Annotated[str, Field(max_length=500)] = ""
    why: Annotated[str, Field(max_length=500)] = ""


class GuardStanding(Told):
    """A guard, masked; ``against`` is what speaks against passing, told to reviewers."""

    key: str
    unit: str
    unit_code: str
    values: dict[str, str]
    status: ReviewStatus
    asked_at: datetime | None
    at: datetime | None
    until: date | None
    against: list[Words]
    decides: bool
    asks: bool


class GuardStandings(Told):
    """``counts`` are by status, whatever status is asked for; ``next`` is the next page."""

    items: list[GuardStanding]
    counts: dict[ReviewStatus, int]
    next: str | None


class GuardLook(Told):
    """What a check of the year found."""

    check: str
    day: date
    identity: Identity
    violations: list[Violation]


class GuardReason(Told):
    key: str
    said: Words


class GuardSight(Told):
    """What a reviewer looks at; ``found`` are the reasons that speak against passing."""

    looks: list[GuardLook]
    sessions: int
    attended: int
    short: list[Words]
    found: list[GuardReason]


class GuardReview(Told):
    """A review; ``outcome`` is null while it waits."""

    id: int
    year: int
    asked_by: str
    asked_at: datetime | None
    by: str
    at: datetime | None
    outcome: ReviewOutcome | None
    reasons: list[str]
    until: date | None
    note: str
    why: str
    case: str


class GuardReviewFile(Told):
    """A guard, how the year stands, and all reviews, the newest first; ``seen`` is null for whoever
    does not review.
    """

    key: str
    unit: str
    unit_code: str
    values: dict[str, str]
    status: ReviewStatus
    active: bool
    decides: bool
    asks: bool
    corrects: bool
    seen: GuardSight | None
    reviews: list[GuardReview]


class GuardAsked(Told):
    unit: str
    key: str
    year: int
    receipt: str


class GuardDecided(Told):
    """``case`` is the number of the case that a failed review raised, '' for none."""

    unit: str
    key: str
    outcome: ReviewOutcome
    case: str
    receipt: str


class GuardLeft(Told):
    unit: str
    key: str
    problem: Words


class GuardsPassed(Told):
    passed: list[GuardDecided]
    left: list[GuardLeft]


@operations.get("/guard-reviews", permission=Verb.VIEW, scope=Scope.READ)
def list_guard_reviews(
    call: Asked, wanted: Annotated[GuardReviewList, Query()], response: Response
) -> GuardStandings:
    """List the guards where you look, and how each stands this year."""
    page = list_reviews(
        call.office, GUARD, by=call.by, today=china_day(call.at), status=wanted.status,
        place=wanted.place, size=wanted.size, after=wanted.after,
    )  # fmt: skip
    following = next_page(call, page.after, response)
    told = {"items": page.rows, "counts": page.counts, "next": following}
    return GuardStandings.model_validate(told)


@operations.get("/guard-reviews/guard", permission=Verb.VIEW, scope=Scope.READ)
def open_guard_review(call: Asked, which: Annotated[WhichGuard, Query()]) -> GuardReviewFile:
    """Open a guard's reviews and, if you review, what there is to look at."""
    found = open_review(
        call.office, GUARD, Named(which.unit, which.guard), by=call.by, today=china_day(call.at)
    )
    reviews = [
        {**each, "reasons": [reason.key for reason in each["reasons"]]} for each in found["reviews"]
    ]
    return GuardReviewFile.model_validate({**found, "reviews": reviews})


@operations.post("/guard-reviews/ask", permission=Verb.VIEW, scope=Scope.MOVE)
def ask_guard_reviews(call: Asked, asked: GuardsNamed) -> list[GuardAsked]:
    """Ask for the reviews of guards, all or none."""
    named = [each.named for each in asked.guards]
    done = ask_reviews(call.office, GUARD, named, by=call.by, at=call.at, door=Door.API)
    return [GuardAsked.model_validate(each) for each in done]


@operations.post("/guard-reviews/decide", permission=Verb.VIEW, scope=Scope.MOVE)
def decide_guard_review(call: Asked, told: NewGuardVerdict) -> GuardDecided:
    """Review a guard; what failed is a case at once."""
    verdict = Verdict(told.outcome, tuple(told.reasons), told.until, told.note, told.why)
    done = review_record(
        call.office, GUARD, told.named, verdict, by=call.by, at=call.at, door=Door.API
    )
    return GuardDecided.model_validate(done)


@operations.post("/guard-reviews/pass", permission=Verb.VIEW, scope=Scope.MOVE)
def pass_guards(call: Asked, asked: GuardsNamed) -> GuardsPassed:
    """Pass those that nothing speaks against; whoever is left is named with why."""
    named = [each.named for each in asked.guards]
    passed, left = pass_records(call.office, GUARD, named, by=call.by, at=call.at, door=Door.API)
    return GuardsPassed.model_validate({"passed": passed, "left": left})
