"""Inspections to test with: plans, tasks given out, records by whoever may make them."""

from casework.events import Door
from casework.inspections.drafts import Found, Told
from casework.inspections.giving_out import give_out
from casework.inspections.listing import Wanted, list_tasks
from casework.inspections.plans import make
from casework.inspections.recording import record_inspection, sign_inspection
from casework.lookback.looks import Hand
from rules.inspections.answers import Result
from rules.inspections.checklists import read_checklist, shipped
from rules.inspections.plan import make_plan
from rules.workdays import china_day
from tests.lookbacks import KEYS
from tests.offices import MONDAY_9AM

DAILY = {
    "title": "每日一自查", "place": "ZWH", "kind": "self", "cadence": "daily",
    "first_on": "2026-03-02",
    "lines": [{"task": "每日自查", "checklist": "daily", "place": "ZWH", "responsible": "ZWH",
               "lead": "committee1"}],
}  # fmt: skip
FIRE = {
    "title": "消防专项检查", "place": "P1", "kind": "special", "cadence": "monthly",
    "first_on": "2026-03-02",
    "lines": [{"task": "消防检查", "checklist": "fire", "place": "S1", "responsible": "P1",
               "lead": "cluster1", "inspectors": ["verifier1a", "verifier1b"]}],
}  # fmt: skip
RANDOM = {
    "title": "双随机抽查", "place": "ZWH", "kind": "spot", "cadence": "quarterly",
    "first_on": "2026-03-02", "unannounced": True, "sample": {"percent": 50.0},
    "lines": [{"task": "三防抽查", "checklist": "security", "place": "ZWH",
               "responsible": "ZWH", "lead": "committee1"}],
}  # fmt: skip


def hand(by="head1", at=MONDAY_9AM):
    return Hand(by, at, Door.CLI)


def planned(office, spec=None, *, by="committee1", at=MONDAY_9AM, **differs):
    """Make a plan; return its number."""
    return make(office, make_plan({**(spec or DAILY), **differs}), hand(by, at)).number


def given(office, at=MONDAY_9AM, **asked):
    """Give out what is due at a moment."""
    return give_out(office, KEYS, **{"as_of": at, "ran_at": at, "door": Door.FLOW, **asked})


def tasks(office, *, by="committee1", at=MONDAY_9AM, **wanted):
    """Return the inspections ``by`` may see."""
    return list_tasks(office, Wanted(**wanted), by=by, today=china_day(at)).rows


def task_of(office, unit="S1", **wanted):
    """Return the number of the first inspection of a unit."""
    return next(each["number"] for each in tasks(office, **wanted) if each["unit_code"] == unit)


def told(checklist="daily", hazards=None, **differs):
    """All in order but for ``hazards``, a Found by item."""
    keys = [each.key for each in read_checklist(shipped()[checklist]).items]
    found = {key: Found(Result.NORMAL) for key in keys} | (hazards or {})
    return Told(found, **{"participants": 2, **differs})


def hazard(note="", **differs):
    """A hazard without a photo, which says why."""
    return Found(Result.HAZARD, note, **{"no_photo": "现场禁止拍照", **differs})


def recorded(office, number, record=None, *, by="owner1", at=MONDAY_9AM, key=None):
    return record_inspection(office, number, record or told(), hand(by, at), key=key)


def signed(office, number, version=1, *, by="verifier1b", at=MONDAY_9AM):
    return sign_inspection(office, number, version, hand(by, at))
