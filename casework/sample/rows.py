"""The hazards as rows of a ledger; what the source left blank is drawn by seeded dice.

Hazards of one page about one school stand for one inspection there. Dates are laid into the four
weeks before ``as_of``: where the page gives both a day and a deadline, their distance is kept.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import groupby
from random import Random

from casework.sample.chance import SEED, dice
from casework.sample.hazards import Hazard, read_hazards
from casework.sample.organisation import INSPECTORS, Organisation, Team, compose
from rules.case import Level
from rules.workdays import published

WINDOW = timedelta(days=28)
_DISTRICT_WIDE = frozenset({"中小学幼儿园", "中小学", "学校", "校车", "实验室", "幼儿园", "中学"})
_KINDS = ("自查", "专查", "抽查", "互查", "督查", "联检")
_COLOURS = ("橙", "黄", "黄", "黄", "蓝", "蓝")
# Days from inspection to the deadline a checker writes down; our choice, within the default policy.
_DAYS = {Level.ORDINARY: (3, 7, 15, 30, 30), Level.MAJOR: (60, 90)}
_MEASURES = {
    "消防": "补配或更换消防器材，确保疏散通道畅通", "校舍": "设围挡警示，请专业单位鉴定并维修",
    "安防-人防": "约谈保安公司，补齐人员并培训", "安防-物防": "补配防护器械，专人登记保管",
    "安防-技防": "报修并与公安联网，测试后建档", "危化品": "按规范分柜存放，双人双锁并补标签",
    "实验室": "清理通道，补装防护设施", "校车": "停用整改，补齐器材并培训照管员",
    "交通": "商请交警部门增设标志标线", "用电": "请持证电工整理线路", "食品": "停用整改，补办证照",
}  # fmt: skip
_OTHERWISE = "限期整改，专人负责"
_POINTS_ELSEWHERE = "同上"
_NORMAL = (("消防", "教学楼"), ("食品", "食堂"), ("用电", "配电间"), ("校车", "校车停放处"))
_ALWAYS_DRAWN = (
    "检查日期", "片区", "单位", "责任人", "隐患等级", "风险等级", "检查类型", "检查人", "参加人数",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Visit:
    """One inspection of one school."""

    team: Team
    day: date
    kind: str
    inspectors: str
    participants: int


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """A line of the sample ledger. ``description`` is 正常 where nothing was found."""

    visit: Visit
    category: str
    location: str
    description: str
    measure: str = ""
    due: date | None = None
    owner: str = ""
    level: str = ""
    risk: str = ""
    status: str = ""
    source: str = ""
    remark: str = ""


def compose_rows(*, as_of: date, seed: int = SEED) -> list[LedgerRow]:
    """Return the rows in the order of their dates: every hazard once, four that found nothing,
    and one of the hazards written down a second time.
    """
    chance, organisation = dice("ledger", seed), compose()
    rows = [
        _row(hazard, visit, organisation, chance)
        for group in _inspections()
        for visit in [_visit(group[0], as_of, organisation, chance)]
        for hazard in group
    ]
    rows += [_normal(*each, as_of, organisation, chance) for each in _NORMAL]
    rows.sort(key=lambda row: (row.visit.day, row.visit.team.unit))
    return [*rows, _twice(rows[0])]


def fitting_team(hazard: Hazard, organisation: Organisation, chance: Random) -> Team:
    """Draw a school of the kind where the hazard was found."""
    fitting = [t for t in organisation.teams.values() if t.unit_type in hazard.fitting_types]
    return chance.choice(fitting)


def _inspections() -> Iterator[list[Hazard]]:
    def found_together(hazard: Hazard) -> str:
        return hazard.id if hazard.unit_type in _DISTRICT_WIDE else hazard.source_url

    for _, group in groupby(read_hazards(), found_together):
        yield list(group)


def _visit(hazard: Hazard, as_of: date, organisation: Organisation, chance: Random) -> Visit:
    team = fitting_team(hazard, organisation, chance)
    pair = chance.sample(INSPECTORS, 2)
    return Visit(
        team, chance.choice(_workdays_before(as_of)), chance.choice(_KINDS),
        "、".join(organisation.names[code] for code in pair), chance.randint(2, 6),
    )  # fmt: skip


def _workdays_before(as_of: date) -> Sequence[date]:
    calendar = published()
    days = (as_of - timedelta(days=n) for n in range(1, WINDOW.days + 1))
    return [day for day in days if calendar.likely_workday(day)]


def _row(hazard: Hazard, visit: Visit, organisation: Organisation, chance: Random) -> LedgerRow:
    distance = _distance(hazard)
    drawn_days = chance.choice(_DAYS[hazard.level])
    risk = "红" if hazard.level is Level.MAJOR else chance.choice(_COLOURS)
    given = "" if hazard.measure == _POINTS_ELSEWHERE else hazard.measure
    drawn = (*_ALWAYS_DRAWN, *([] if distance else ["整改时限"]), *([] if given else ["整改措施"]))
    return LedgerRow(
        visit, hazard.category, hazard.location, hazard.hazard,
        measure=given or _MEASURES.get(hazard.category, _OTHERWISE),
        due=visit.day + (distance or timedelta(days=drawn_days)),
        owner=organisation.names[visit.team.owner],
        level=hazard.level.label.zh,
        risk=risk,
        status=hazard.status_in_source,
        source=hazard.source_url,
        remark=_remark(hazard, drawn),
    )  # fmt: skip


def _distance(hazard: Hazard) -> timedelta | None:
    """Return how long the page gave, where it says both when it looked and by when."""
    try:
        found = date.fromisoformat(hazard.source_date)
        distance = date.fromisoformat(hazard.date_or_deadline) - found
    except ValueError:
        return None
    return distance if distance > timedelta(0) else None


def _remark(hazard: Hazard, drawn: Sequence[str]) -> str:
    dates = [
        f"原页{name}：{text}"
        for name, text in (("日期", hazard.source_date), ("时限", hazard.date_or_deadline))
        if text
    ]
    return "；".join([hazard.id, *dates, "模拟：" + "、".join(drawn)])


def _normal(
    category: str, location: str, as_of: date, organisation: Organisation, chance: Random
) -> LedgerRow:
    visit = _visit(chance.choice(read_hazards()), as_of, organisation, chance)
    return LedgerRow(visit, category, location, "正常", remark="模拟：整行")


def _twice(row: LedgerRow) -> LedgerRow:
    """Return the same hazard as somebody wrote it down again: with a space and a full stop more."""
    again = replace(row.visit, inspectors="", participants=0)
    return replace(row, visit=again, description=f" {row.description}。", remark="模拟：重复登记")
