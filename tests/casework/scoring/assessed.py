"""Builders of assessments: the year 2026 of the small organisation, assessed in November."""

from datetime import datetime

from casework.adopting import adopt_text
from casework.events import Door
from casework.lookback.looks import Hand
from casework.scoring.filling import fill_in
from casework.scoring.opening import open_assessment
from casework.scoring.places import Which
from casework.scoring.sheets import SHEETS
from casework.scoring.signing import sign
from rules.scoring.sheets import shipped
from tests.offices import TEAM

NOVEMBER = datetime.fromisoformat("2026-11-24T09:00+08:00")


def which(unit="S1", year=2026):
    return Which("safe_campus", year, unit)


def acting(by, at=NOVEMBER):
    return {"by": by, "at": at, "door": Door.CLI}


def opened(office, unit="S1", at=NOVEMBER):
    return open_assessment(office, which(unit), **acting(TEAM[unit].head, at))


def filled(office, unit="S1", **typed):
    """Opened and filled in; a dot in a field's name is written as two underscores."""
    opened(office, unit)
    told = {name.replace("__", "."): value for name, value in typed.items()}
    return fill_in(office, which(unit), told, **acting(TEAM[unit].head))


def signed(office, unit="S1", times=3, **typed):
    """Filled in and signed so many times: by head, cluster and committee."""
    held = filled(office, unit, **typed)
    for by in (TEAM[unit].head, TEAM[unit].cluster, "committee1")[:times]:
        held = sign(office, which(unit), **acting(by))
    return held


def a_sheet(version=2, since=2026, **changed):
    """The shipped sheet as another version; ``old`` texts give way to ``new`` ones."""
    numbers = {"version = 1": f"version = {version}", "since = 2020": f"since = {since}"}
    text = shipped()["safe_campus"]
    for old, new in {**numbers, **changed.get("texts", {})}.items():
        text = text.replace(old, new)
    return text


def adopted(office, *args, by="admin", **named):
    hand = Hand(by, NOVEMBER, Door.CLI)
    return adopt_text(office, SHEETS, a_sheet(*args, **named), "新标准", hand)
