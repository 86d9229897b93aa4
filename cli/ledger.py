"""``bihuan import`` and ``bihuan template``: ledgers in, and an empty one to fill in."""
# ruff: noqa: PLC0415 — a command imports what it needs when it runs, so that --help is fast

from pathlib import Path
from typing import Annotated

import typer

from cli.command import command
from cli.desk import Desk
from cli.printing import Answer


def register(app: typer.Typer) -> None:
    command(
        app,
        "import",
        who=True,
        when="at",
        examples=(
            "bihuan import 台账.xlsx --as head --dry-run",
            "bihuan import 台账.csv --as head --unit 第一小学 --year 2026",
            "bihuan import 台账.xlsx --as head --partial --errors 退回.xlsx",
        ),
    )(import_)
    command(
        app,
        "template",
        who=True,
        when="as_of",
        examples=("bihuan template 台账.xlsx", "bihuan template 台账.xlsx --as head"),
    )(template)


def import_(
    desk: Desk,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="XLSX、XLS 或 CSV 台账 / ledger.")],
    *,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="只检查，不写入 / check only, write nothing.")
    ] = False,
    partial: Annotated[
        bool,
        typer.Option("--partial", help="有错行也导入其余行 / import the good rows all the same."),
    ] = False,
    unit: Annotated[
        str, typer.Option(help="台账没有单位列时的责任单位 / unit of a ledger without that column.")
    ] = "",
    year: Annotated[
        int | None,
        typer.Option(min=2000, max=2100, help="“3月5日”这类日期的年份 / year of such dates."),
    ] = None,
    errors: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE.xlsx",
            help="错行退回到此文件，默认 台账名.错误.xlsx / where refused rows go.",
        ),
    ] = None,
) -> Answer:
    """导入台账：默认全部合格才写入 / import a ledger: all good rows land, or none."""
    from cli.importing import Wanted, import_file

    return import_file(desk, Wanted(file, dry_run, partial, unit, year, errors))


def template(
    desk: Desk,
    file: Annotated[Path, typer.Argument(metavar="FILE.xlsx", help="写到哪里 / where to write.")],
) -> Answer:
    """写一份空台账，带下拉选项和填写说明 / write an empty ledger with drop-downs and advice.

    有 --as 时只列您管得到的单位 / with --as only the units you reach are offered.
    """
    from cli.templating import write_empty

    return write_empty(desk, file)
