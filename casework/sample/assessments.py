"""Assessments of the sample: this year's called, two clusters ranked, one at every stage between.

Once the day has passed by which schools sign, nothing is called: nobody is chased for what was
before the sample.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

from casework.events import Door
from casework.office import Office
from casework.sample.organisation import ADMIN, COMMITTEE, Team, compose
from casework.scoring.filling import fill_in
from casework.scoring.opening import call_year, open_assessment
from casework.scoring.places import Which
from casework.scoring.reviewing import review
from casework.scoring.signing import sign
from rules.scoring.sheets import sheets
from rules.workdays import china_day

_SHEET = "safe_campus"
_FROZEN: Sequence[Mapping[str, str]] = (
    {"honour": "yes", "fire.exit": "1", "text:fire": "北侧通道临时堆物，当天已清"},
    {"honour": "yes", "staff.person": "1", "text:staff": "缺一名专职安全干事，已申请"},
    {"fire.kit": "2", "rules_kept.rule": "1", "text:fire": "两处灭火器过期，已换"},
    {"honour": "yes", "concealed": "yes", "text:concealed": "一起楼梯摔伤迟报四日"},
)
"""What schools say of themselves whose assessments are frozen; the last one is vetoed."""
_REVIEWED = {"funds": "1"}
_WHY = "查预算批复，专项经费只列入一半"


def assess_sample(office: Office, at: datetime) -> None:
    """Assess the first schools of two clusters: frozen, at the committee, the cluster, begun."""
    year = china_day(at).year
    if china_day(at) <= sheets()[_SHEET].due_on(year):
        call_year(office, _SHEET, year, by=ADMIN, at=at, door=Door.CLI)
    for cluster in ("PQ01", "PQ02"):
        teams = (team for team in compose().teams.values() if team.cluster == cluster)
        for team, typed in zip(islice(teams, 2), _turned(cluster), strict=True):
            _assess(office, team, year, at, typed, signatures=3)
        last = next(teams)
        _assess(office, last, year, at, {"honour": "yes"}, signatures=_LEFT[cluster])
    _assess(office, _other(), year, at, {"text:fire": "消防器材自查中"}, signatures=0)


_LEFT = {"PQ01": 2, "PQ02": 1}
"""How many signatures the last of a cluster has: it waits for the committee, or the cluster."""


def _turned(cluster: str) -> Sequence[Mapping[str, str]]:
    return _FROZEN[:2] if cluster == "PQ01" else _FROZEN[2:]


def _other() -> Team:
    return next(team for team in compose().teams.values() if team.cluster == "PQ03")


def _assess(
    office: Office, team: Team, year: int, at: datetime, typed: Mapping[str, str], *,
    signatures: int,
) -> None:  # fmt: skip
    which, how = Which(_SHEET, year, team.unit), _how(at)
    open_assessment(office, which, by=team.head, **how)
    fill_in(office, which, typed, by=team.owner, **how)
    for nth, by in enumerate((team.head, team.lead, COMMITTEE[0])[:signatures]):
        if nth == 1:
            review(office, which, _REVIEWED, _WHY, by=by, **how)
        sign(office, which, by=by, **how)


def _how(at: datetime) -> dict[str, Any]:
    return {"at": at, "door": Door.CLI}
