"""Bundles to forge: one look-back that has been through everything, and tools to change its parts.

``resealed`` is the forger who knows the format: the whole chain is reckoned anew.
"""

import json
import zipfile
from datetime import date, datetime

from casework.lookback.assigning import assign_inspectors, seat_by_hand
from casework.lookback.bundle import export_bundle
from casework.lookback.checks import Outcome
from casework.lookback.ending import close_lookback, publish_lookback
from casework.lookback.enlarging import enlarge, recheck_rejected
from casework.lookback.verifying import verify_bundle
from rules.lookback.findings import Finding
from rules.proof import GENESIS, Sealed, event_hash
from tests.lookbacks import (
    assigned_look,
    closed_cases,
    drawn_look,
    found,
    hand,
    visits_of,
    with_inspectors,
)

EVENTS = "events.jsonl"


def whole_story(office, folder):
    """A look-back enlarged, rejected, rechecked, closed and published; return its bundle."""
    with_inspectors(office)
    closed_cases(office)
    number = assigned_look(office)
    enlarge(office, number, "cluster=P2", 1, "一件未能入校", hand())
    first, *others = visits_of(office, number)
    found(office, number, first, Finding.RELAPSED, note="又失压")
    for each in others:
        if each["team"]:
            found(office, number, each)
    recheck_rejected(office, hand())
    _seat_one(office, number)
    assign_inspectors(office, number, hand())
    for each in visits_of(office, number):
        if each["finding"] is None:
            found(office, number, each)
    close_lookback(office, number, hand())
    publish_lookback(office, number, hand())
    return exported(office, number, folder / "whole.zip", with_roster=True)


def drawn_only(office, folder):
    """A look-back that is drawn and no more; return its bundle."""
    closed_cases(office)
    return exported(office, drawn_look(office), folder / "drawn.zip")


def exported(office, number, file, **options):
    export_bundle(office, number, file, by="admin", **options)
    return file


def unpacked(file):
    """The parts of a bundle by name."""
    with zipfile.ZipFile(file) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(parts, file):
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file


def outcomes(file, **options):
    """What each check of a bundle found."""
    return {each.proof: each.outcome for each in verify_bundle(file, **options).checks}


def failed(parts, file):
    """The checks that failed, and where the first bad place of each is."""
    checks = verify_bundle(packed(parts, file)).checks
    return {each.proof: each.where for each in checks if each.outcome is Outcome.FAILED}


def events_of(parts):
    """The events with their bodies as values."""
    told = [json.loads(line) for line in parts[EVENTS].splitlines()]
    return [each | {"body": json.loads(each["body"])} for each in told]


def with_events(parts, events):
    told = [each | {"body": _canonical(each["body"])} for each in events]
    return parts | {EVENTS: "".join(_canonical(each) + "\n" for each in told).encode()}


def resealed(parts, events):
    """Give the events their places and hashes anew, and the bundle its new head."""
    previous, sealed = GENESIS, []
    for seq, each in enumerate(events, start=1):
        told = each | {"seq": seq, "prev": previous}
        previous = _hash(told)
        sealed.append(told | {"hash": previous})
    about = json.loads(parts["bundle.json"])
    about |= {"seq": len(sealed), "head": previous}
    about["receipt"] = f"{about['number']}/{len(sealed)}/{previous[:8]}"
    return with_events(parts | {"bundle.json": _dumps(about)}, sealed)


def changed(parts, name, change):
    """Change the JSON of a part in place."""
    value = json.loads(parts[name])
    change(value)
    return parts | {name: _dumps(value)}


def retold(parts, kind, change, *, at=0):
    """Change the body of the event ``at`` of its kind, and seal everything anew."""
    events = events_of(parts)
    change([each for each in events if each["kind"] == kind][at]["body"])
    return resealed(parts, events)


def rewritten(parts, change):
    """Change the list of events in place, and seal everything anew."""
    events = events_of(parts)
    change(events)
    return resealed(parts, events)


def tampered(parts, change):
    """Change the list of events in place, and seal nothing."""
    events = events_of(parts)
    change(events)
    return with_events(parts, events)


def reframed(parts, change):
    """Change the list of the frame's lines in place."""
    lines = parts["frame.txt"].splitlines(keepends=True)
    change(lines)
    return parts | {"frame.txt": b"".join(lines)}


def place_of(events, kind, at=0):
    return [n for n, each in enumerate(events) if each["kind"] == kind][at]


def _seat_one(office, number):
    """A person chooses three inspectors for one of the visits that have none."""
    case = next(each["number"] for each in visits_of(office, number) if not each["team"])
    seat_by_hand(
        office, number, case, people=["inspector1", "inspector2", "inspector3"],
        day=date(2026, 3, 11), reason="三人同行", hand=hand(),
    )  # fmt: skip


def _hash(told):
    return event_hash(
        Sealed(
            told["case"], told["seq"], datetime.fromisoformat(told["at"]), told["kind"],
            told["actor"], told["role"], told["door"], _canonical(told["body"]), told["prev"],
        )
    )  # fmt: skip


def _canonical(value):
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _dumps(value):
    return json.dumps(value, ensure_ascii=False).encode()
