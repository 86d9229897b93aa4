"""双随机: who may be drawn to look back at a case, and what keeps an inspector away from it."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from pydantic import Field

from rules.parts import Part
from rules.wording import Trouble, Wording


class Inspector(NamedTuple):
    """``unit`` and ``cluster`` are codes, empty for none; ``days`` are those of the window on
    which the inspector works and is present; ``others`` more units and clusters they belong to.
    """

    code: str
    unit: str
    cluster: str
    days: frozenset[date]
    others: frozenset[str] = frozenset()


class Visit(NamedTuple):
    """A drawn case, where it is, and everyone who reported, planned, rectified, verified,
    approved or closed it; ``beyond`` are inspectors whose office does not reach there.
    """

    case: str
    unit: str
    cluster: str
    hands: frozenset[str]
    beyond: frozenset[str] = frozenset()


class Assignment(NamedTuple):
    day: date
    inspectors: tuple[str, ...]


class Rule(StrEnum):
    """What keeps an inspector from a visit. In this order a person might sooner waive them."""

    CAPACITY = "capacity"
    ABSENCE = "absence"
    REACH = "reach"
    CLUSTER = "cluster"
    UNIT = "unit"
    HANDS = "hands"
    ROSTER = "roster"

    @property
    def label(self) -> Wording:
        return _RULES[self]


_RULES = {
    Rule.CAPACITY: Wording("每人每日上限", "the daily limit of an inspector"),
    Rule.ABSENCE: Wording("不在岗", "absence"),
    Rule.REACH: Wording("检查范围", "the reach of their office"),
    Rule.CLUSTER: Wording("片区回避", "recusal of the cluster"),
    Rule.UNIT: Wording("单位回避", "recusal of the unit"),
    Rule.HANDS: Wording("经手人回避", "recusal of those who had a hand in the case"),
    Rule.ROSTER: Wording("检查人员名单", "the size of the roster"),
}


class AssignmentRules(Part):
    """``per_visit`` inspectors go together, each to at most ``per_day`` visits a day.

    Two at least: 《山东省安全生产条例》 Art. 42. The limit a day is a district's own.
    """

    per_visit: int = Field(default=2, strict=True, ge=2, le=10)
    per_day: int = Field(default=4, strict=True, ge=1, le=50)
    recuse_unit: bool = True
    recuse_cluster: bool = True
    recuse_hands: bool = True


class Blocked(NamedTuple):
    """A visit nobody can make. ``nearest`` are the inspectors, least loaded first, who could be
    taken if a person waived exactly ``rule``; ``wording`` says so when even they are too few.
    """

    case: str
    rule: Rule
    wording: Wording
    nearest: tuple[str, ...]


def recusals(inspector: Inspector, visit: Visit, rules: AssignmentRules) -> frozenset[Rule]:
    """Return every rule of place and person that keeps the inspector from the visit.

    An inspector without a unit or cluster, one of the committee's, is nobody's neighbour.
    """
    belongs = {inspector.unit, inspector.cluster, *inspector.others} - {""}
    found = {
        Rule.UNIT: rules.recuse_unit and visit.unit in belongs,
        Rule.CLUSTER: rules.recuse_cluster and visit.cluster in belongs,
        Rule.HANDS: rules.recuse_hands and inspector.code in visit.hands,
        Rule.REACH: inspector.code in visit.beyond,
    }
    return frozenset(rule for rule, bars in found.items() if bars)


def refuse_twice(visits: Sequence[Visit], roster: Sequence[Inspector]) -> None:
    """Raise Trouble for a case or an inspector named twice."""
    for names, what in (
        ([visit.case for visit in visits], Wording("案件", "the case")),
        ([inspector.code for inspector in roster], Wording("检查人员", "the inspector")),
    ):
        name, times = next(iter(Counter(names).most_common(1)), ("", 0))
        if times > 1:
            raise Trouble(
                Wording(f"{what.zh} {name} 重复", f"{what.en} {name} twice"),
                remedy=Wording("每个只能出现一次。", "Name each once."),
                where=name,
            )
