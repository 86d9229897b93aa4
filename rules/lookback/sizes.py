"""How many cases of each stratum are looked at: four rules, read from text without rounding."""

import re
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from math import ceil
from types import MappingProxyType
from typing import Annotated, Literal, NamedTuple, Self

from pydantic import AfterValidator, BeforeValidator, Field, PlainSerializer, model_validator

from rules.faults import Unfit
from rules.lookback.acceptance import InspectionLevel, SamplingPlan, Severity, find_plan, read_aql
from rules.lookback.allocation import Allocation, allocate
from rules.lookback.discovery import size_for
from rules.parts import Part
from rules.wording import Wording

# Where Ac is 0 the standard's tightened tables answer with a larger sample (0.65: 20 → 32, 1.0:
# 13 → 20). Rules without a table double instead, which a school can be told in one word.
TIGHTENED_TIMES = 2

# Above 10 the standard's AQL counts faults per hundred items, of which one item may have several;
# a case has relapsed or it has not (GB/T 2828.1, 5.2).
LARGEST_AQL = Decimal(10)

# Nine digits each side of the point are read; what they reduce to may be longer when written back.
_NUMBER = re.compile(
    r"(?P<number>\d{1,9}(?:\.\d{1,9})?|\d{1,20}/[1-9]\d{0,19})\s*(?P<percent>[%％]?)", re.ASCII
)


class StratumSize(NamedTuple):
    """How many of a stratum to check; up to ``ac`` relapsed accept it, ``re`` or more reject it.

    ``code`` is the letter of an acceptance plan, empty for the other rules.
    """

    population: int
    n: int
    ac: int
    re: int
    code: str
    severity: Severity


def read_share(value: object) -> Fraction:
    """Read a part of the whole exactly: "5%", "5", "0.05", 0.05 and "1/20" are a twentieth.

    A number without % is a share below 1 and per cent from 1 on, so that half a per cent has to
    be written "0.5%". Raises Unfit unless it lies between 0 and 100 %.
    """
    number, is_percent = _read(value)
    share = number / 100 if is_percent or number >= 1 else number
    if not 0 < share < 1:
        raise _unreadable(value, _SHARES)
    return share


def read_percent(value: object) -> Fraction:
    """Read a number of per cent exactly: "5", "2.5 %", "1/3". Raises Unfit outside 0 to 100."""
    number, _ = _read(value)
    if not 0 < number <= 100:
        raise _unreadable(value, _PERCENTS)
    return number


Share = Annotated[Fraction, BeforeValidator(read_share), PlainSerializer(str)]
Percent = Annotated[Fraction, BeforeValidator(read_percent), PlainSerializer(str)]
Count = Annotated[int, Field(strict=True, ge=1, le=1_000_000)]
Accepted = Annotated[int, Field(strict=True, ge=0, le=1_000)]


class Percentage(Part):
    """So many per cent of all, rounded up, at least ``floor`` and at most ``ceiling``; shared."""

    rule: Literal["percentage"] = "percentage"
    percent: Percent
    floor: Count = 1
    ceiling: Count | None = None
    accept: Accepted = 0

    @model_validator(mode="after")
    def _floor_is_not_above_ceiling(self) -> Self:
        if self.ceiling is not None and self.floor > self.ceiling:
            raise Unfit(
                Wording("floor 大于 ceiling", "floor is above ceiling"),
                remedy=Wording("例如 5 和 200。", "For example 5 and 200."),
            )
        return self

    def total(self, population: int) -> int:
        asked = max(self.floor, ceil(population * self.percent / 100))
        return asked if self.ceiling is None else min(asked, self.ceiling)


class Fixed(Part):
    """So many in all, shared."""

    rule: Literal["fixed"] = "fixed"
    count: Count
    accept: Accepted = 0

    def total(self, population: int) -> int:
        return min(self.count, population)


