"""Periodic reports of the sample: this week's and this month's drafts for everybody, and last
month's, signed by the heads of the first cluster.

What is compiled here is still in time, so that nobody is chased for what was before the sample.
"""

from datetime import datetime

from casework.events import Door
from casework.filings.compiling import compile_period
from casework.filings.places import Which
from casework.filings.signing import file_at_once
from casework.office import Office
from casework.sample.organisation import compose
from rules.filings.periods import PeriodKind, period_on
from rules.workdays import china_day

_CLUSTER = "PQ01"
_WORK = "开展消防设施、用电和校门秩序检查,本期没有发现隐患。"
_NEXT = "更换三楼应急灯\n组织一次疏散演练"


def file_sample_reports(office: Office, at: datetime) -> None:
    """Compile the running week and month, and sign last month's of the first cluster's schools."""
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
