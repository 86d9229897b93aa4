"""What a look-back run shows on Prefect's pages: tables, and a bar for each stratum's verdict."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from casework.lookback.judging import Judged
from casework.lookback.planning import Preview
from casework.lookback.schedules import Drawn
from casework.lookback.summing_up import Summary
from casework.lookback.timetable import Occurrence
from flows.tables import table
from rules.lookback.timing import Timing

MOST_LINES = 500
_WIDE = 20  # characters of a bar, five per cent each


def headline(done: Drawn, drawn: Sequence[Summary]) -> str:
    """Return what the run did in one line; what did not happen is left out."""
    fresh = [each for each in drawn if each.number in done.drawn]
    said = [f"承诺种子 {len(done.committed)} 次，抽取 {len(done.drawn)} 次"]
    said += [f"抽中 {sum(each.drawn for each in fresh)} 件"] if fresh else []
    counts = {
        "全层复核 {} 层": len(done.rechecked), "指派 {} 件": done.assigned,
        "无法指派 {} 件": done.impossible, "等待外部值 {} 次": len(done.waiting),
        "等待确认 {} 次": len(done.unconfirmed), "逾期未抽 {} 次": len(done.missed),
        "失败 {} 次，见日志": len(done.failures),
    }  # fmt: skip
    return "，".join([*said, *(text.format(count) for text, count in counts.items() if count)])


def drawn_rows(drawn: Sequence[Summary]) -> list[dict[str, Any]]:
    """Return the drawn cases, a row each, the first ``MOST_LINES``."""
    rows = [
        {
            "回头看": look.number, "案件": case.number, "责任单位": case.unit,
            "层": case.stratum or "—", "序号": case.rank, "批次": case.wave,
            "复查日": case.planned_on.isoformat() if case.planned_on else "未指派",
        }
        for look in drawn
        for case in look.cases
    ]  # fmt: skip
    return rows[:MOST_LINES]


def caption(drawn: Sequence[Summary]) -> str:
    count = sum(each.drawn for each in drawn)
    return f"抽中案件：{f'前 {MOST_LINES} 件，' if count > MOST_LINES else ''}共 {count} 件"


def allocation(drawn: Sequence[Summary], done: Drawn) -> str:
    """Return how many of each stratum were drawn, and which visits nobody can make."""
    lines = []
    for look in drawn:
        rows = (
            (each.key or "—", each.size.population, each.size.n, each.drawn, each.size.ac,
             each.size.re, each.size.code or "—", each.size.severity.value)
            for each in look.strata
        )  # fmt: skip
        lines += [
            f"# {look.number} {look.title}", f"名单 {look.frame_size} 件，抽中 {look.drawn} 件", "",
            table("层", "总体", "样本量", "已抽", "Ac", "Re", "字码", "宽严", rows=rows), "",
        ]  # fmt: skip
    blocked = [(deal.number, each) for deal in done.dealt for each in deal.impossible]
    if blocked:
        rows_ = ((number, each.case, each.wording.zh) for number, each in blocked)
        lines += ["## 无法指派", "", table("回头看", "案件", "原因", rows=rows_)]
    return "\n".join(lines)


def verdicts(visited: Sequence[Summary]) -> str:
    """Return every stratum as judged now: the bar is what relapsed, the shade how far it may go."""
    lines = []
    for look in visited:
        rows = map(_verdict, look.strata)
        lines += [
            f"# {look.number} {look.title}",
            "",
            table("层", "已查", "复发", "复发率", "置信区间", "图", "Ac/Re", "判定", rows=rows),
            "",
        ]
    return "\n".join([*lines, f"每格 {100 // _WIDE}%：█ 复发率，▒ 置信区间上限。"])


def problems(done: Drawn) -> str:
    """Return what a person should see to; '' when there is nothing."""
    rows = [
        *((each.where, "失败", each.wording.zh) for each in done.failures),
        *((key, "逾期未抽", "已过补抽期限；可另行计划一次。") for key in done.missed),
        *((each.where, "等待", each.wording.zh) for each in done.waiting),
        *((number, "等待", "等待管理员确认后抽取。") for number in done.unconfirmed),
    ]
    return table("对象", "情况", "说明", rows=rows) if rows else ""


def foreseen(found: Preview) -> str:
    """Return what a plan would draw, with its power."""
    rows = (
        (each.key or "—", each.size.population, each.size.n, percent(each.power))
        for each in found.strata
    )
    return "\n".join([
        f"# {found.plan.title}：名单 {found.population} 件，将抽 {found.drawn} 件",
        f"销号日期 {found.plan.frame.closed_from} 至 {found.plan.frame.closed_until}", "",
        table("层", "总体", "样本量", "若 5% 复发，至少发现一件的把握", rows=rows),
    ])  # fmt: skip


def ahead(found: Sequence[Occurrence]) -> str:
    """Return the days to come on which schedules draw."""
    rows = (
        (each.day, each.schedule.name, each.schedule.template,
         Timing.parse(each.schedule.timing).label.zh, "、".join(each.clusters) or "—")
        for each in found
    )  # fmt: skip
    lines = [f"# 今后 90 天将抽取 {len(found)} 次", ""]
    return "\n".join([*lines, table("日期", "排期", "模板", "时间", "片区", rows=rows)])


def percent(share: Fraction) -> str:
    return f"{float(share):.1%}"


def _verdict(each: Judged) -> tuple[object, ...]:
    verdict = each.verdict
    low, high = verdict.interval
    decided = each.decided or verdict.decision
    return (
        each.key or "—", f"{verdict.checked}/{each.drawn}", verdict.relapsed,
        "—" if verdict.rate is None else percent(verdict.rate),
        f"{percent(low)}–{percent(high)}", bar(verdict.rate or Fraction(0), high),
        f"{each.size.ac}/{each.size.re}", decided.label.zh,
    )  # fmt: skip


def bar(rate: Fraction, high: Fraction) -> str:
    """Return a bar of ``_WIDE`` characters: the rate in full, then up to ``high`` in shade."""
    full, shaded = round(rate * _WIDE), round(high * _WIDE)
    return "█" * full + "▒" * max(0, shaded - full) + "·" * (_WIDE - max(full, shaded))
