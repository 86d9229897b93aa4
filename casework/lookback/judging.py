"""The verdict on a stratum: by its findings so far, and its first one is kept."""

from collections import Counter
from collections.abc import Mapping
from fractions import Fraction
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, bindparam, func, select, update

from casework.lookback.looks import Look, write
from models.tables import LOOKBACK_STRATA, LOOKBACK_VISITS
from rules.lookback.acts import LookbackAct
from rules.lookback.findings import Finding
from rules.lookback.sizes import StratumSize
from rules.lookback.verdict import Decision, StratumVerdict, Tally, judge

_STRATA = (
    select(LOOKBACK_STRATA)
    .where(LOOKBACK_STRATA.c.lookback_id == bindparam("look"))
    .order_by(LOOKBACK_STRATA.c.key)
)
_COUNTS = (
    select(LOOKBACK_VISITS.c.stratum, LOOKBACK_VISITS.c.finding, func.count())
    .where(LOOKBACK_VISITS.c.lookback_id == bindparam("look"))
    .group_by(LOOKBACK_VISITS.c.stratum, LOOKBACK_VISITS.c.finding)
)


class Judged(NamedTuple):
    """A stratum, what was found in it, what that means, and the first verdict that was kept."""

    key: str
    size: StratumSize
    drawn: int
    tally: Tally
    verdict: StratumVerdict
    decided: Decision | None


def judge_strata(connection: Connection, look: int, confidence: Fraction) -> list[Judged]:
    """Return every stratum of a look-back as it stands."""
    found: dict[str, Counter[Finding | None]] = {}
    for stratum, finding, count in connection.execute(_COUNTS, {"look": look}):
        found.setdefault(stratum, Counter())[finding] = count
    rows = connection.execute(_STRATA, {"look": look})
    return [_judged(row, found.get(row.key, Counter()), confidence) for row in rows]


def judge_stratum(connection: Connection, look: Look, key: str) -> Decision:
    """Keep the first verdict on a stratum as soon as there is one; return OPEN until then, and
    when it was kept before.
    """
    judged = next(
        each for each in judge_strata(connection, look.id, look.plan.confidence) if each.key == key
    )
    decision = judged.verdict.decision
    if judged.decided is not None or decision is Decision.OPEN:
        return Decision.OPEN
    connection.execute(
        update(LOOKBACK_STRATA)
        .where(LOOKBACK_STRATA.c.lookback_id == look.id, LOOKBACK_STRATA.c.key == key)
        .values(decision=decision)
    )
    write(connection, look, LookbackAct.JUDGE, said(judged))
    return decision


def said(judged: Judged) -> dict[str, Any]:
    """Return what the event tells of a verdict; shares as fractions in text."""
    verdict = judged.verdict
    return {
        "stratum": judged.key, "decision": verdict.decision.value, "checked": verdict.checked,
        "relapsed": verdict.relapsed, "tally": judged.tally._asdict(),
        "rate": None if verdict.rate is None else str(verdict.rate),
        "interval": [str(each) for each in verdict.interval],
        "in_population": list(verdict.bound_in_population),
    }  # fmt: skip


def _judged(row: Row[Any], found: Mapping[Finding | None, int], confidence: Fraction) -> Judged:
    size = StratumSize(row.population, row.n, row.ac, row.re, row.code, row.severity)
    tally = Tally(
        found.get(Finding.HOLDS, 0), found.get(Finding.RELAPSED, 0),
        found.get(Finding.NO_ACCESS, 0), found.get(Finding.NOT_APPLICABLE, 0),
        found.get(None, 0),
    )  # fmt: skip
    verdict = judge(size, tally, confidence, nothing_left=row.drawn >= row.population)
    return Judged(row.key, size, row.drawn, tally, verdict, row.decision)
