"""``bihuan audit``: statistics, the event log for process mining, and conformance."""
# ruff: noqa: PLC0415 — a command imports what it needs when it runs, so that --help is fast

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from cli import narrowing, reading
from cli.command import command, noun
from cli.desk import Desk
from cli.printing import Answer
from rules.statistics import Grouping

app = noun("审计：统计、事件日志、流程核对 / figures, event log, conformance.")

_Why = Annotated[str, typer.Option("--why", help="查看事由，记入访问记录 / why you look.")]


@command(
    app,
    "stats",
    who=True,
    when="as_of",
    examples=(
        "bihuan audit stats --as auditor",
        "bihuan audit stats --by cluster --since 2026-01-01 --to 统计.xlsx",
        "bihuan audit stats --by month --place 第一片区 --json",
    ),
)
def stats(
    desk: Desk,
    *,
    grouping: Annotated[
        Grouping,
        typer.Option(
            "--by",
            parser=reading.choice(Grouping, "--by"),
            metavar=reading.choices(Grouping),
            help="按何分组 / broken down by.",
        ),
    ] = Grouping.NONE,
    place: narrowing.Place = "",
    category: Annotated[str, typer.Option(help="品目 / category, key.")] = "",
    level: narrowing.OfAnyLevel = None,
    since: Annotated[
        datetime | None,
        typer.Option(
            parser=reading.moment("--since"), metavar="ISO", help="从何时起 / from when on."
        ),
    ] = None,
    to: Annotated[
        Path | None, typer.Option("--to", metavar="FILE.xlsx", help="写成表格 / write a workbook.")
    ] = None,
    why: _Why = "",
) -> Answer:
    """统计：按期率、各环节天数与逾期、挂牌率、复发率，附定义 / figures, with their definitions."""
    from casework.case_list import Filter
    from cli.audit_figures_pages import show_statistics

    wanted = Filter(place=place, category=category, level=level)
    return show_statistics(desk, grouping, wanted, since, to, why)


@command(
    app,
    "xes",
    who=True,
    when="as_of",
    examples=("bihuan audit xes --to 事件.xes --as auditor",),
)
def xes(
    desk: Desk,
    *,
    to: Annotated[Path, typer.Option("--to", metavar="FILE.xes", help="写到何处 / where to.")],
    place: narrowing.Place = "",
    why: _Why = "",
) -> Answer:
    """导出事件日志（XES, IEEE 1849），供流程挖掘 / the event log for process mining."""
    from casework.case_list import Filter
    from cli.audit_figures_pages import write_event_log

    return write_event_log(desk, Filter(place=place), to, why)


@command(
    app,
    "conformance",
    who=True,
    when="as_of",
    examples=("bihuan audit conformance --as auditor --place 第一片区",),
)
def conformance(desk: Desk, *, place: narrowing.Place = "", why: _Why = "") -> Answer:
    """逐案重演，与流程表核对，有不符则退出码为 1 / replay every case against the table."""
    from casework.case_list import Filter
    from cli.audit_figures_pages import show_conformance

    return show_conformance(desk, Filter(place=place), why)