class AcceptancePlan(Part):
    """A plan of GB/T 2828.1 for each stratum as a lot of its own."""

    rule: Literal["acceptance"] = "acceptance"
    level: InspectionLevel = InspectionLevel.GENERAL_2
    aql: Annotated[str, BeforeValidator(str), AfterValidator(read_aql)] = "1.0"

    @model_validator(mode="after")
    def _counts_cases_not_faults(self) -> Self:
        if Decimal(self.aql) > LARGEST_AQL:
            raise Unfit(
                Wording(
                    f"AQL {self.aql} 只用于每百单位缺陷数",
                    f"AQL {self.aql} counts faults, not cases",
                ),
                remedy=Wording("请用 10 或更小的 AQL。", "Choose an AQL of 10 or less."),
            )
        return self


class Discovery(Part):
    """Enough of each stratum to see a relapse, this surely, if so many have relapsed."""

    rule: Literal["discovery"] = "discovery"
    rate: Share
    confidence: Share


AnyRule = Percentage | Fixed | AcceptancePlan | Discovery
SizeRule = Annotated[AnyRule, Field(discriminator="rule")]


def size_strata(
    rule: AnyRule,
    populations: Mapping[str, int],
    *,
    allocation: Allocation,
    weights: Mapping[str, Fraction] = MappingProxyType({}),
    severities: Mapping[str, Severity] = MappingProxyType({}),
) -> dict[str, StratumSize]:
    """Return how many to check of each stratum, in the order given.

    Percentage and fixed give a total that is shared: in proportion to the populations, or to
    population times weight (1 where none is given). Acceptance and discovery size each stratum
    alone. ``severities`` are normal where none is given; while stopped the whole stratum is
    checked and nothing tolerated. Raises Unfit for a weight not above 0.
    """
    plain = _plain_sizes(rule, populations, _weighted(allocation, populations, weights))
    sized = {}
    for key, population in populations.items():
        severity = severities.get(key, Severity.NORMAL)
        if isinstance(rule, AcceptancePlan):
            plan = find_plan(population, rule.level, rule.aql, severity)
        else:
            plan = _harder(plain[key], _accepted(rule), population, severity)
        sized[key] = StratumSize(population, plan.n, plan.ac, plan.re, plan.code, severity)
    return sized


def _weighted(
    allocation: Allocation, populations: Mapping[str, int], weights: Mapping[str, Fraction]
) -> dict[str, Fraction]:
    by_risk = weights if allocation is Allocation.RISK_WEIGHTED else {}
    return {key: size * Fraction(by_risk.get(key, 1)) for key, size in populations.items()}


def _plain_sizes(
    rule: AnyRule, populations: Mapping[str, int], weights: Mapping[str, Fraction]
) -> dict[str, int]:
    """Return sizes under normal severity; nothing for plans, whose tables know all severities."""
    match rule:
        case Percentage() | Fixed():
            return allocate(rule.total(sum(populations.values())), weights, populations)
        case Discovery():
            return {
                key: size_for(size, rule.rate, rule.confidence) for key, size in populations.items()
            }
        case AcceptancePlan():
            return {}


def _accepted(rule: Percentage | Fixed | Discovery) -> int:
    return 0 if isinstance(rule, Discovery) else rule.accept


def _harder(n: int, accept: int, population: int, severity: Severity) -> SamplingPlan:
    if severity is Severity.STOPPED:
        return SamplingPlan("", population, 0, 1)
    if severity is Severity.TIGHTENED:
        n = min(n * TIGHTENED_TIMES, population)
    ac = min(accept, max(0, n - 1))  # a sample that may relapse as a whole would prove nothing
    return SamplingPlan("", n, ac, ac + 1)


def _read(value: object) -> tuple[Fraction, bool]:
    """Return the number written and whether % stands behind it."""
    # The shortest digits of a float: 0.1 in a file is a tenth.
    found = _NUMBER.fullmatch(str(value).strip())
    if found is None:
        raise _unreadable(value, _SHARES)
    return Fraction(found["number"]), bool(found["percent"])


def _unreadable(value: object, remedy: Wording) -> Unfit:
    return Unfit(
        Wording(f"“{value}”不能用作百分比", f"{value!r} cannot be used as a percentage"),
        remedy=remedy,
    )


_SHARES = Wording("应在 0 与 100% 之间，例如 5% 或 0.05。", "Between 0 and 100%, as 5% or 0.05.")
_PERCENTS = Wording("应大于 0、不超过 100，例如 5。", "Above 0 and up to 100, for example 5.")
