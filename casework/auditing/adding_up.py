"""What closings and reopenings add to the sums, in one statement of the database's own.

A closing waits as one row (``tally_pending``); its stays are put together here from the clocks
up to the one it names, as ``stays`` puts together those of all cases.
"""

import json
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from sqlalchemy import TextClause, text

from models import Dimension
from rules.statistics import CONTINUING

TYPED = "typed"
"""Stands for rows that are given as the parameter ``rows``, instead of those of a table."""


class _Dialect(NamedTuple):
    """How each database tells a day's number, a month, the latest of moments, and given rows."""

    day: str
    month: str
    latest: str
    any_late: str
    typed: str


_NAMES = ("case_id", "seq", "sign", "clock_no", "unit_id", "cluster_id", "level", "voided", "cycle")
_GIVEN = ", ".join(f"value ->> '$.{each}' AS {each}" for each in _NAMES)
_SQLITE = _Dialect(
    "(unixepoch({0}) + 28800) / 86400",  # China is eight hours ahead
    "strftime('%Y-%m', {0}, '+8 hours')",
    "max",
    "max",
    f"SELECT {_GIVEN} FROM json_each(:rows)",  # noqa: S608 — names of ours
)
_POSTGRESQL = _Dialect(
    "CAST(floor((extract(epoch FROM {0}) + 28800) / 86400) AS integer)",
    "to_char(timezone('Asia/Shanghai', {0}), 'YYYY-MM')",
    "greatest",
    "bool_or",
    "SELECT * FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS given (case_id bigint, seq integer, "
    "sign integer, clock_no integer, unit_id bigint, cluster_id bigint, level text, "
    "voided boolean, cycle integer)",
)
_DIALECTS = {"sqlite": _SQLITE, "postgresql": _POSTGRESQL}
_KEYS = MappingProxyType({
    Dimension.UNIT: "CAST(unit_id AS text)",
    Dimension.CLUSTER: "CAST(coalesce(cluster_id, 0) AS text)",
    Dimension.CATEGORY: "category",
    Dimension.LEVEL: "level",
    Dimension.MONTH: "month",
})  # fmt: skip
_CAUSES = ", ".join(f"'{cause}'" for cause in CONTINUING)


def stay_sums(dialect: str, source: str, dimensions: Iterable[Dimension]) -> TextClause:
    """Return a select of dimension, key, stage, days, late and count of stays, for the rows of
    ``source``: a table, or ``TYPED``.
    """
    say = _DIALECTS[dialect]
    began, ended = say.day.format("min(started_at)"), say.day.format("max(stopped_at)")
    return text(f"""
        WITH turn AS ({_turns(say, source)}), clocked AS (
          SELECT turn.*, stage, started_at, stopped_at, due_at,
            sum(CASE WHEN cause IN ({_CAUSES}) THEN 0 ELSE 1 END)
              OVER (PARTITION BY turn.case_id, turn.seq, turn.sign ORDER BY clock.no) AS entry
          FROM turn JOIN clock ON clock.case_id = turn.case_id AND clock.no <= turn.clock_no
        ), stay AS (
          SELECT case_id, sign, unit_id, cluster_id, level, stage,
            {say.month.format("min(started_at)")} AS month, {ended} - {began} AS days,
            {say.any_late}(due_at <= stopped_at) AS late
          FROM clocked GROUP BY case_id, seq, sign, unit_id, cluster_id, level, entry, stage
        ), placed AS MATERIALIZED (
          SELECT stay.*, category FROM stay JOIN cases ON cases.id = stay.case_id
        )
        SELECT dimension, key, stage, days, late, sum(sign) AS count
        FROM ({_by(dimensions, "placed")}) AS each WHERE true
        GROUP BY dimension, key, stage, days, late HAVING sum(sign) <> 0""")  # noqa: S608 — every part is a constant of ours


def case_sums(dialect: str, source: str, dimensions: Iterable[Dimension]) -> TextClause:
    """Return a select of dimension, key, voided, relapsed, count of cases and the last moment."""
    say = _DIALECTS[dialect]
    return text(f"""
        WITH turn AS ({_turns(say, source)}), ended AS (
          SELECT turn.case_id, turn.seq, turn.sign,
            {say.latest}(max(started_at), max(stopped_at)) AS ended_at
          FROM turn JOIN clock ON clock.case_id = turn.case_id AND clock.no <= turn.clock_no
          GROUP BY turn.case_id, turn.seq, turn.sign
        ), placed AS MATERIALIZED (
          SELECT turn.*, category, turn.cycle > 1 AS relapsed,
            {say.month.format("cases.reported_at")} AS month,
            {say.latest}(cases.reported_at, coalesce(cases.closed_at, cases.reported_at),
              coalesce(ended_at, cases.reported_at)) AS latest
          FROM turn JOIN cases ON cases.id = turn.case_id
          LEFT JOIN ended ON ended.case_id = turn.case_id AND ended.seq = turn.seq
            AND ended.sign = turn.sign
        )
        SELECT dimension, key, voided, relapsed, sum(sign) AS count, max(latest) AS latest
        FROM ({_by(dimensions, "placed")}) AS each WHERE true
        GROUP BY dimension, key, voided, relapsed""")  # noqa: S608 — every part is a constant of ours


def typed(rows: Iterable[Mapping[Any, Any]]) -> str:
    """Return rows of ``tally_pending`` as the parameter that ``TYPED`` reads."""
    return json.dumps([dict(row) for row in rows])


def _turns(say: _Dialect, source: str) -> str:
    return say.typed if source == TYPED else f"SELECT {', '.join(_NAMES)} FROM {source}"  # noqa: S608 — a table's name


def _by(dimensions: Iterable[Dimension], source: str) -> str:
    """Return every row once for each dimension, with its key."""
    return " UNION ALL ".join(
        f"SELECT '{each}' AS dimension, {_KEYS[each]} AS key, {source}.* FROM {source}"  # noqa: S608 — names of ours
        for each in dimensions
    )
