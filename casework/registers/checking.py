"""The daily check: what runs out or goes missing in a register becomes a case, once.

Only records whose next day has come are looked at. A rule's period raises one case: the database
refuses a second, and a check that runs twice, late or beside another one changes nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple, Self

from sqlalchemy import Connection, bindparam, func, insert, select, tuple_, update

from casework.errors import Refused
from casework.events import Door, Happening
from casework.intake import Intake, Report
from casework.office import Office
from casework.raising import Hazard, category_of, raise_cases
from casework.records import Entry, write_records
from casework.registers import store
from casework.registers.reminding import remind, wrong
from casework.registers.store import FOUND, Held
from casework.registers.watching import reopen_unmended
from casework.rulebook import Rulebook
from models.prepared import Prepared
from models.tables import REGISTER_CASES, REGISTER_RECORDS
from rules.access import Role
from rules.registers.acts import RegisterAct
from rules.registers.checking import BLANK, RAISES, Finding, check, next_check_on
from rules.registers.kinds import Kind, kinds
from rules.wording import Wording
from rules.workdays import china_day

BATCH = 2_000
"""Records a transaction: four for each of 500 schools, whose people are looked up once."""
_RECORDS = REGISTER_RECORDS.c
_DUE = (
    FOUND.where(
        _RECORDS.next_check_on <= bindparam("today"),
        # Wrapped, or SQLite reads all records of the kinds rather than those whose day has come.
        func.coalesce(_RECORDS.kind, "").in_(bindparam("kinds", expanding=True)),
        tuple_(_RECORDS.next_check_on, _RECORDS.id) > tuple_(bindparam("day"), bindparam("number")),
    )
    .order_by(_RECORDS.next_check_on, _RECORDS.id)
    .limit(bindparam("most"))
    .with_for_update(of=REGISTER_RECORDS)
)  # fmt: skip
_RAISED = select(REGISTER_CASES.c.record_id, REGISTER_CASES.c.rule, REGISTER_CASES.c.period).where(
    REGISTER_CASES.c.record_id.in_(bindparam("records", expanding=True))
)
_ADD_RAISED = Prepared(insert(REGISTER_CASES))
_PUT_OFF = Prepared(
    update(REGISTER_RECORDS)
    .where(_RECORDS.id == bindparam("of"))
    .values(
        next_check_on=bindparam("next_on"), seq=bindparam("new_seq"), head=bindparam("new_head")
    )
)


@dataclass(slots=True)
class Checked:
    """What a check found. ``linked`` findings were told of by a case that is open already;
    ``reminded`` counts duties opened, ``reopened`` cases closed before their record was right.
    """

    as_of: datetime
    dry_run: bool
    looked_at: int = 0
    raised: int = 0
    linked: int = 0
    reminded: int = 0
    reopened: int = 0
    cases: list[str] = field(default_factory=list)
    by_rule: dict[str, int] = field(default_factory=dict)

    def with_cases(self, rule: str, numbers: Sequence[str]) -> Self:
        """Add what a check across records raised, under its name."""
        if numbers:
            self.raised += len(numbers)
            self.cases.extend(numbers)
            self.by_rule[rule] = self.by_rule.get(rule, 0) + len(numbers)
        return self


class _Raise(NamedTuple):
    """A finding of a record that becomes a case."""

    kind: Kind
    held: Held
    finding: Finding

    @property
    def period(self) -> str:
        """A blank field has no day: each version of the record is a turn of its own."""
        blank = self.finding.period == BLANK
        return f"{BLANK}:{self.held.entry.seq}" if blank else self.finding.period


def check_registers(
    office: Office,
    *,
    as_of: datetime,
    ran_at: datetime,
    door: Door,
    dry_run: bool = False,
    batch: int = BATCH,
) -> Checked:
    """Raise a case for what is due on the day of ``as_of``, at ``ran_at``, remind of what is soon,
    and reopen what was closed before it was put right; a batch a transaction.

    ``dry_run`` counts and writes nothing. Raise Refused for a day to come that is no rehearsal.
    """
    if as_of > ran_at and not dry_run:
        raise _not_yet(as_of)
    checked = Checked(as_of, dry_run)
    today, place = china_day(as_of), (date.min, 0)
    # First, so that a finding is linked to the case that tells of it.
    checked.reopened = reopen_unmended(office, today, (ran_at, door), dry_run=dry_run, batch=batch)
    while True:
        with office.writing() as connection:
            values = {"today": today, "kinds": list(kinds()), "day": place[0], "number": place[1]}
            rows = connection.execute(_DUE, {**values, "most": batch}).all()
            if not rows:
                return checked
            place = rows[-1].next_check_on, rows[-1].id
            looked = [(kinds()[row.kind], store.read(row)) for row in rows]
            _deal_with(connection, office, looked, (today, ran_at, door), checked)
            if dry_run:
                connection.rollback()


def _not_yet(as_of: datetime) -> Refused:
    return Refused(
        Wording(f"{china_day(as_of)} 尚未到来", f"{china_day(as_of)} has not come yet"),
        remedy=Wording(
            "将来的日子只能试运行（--dry-run）。", "It can only be rehearsed: --dry-run."
        ),
        where="--as-of",
    )


def _deal_with(
    connection: Connection,
    office: Office,
    looked: Sequence[tuple[Kind, Held]],
    when: tuple[date, datetime, Door],
    checked: Checked,
) -> None:
    today, at, door = when
    book = office.rulebooks.at(connection, at)
    findings = {held.id: check(kind, held.values, today) for kind, held in looked}
    soon = [(kind, held.id, held.unit, held.key, findings[held.id]) for kind, held in looked]
    checked.reminded += remind(connection, soon, at, door)
    wanted = _unraised(connection, looked, findings)
    cases = _raise(connection, Intake(book, None, at, door), wanted, checked)
    entries = _remember(connection, wanted, cases, (at, door))
    _PUT_OFF.run_all(connection, [
        {
            "of": held.id, "next_on": next_check_on(findings[held.id], after=today),
            "new_seq": entries.get(held.id, held.entry).seq,
            "new_head": entries.get(held.id, held.entry).hash,
        }
        for _, held in looked
    ])  # fmt: skip
    checked.looked_at += len(looked)
    for each in wanted:
        name = f"{each.kind.key}.{each.finding.rule.key}"
        checked.by_rule[name] = checked.by_rule.get(name, 0) + 1


def _unraised(
    connection: Connection,
    looked: Sequence[tuple[Kind, Held]],
    findings: Mapping[int, Sequence[Finding]],
) -> list[_Raise]:
    """Return what is due and was not raised in its period."""
    ids = [held.id for _, held in looked]
    raised = {tuple(row) for row in connection.execute(_RAISED, {"records": ids})}
    wanted = [
        _Raise(kind, held, finding)
        for kind, held in looked
        for finding in findings[held.id]
        if finding.standing in RAISES
    ]
    return [
        each for each in wanted if (each.held.id, each.finding.rule.key, each.period) not in raised
    ]


def _raise(
    connection: Connection, intake: Intake, wanted: Sequence[_Raise], checked: Checked
) -> Sequence[tuple[int, str]]:
    """Open the cases, and return id and number of each finding's, in the order of ``wanted``."""
    hazards = [_hazard(each, intake.book) for each in wanted]
    raised = raise_cases(connection, intake, hazards)
    checked.raised += len(raised.opened)
    checked.linked += len(wanted) - len(raised.opened)
    checked.cases.extend(raised.opened)
    _ADD_RAISED.run_all(connection, [
        {
            "record_id": each.held.id, "rule": each.finding.rule.key, "period": each.period,
            "case_id": case_id, "raised_at": intake.at, "watched": True,
        }
        for each, (case_id, _) in zip(wanted, raised.cases, strict=True)
    ])  # fmt: skip
    return raised.cases


