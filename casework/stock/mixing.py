"""Classes that share a cabinet and may not: looked for with the daily check of registers."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, select

from casework.events import Door
from casework.intake import Intake, Report
from casework.office import Office
from casework.people import Unit
from casework.raising import Hazard, category_of, raise_cases
from casework.rulebook import Rulebook
from casework.stock.store import KIND
from models import RecordState
from models.tables import ORGANISATIONS, REGISTER_RECORDS
from rules.stock.dangers import Danger, clash

CLASH = "chemical.apart"
"""What the daily check calls it, beside the rules of the registers."""

_RECORDS = REGISTER_RECORDS.c
_DANGER = _RECORDS.facts["danger"].as_string()
_KEPT = (
    select(
        _RECORDS.unit_id, ORGANISATIONS.c.code, ORGANISATIONS.c.name, ORGANISATIONS.c.kind,
        ORGANISATIONS.c.path, _DANGER.label("danger"),
        _RECORDS.facts["cabinet"].as_string().label("cabinet"),
    )
    .join(ORGANISATIONS, ORGANISATIONS.c.id == _RECORDS.unit_id)
    .where(
        _RECORDS.kind == KIND,
        _RECORDS.state == RecordState.ACTIVE,
        _DANGER.in_([Danger.EXPLOSIVE, Danger.DRUG_FIRST, Danger.DRUG]),
    )
    .distinct()
)  # fmt: skip


def raise_clashes(
    office: Office, *, at: datetime, door: Door, dry_run: bool = False
) -> Sequence[str]:
    """Open a case for each cabinet that holds what must stand apart; return the new numbers.

    What an open case tells already is not told again.
    """
    with office.writing() as connection:
        book = office.rulebooks.at(connection, at)
        hazards = _hazards(connection, book)
        opened = raise_cases(connection, Intake(book, None, at, door), hazards).opened
        if dry_run:
            connection.rollback()
    return opened


def _hazards(connection: Connection, book: Rulebook) -> list[Hazard]:
    held: dict[tuple[Unit, str], set[Danger]] = defaultdict(set)
    for row in connection.execute(_KEPT):
        unit = Unit(row.unit_id, row.code, row.name, row.kind, row.path)
        held[unit, row.cabinet].add(Danger(row.danger))
    return [
        _hazard(unit, cabinet, pair, book)
        for (unit, cabinet), dangers in held.items()
        if (pair := clash(frozenset(dangers)))
    ]


def _hazard(unit: Unit, cabinet: str, pair: tuple[Danger, Danger], book: Rulebook) -> Hazard:
    one, other = (each.label.zh for each in pair)
    told = Report(
        unit.code, f"{one}与{other}化学品同柜存放", category_of("laboratory", book).key,
        location=cabinet, measure="分柜、分库存放",
        source="our choice：易制毒与易制爆不得同柜，检查中常见问题",
    )  # fmt: skip
    return Hazard(unit, told, {"stock": {"cabinet": cabinet, "together": [*pair]}})
