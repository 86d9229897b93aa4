"""Search by the query grammar, for everybody; who asks as an auditor leaves a record."""

from datetime import datetime
from typing import Annotated

from fastapi import Query, Response

from casework.accounts.tokens import Scope
from casework.asking.search import count_found, search
from casework.auditing.access import record_access
from casework.auditing.past_list import count_as_of, list_as_of
from casework.case_list import Filter
from casework.events import Door
from rules.access import Verb
from rules.looking import Look
from web.api import asked, shapes
from web.api.calls import Asked
from web.api.cases import next_page
from web.api.routing import Operations
from web.moments import moment_in

operations = Operations("search")


@operations.get("/search", permission=Verb.VIEW, scope=Scope.READ)
def search_cases(
    call: Asked, wanted: Annotated[asked.Search, Query()], response: Response
) -> shapes.FoundPage:
    """Find cases by a query, such as `等级:重大 逾期:>10天 灭火器` or `level:major sort:due`."""
    return _page(call, wanted, response)


@operations.get("/search/count", permission=Verb.VIEW, scope=Scope.READ)
def count_search(call: Asked, wanted: Annotated[asked.SearchCount, Query()]) -> shapes.Count:
    """Count what a query finds, up to ten thousand."""
    found = count_found(call.office, wanted.query, by=call.by, as_of=call.at)
    return shapes.Count(number=found.number, more=found.more)


@operations.get("/audit/search", permission=Verb.VIEW, scope=Scope.AUDIT)
def audit_search(
    call: Asked, wanted: Annotated[asked.Search, Query()], response: Response
) -> shapes.FoundPage:
    """Find cases as an auditor: that you looked is recorded before you see anything."""
    found = _page(call, wanted, response)
    record_access(
        call.office, Look.SEARCH, by=call.by, at=call.at, door=Door.API,
        what={"rows": len(found.items)}, typed=found.query,
    )  # fmt: skip
    return found


@operations.get("/audit/as-of", permission=Verb.VIEW, scope=Scope.AUDIT)
def list_as_of_moment(
    call: Asked, wanted: Annotated[asked.AsOf, Query()], response: Response
) -> shapes.CasePage:
    """List cases as they were at a moment; that you looked is recorded first."""
    at = _moment(call, wanted, Look.LIST)
    found = list_as_of(
        call.office, Filter(), at, by=call.by, query=wanted.query, after=wanted.after,
        size=wanted.size,
    )  # fmt: skip
    following = next_page(call, found.after, response)
    return shapes.CasePage.model_validate({"items": found.rows, "next": following})


@operations.get("/audit/as-of/count", permission=Verb.VIEW, scope=Scope.AUDIT)
def count_as_of_moment(
    call: Asked, wanted: Annotated[asked.AsOfCount, Query()]
) -> shapes.CountThen:
    """Count cases as they stood at a moment; that you looked is recorded first."""
    at = _moment(call, wanted, Look.LIST)
    counted = count_as_of(call.office, Filter(), at, by=call.by, query=wanted.query)
    return shapes.CountThen.model_validate(counted.plain())


def _moment(call: Asked, wanted: asked.AsOfCount, look: Look) -> datetime:
    """Record a look and return the moment looked at; raise Invalid for what is none."""
    at = moment_in({"at": wanted.at}, "at") or call.at
    record_access(
        call.office, look, by=call.by, at=call.at, door=Door.API, typed=wanted.query,
        what={"as_of": at.isoformat()},
    )  # fmt: skip
    return at


def _page(call: Asked, wanted: asked.Search, response: Response) -> shapes.FoundPage:
    found = search(
        call.office, wanted.query, by=call.by, as_of=call.at, after=wanted.after,
        size=wanted.size,
    )  # fmt: skip
    following = next_page(call, found.after, response)
    return shapes.FoundPage.model_validate(
        {"items": found.rows, "next": following, "query": found.query}
    )
