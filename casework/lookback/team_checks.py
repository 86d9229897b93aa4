"""The teams of a bundle: inspectors and days drawn again from what their draw was made of."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from casework.events import private_digest
from casework.lookback.assigning import teams_digest
from casework.lookback.bundle_reading import Bundle, Told
from casework.lookback.checks import absent, differs, event
from casework.lookback.parts import Input
from rules.lookback.acts import LookbackAct
from rules.lookback.inspectors import Assigned, assign
from rules.lookback.roster import Assignment, Inspector, Visit

_INPUT = "input"


def check_teams(bundle: Bundle) -> None:
    """Every assignment follows from its input, and together they are the teams listed."""
    assigned, told = bundle.of_kind(LookbackAct.ASSIGN), bundle.parts.teams
    if not assigned:
        absent("尚未抽取检查人员", "no inspectors are drawn yet")
    if told is None:
        absent("未附名单，未核验", "the roster is not in it, so this was not checked")
    listed = {case: _assignment(each) for case, each in told.teams.items()}
    inputs = {each.seq: each for each in told.inputs}
    seated: dict[str, Assignment] = {}
    for each in assigned:
        seated |= _seated(bundle, each, inputs, listed, seated)
    if seated != listed:
        differs("名单与各次抽取的不同", "the teams are not those drawn", "teams.json")


def _seated(
    bundle: Bundle,
    told: Told,
    inputs: Mapping[int, Input],
    listed: Mapping[str, Assignment],
    before: Mapping[str, Assignment],
) -> dict[str, Assignment]:
    """Return whom this event gave visits to, drawn anew, or as a person chose."""
    if _INPUT in told.said:
        new = _drawn_again(bundle, told, inputs[told.seq], before)
    else:
        new = {told.said["by_hand"]: listed[told.said["by_hand"]]}
    if (teams_digest(new), len(new)) != (told.said["teams"], told.said["assigned"]):
        differs("重抽的检查人员不同", "drawn again they are others", event(told.seq))
    return new


def _drawn_again(
    bundle: Bundle, told: Told, given: Input, before: Mapping[str, Assignment]
) -> dict[str, Assignment]:
    if private_digest(given.salt, given.value) != told.said[_INPUT]["digest"]:
        differs("依据与历史中的摘要不符", "the input is another", f"teams.json: {told.seq}")
    value = json.loads(given.value)
    kept = {case: Assignment(date.fromisoformat(day), tuple(team))
            for case, (day, team) in value["kept"].items()}  # fmt: skip
    if kept != before:
        differs("此前的分派不符", "others had been drawn before", f"teams.json: {told.seq}")
    found = assign(
        [_visit(each) for each in value["visits"]],
        [_inspector(each) for each in value["roster"]],
        bundle.plan.inspectors,
        bundle.of_kind(LookbackAct.DRAW)[0].said["seed"],
        kept=kept,
    )
    if _impossible(found) != told.said["impossible"]:
        differs("不能分派的案件不同", "others were impossible", event(told.seq))
    return {case: each for case, each in found.visits.items() if case not in kept}


def _impossible(found: Assigned) -> list[dict[str, str]]:
    return [
        {"case": each.case, "rule": each.rule.value, "why": each.wording.zh}
        for each in found.impossible
    ]


def _assignment(told: Sequence[str]) -> Assignment:
    day, *team = told
    return Assignment(date.fromisoformat(day), tuple(team))


def _visit(told: Sequence[Any]) -> Visit:
    case, unit, cluster, hands, beyond = told
    return Visit(case, unit, cluster, frozenset(hands), frozenset(beyond))


def _inspector(told: Sequence[Any]) -> Inspector:
    code, unit, cluster, days, others = told
    present = frozenset(date.fromisoformat(each) for each in days)
    return Inspector(code, unit, cluster, present, frozenset(others))
