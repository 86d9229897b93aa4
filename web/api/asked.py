"""What a list may be asked for: the names stand in the address."""

from typing import Annotated

from fastapi import Header, Path
from pydantic import BaseModel, ConfigDict, Field

from casework.case_list import MOST_PER_PAGE
from casework.list_pages import Order
from models import NoticeState
from rules.ladder import OrderLevel
from rules.lookback.acts import LookbackState
from web.api.sent import Filtering, Name

Number = Annotated[str, Path(max_length=200)]
"""A case's, an order's or a look-back's."""
Id = Annotated[int, Path(ge=1, lt=2**63)]
Key = Annotated[
    str,
    Header(alias="Idempotency-Key", max_length=82, description="the same again does nothing"),
]
Tag = Annotated[str, Header(alias="If-Match", max_length=40, description="the ETag of the case")]
DigestTag = Annotated[
    str, Header(alias="If-Match", max_length=40, description="the ETag of what is in force")
]
Size = Annotated[int, Field(ge=1, le=MOST_PER_PAGE)]
After = Annotated[str, Field(max_length=400, description="from the `next` of the page before")]
Query_ = Annotated[str, Field(max_length=2_000, description="a query: 等级:重大 level:major …")]


class Asking(BaseModel):
    """A name that no list knows is refused, not passed over."""

    model_config = ConfigDict(extra="forbid")


class CaseFilter(Asking, Filtering):
    """As ``casework.case_list.Filter``."""


class CaseList(CaseFilter):
    order: Order = Order.NEWEST
    after: After = ""
    size: Size = 50


class Search(Asking):
    query: Query_ = ""
    after: After = ""
    size: Size = 50


class SearchCount(Asking):
    query: Query_ = ""


class AsOfCount(SearchCount):
    at: Annotated[str, Field(max_length=40, description="a moment by ISO 8601, or a day: its end")]


class AsOf(AsOfCount):
    after: After = ""
    size: Size = 50


class NoticeList(Asking):
    state: NoticeState | None = None
    case: Name = ""
    person: Name = ""
    before: Annotated[int, Field(ge=1, lt=2**63)] | None = None
    size: Size = 50


class OrderList(Asking):
    place: Name = ""
    case: Name = ""
    level: OrderLevel | None = None
    in_force: bool = False
    overdue: bool = False
    unpublished: bool = False


class LookbackList(Asking):
    state: LookbackState | None = None
