"""``bihuan audit export`` and ``file``: what a query finds in one file, one case as an archive."""
# ruff: noqa: PLC0415 — a command imports what it needs when it runs, so that --help is fast

from pathlib import Path
from typing import Annotated

import typer

from cli.command import command, noun
from cli.desk import Desk
from cli.printing import Answer

app = noun("导出 / export.")


@command(
    app,
    "export",
    who=True,
    when="as_of",
    examples=(
        "bihuan audit export '片区:唯亭 逾期:是' --to 逾期.xlsx",
        "bihuan audit export 'closed:2026Q1' --to closed.jsonl",
        "bihuan audit export '' --to all.csv --json",
    ),
)
def export(
    desk: Desk,
    query: Annotated[str, typer.Argument(metavar="QUERY", help="查询语句，空为全部 / a query.")],
    *,
    to: Annotated[
        Path, typer.Option("--to", metavar="FILE", help="写到哪里 / where: .csv .xlsx .jsonl.")
    ],
    format_: Annotated[
        str,
        typer.Option(
            "--format", metavar="csv|xlsx|jsonl|parquet", help="格式，默认看文件名 / format."
        ),
    ] = "",
) -> Answer:
    """导出查到的全部案件，旁附凭据 / export all that is found, with a receipt beside it."""
    from cli.audit_export_pages import export_found

    return export_found(desk, query, to, format_)


@command(
    app,
    "file",
    who=True,
    when="as_of",
    examples=("bihuan audit file YH2026-000001 --to YH2026-000001.zip",),
)
def file(
    desk: Desk,
    number: Annotated[str, typer.Argument(metavar="NUMBER", help="案件编号 / the case's number.")],
    *,
    to: Annotated[Path, typer.Option("--to", metavar="FILE.zip", help="写到哪里 / where to.")],
) -> Answer:
    """一案一档：案情、经过、佐证打包成 ZIP / one case with its evidence as a ZIP."""
    from cli.audit_export_pages import pack_file

    return pack_file(desk, number, to)
