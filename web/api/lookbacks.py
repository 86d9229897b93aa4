"""Look-backs 回头看, for the offices that hold them, and what is published of them."""

from typing import Annotated, Any

from fastapi import Query

from casework.accounts.tokens import Scope
from casework.lookback.judging import Judged
from casework.lookback.looking import list_lookbacks, list_published, open_lookback
from rules.access import Verb
from web.api import asked, supervision
from web.api.calls import Asked
from web.api.routing import Operations
from web.permission import Anyone

operations = Operations("lookbacks")


@operations.get("/lookbacks", permission=Verb.SEE_LOOKBACKS, scope=Scope.READ)
def list_lookbacks_(
    call: Asked, wanted: Annotated[asked.LookbackList, Query()]
) -> list[supervision.Lookback]:
    """List look-backs, the newest first."""
    rows = list_lookbacks(call.office, by=call.by, state=wanted.state)
    return [supervision.Lookback.model_validate(dict(each)) for each in rows]


@operations.get("/lookbacks/{number}", permission=Verb.SEE_LOOKBACKS, scope=Scope.READ)
def open_lookback_(call: Asked, number: asked.Number) -> supervision.LookbackFile:
    """Open a look-back: strata as they are judged now, and the cases drawn."""
    file = open_lookback(call.office, number, by=call.by)
    return supervision.LookbackFile.model_validate(
        {
            "look": dict(file.row), "strata": [_stratum(each) for each in file.strata],
            "visits": [dict(each) for each in file.visits], "receipt": file.receipt,
            "broken_at": file.broken_at, "publish_by": file.publish_by,
        }
    )  # fmt: skip


@operations.get("/published/lookbacks", permission=Anyone.ANYBODY, scope=())
def list_published_lookbacks(call: Asked) -> list[supervision.PublishedLookback]:
    """List what anybody may read of the published look-backs: no person is named."""
    rows = list_published(call.office)
    return [supervision.PublishedLookback.model_validate(dict(each)) for each in rows]


def _stratum(each: Judged) -> dict[str, Any]:
    return {
        "stratum": each.key, "population": each.size.population, "drawn": each.drawn,
        "checked": each.verdict.checked, "relapsed": each.verdict.relapsed,
        "decision": (each.decided or each.verdict.decision).value,
    }  # fmt: skip
