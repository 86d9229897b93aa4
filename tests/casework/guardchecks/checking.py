"""Checks of guards to test with: a register of guards, a check of March drawn from it."""

from datetime import timedelta

from cryptography.fernet import Fernet

from casework.events import Door
from casework.guardchecks.checks import Hand
from casework.guardchecks.drawing import commit_check, draw_check
from casework.guardchecks.looking import open_check
from casework.guardchecks.recording import Seen, record_guard
from notifications.sealing import Keys
from rules.guardchecks.findings import Card
from tests.casework.registers.buses import GUARD, added
from tests.offices import MONDAY_9AM

KEYS = Keys([Fernet.generate_key().decode()])
CARD = "11010519491231002X"
NUMBER = "BC2026-03"
TUESDAY = MONDAY_9AM + timedelta(days=1)


def hand(by="committee1", at=MONDAY_9AM):
    return Hand(by, at, Door.CLI)


def with_guards(office, *, first=3, second=2):
    """Guards of the first school, in one cluster, and of the third, in the other."""
    for number in range(first):
        added(office, "guard", staff_no=f"A{number}", id_card=CARD)
    for number in range(second):
        added(office, "guard", unit="S3", by="head3", staff_no=f"C{number}")


def drawn(office, share=100, *, secret="5" * 64):
    """The check of March, drawn by a seed that is always the same."""
    commit_check(office, "2026-03", share, hand(), KEYS, secret=lambda: secret)
    return draw_check(office, NUMBER, hand(at=TUESDAY), KEYS)


def seen(name=GUARD["name"], card=CARD, **more):
    return Seen(Card(name, card), **{"national": True, "school": True, **more})


def record(office, found, guard="A0", unit="S1", by="inspector1"):
    return record_guard(office, NUMBER, unit, guard, found, hand(by, TUESDAY))


def visits(office, by="committee1"):
    return open_check(office, NUMBER, by=by)["visits"]
