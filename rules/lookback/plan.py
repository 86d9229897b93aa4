"""A look-back as it is planned: which cases, how many of them, drawn how, looked at by whom.

A template is TOML kept under a name; ``settle`` makes a plan of it for the day it is drawn.
"""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Annotated, Self

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    PlainSerializer,
    ValidationError,
    model_validator,
)

from rules.case import Level
from rules.deadlines import Limit, Unit
from rules.faults import Unfit, key_of, problem_of, remedy_of, toml_problem
from rules.lookback.allocation import Allocation
from rules.lookback.findings import InspectionMode
from rules.lookback.frame import FrameFilter, StratumBy, read_stratum
from rules.lookback.period import read_period
from rules.lookback.roster import AssignmentRules
from rules.lookback.seeds import SeedKind
from rules.lookback.sizes import Share, SizeRule
from rules.parts import ParsedLimit, Part
from rules.wording import NOTHING, Trouble, Wording

_SOME_DAY = date(2026, 1, 1)


class TemplateTrouble(Trouble):
    """A template that cannot be used; ``where`` is its file and key."""


def _weight(value: object) -> Fraction:
    found = Fraction(str(value))
    if not 0 < found <= _HEAVIEST:
        raise Unfit(
            Wording(f"权重 {value} 不在 0 到 {_HEAVIEST} 之间", f"a weight lies in 0–{_HEAVIEST}"),
            remedy=Wording("例如 2 或 1.5。", "For example 2 or 1.5."),
        )
    return found


def _in_one_order(dims: tuple[StratumBy, ...]) -> tuple[StratumBy, ...]:
    return tuple(each for each in StratumBy if each in dims)


_HEAVIEST = 1_000
_Strata = Annotated[tuple[StratumBy, ...], AfterValidator(_in_one_order)]
_Weight = Annotated[Fraction, BeforeValidator(_weight), PlainSerializer(str)]
_Within = Annotated[ParsedLimit, PlainSerializer(str)]


class Scope(Part):
    """Which cases besides those days; what is left out does not restrict."""

    clusters: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    levels: tuple[Level, ...] = ()
    listed: bool | None = None
    relapsed: bool | None = None
    unit_types: tuple[str, ...] = ()


class _Terms(Part):
    """What template and plan share. ``weights`` multiply a stratum's share: {"level=major": 3}."""

    title: str = Field(min_length=1, max_length=80)
    strata: _Strata = ()
    size: SizeRule
    allocation: Allocation = Allocation.PROPORTIONAL
    weights: Mapping[str, _Weight] = Field(default={}, max_length=50)
    seed: SeedKind = SeedKind.COMMITTED
    mode: InspectionMode = InspectionMode.SURPRISE
    within: _Within = Limit(10, Unit.WORKDAYS)
    confidence: Share = Fraction(95, 100)
    inspectors: AssignmentRules = AssignmentRules()

    @model_validator(mode="after")
    def _weights_speak_of_strata(self) -> Self:
        for name in self.weights:
            said = read_stratum(name)
            strange = next((by for by in said if by not in self.strata), None)
            if strange or not said:
                raise Unfit(
                    Wording(f"权重 {name} 不属于所分的层", f"the weight {name} is of no stratum"),
                    remedy=Wording(
                        "请把该维度加入 strata，或删去此权重。",
                        "Add its dimension to strata, or leave the weight out.",
                    ),
                    where="weights",
                )
        return self

    def weight_of(self, stratum: str) -> Fraction:
        """Return how much heavier than its size a stratum weighs."""
        values, weight = read_stratum(stratum), Fraction(1)
        for name, factor in self.weights.items():
            if read_stratum(name).items() <= values.items():
                weight *= factor
        return weight


class LookbackPlan(_Terms):
    """A plan for certain days: it fixes everything that the draw depends on but the seed."""

    frame: FrameFilter

    def plain(self) -> dict[str, object]:
        """Return plain JSON values from which ``read_plan`` gives the same plan."""
        return self.model_dump(mode="json")


class Template(_Terms):
    """A plan for days to come: ``period`` is read on the day it is drawn."""

    period: str
    frame: Scope = Scope()

    @model_validator(mode="after")
    def _period_can_be_read(self) -> Self:
        read_period(self.period, _SOME_DAY)
        return self

    def settle(self, day: date, *, period: str = "", clusters: Sequence[str] = ()) -> LookbackPlan:
        """Return the plan for a draw on ``day``; ``period`` and ``clusters`` override its own.

        Raise Unfit for a period that cannot be read.
        """
        days = read_period(period or self.period, day)
        scope = self.frame.model_dump() | ({"clusters": tuple(clusters)} if clusters else {})
        frame = FrameFilter(closed_from=days.first, closed_until=days.last, **scope)
        shared = self.model_dump(include=set(_Terms.model_fields))
        return LookbackPlan(**shared, frame=frame)


def read_template(text: str, *, where: str = "template") -> Template:
    """Return the template that a TOML text holds; raise TemplateTrouble naming key and remedy."""
    try:
        return Template.model_validate(tomllib.loads(text.removeprefix("\ufeff")))
    except ValidationError as fault:
        raise _unusable(fault, where) from fault
    except (ValueError, RecursionError) as fault:
        raise TemplateTrouble(
            toml_problem(fault),
            remedy=Wording("请按提示的行列修改。", "Mend the line and column named."),
            where=where,
        ) from fault


def read_plan(text: str) -> LookbackPlan:
    """Return the plan that its canonical JSON holds; raise ValidationError when it is none."""
    return LookbackPlan.model_validate_json(text)


def require_known(
    frame: FrameFilter, *, clusters: Iterable[str], categories: Iterable[str]
) -> None:
    """Raise Unfit for a cluster or category that there is none of."""
    _require("clusters", frame.clusters, set(clusters))
    _require("categories", frame.categories, set(categories))


def _require(where: str, asked: Iterable[str], known: set[str]) -> None:
    strange = next((each for each in asked if each not in known), None)
    if strange is not None:
        raise Unfit(
            Wording(f"没有“{strange}”", f"there is no {strange!r}"),
            remedy=Wording(
                f"可用：{'、'.join(sorted(known)[:30])}。",
                f"Choose from {', '.join(sorted(known)[:30])}.",
            ),
            where=where,
        )


def _unusable(fault: ValidationError, where: str) -> TemplateTrouble:
    first, *more = fault.errors(include_url=False)
    problem, remedy = problem_of(first), remedy_of(first)
    others = Wording(f"另有 {len(more)} 处。", f" {len(more)} more.") if more else NOTHING
    return TemplateTrouble(
        Wording(f"模板不可用：{problem.zh}", f"the template cannot be used: {problem.en}"),
        remedy=Wording(
            f"{remedy.zh}{others.zh}示例见 bihuan lookback template example。",
            f"{remedy.en}{others.en} `bihuan lookback template example` prints one.".strip(),
        ),
        where=f"{where}: {key_of(first)}",
    )
