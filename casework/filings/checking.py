"""Check a filing before it is sent: numbers taken anew, then everything at fault is named."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection

from casework import notices
from casework.events import Door
from casework.filings import store
from casework.filings.counting import count_place, missing_units
from casework.filings.filling import editing
from casework.filings.owing import asked, signers_of
from casework.filings.places import Which, may_sign
from casework.filings.store import Held
from casework.office import Office
from casework.people import find_actor
from casework.registers.store import Hand
from rules.filings.acts import FilingAct, FilingState
from rules.filings.checks import Finding, Known, check, hindering
from rules.filings.periods import DAY
from rules.filings.sheets import Cell, Progress, Sheet, carried_on
from rules.policy import Policy
from rules.wording import Wording


class Checked(NamedTuple):
    """A filing as it now is, and what was found; it is checked when nothing hinders it."""

    held: Held
    findings: Sequence[Finding]

    @property
    def passed(self) -> bool:
        return not hindering(self.findings)


def check_filing(office: Office, which: Which, *, by: str, at: datetime, door: Door) -> Checked:
    """Take the numbers anew and check; who may sign one that passes is told, if it is another.

    Raise Refused for who may not or a frozen one, NotFound, Invalid.
    """
    with office.writing() as connection:
        held, hand = editing(connection, which, by, at, door)
        policy = office.rulebooks.at(connection, at).policy
        checked = check_anew(connection, policy, held, hand)
        if checked.passed and held.state is not FilingState.CHECKED:
            _ask_signers(connection, checked.held, by, at)
        return checked


def check_anew(connection: Connection, policy: Policy, held: Held, hand: Hand) -> Checked:
    """Do what ``check_filing`` does within a transaction that is open."""
    fresh = _refreshed(connection, policy, held, hand.at)
    findings = check(held.named.template, fresh.sheet, known_of(connection, policy, fresh, hand.at))
    hinders = hindering(findings)
    state = FilingState.DRAFT if hinders else FilingState.CHECKED
    body = {
        "passed": not hinders,
        "found": [f"{each.fault.value}:{each.row}" for each in findings],
    }
    kept = store.change(connection, fresh._replace(state=state), hand, [(FilingAct.CHECK, body)])
    return Checked(kept, findings)


def known_of(connection: Connection, policy: Policy, held: Held, at: datetime) -> Known:
    """Return what a filing is held against at a moment."""
    now = count_place(connection, policy, held.named, at=at)
    missing = missing_units(connection, held.named)
    return Known(now, _closing_before(connection, held), missing)


def findings_of(connection: Connection, policy: Policy, held: Held, at: datetime) -> list[Finding]:
    """Return what a check would find now, the numbers left as they are; nothing of a frozen one."""
    if held.state is FilingState.FROZEN:
        return []
    known = known_of(connection, policy, held, at)
    return check(held.named.template, held.sheet, known)


def _ask_signers(connection: Connection, held: Held, by: str, at: datetime) -> None:
    if not may_sign(find_actor(connection, by), held.named):
        people = signers_of(connection, held.named, at)
        notices.owe(connection, [asked(people, Wording("待签发", "to be signed"), held)], at)


def _refreshed(connection: Connection, policy: Policy, held: Held, at: datetime) -> Held:
    now = count_place(connection, policy, held.named, at=at)
    cells = {
        each.key: _recount(held.sheet, each.key, now.get(each.key))
        for each in held.named.template.numbers
    }
    progress = _asked_again(connection, held)
    return held._replace(sheet=held.sheet._replace(cells=cells, progress=progress), as_of=at)


def _asked_again(connection: Connection, held: Held) -> list[Progress]:
    """Return what must be answered for now, as far as it was answered with the answer: a draft may
    be older than the signature of the period before.
    """
    if not held.named.template.plans:
        return []
    before = store.frozen_before(connection, held.named)
    answered = {each.item: each for each in held.sheet.progress}
    asked = carried_on(before.sheet if before else None)
    return [answered.get(each.item, each) for each in asked]


def _recount(sheet: Sheet, key: str, computed: int | None) -> Cell:
    typed = sheet.cells.get(key, Cell()).typed
    return Cell(computed, None if typed == computed else typed)


def _closing_before(connection: Connection, held: Held) -> int | None:
    """Return what the period before closed with, if it ended the day before this one began."""
    balance = held.named.template.balance
    before = store.frozen_before(connection, held.named) if balance else None
    if before is None or before.named.period.last + DAY != held.named.period.first:
        return None
    return before.sheet.value(balance[-1])
