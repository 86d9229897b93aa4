"""一概否决: a bus or driver that is not to carry pupils, until the committee lifts it."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, insert, select, update

from casework.buses.feeding import require_committee
from casework.buses.fleet import KINDS
from casework.buses.telling import tell_record
from casework.errors import Invalid, NotFound, Refused
from casework.events import Door
from casework.forms import clean, read_reason
from casework.office import Office
from casework.registers.acts import editing
from casework.registers.places import find_kind
from casework.registers.store import Hand, Held
from models.tables import BUS_VETOES
from rules.registers.acts import RegisterAct
from rules.wording import Wording

LONGEST = 200
_VETOES = BUS_VETOES.c


class Which(NamedTuple):
    """A record of the register ``bus`` or ``driver`` by its key; ``unit`` where two have it."""

    kind: str
    key: str
    unit: str = ""


class Vetoed(NamedTuple):
    key: str
    unit: str
    vetoed: bool
    receipt: str


def veto(office: Office, which: Which, reason: str, *, by: str, at: datetime, door: Door) -> Vetoed:
    """Veto a record; raise Refused when it is already or ``by`` may not, Invalid, NotFound."""
    words = read_reason(reason, longest=LONGEST)
    with office.writing() as connection:
        held, hand = _held(connection, which, (by, at, door))
        if standing(connection, held.id):
            raise Refused(
                Wording(f"“{held.key}”已被否决", f"{held.key!r} is vetoed already"),
                remedy=Wording("无须再办。", "Nothing is left to do."),
                where="key",
            )
        receipt = put_veto(connection, which.kind, held, hand, words)
    return Vetoed(held.key, held.unit.name, vetoed=True, receipt=receipt)


def lift(office: Office, which: Which, reason: str, *, by: str, at: datetime, door: Door) -> Vetoed:
    """Lift a veto; offences up to that day count no more. Raise as ``veto``, NotFound for none."""
    words = read_reason(reason, longest=LONGEST)
    with office.writing() as connection:
        held, hand = _held(connection, which, (by, at, door))
        found = standing(connection, held.id)
        if found is None:
            raise NotFound(
                Wording(f"“{held.key}”没有被否决", f"{held.key!r} is not vetoed"),
                remedy=Wording("请核对。", "Check which one is meant."),
                where="key",
            )
        lifted = {"lifted_at": at, "lifted_by_id": hand.by, "lifted_why": words}
        connection.execute(update(BUS_VETOES).where(_VETOES.id == found).values(lifted))
        receipt = tell_record(
            connection, which.kind, held, RegisterAct.LIFT, hand, {"veto": found}, why=words
        )
    return Vetoed(held.key, held.unit.name, vetoed=False, receipt=receipt)


def put_veto(
    connection: Connection, kind: str, held: Held, hand: Hand, reason: str, case: int | None = None
) -> str:
    """Write a veto and the event of it; return the receipt. The database refuses a second."""
    row = {
        "record_id": held.id, "reason": reason[:LONGEST], "at": hand.at, "by_id": hand.by,
        "case_id": case, "lifted_why": "",
    }  # fmt: skip
    connection.execute(insert(BUS_VETOES), row)
    return tell_record(connection, kind, held, RegisterAct.VETO, hand, {}, why=reason)


def standing(connection: Connection, record: int) -> int | None:
    """Return the id of the veto that stands on a record."""
    wanted = select(_VETOES.id).where(_VETOES.record_id == record, _VETOES.lifted_at.is_(None))
    found: int | None = connection.execute(wanted).scalar()
    return found


def _held(
    connection: Connection, which: Which, who: tuple[str, datetime, Door]
) -> tuple[Held, Hand]:
    if which.kind not in KINDS:
        raise Invalid(
            Wording("只能否决校车或驾驶人", "only a bus or a driver can be vetoed"),
            remedy=Wording("可填 bus 或 driver。", "Say bus or driver."),
            where="kind",
        )
    require_committee(connection, who[0])
    named = clean(which.key, where="key"), clean(which.unit, where="unit")
    return editing(connection, find_kind(which.kind), named, who)
