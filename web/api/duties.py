"""Duties 应办事项: what must be done by a day."""

from datetime import date, datetime
from typing import Annotated

from fastapi import Query, Response
from pydantic import Field

from casework.accounts.tokens import Scope
from casework.duties.listing import MOST_PER_PAGE, DutyFilter, list_duties
from models import DutyState
from rules.duties.acts import Counted
from rules.workdays import china_day
from web.api import asked
from web.api.calls import Asked
from web.api.cases import next_page
from web.api.routing import Operations
from web.api.sent import Name
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
