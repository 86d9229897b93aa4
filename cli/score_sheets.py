"""The commands of ``bihuan score`` on score sheets, and what is taken out as a file."""
# ruff: noqa: PLC0415 — a command imports what it needs when it runs, so that --help is fast

from pathlib import Path
from typing import Annotated

import typer

from cli.adopting_words import AsText, OnlyTry, TextFile, Why
from cli.command import command
from cli.desk import Desk
from cli.printing import Answer


def register(app: typer.Typer) -> None:
    """Add the commands to ``bihuan score``."""
    command(app, "sheets", when="as_of", examples=(
        "bihuan score sheets",
        "bihuan score sheets safe_campus --version 2 --against 1",
        "bihuan score sheets safe_campus --toml > 评分表.toml",
    ))(sheets)  # fmt: skip
    command(app, "adopt", who=True, when="at", examples=(
        "bihuan score adopt 评分表.toml --dry-run",
        "bihuan score adopt 评分表.toml --reason 市局新标准 --as admin",
    ))(adopt)  # fmt: skip
    command(app, "export", who=True, when="as_of", examples=(
        "bihuan score export 2026 评分排名.xlsx --as committee",
        "bihuan score export 2026 S1评分.xlsx --unit S1 --as head",
    ))(export)  # fmt: skip


def sheets(
    desk: Desk,
    sheet: Annotated[str, typer.Argument(metavar="[SHEET]", help="只看一张 / one only.")] = "",
    *,
    version: Annotated[
        int, typer.Option(min=0, help="第几版，默认今年适用的 / which version.")
    ] = 0,
    against: Annotated[int, typer.Option(min=0, help="与第几版比较 / compare with one.")] = 0,
    toml: AsText = False,
) -> Answer:
    """评分表及各版：分值、扣分、自动取数、否决项 / sheets, versions, items, vetoes."""
    from cli.score_sheet_pages import show_sheets

    return show_sheets(desk, sheet, (version, against), as_toml=toml)


def export(
    desk: Desk,
    year: Annotated[int, typer.Argument(metavar="YEAR", help="年度 / the year.")],
    file: Annotated[Path, typer.Argument(metavar="FILE.xlsx", help="写到哪里 / where to.")],
    *,
    unit: Annotated[str, typer.Option(help="一所学校的评分 / one school's assessment.")] = "",
    version: Annotated[int, typer.Option(min=0, help="第几版，默认最后一版 / which version.")] = 0,
    sheet: Annotated[str, typer.Option("--sheet", help="评分表 / which sheet.")] = "safe_campus",
) -> Answer:
    """导出 XLSX：排名和全覆盖，或一校的评分及其依据 / the ranking, or one assessment explained."""
    from cli.score_sheet_pages import export_book

    return export_book(desk, (sheet, year, unit), file, version)


def adopt(desk: Desk, file: TextFile, *, reason: Why = "", dry_run: OnlyTry = False) -> Answer:
    """采用评分表新版本；已开始的评分仍用原版 / adopt a version; what has begun keeps its own."""
    from casework.scoring.sheets import SHEETS
    from cli.adopting import adopt_one

    return adopt_one(desk, SHEETS, file, reason, dry_run=dry_run)
