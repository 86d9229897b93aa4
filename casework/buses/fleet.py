"""The buses that registers know: whose each is, when it may run, whether it is vetoed."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import Connection, select

from casework.registers.store import FOUND, Held, read
from models import RecordState
from models.tables import BUS_VETOES, REGISTER_RECORDS
from rules.buses.sightings import USUAL, Run, runs_of

BUS = "bus"
KINDS = (BUS, "driver")
"""The registers whose records can be vetoed."""
_ROUTE = "route"
_ENDS = ("morning_from", "morning_to", "afternoon_from", "afternoon_to")
_RECORDS = REGISTER_RECORDS.c


class Bus(NamedTuple):
    """A registered bus; ``runs`` are those of its routes, the usual ones when none names a time."""

    held: Held
    runs: Sequence[Run]
    vetoed: bool


def read_fleet(connection: Connection) -> Mapping[str, Bus]:
    """Return each bus on the registers by its plate."""
    vetoed = set(connection.execute(_STANDING).scalars())
    runs: dict[str, list[Run]] = {}
    for row in connection.execute(_OF_KIND.where(_RECORDS.kind == _ROUTE)):
        times = [row.facts.get(name, "") for name in _ENDS]
        runs.setdefault(row.facts.get("plate", ""), []).extend(runs_of(*times))
    buses = map(read, connection.execute(FOUND.where(_ACTIVE, _RECORDS.kind == BUS)))
    return {each.key: Bus(each, runs.get(each.key) or USUAL, each.id in vetoed) for each in buses}


_ACTIVE = _RECORDS.state == RecordState.ACTIVE
_OF_KIND = select(_RECORDS.facts).where(_ACTIVE)
_STANDING = select(BUS_VETOES.c.record_id).where(BUS_VETOES.c.lifted_at.is_(None))
