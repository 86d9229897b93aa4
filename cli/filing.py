"""``bihuan filing``: the daily, weekly, monthly … reports, compiled, checked, signed and frozen."""
# ruff: noqa: PLC0415 — a command imports what it needs when it runs, so that --help is fast

from pathlib import Path
from typing import Annotated

import typer

from cli import filing_texts, reading
from cli.command import command, noun
from cli.desk import Desk
from cli.printing import Answer

app = noun("定期报告：日、周、月、季、年、专项，自动取数、核对、签发 / periodic reports.")
filing_texts.register(app)

_Template = Annotated[
    str, typer.Argument(metavar="TEMPLATE", help="报告种类，见 filing templates / its template.")
]
_Period = Annotated[
    str,
    typer.Argument(
        metavar="PERIOD", help="2026-11-24、2026-W48、2026-11、2026Q4、2026 / its period."
    ),
]
_Unit = Annotated[str, typer.Argument(metavar="UNIT", help="单位代码或全称 / whose it is.")]
_Set = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="字段=值", help="一个字段，可多次 / one field, repeatable."),
]
_Version = Annotated[int, typer.Option(min=0, help="第几版，默认最后一版 / which version.")]
_DryRun = Annotated[bool, typer.Option("--dry-run", help="只列出，不写入 / list, write nothing.")]


@command(
    app,
    "compile",
    who=True,
    when="at",
    examples=(
        "bihuan filing compile monthly 2026-11 --as committee",
        "bihuan filing compile bullying 2026-11-01..2026-12-15 --as committee",
    ),
)
def compile_(desk: Desk, template: _Template, period: _Period) -> Answer:
    """汇编一期：各单位、片区、专委会各一份草稿，已有的不动 / compile a period, once."""
    from cli.filing_acts import compile_one

    return compile_one(desk, template, period)


@command(
    app,
    "catch-up",
    when="as_of",
    examples=("bihuan filing catch-up", "bihuan filing catch-up --template weekly --dry-run"),
)
def catch_up(
    desk: Desk,
    *,
    template: Annotated[str, typer.Option("--template", help="只看一种 / one only.")] = "",
    dry_run: _DryRun = False,
) -> Answer:
    """汇编到期未编的各期，停机后补齐 / compile every period that ended and was not compiled."""
    from cli.filing_acts import compile_missed

    return compile_missed(desk, template, dry_run=dry_run)


@command(
    app,
    "list",
    who=True,
    when="as_of",
    examples=("bihuan filing list --as head", "bihuan filing list --template monthly --place P1"),
)
def list_(
    desk: Desk,
    *,
    template: Annotated[str, typer.Option("--template", help="报告种类 / its template.")] = "",
    period: Annotated[str, typer.Option("--period", help="哪一期 / which period.")] = "",
    place: Annotated[str, typer.Option("--place", help="片区或单位 / cluster or unit.")] = "",
    size: Annotated[int, typer.Option(min=1, max=500, help="每页行数 / rows a page.")] = 50,
    after: Annotated[str, typer.Option(help="上一页给出的标记 / the key given before.")] = "",
) -> Answer:
    """列出报告，最近的在前 / list filings, the newest period first."""
    from cli.filing_pages import show_list

    return show_list(desk, (template, period, place), size, after)


@command(
    app,
    "board",
    who=True,
    when="as_of",
    examples=("bihuan filing board monthly 2026-11 --as committee",),
)
def board(desk: Desk, template: _Template, period: _Period) -> Answer:
    """谁已报，谁没报（漏报），逾期的在前 / who has reported and who has not."""
    from cli.filing_pages import show_who

    return show_who(desk, template, period)


@command(
    app,
    "show",
    who=True,
    when="as_of",
    examples=(
        "bihuan filing show monthly 2026-11 S1 --as head",
        "bihuan filing show monthly 2026-11 S1 --version 1 --as head --json",
    ),
)
def show(
    desk: Desk, template: _Template, period: _Period, unit: _Unit, *, version: _Version = 0
) -> Answer:
    """一份报告：指标、案件查询、计划、核对结果、各版 / one filing in full."""
    from cli.filing_pages import show_one

    return show_one(desk, (template, period, unit), version)


