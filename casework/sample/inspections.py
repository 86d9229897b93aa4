"""Inspections in the sample: a daily check of every school, fire safety once a month in the first
cluster, a random inspection each quarter; a few made already, with something found.

The random one is left for the flow: its seed is sealed with the installation's own key.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from casework.events import Door
from casework.inspections.drafts import Found, Told
from casework.inspections.giving_out import give_out
from casework.inspections.listing import Wanted, list_tasks
from casework.inspections.plans import list_plans, make
from casework.inspections.recording import record_inspection, sign_inspection
from casework.lookback.looks import Hand
from casework.office import Office
from casework.sample.organisation import ADMIN, ROOT, Team, compose
from casework.sample.world import own_keys
from rules.inspections.answers import Result
from rules.inspections.checklists import read_checklist, shipped
from rules.inspections.kinds import InspectionKind
from rules.inspections.plan import make_plan
from rules.workdays import china_day

_CLUSTER = "PQ01"
_SINCE = timedelta(days=3)  # so that a weekend shows Friday's checks
_ALL_WELL = 3  # schools of the cluster that found nothing today; the next one did


def plan_sample_inspections(office: Office, at: datetime) -> None:
    """Make the plans; their inspections are given out by the flow, or by ``inspect_sample``."""
    today = china_day(at)
    for each in (_daily(today), _fire(today, _teams()[0]), _random(today)):
        make(office, make_plan(each), Hand(ADMIN, at, Door.CLI))


def inspect_sample(office: Office, at: datetime) -> None:
    """Give out what is not drawn, and make some inspections of the first cluster."""
    plans = list_plans(office, by=ADMIN)
    for number in [each["number"] for each in plans if each["plan"].sample is None]:
        give_out(office, own_keys(), as_of=at, ran_at=at, door=Door.FLOW, only=number)
    teams = _teams()
    for nth, team in enumerate(teams[: _ALL_WELL + 1]):
        _check(office, team, at, finds=nth == _ALL_WELL)
    _inspect(office, teams[0], at)


def _teams() -> list[Team]:
    return [team for team in compose().teams.values() if team.cluster == _CLUSTER]


def _check(office: Office, team: Team, at: datetime, *, finds: bool) -> None:
    """Make what waits for a school's owner today; the last one finds a locked exit."""
    hazard = {"exits": Found(Result.HAZARD, "二楼西侧出口上锁", "教学楼二楼", "下课时人多，先疏导")}
    for number in _waiting(office, team.owner, at, InspectionKind.SELF):
        told = Told({**_normal("daily"), **(hazard if finds else {})}, participants=2)
        record_inspection(office, number, told, Hand(team.owner, at, Door.PAGE))


def _inspect(office: Office, team: Team, at: datetime) -> None:
    """Two of the cluster's people inspect a school's fire safety; its head has yet to sign."""
    first, second = team.verifiers
    hazard = {"signs": Found(Result.HAZARD, "两盏应急灯不亮", "实验楼", "已取样送修")}
    told = Told(_normal("fire") | hazard, participants=4)
    for number in _waiting(office, first, at, InspectionKind.SPECIAL)[:1]:
        recorded = record_inspection(office, number, told, Hand(first, at, Door.PAGE))
        sign_inspection(office, number, recorded.version, Hand(second, at, Door.PAGE))


def _waiting(office: Office, code: str, at: datetime, kind: InspectionKind) -> list[str]:
    wanted = Wanted(kind=kind, mine=True)
    rows = list_tasks(office, wanted, by=code, today=china_day(at)).rows
    return [each["number"] for each in rows]


def _normal(checklist: str) -> dict[str, Found]:
    items = read_checklist(shipped()[checklist]).items
    return {each.key: Found(Result.NORMAL) for each in items}


def _daily(today: date) -> Mapping[str, Any]:
    return _plan("每日一自查", ROOT, "self", "daily", today - _SINCE, {
        "task": "每日自查", "checklist": "daily", "place": ROOT, "responsible": ROOT,
        "lead": ADMIN,
    })  # fmt: skip


def _fire(today: date, first: Team) -> Mapping[str, Any]:
    return _plan("消防专项检查", _CLUSTER, "special", "monthly", today - _SINCE, {
        "task": "消防安全检查", "checklist": "fire", "place": _CLUSTER, "responsible": _CLUSTER,
        "lead": first.lead, "inspectors": list(first.verifiers),
    })  # fmt: skip


def _random(today: date) -> Mapping[str, Any]:
    """Five percent of each cluster's schools and two inspectors, unannounced."""
    plan = _plan("三防双随机抽查", ROOT, "spot", "quarterly", today, {
        "task": "三防抽查", "checklist": "security", "place": ROOT, "responsible": ROOT,
        "lead": "zw-01",
    })  # fmt: skip
    return {**plan, "unannounced": True, "sample": {}}


def _plan(
    title: str, place: str, kind: str, cadence: str, first_on: date, line: Mapping[str, Any]
) -> dict[str, Any]:
    return {
        "title": title, "place": place, "kind": kind, "cadence": cadence,
        "first_on": first_on, "lines": [line],
    }  # fmt: skip
