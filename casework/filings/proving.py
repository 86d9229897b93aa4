"""What a signed filing proves of itself: to anybody with its receipt, and who may take it away."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, select

from casework.errors import Invalid
from casework.filings import store
from casework.filings.places import seen_by
from casework.filings.signing import require_unaltered
from casework.filings.store import FOUND
from models.tables import FILINGS
from rules.access import Actor
from rules.filings.acts import FilingState
from rules.wording import Wording


class Signed(NamedTuple):
    """A frozen filing without anybody's name; ``sound`` when it is what was signed."""

    number: str
    label: Wording
    unit: str
    at: datetime
    sound: bool
    corrected: str


def signed_by_receipt(connection: Connection, receipt: str) -> Signed | None:
    """Return the frozen filing that a receipt names; None for none. Whether it holds, the history
    says.
    """
    name = receipt.partition(":")[2].rsplit("/", 2)[0]
    row = connection.execute(
        FOUND.where(FILINGS.c.number == name, FILINGS.c.state == FilingState.FROZEN)
    ).first()
    if row is None:
        return None
    held = store.of_row(connection, row)
    template, period, unit = held.named
    label = Wording(f"{period.label.zh}{template.zh}", f"{template.en}, {period.label.en}")
    newest = store.find(connection, held.named)
    replaced = newest.version > held.version and newest.state is FilingState.FROZEN
    sound = True
    try:
        require_unaltered(connection, held)
    except Invalid:
        sound = False
    return Signed(
        held.number, label, unit.name, held.frozen_at or held.as_of, sound,
        newest.number if replaced else "",
    )  # fmt: skip


def may_prove(connection: Connection, actor: Actor, filing: int) -> bool:
    """Whether a person may see it, as on its page."""
    found = select(FILINGS.c.id).where(FILINGS.c.id == filing, seen_by(connection, actor))
    return connection.execute(found).first() is not None