@command(
    app,
    "parts",
    who=True,
    when="as_of",
    examples=("bihuan filing parts monthly 2026-11 P1 ordinary_found --as cluster",),
)
def parts(
    desk: Desk,
    template: _Template,
    period: _Period,
    unit: _Unit,
    figure: Annotated[str, typer.Argument(metavar="FIGURE", help="指标 / the figure's key.")],
) -> Answer:
    """汇总数由哪些单位的数相加 / what a summed number is made of."""
    from cli.filing_pages import show_sum

    return show_sum(desk, (template, period, unit), figure)


@command(
    app,
    "fill",
    who=True,
    when="at",
    examples=(
        "bihuan filing fill monthly 2026-11 S1 --as head --set work=完成检查 --set provincial=0",
        "bihuan filing fill monthly 2026-11 S1 --as head --set outcome:1=done",
    ),
)
def fill(
    desk: Desk, template: _Template, period: _Period, unit: _Unit, *, fields: _Set = None
) -> Answer:
    r"""填报:数字、文字、plan(每行一项)、outcome:N、why:N、reason:指标、nil / fill in fields."""
    from cli.filing_acts import fill_one

    return fill_one(desk, (template, period, unit), reading.pairs(fields or [], "--set"))


@command(
    app,
    "check",
    who=True,
    when="at",
    examples=("bihuan filing check weekly 2026-W48 S1 --as head",),
)
def check(desk: Desk, template: _Template, period: _Period, unit: _Unit) -> Answer:
    """核对：重新取数，逐项列出漏报、误报、乱报 / take the numbers anew and check."""
    from cli.filing_acts import check_one

    return check_one(desk, (template, period, unit))


@command(
    app, "sign", who=True, when="at", examples=("bihuan filing sign monthly 2026-11 S1 --as head",)
)
def sign(desk: Desk, template: _Template, period: _Period, unit: _Unit) -> Answer:
    """签发：核对通过后编号定稿，不能再改 / sign a checked filing; it is frozen and numbered."""
    from cli.filing_acts import sign_one

    return sign_one(desk, (template, period, unit))


@command(
    app,
    "return",
    who=True,
    when="at",
    examples=("bihuan filing return monthly 2026-11 S1 --as head --reason 第3行与台账不符",),
)
def return_(
    desk: Desk,
    template: _Template,
    period: _Period,
    unit: _Unit,
    *,
    reason: Annotated[str, typer.Option(help="退回原因 / what is to be changed.")],
) -> Answer:
    """退回已核对的报告，告知填报人 / give a checked filing back to who filled it in."""
    from cli.filing_acts import return_one

    return return_one(desk, (template, period, unit), reason)


@command(
    app,
    "submit",
    who=True,
    when="at",
    examples=(
        "bihuan filing submit daily 2026-11-24 S1 --as owner --set participants=3 --set nil=yes",
    ),
)
def submit(
    desk: Desk, template: _Template, period: _Period, unit: _Unit, *, fields: _Set = None
) -> Answer:
    """一次完成填报、核对、签发，每日自查用 / fill in, check and sign in one go."""
    from cli.filing_acts import submit_one

    return submit_one(desk, (template, period, unit), reading.pairs(fields or [], "--set"))


@command(
    app,
    "correct",
    who=True,
    when="at",
    examples=("bihuan filing correct monthly 2026-11 S1 --as head --reason 漏计一件",),
)
def correct(
    desk: Desk,
    template: _Template,
    period: _Period,
    unit: _Unit,
    *,
    reason: Annotated[str, typer.Option(help="更正原因 / why.")],
) -> Answer:
    """更正已签发的报告：另出一版，原版不动 / begin a new version of a frozen filing."""
    from cli.filing_acts import correct_one

    return correct_one(desk, (template, period, unit), reason)


@command(
    app,
    "export",
    who=True,
    when="at",
    examples=(
        "bihuan filing export monthly 2026-11 S1 月报.xlsx --as head",
        "bihuan filing export monthly 2026-11 ZWH 月报.docx --as committee",
    ),
)
def export(
    desk: Desk,
    template: _Template,
    period: _Period,
    unit: _Unit,
    file: Annotated[Path, typer.Argument(metavar="FILE", help=".xlsx、.docx 或 .pdf / where to.")],
    *,
    version: _Version = 0,
) -> Answer:
    """导出为 XLSX、DOCX 或 PDF / export as XLSX, DOCX or PDF."""
    from cli.filing_acts import export_one

    return export_one(desk, (template, period, unit), file, version)
