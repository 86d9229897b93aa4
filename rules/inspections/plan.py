"""A plan 检查计划 with its task breakdown 任务分解清单: what, where, by whom, how often."""

import tomllib
from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from math import ceil
from typing import Any, Self

from pydantic import Field, ValidationError, model_validator

from rules.faults import Unfit, key_of, problem_of, remedy_of, toml_problem
from rules.inspections.kinds import InspectionKind
from rules.inspections.periods import Cadence, Span
from rules.lookback.roster import AssignmentRules
from rules.parts import Part
from rules.wording import Trouble, Wording

ALL = "all"
_CALLED = Field(min_length=1, max_length=200)
"""A code, or a name that ``casework`` puts its code for."""


class Sample(Part):
    """双随机: how many of the units are drawn in each period, and how inspectors are.

    Five percent a year at least: school safety checks of 淄川, 冠县, 威海. ``by_cluster`` draws of
    each cluster by itself, so that none is left out.
    """

    percent: float = Field(default=5, gt=0, le=100)
    least: int = Field(default=1, ge=1, le=500)
    by_cluster: bool = True
    inspectors: AssignmentRules = AssignmentRules()


class Line(Part):
    """A line of the breakdown: the task, its checklist, where (a unit, or all units of a cluster
    or of the committee), the responsible unit and its lead, and inspectors if named.
    """

    task: str = Field(min_length=1, max_length=200)
    checklist: str = _CALLED
    place: str = _CALLED
    responsible: str = _CALLED
    lead: str = _CALLED
    inspectors: tuple[str, ...] = Field(default=(), max_length=10)


class Plan(Part):
    """``place`` is whose plan it is; each line's place lies below it. ``term_only`` passes over
    days off and breaks (a daily plan's default); an ``unannounced`` inspection is seen by nobody
    at the school before it is made.
    """

    title: str = Field(min_length=2, max_length=120)
    place: str = _CALLED
    kind: InspectionKind
    cadence: Cadence
    first_on: date
    until: date | None = None
    term_only: bool | None = None
    unannounced: bool = False
    sample: Sample | None = None
    lines: tuple[Line, ...] = Field(min_length=1, max_length=100)

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        for unfit in self._unfit():
            raise unfit
        return self

    @property
    def span(self) -> Span:
        return Span(self.first_on, self.until)

    @property
    def passes_over_breaks(self) -> bool:
        return self.cadence is Cadence.DAILY if self.term_only is None else self.term_only

    def plain(self) -> dict[str, Any]:
        return self.model_dump(mode="json", exclude_none=True)

    def _unfit(self) -> list[Unfit]:
        found = []
        if self.until and self.until < self.first_on:
            found.append(_ends_early(self))
        if self.kind is InspectionKind.SELF and (self.sample or self.unannounced):
            found.append(_SELF_IS_NOT_DRAWN)
        named = [each for each in self.lines if each.inspectors]
        if named and self.sample:
            found.append(_NAMED_AND_DRAWN)
        found += [
            _too_few(n)
            for n, each in enumerate(self.lines)
            if each.inspectors and len(set(each.inspectors)) < self.kind.signatures
        ]
        return found


class PlanTrouble(Trouble):
    """A plan that cannot be made; ``where`` is its key."""


def parse_plan(text: str, *, where: str = "plan") -> Plan:
    """Read a plan from TOML; raise PlanTrouble for the first fault found."""
    try:
        told = tomllib.loads(text.removeprefix("\ufeff"))
    except (ValueError, RecursionError) as fault:
        raise PlanTrouble(
            toml_problem(fault),
            remedy=Wording("请按提示的行列修改。", "Mend the line and column named."),
            where=where,
        ) from fault
    return make_plan(told, where=where)


def make_plan(told: Mapping[str, Any], *, where: str = "plan") -> Plan:
    """Return the plan these values describe; raise PlanTrouble for the first fault found."""
    try:
        return Plan.model_validate(dict(told))
    except ValidationError as fault:
        first = fault.errors(include_url=False)[0]
        at = f"{where}: {key_of(first)}" if where else key_of(first)
        raise PlanTrouble(problem_of(first), remedy=remedy_of(first), where=at) from fault


def sample_sizes(sample: Sample, units: Sequence[tuple[str, str]]) -> dict[str, int]:
    """Return how many are drawn of each stratum of ``units`` (code, stratum), never all of none."""
    strata = [stratum for _, stratum in units]
    share = Fraction(str(sample.percent)) / 100
    counts = {each: strata.count(each) for each in sorted(set(strata))}
    return {key: min(n, max(sample.least, ceil(share * n))) for key, n in counts.items()}


def _ends_early(plan: Plan) -> Unfit:
    return Unfit(
        Wording(
            f"结束日 {plan.until} 早于开始日 {plan.first_on}",
            f"it ends on {plan.until}, before it starts on {plan.first_on}",
        ),
        remedy=Wording("请改正起止日期。", "Correct the two dates."),
    )


def _too_few(line: int) -> Unfit:
    return Unfit(
        Wording("检查人员至少两人", "it takes two inspectors at least"),
        remedy=Wording("请至少指定两人（自查一人）。", "Name two (one for a self-check)."),
        where=f"lines.{line}.inspectors",
    )


_SELF_IS_NOT_DRAWN = Unfit(
    Wording("自查不能抽取，也不能不打招呼", "a self-check is neither drawn nor unannounced"),
    remedy=Wording("请改用抽查或督查。", "Make it a spot or supervisory inspection."),
)
_NAMED_AND_DRAWN = Unfit(
    Wording("检查人员或指定或抽取，不能兼有", "inspectors are either named or drawn"),
    remedy=Wording("请删去 inspectors 或 sample。", "Leave out inspectors or sample."),
)
