"""Words that the pages of look-backs share: strata, shares, sizes, and what a verdict asks for."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from casework.lookback.judging import Judged
from rules.case import Level
from rules.lookback.frame import WHOLE, StratumBy, read_stratum
from rules.lookback.sizes import StratumSize
from rules.lookback.verdict import Decision
from rules.wording import Wording

_YES_NO = {"yes": Wording("是", "yes"), "no": Wording("否", "no")}
_TENTHS = 1_000


def stratum(key: str) -> Wording:
    """Return a stratum's key in words: 片区 P1、等级 重大."""
    if key == WHOLE:
        return Wording("全部", "all")
    said = [(by.label, _value(by, value)) for by, value in read_stratum(key).items()]
    return Wording(
        "、".join(f"{label.zh} {value.zh}" for label, value in said),
        ", ".join(f"{label.en} {value.en}" for label, value in said),
    )


def percent(share: Fraction) -> str:
    """Return a share in per cent, rounded down to a tenth, so that it promises no more."""
    return f"{int(share * _TENTHS) / 10:g}%"


def size(of: StratumSize) -> dict[str, Any]:
    """Return a stratum's size as plain JSON values."""
    return of._asdict() | {"severity": of.severity.value}


def power(chance: Fraction, assumed: Fraction) -> Wording:
    """Say how sure a sample is to show a relapse."""
    sure, rate = percent(chance), percent(assumed)
    return Wording(
        f"若有 {rate} 复发，{sure} 能发现至少一件",
        f"if {rate} relapsed, {sure} sure to see at least one",
    )


def judged(each: Judged) -> dict[str, Any]:
    """Return a stratum as judged now, as plain JSON values; shares are floats."""
    verdict = each.verdict
    return {
        "stratum": each.key, **size(each.size), "drawn": each.drawn, **each.tally._asdict(),
        "decision": verdict.decision.value,
        "decided": each.decided.value if each.decided else None,
        "rate": None if verdict.rate is None else float(verdict.rate),
        "interval": [float(bound) for bound in verdict.interval],
        "in_population": list(verdict.bound_in_population), "short": verdict.short,
    }  # fmt: skip


def follows(each: Judged, number: str) -> Wording:
    """Return what is to be done about a stratum as it stands."""
    left = each.size.population - each.drawn
    decided = each.decided or each.verdict.decision
    if decided is Decision.REJECTED and left:
        return Wording(
            f"其余 {left} 件全部复查：bihuan lookback recheck",
            f"all {left} others are rechecked: bihuan lookback recheck",
        )
    if each.tally.pending:
        many = each.tally.pending
        return Wording(f"还有 {many} 件待复查", f"{many} still to be looked at")
    if decided is Decision.REJECTED:
        return Wording("已全部复查", "all are rechecked")
    if decided is Decision.OPEN:
        return Wording(
            f"样本还差 {each.verdict.short} 件：bihuan lookback enlarge {number}",
            f"{each.verdict.short} short: bihuan lookback enlarge {number}",
        )
    return Wording("无", "nothing")


def rate(each: Judged, confidence: Fraction) -> Wording:
    """Return the rate seen with its interval, and how many of the stratum that means."""
    verdict = each.verdict
    if verdict.rate is None:
        return Wording("尚无", "none yet")
    low, high = (float(bound) * 100 for bound in verdict.interval)
    sure, between = percent(confidence), f"{low:.1f}–{high:.1f}%"
    least, most = verdict.bound_in_population
    seen = percent(verdict.rate)
    return Wording(
        f"{seen}（{sure} 区间 {between}，全层 {least}–{most} 件）",
        f"{seen} ({sure} interval {between}, {least}–{most} of the stratum)",
    )


def period(plan: Mapping[str, Any]) -> str:
    return f"{plan['frame']['closed_from']}..{plan['frame']['closed_until']}"


def _value(by: StratumBy, value: str) -> Wording:
    if by is StratumBy.LEVEL:
        return Level(value).label
    if by in (StratumBy.LISTED, StratumBy.RELAPSED):
        return _YES_NO[value]
    return Wording(value or "无", value or "none")
