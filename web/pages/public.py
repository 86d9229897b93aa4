"""公开表: what anybody may read of published look-backs and listed supervision, without a name."""

from fastapi import Response

from casework import order_list
from casework.guardchecks import looking as guard_checks
from casework.inspections.publishing import published_draws
from casework.lookback import looking
from web.permission import Anyone
from web.routing import Pages
from web.strata import stratum_words
from web.visits import Here

pages = Pages()


@pages.get("/public", permission=Anyone.ANYBODY)
def show(visit: Here) -> Response:
    return visit.page(
        "public.html", looks=looking.list_published(visit.office),
        orders=order_list.list_published(visit.office),
        stratum_words=stratum_words, draws=published_draws(visit.office),
        checks=guard_checks.list_published(visit.office),
    )  # fmt: skip
