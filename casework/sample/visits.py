"""A visit of 回头看 in the story: one inspector records what they found, the others sign it."""

from datetime import datetime

from casework.events import Door
from casework.lookback.looks import Hand
from casework.lookback.recording import Found, record_finding, sign_finding
from casework.sample.news import Item
from casework.sample.world import Call, World
from models import Shows
from rules.actions import Action
from rules.lookback.findings import Finding, InspectionMode
from rules.workdays import china_day

# Our choices, none of them measured: out of a hundred visits.
_FINDINGS = {
    Finding.HOLDS: 74,
    Finding.RELAPSED: 13,
    Finding.NO_ACCESS: 8,
    Finding.NOT_APPLICABLE: 5,
}
_MODES = {InspectionMode.SURPRISE: 6, InspectionMode.OPEN: 2, InspectionMode.COVERT: 2}
_NOTES = {
    Finding.HOLDS: "现场查看，未复发",
    Finding.RELAPSED: "回头看发现同类问题复发",
    Finding.NO_ACCESS: "校门上锁，未能入校",
    Finding.NOT_APPLICABLE: "该处已拆除或停用",
}
_SEEN = (Finding.HOLDS, Finding.RELAPSED)


def inspect(world: World, call: Call, at: datetime) -> None:
    """Go to a school again; what relapsed comes back to its people."""
    finding = _find(world, call)
    files = [world.album.photograph(Shows.AFTER, china_day(at))] if finding in _SEEN else []
    mode = world.chance.choices(list(_MODES), list(_MODES.values()))[0]
    found = Found(finding, mode, _NOTES[finding], files)
    first, *others = (Hand(code, at, Door.PAGE) for code in call.inspectors)
    answer = record_finding(world.office, call.lookback, call.number, found, first)
    for hand in others:
        answer = sign_finding(world.office, call.lookback, call.number, finding, hand)
    world.news.found[finding] += 1
    if answer.reopened:
        _come_back(world, call, at)


def _find(world: World, call: Call) -> Finding:
    """Draw what is found. The first ordinary hazard looked back at has relapsed, in every story:
    each is to show a stratum that is rejected.
    """
    finding = world.chance.choices(list(_FINDINGS), list(_FINDINGS.values()))[0]
    if call.is_ordinary and not world.relapsed:
        world.relapsed = True
        return Finding.RELAPSED
    return finding


def _come_back(world: World, call: Call, at: datetime) -> None:
    life = world.lives[call.number]
    who = "、".join(world.organisation.names[code] for code in call.inspectors)
    world.news.items.append(
        Item(
            at, call.number, life.team.name, who, Action.REOPEN,
            is_major=not call.is_ordinary, said=_NOTES[Finding.RELAPSED],
        )
    )  # fmt: skip
    world.take_up_again(life, at)
