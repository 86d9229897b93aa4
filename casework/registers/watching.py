"""Cases of registers watched until the record is right: closed before that, one is reopened."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    bindparam,
    func,
    literal_column,
    tuple_,
    update,
)

from casework.cases import find_case
from casework.events import Door
from casework.moves import carry_out
from casework.office import Office
from casework.registers import store
from casework.registers.reminding import wrong
from casework.telling import Errand
from models import RecordState
from models.tables import CASES, REGISTER_CASES, REGISTER_RECORDS
from rules.access import ENGINE
from rules.actions import Action, Given
from rules.case import State
from rules.registers.checking import BLANK, RAISES, Finding, check
from rules.registers.kinds import Kind, kinds
from rules.wording import Wording

_WATCHED = REGISTER_CASES.c
# As the index has it, and the state wrapped, or SQLite reads all cases that were ever closed.
_IS_WATCHED: ColumnElement[bool] = literal_column("register_case.watched")
_OVER = (
    store.FOUND.add_columns(
        _WATCHED.rule.label("of_rule"), _WATCHED.period.label("of_period"), _WATCHED.case_id,
        CASES.c.number.label("case_number"), CASES.c.voided.label("case_voided"),
    )
    .join(REGISTER_CASES, _WATCHED.record_id == REGISTER_RECORDS.c.id)
    .join(CASES, CASES.c.id == _WATCHED.case_id)
    .where(
        _IS_WATCHED, func.coalesce(CASES.c.state, literal_column("''")) == State.CLOSED,
        tuple_(_WATCHED.case_id, _WATCHED.record_id, _WATCHED.rule)
        > tuple_(bindparam("case"), bindparam("record"), bindparam("rule")),
    )
    .order_by(_WATCHED.case_id, _WATCHED.record_id, _WATCHED.rule)
    .limit(bindparam("most"))
)  # fmt: skip
_LEAVE = (
    update(REGISTER_CASES)
    .where(
        _WATCHED.record_id == bindparam("of_record"),
        _WATCHED.rule == bindparam("which"),
        _WATCHED.period == bindparam("when"),
    )
    .values(watched=False)
)


def reopen_unmended(
    office: Office, today: date, when: tuple[datetime, Door], *, dry_run: bool, batch: int
) -> int:
    """Reopen every closed case whose record still shows what it was raised for; return how many.

    A case that was void, or whose record was renewed or retired, is watched no more. Once for each
    closing: a reopened case is not closed.
    """
    reopened, place = 0, (0, 0, "")
    while True:
        with office.writing() as connection:
            asked = dict(zip(("case", "record", "rule"), place, strict=True))
            rows = connection.execute(_OVER, {**asked, "most": batch}).all()
            if not rows:
                return reopened
            place = rows[-1].case_id, rows[-1].id, rows[-1].of_rule
            reopened += _deal_with(connection, office, rows, today, when)
            if dry_run:
                connection.rollback()


def _deal_with(
    connection: Connection,
    office: Office,
    rows: Sequence[Row[Any]],
    today: date,
    when: tuple[datetime, Door],
) -> int:
    reopened = 0
    for row in rows:
        if (shown := _still_shown(row, today)) is None:
            which = {"of_record": row.id, "which": row.of_rule, "when": row.of_period}
            connection.execute(_LEAVE, which)
        else:
            reopened += _reopen(connection, office, row.case_number, wrong(*shown), when)
    return reopened


def _still_shown(row: Row[Any], today: date) -> tuple[Kind, Finding] | None:
    """Return the finding that the case was raised for, if its record shows it still."""
    kind = kinds().get(row.kind)
    if kind is None or row.case_voided or row.state is RecordState.RETIRED:
        return None
    blank = row.of_period.startswith(BLANK)
    for each in check(kind, store.read(row).values, today):
        same = each.period == BLANK if blank else each.period == row.of_period
        if each.rule.key == row.of_rule and same and each.standing in RAISES:
            return kind, each
    return None


def _reopen(
    connection: Connection,
    office: Office,
    number: str,
    shown: Wording,
    when: tuple[datetime, Door],
) -> bool:
    """Reopen the case, unless somebody did so since it was looked for."""
    stored = find_case(connection, number, to_move=True)
    if stored.facts.state is not State.CLOSED:
        return False
    at, door = when
    finding = f"已销号，但台账未更新：{shown.zh}"
    book = office.rulebooks.at(connection, at, stored.stamps)
    errand = Errand(ENGINE, at, door, ())
    carry_out(connection, stored, Action.REOPEN, {Given.FINDING: finding}, errand, book)
    return True
