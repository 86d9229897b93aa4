"""Filings as duties 应办事项: owed once compiled, fulfilled once signed."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection

from casework.filings.places import Named

KIND = "report"


class Owed(NamedTuple):
    """A filing that is owed, and by which day."""

    named: Named
    due_on: date


def owe(connection: Connection, owed: Sequence[Owed], at: datetime) -> None:
    """Open the duty of each."""


def settle(connection: Connection, named: Named, at: datetime, by: int | None) -> None:
    """Fulfil the duty of one that was signed."""


def page_of(named: Named) -> str:
    """Return the path of the page where it is done."""
    return f"/filings/{named.template.key}/{named.period.key}/{named.unit.code}"


def key_of(named: Named) -> str:
    return f"{named.template.key}/{named.period.key}/{named.unit.code}"
