"""Notices: what was sent to you, and that you know of it."""

from typing import Annotated

from fastapi import Query, Response

from casework.accounts.tokens import Scope
from casework.acknowledging import acknowledge
from casework.events import Door
from casework.notice_list import list_notices
from web.api import asked, sent, shapes
from web.api.calls import Asked
from web.api.routing import Operations
from web.permission import Anyone

operations = Operations("notices")


@operations.get("/notices", permission=Anyone.SIGNED_IN, scope=Scope.READ)
def list_notices_(
    call: Asked, wanted: Annotated[asked.NoticeList, Query()], response: Response
) -> shapes.NoticePage:
    """List your notices, the newest first; who sweeps sees all."""
    rows = list_notices(
        call.office, by=call.by, state=wanted.state, case=wanted.case, person=wanted.person,
        before=wanted.before or 0, size=wanted.size + 1,
    )  # fmt: skip
    shown = rows[: wanted.size]
    following = None
    if len(rows) > wanted.size:
        url = call.request.url.include_query_params(before=shown[-1]["id"])
        following = f"{url.path}?{url.query}"
        response.headers["Link"] = f'<{following}>; rel="next"'
    return shapes.NoticePage.model_validate({"items": shown, "next": following})


@operations.post("/notices/acknowledgements", permission=Anyone.SIGNED_IN, scope=Scope.MOVE)
def acknowledge_notices(call: Asked, wanted: sent.NewAcknowledgement) -> list[shapes.Acknowledged]:
    """Say that you know of notices: no more repeats, the clock runs on."""
    done = acknowledge(call.office, wanted.notices, by=call.by, at=call.at, door=Door.API)
    return [shapes.Acknowledged.model_validate(each) for each in done]
