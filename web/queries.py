"""A filter of cases as the query of an address, and back: the address is the view."""

from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

from casework.case_list import Filter
from casework.errors import Invalid
from casework.forms import clean, read_day
from casework.list_pages import Order
from rules.access import Role
from rules.case import Level, State
from rules.deadlines import Stage
from rules.wording import Wording

Word = TypeVar("Word", bound=StrEnum)


def read_query(query: Mapping[str, str]) -> tuple[Filter, Order]:
    """Return what an address asks for; raise Invalid naming the part that cannot be read."""
    read: dict[str, Any] = {}
    for each in fields(Filter):
        text = clean(query.get(each.name, ""), where=each.name, longest=200)
        if text:
            read[each.name] = _READERS.get(each.name, _text)(each.name, text)
    return Filter(**read), _order(query.get("order", ""))


def query_of(wanted: Filter, order: Order = Order.NEWEST) -> dict[str, str]:
    """Return the query that asks for a filter; what does not restrict is left out."""
    found = {
        each.name: _said(value)
        for each in fields(Filter)
        if (value := getattr(wanted, each.name)) not in (None, "", False)
    }
    return found | ({"order": order.value} if order is not Order.NEWEST else {})


def _said(value: object) -> str:
    if value is True:
        return "1"
    return value.isoformat() if isinstance(value, date) else str(value)


def _order(text: str) -> Order:
    return _word(Order)("order", text) if text else Order.NEWEST


def _text(_name: str, text: str) -> str:
    return text


def _day(name: str, text: str) -> date:
    return read_day(text, where=name)


def _yes(_name: str, text: str) -> bool:
    return text not in ("0", "no", "否")


def _word(words: type[Word]) -> Callable[[str, str], Word]:
    def read(name: str, text: str) -> Word:
        try:
            return words(text)
        except ValueError:
            raise Invalid(
                Wording(f"“{text}”不在可选范围", f"{text!r} is not a choice"),
                remedy=Wording("请重新选择筛选条件。", "Choose the filter again."),
                where=name,
            ) from None

    return read


_READERS: dict[str, Callable[[str, str], Any]] = {
    "state": _word(State), "stage": _word(Stage), "level": _word(Level), "holder": _word(Role),
    **dict.fromkeys(("overdue", "listed", "asking", "is_open"), _yes),
    **dict.fromkeys(("found_from", "found_to", "due_to"), _day),
}  # fmt: skip
