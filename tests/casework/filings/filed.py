"""Builders of filings: March 2026 in the small organisation, compiled on the first of April."""

from datetime import datetime

from casework.events import Door
from casework.filings.checking import check_filing
from casework.filings.compiling import compile_period
from casework.filings.filling import fill_in
from casework.filings.places import Which
from casework.filings.signing import file_at_once, sign_filing

APRIL = datetime.fromisoformat("2026-04-01T09:00+08:00")
MAY = datetime.fromisoformat("2026-05-01T09:00+08:00")
HEAD = {"S1": "head1", "S2": "head2", "S3": "head3", "P1": "cluster1", "P2": "cluster2",
        "ZWH": "committee1"}  # fmt: skip


def which(unit="S1", *, template="monthly", period="2026-03"):
    return Which(template, period, unit)


def compiled(office, template="monthly", period="2026-03", *, at=APRIL, by=None):
    return compile_period(office, template, period, by=by, at=at, door=Door.FLOW)


def acting(unit, at=APRIL, by=""):
    return {"by": by or HEAD[unit], "at": at, "door": Door.CLI}


def filled(office, unit="S1", *, at=APRIL, of=None, **typed):
    """Fill in what must be there, and what is told."""
    told = {"work": "消防检查", "plan": "更换灯具\n修理校门", **typed}
    return fill_in(office, of or which(unit), told, **acting(unit, at))


def checked(office, unit="S1", *, at=APRIL, of=None):
    return check_filing(office, of or which(unit), **acting(unit, at))


def signed(office, unit="S1", *, at=APRIL, of=None, **typed):
    """Fill in, check and sign."""
    filled(office, unit, at=at, of=of, **typed)
    checked(office, unit, at=at, of=of)
    return sign_filing(office, of or which(unit), **acting(unit, at))


def daily(office, day="2026-03-02", *, unit="S1", by="reporter1", **typed):
    """The self-check of a day, sent in one go; nothing was found."""
    at = datetime.fromisoformat(f"{day}T16:00+08:00")
    told = {"participants": "3", "checked": "是", "nil": "是", **typed}
    of = which(unit, template="daily", period=day)
    return file_at_once(office, of, told, **acting(unit, at, by))
