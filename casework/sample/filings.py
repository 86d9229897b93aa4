"""Periodic reports of the sample: this week's and this month's drafts for everybody, last month's,
signed by the heads of the first cluster, and a campaign that is half-way.

What is compiled here is still in time, so that nobody is chased for what was before the sample.
"""

from datetime import datetime, timedelta

from casework.events import Door
from casework.filings.campaigning import start_campaign
from casework.filings.compiling import compile_period
from casework.filings.places import Which
from casework.filings.showing import show_filing
from casework.filings.signing import file_at_once
from casework.lookback.looks import Hand
from casework.office import Office
from casework.sample.organisation import COMMITTEE, compose
from rules.filings.periods import PeriodKind, period_on
from rules.workdays import china_day

_CLUSTER = "PQ01"
_WORK = "开展消防设施、用电和校门秩序检查，本期没有发现隐患。"
_NEXT = "更换三楼应急灯\n组织一次疏散演练"
_CLUSTERS = ("PQ01", "PQ02")
_RAN, _LEFT = timedelta(days=13), timedelta(days=5)
_ROUND = "会同城管、交警走访校门两侧 200 米，劝离占道摊贩。"
_GO_ON = "上下学时段校门口每天有人值守"


def file_sample_reports(office: Office, at: datetime) -> None:
    """Compile the running week and month, sign last month's of the first cluster's schools, and
    start a campaign in two clusters.
    """
    today = china_day(at)
    month = period_on(PeriodKind.MONTH, today)
    before = period_on(PeriodKind.MONTH, month.before)
    for team in compose().teams.values():
        if team.cluster == _CLUSTER:
            typed = {"work": _WORK, "plan": _NEXT, "provincial": "0", "nil": "是"}
            which = Which("monthly", before.key, team.unit)
            file_at_once(office, which, typed, by=team.head, at=at, door=Door.CLI)
    for template, kind in (("weekly", PeriodKind.WEEK), ("monthly", PeriodKind.MONTH)):
        period = period_on(kind, today)
        compile_period(office, template, period.key, by=None, at=at, door=Door.CLI)
    _campaign(office, at)


def _campaign(office: Office, at: datetime) -> None:
    """Start a campaign that ends today, and sign it in some of its schools: the others are in
    time for some days yet.
    """
    today = china_day(at)
    picked = {
        "template": "surroundings", "first": f"{today - _RAN}", "last": f"{today}",
        "due_on": f"{today + _LEFT}", "reason": "上级部署周边整治",
    }  # fmt: skip
    started = start_campaign(office, picked, _CLUSTERS, Hand(COMMITTEE[0], at, Door.CLI))
    (stretch,) = started.part.periods
    taking = [each for each in compose().teams.values() if each.cluster in _CLUSTERS]
    for team in taking[:: len(_CLUSTERS)]:
        which = Which(started.part.template, stretch.period.key, team.unit)
        nothing = show_filing(office, which, by=team.head, at=at)["nothing"]
        typed = {"work": _ROUND, "plan": _GO_ON, "participants": "6", "nil": "是" * nothing}
        file_at_once(office, which, typed, by=team.head, at=at, door=Door.CLI)
