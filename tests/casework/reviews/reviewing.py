"""Yearly reviews to test with: a guard of the first school, asked for by its head."""

from datetime import date, datetime, timedelta

from casework.events import Door
from casework.registers.showing import show_record
from casework.reviews.asking import ask_reviews
from casework.reviews.deciding import pass_records, review_record
from casework.reviews.listing import list_reviews, open_review
from casework.reviews.store import Named
from rules.registers.outcomes import ReviewOutcome
from rules.registers.reviews import Verdict
from tests.casework.registers.buses import added
from tests.offices import MONDAY_9AM

TODAY = date(2026, 3, 2)
A01 = Named("S1", "A01")
TUESDAY = MONDAY_9AM + timedelta(days=1)
PASSED = Verdict(ReviewOutcome.PASSED)


def on(day):
    """Nine o'clock of a day."""
    return datetime.fromisoformat(f"{day}T09:00+08:00")


def guard(office, key="A01", **differs):
    return added(office, "guard", staff_no=key, **differs)


def ask(office, *named, by="head1", at=MONDAY_9AM):
    return ask_reviews(office, "guard", named or [A01], by=by, at=at, door=Door.CLI)


def review(office, verdict=PASSED, *, by="cluster1", at=TUESDAY, named=A01):
    return review_record(office, "guard", named, verdict, by=by, at=at, door=Door.CLI)


def pass_all(office, *named, by="cluster1", at=TUESDAY):
    return pass_records(office, "guard", named, by=by, at=at, door=Door.CLI)


def failed(*reasons, **more):
    return Verdict(ReviewOutcome.FAILED, reasons or ("training",), **more)


def conditional(until, *reasons, **more):
    return Verdict(ReviewOutcome.CONDITIONAL, reasons or ("training",), until, **more)


def opened(office, by="cluster1", today=TODAY, named=A01):
    return open_review(office, "guard", named, by=by, today=today)


def listed(office, by="cluster1", today=TODAY, **asked):
    return list_reviews(office, "guard", by=by, today=today, **asked)


def reviewed_on(office, today=TODAY):
    shown = show_record(office, "guard", "A01", by="cluster1", today=today, unit="S1")
    return shown["values"].get("reviewed_on", "")