def _remember(
    connection: Connection,
    wanted: Sequence[_Raise],
    cases: Sequence[tuple[int, str]],
    when: tuple[datetime, Door],
) -> dict[int, Entry]:
    """Write one event for each record that raised cases; return the new end of each history."""
    at, door = when
    by_record: dict[int, list[tuple[str, str]]] = {}
    records = {each.held.id: each for each in wanted}
    for each, (_, number) in zip(wanted, cases, strict=True):
        by_record.setdefault(each.held.id, []).append((each.finding.rule.key, number))
    told = [
        (
            store.subject(records[number].kind, number, records[number].held.key),
            Happening(
                RegisterAct.RAISE_CASE.value, None, Role.LADDER.value, door, at,
                {"register": records[number].kind.key, "cases": dict(raised)},
            ),
            records[number].held.entry,
        )
        for number, raised in by_record.items()
    ]  # fmt: skip
    return dict(zip(by_record, write_records(connection, told), strict=True))


def _hazard(each: _Raise, book: Rulebook) -> Hazard:
    kind, held, rule = each.kind, each.held, each.finding.rule
    told = Report(
        held.unit.code,
        f"{kind.zh}“{held.key}”{wrong(kind, each.finding).zh}",
        category_of(kind.category, book).key,
        measure=rule.measure,
        level=rule.level,
        source=f"{rule.source}"[:500],
    )
    return Hazard(
        held.unit, told, {"register": {"kind": kind.key, "key": held.key, "rule": rule.key}}
    )
