"""What is asked for in either way, by the grammar or by the filter of a list, made ready alike."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from casework.asking.search import Asking, make_ready
from casework.case_list import Filter, matching
from casework.list_pages import Order
from casework.office import Office
from models.tables import CASES
from rules.query import Query, Sort, parse


def ready_for(
    office: Office,
    connection: Connection,
    wanted: str | Filter,
    *,
    by: str,
    as_of: datetime,
    order: Order = Order.NEWEST,
) -> Asking:
    """Return the query or filter as ``make_ready`` does; a query says its order itself."""
    if isinstance(wanted, str):
        return make_ready(office, connection, parse(wanted), by=by, as_of=as_of)
    sort = None if order is Order.NEWEST else Sort(order.value)
    asking = make_ready(office, connection, Query(sort=sort), by=by, as_of=as_of)
    narrowed = matching(connection, wanted, CASES, as_of)
    return replace(asking, conditions=[*asking.conditions, *narrowed])
