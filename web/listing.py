"""How the list of cases is looked at: filter, order and columns, all of it in the address."""

from typing import NamedTuple
from urllib.parse import parse_qsl, urlencode

from starlette.datastructures import QueryParams

from casework.case_list import MORE, Filter
from casework.exporting.columns import COLUMNS, Column
from casework.list_pages import Order
from web.forms import bad_choice
from web.queries import query_of, read_query

_ALWAYS = ("number", "description")
_UNOFFERED = (*_ALWAYS, "claimed", "receipt")
OFFERED: tuple[Column, ...] = tuple(each for each in COLUMNS if each.key not in _UNOFFERED)
USUAL = ("unit", "category", "state", "holder", "due_at")
SORTS = {
    "due_at": Order.DUE, "found_on": Order.FOUND, "closed_at": Order.CLOSED,
    "reported_at": Order.NEWEST,
}  # fmt: skip
"""The order that a column's heading leads to."""


class View(NamedTuple):
    """A way to look. ``columns`` are what was chosen, none for the usual ones."""

    wanted: Filter
    order: Order
    columns: tuple[str, ...]

    @property
    def shown(self) -> list[Column]:
        chosen = self.columns or USUAL
        return [each for each in OFFERED if each.key in chosen]

    @property
    def more(self) -> list[str]:
        """Return the columns that a list reads only when asked."""
        return [each for each in MORE if each in self.columns]

    @property
    def exported(self) -> tuple[str, ...]:
        """Return the columns of a file: those chosen, or all."""
        return (*_ALWAYS, *self.columns) if self.columns else ()

    def query(self, **more: str) -> dict[str, str]:
        chosen = {"columns": ",".join(self.columns)} if self.columns else {}
        return query_of(self.wanted, self.order) | chosen | more

    def address(self, path: str = "/cases", **more: str) -> str:
        query = urlencode(self.query(**more))
        return f"{path}?{query}" if query else path


def read_view(query: QueryParams) -> View:
    """Return the view an address asks for; raise Invalid naming the part that cannot be read.

    Columns come as boxes ticked, ``column=unit&column=state``, or in one, ``columns=unit,state``.
    """
    wanted, order = read_query(query)
    named = [*query.getlist("column"), *query.get("columns", "").split(",")]
    chosen = {each.strip() for each in named if each.strip()}
    if chosen - {each.key for each in OFFERED}:
        raise bad_choice("columns")
    usual = chosen == set(USUAL)
    columns = tuple(each.key for each in OFFERED if each.key in chosen and not usual)
    return View(wanted, order, columns)


def view_of(text: str) -> View:
    """Return the view whose query is given as text."""
    return read_view(QueryParams(parse_qsl(text)))
