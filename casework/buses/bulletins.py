"""每日违法通报: once a day, what buses did the day before, frozen under a number and told of.

An offence is told of once: one that comes in late stands in the next bulletin, with its own day.
A bulletin that is there is left as it is; days missed are made up for, one after the other.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from casework.buses.feeding import KEPT_DAYS, prune_positions
from casework.buses.repeaters import veto_repeaters
from casework.buses.sending import send_bulletin
from casework.buses.summing import Day, sum_day
from casework.errors import Invalid, Refused
from casework.events import Door, Happening
from casework.numbering import take_numbers
from casework.office import Office
from casework.records import START, Subject, read_records, write_record
from models.tables import BUS_BULLETINS, BUS_SIGHTINGS, ENGINE_RUNS
from rules.access import Role
from rules.buses.acts import BulletinAct, number_of
from rules.proof import canonical
from rules.wording import Wording
from rules.workdays import china_day

SUBJECT = "bus_bulletin"
RUN = "bus_bulletin"
FIRST = timedelta(days=31)
"""How far back the first bulletin goes, our choice."""
_DAY = timedelta(days=1)
_BULLETINS, _SIGHTINGS = BUS_BULLETINS.c, BUS_SIGHTINGS.c


@dataclass(slots=True)
class Made:
    """What was made, by number; ``vetoed`` are plates, ``cases`` numbers; a dry run names days."""

    as_of: datetime
    dry_run: bool
    days: list[date] = field(default_factory=list)
    numbers: list[str] = field(default_factory=list)
    vetoed: list[str] = field(default_factory=list)
    cases: list[str] = field(default_factory=list)
    pruned: int = 0


def make_bulletins(
    office: Office, *, as_of: datetime, ran_at: datetime, door: Door, dry_run: bool = False
) -> Made:
    """Make the bulletin of each day that is over and has none, a day a transaction.

    Raise Refused for a day to come that is no rehearsal.
    """
    if as_of > ran_at and not dry_run:
        raise _not_yet(as_of)
    made, today = Made(as_of, dry_run), china_day(as_of)
    with office.reading() as connection:
        made.days = _missed(connection, today)
    for day in made.days if not dry_run else ():
        with office.writing() as connection:
            _make(connection, office, day, (ran_at, door), made)
    if not dry_run:
        with office.writing() as connection:
            made.pruned = prune_positions(connection, today - KEPT_DAYS * _DAY)
            row = {"kind": RUN, "at": ran_at, "done": len(made.numbers), "failed": 0}
            connection.execute(insert(ENGINE_RUNS), row)
    return made


def require_unaltered(connection: Connection, row: Row[Any]) -> None:
    """Raise Invalid for a bulletin that is not what was frozen."""
    said = [json.loads(sealed.body).get("content")
            for sealed, _ in read_records(connection, SUBJECT, row.id)]  # fmt: skip
    if said != [digest(row.content)]:
        raise Invalid(
            Wording("通报与冻结时不同", "the bulletin is not what was frozen"),
            remedy=Wording("请从备份恢复，并查明原因。", "Restore a backup and find out why."),
            where=row.number,
        )


def digest(content: str) -> str:
    return sha256(content.encode()).hexdigest()


def _missed(connection: Connection, today: date) -> list[date]:
    last = connection.execute(select(func.max(_BULLETINS.on_day))).scalar()
    if last is None:
        seen = connection.execute(select(func.min(_SIGHTINGS.on_day))).scalar()
        if seen is None:
            return []
        last = max(seen, today - FIRST) - _DAY
    return [last + n * _DAY for n in range(1, (today - last).days)]


def _make(
    connection: Connection, office: Office, day: date, when: tuple[datetime, Door], made: Made
) -> None:
    at, door = when
    (nth,) = take_numbers(connection, SUBJECT, day.year, 1)  # what a second one waits for
    if connection.execute(select(_BULLETINS.id).where(_BULLETINS.on_day == day)).first():
        connection.rollback()
        return
    book = office.rulebooks.at(connection, at)
    summed = sum_day(connection, day)
    vetoes = veto_repeaters(connection, book, summed, at, door)
    number = number_of(day, nth)
    receipt = _freeze(connection, summed, vetoes.said, number, when)
    send_bulletin(connection, summed, number, receipt, at)
    made.numbers.append(number)
    made.vetoed += [*vetoes.said]
    made.cases += vetoes.cases


def _freeze(
    connection: Connection,
    summed: Day,
    vetoed: dict[str, str],
    number: str,
    when: tuple[datetime, Door],
) -> str:
    at, door = when
    content = canonical({
        "day": summed.day.isoformat(), "number": number, "buses_seen": summed.seen,
        "vetoed": vetoed, "rows": [each.said() for each in summed.rows],
    })  # fmt: skip
    row = {
        "on_day": summed.day, "number": number, "content": content,
        "violations": summed.violations, "buses": len(summed.rows), "made_at": at, "seq": 1,
        "head": "",
    }  # fmt: skip
    new = connection.execute(insert(BUS_BULLETINS).returning(_BULLETINS.id), row).scalar_one()
    body = {"number": number, "content": digest(content), "violations": summed.violations}
    happening = Happening(BulletinAct.FREEZE.value, None, Role.LADDER.value, door, at, body)
    subject = Subject(SUBJECT, new, summed.day.isoformat())
    entry = write_record(connection, subject, happening, START)
    connection.execute(update(BUS_BULLETINS).where(_BULLETINS.id == new).values(head=entry.hash))
    _told(connection, summed.offences, new)
    return f"{SUBJECT}:{summed.day}/{entry.seq}/{entry.hash[:8]}"


def _told(connection: Connection, offences: Sequence[int], bulletin: int) -> None:
    wanted = update(BUS_SIGHTINGS).where(_SIGHTINGS.id.in_(offences))
    if offences:
        connection.execute(wanted.values(bulletin_id=bulletin))


def _not_yet(as_of: datetime) -> Refused:
    return Refused(
        Wording(f"{china_day(as_of)} 尚未到来", f"{china_day(as_of)} has not come yet"),
        remedy=Wording(
            "将来的日子只能试运行（--dry-run）。", "It can only be rehearsed: --dry-run."
        ),
        where="--as-of",
    )
