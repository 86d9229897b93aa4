"""The daily check: what runs out or goes missing in a register becomes a case, once.

Only records whose next day has come are looked at. A rule's period raises one case: the database
refuses a second, and a check that runs twice, late or beside another one changes nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, insert, select, tuple_, update

from casework.errors import Invalid, Refused
from casework.events import Door, Happening
from casework.handing import hand_in
from casework.intake import Arrival, Intake, Report, check_report, fingerprint, new_cases
from casework.office import Office
from casework.records import Entry, write_records
from casework.registers import store
from casework.registers.store import FOUND, Held
from casework.rulebook import Rulebook
from casework.writer import open_cases
from models.prepared import Prepared
from models.tables import CASES, REGISTER_CASES, REGISTER_RECORDS
from rules.access import Role
from rules.case import State
from rules.policy import Category
from rules.registers.acts import RegisterAct
from rules.registers.checking import BLANK, RAISES, Finding, check, next_check_on
from rules.registers.kinds import Kind, RuleType, kinds
from rules.wording import Wording
from rules.workdays import china_day

BATCH = 500
_RECORDS = REGISTER_RECORDS.c
_DUE = (
    FOUND.where(
        _RECORDS.next_check_on <= bindparam("today"),
        _RECORDS.kind.in_(bindparam("kinds", expanding=True)),
        tuple_(_RECORDS.next_check_on, _RECORDS.id) > tuple_(bindparam("day"), bindparam("number")),
    )
    .order_by(_RECORDS.next_check_on, _RECORDS.id)
    .limit(bindparam("most"))
    .with_for_update(of=REGISTER_RECORDS)
)  # fmt: skip
_RAISED = select(REGISTER_CASES.c.record_id, REGISTER_CASES.c.rule, REGISTER_CASES.c.period).where(
    REGISTER_CASES.c.record_id.in_(bindparam("records", expanding=True))
)
_SAME = select(CASES.c.fingerprint, CASES.c.id, CASES.c.number).where(
    CASES.c.fingerprint.in_(bindparam("prints", expanding=True)), CASES.c.state != State.CLOSED
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
    """What a check found. ``linked`` findings were told of by a case that is open already."""

    as_of: datetime
    dry_run: bool
    looked_at: int = 0
    raised: int = 0
    linked: int = 0
    cases: list[str] = field(default_factory=list)
    by_rule: dict[str, int] = field(default_factory=dict)


class _Raise(NamedTuple):
    """A finding of a record that becomes a case, and the report of it."""

    kind: Kind
    held: Held
    finding: Finding
    told: Report

    @property
    def print(self) -> str:
        return fingerprint(self.held.unit.id, self.told.location, self.told.description)

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
    """Raise a case for what is due on the day of ``as_of``, at ``ran_at``; a batch a transaction.

    ``dry_run`` counts and writes nothing. Raise Refused for a day to come that is no rehearsal.
    """
    if as_of > ran_at and not dry_run:
        raise _not_yet(as_of)
    checked = Checked(as_of, dry_run)
    today, place = china_day(as_of), (date.min, 0)
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
        remedy=Wording("将来的日子只能试运行(--dry-run)。", "It can only be rehearsed: --dry-run."),
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
    wanted = _unraised(connection, looked, findings, book)
    numbers = _raise(connection, Intake(book, None, at, door), wanted, checked)
    entries = _remember(connection, wanted, numbers, (at, door))
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
    book: Rulebook,
) -> list[_Raise]:
    """Return what is due and was not raised in its period."""
    ids = [held.id for _, held in looked]
    raised = {tuple(row) for row in connection.execute(_RAISED, {"records": ids})}
    wanted = [
        _Raise(kind, held, finding, _report(kind, held, finding, book))
        for kind, held in looked
        for finding in findings[held.id]
        if finding.standing in RAISES
    ]
    return [
        each for each in wanted if (each.held.id, each.finding.rule.key, each.period) not in raised
    ]


def _raise(
    connection: Connection, intake: Intake, wanted: Sequence[_Raise], checked: Checked
) -> dict[int, tuple[int, str]]:
    """Open the cases, and return id and number of each finding's, by its place in ``wanted``."""
    prints = {each.print for each in wanted}
    same = connection.execute(_SAME, {"prints": list(prints)}) if prints else ()
    known = {row.fingerprint: (row.id, row.number) for row in same}
    fresh: dict[str, _Raise] = {}
    for each in wanted:
        if each.print not in known:
            fresh.setdefault(each.print, each)
    today = china_day(intake.at)
    arrivals = [_arrival(each, intake.book, today) for each in fresh.values()]
    cases = new_cases(connection, intake, arrivals) if arrivals else []
    written = open_cases(connection, cases)
    for case, event, each in zip(cases, written, fresh.values(), strict=True):
        hand_in(connection, case, each.held.unit.path, event)
        known[each.print] = (case.id, case.number)
    checked.raised += len(cases)
    checked.linked += len(wanted) - len(cases)
    checked.cases.extend(case.number for case in cases)
    _ADD_RAISED.run_all(connection, [
        {
            "record_id": each.held.id, "rule": each.finding.rule.key, "period": each.period,
            "case_id": known[each.print][0], "raised_at": intake.at,
        }
        for each in wanted
    ])  # fmt: skip
    return {at: known[each.print] for at, each in enumerate(wanted)}


def _remember(
    connection: Connection,
    wanted: Sequence[_Raise],
    numbers: Mapping[int, tuple[int, str]],
    when: tuple[datetime, Door],
) -> dict[int, Entry]:
    """Write one event for each record that raised cases; return the new end of each history."""
    at, door = when
    by_record: dict[int, list[tuple[str, str]]] = {}
    records = {each.held.id: each for each in wanted}
    for place, each in enumerate(wanted):
        by_record.setdefault(each.held.id, []).append((each.finding.rule.key, numbers[place][1]))
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


def _arrival(each: _Raise, book: Rulebook, today: date) -> Arrival:
    said = {"kind": each.kind.key, "key": each.held.key, "rule": each.finding.rule.key}
    checked = check_report(each.told, book, today=today)
    return Arrival(
        each.held.unit, checked, Role.LADDER, fingerprint=each.print, body={"register": said}
    )


def _report(kind: Kind, held: Held, finding: Finding, book: Rulebook) -> Report:
    rule = finding.rule
    return Report(
        held.unit.code,
        f"{kind.zh}“{held.key}”{_wrong(kind, finding).zh}",
        _category(kind, book).key,
        measure=rule.measure,
        level=rule.level,
        source=f"{rule.source}"[:500],
    )


def _wrong(kind: Kind, finding: Finding) -> Wording:
    rule, field_ = finding.rule, kind.by_key[finding.rule.field]
    if finding.period == BLANK:
        if rule.type is RuleType.MISSING:
            return Wording(rule.zh, rule.en)
        return Wording(f"{rule.zh}:没有{field_.zh}", f"{rule.en}: no {field_.en}")
    if finding.last_day and rule.type is not RuleType.OLDEST:
        return Wording(
            f"{rule.zh}有效至 {finding.last_day}", f"{rule.en}: valid until {finding.last_day}"
        )
    # An age's last day would tell the birthday, which is masked.
    return Wording(rule.zh, rule.en)


def _category(kind: Kind, book: Rulebook) -> Category:
    """Return the kind's category, or the policy's last one where it has none of that name."""
    found = book.policy.category(kind.category)
    if found is None and not book.policy.categories:
        raise Invalid(Wording("政策没有品目", "the policy has no category"), where="category")
    return found or book.policy.categories[-1]
