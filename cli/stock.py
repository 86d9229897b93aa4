"""``bihuan stock``: chemicals in stock, entered with two signatures, counted, filed."""
# ruff: noqa: PLC0415 — a command imports what it needs when it runs, so that --help is fast

from pathlib import Path
from typing import Annotated

import typer

from cli import ledger_options
from cli.command import command, noun
from cli.desk import Desk
from cli.printing import Answer

app = noun(
    "危化品出入库：双人领发、盘点、备案 / stock of chemicals: two people sign, counts tally."
)

_Key = Annotated[str, typer.Argument(metavar="KEY", help="药品编号 / the chemical's code.")]
_No = Annotated[int, typer.Argument(metavar="NO", help="第几笔 / the number of the line.")]
_Unit = Annotated[str, typer.Option(help="单位代码或全称 / the unit's code or name.")]
_On = Annotated[str, typer.Option(help="日期，默认今天 / the day, today by default.")]
_Reason = Annotated[str, typer.Option(help="原因或用途 / why, or what for.")]


@command(
    app,
    "list",
    who=True,
    when="as_of",
    examples=("bihuan stock list --as owner", "bihuan stock list --waiting --as head"),
)
def list_(
    desk: Desk,
    *,
    place: Annotated[str, typer.Option(help="片区或单位 / a cluster or unit.")] = "",
    text: Annotated[str, typer.Option(help="在编号和品名中查找 / looked for.")] = "",
    waiting: Annotated[
        bool, typer.Option("--waiting", help="只列待签字的 / only with a signature to give.")
    ] = False,
    size: Annotated[int, typer.Option(min=1, max=500, help="每页行数 / rows a page.")] = 50,
    after: Annotated[str, typer.Option(help="上一页给出的标记 / the key of the page before.")] = "",
) -> Answer:
    """各药品的账面数、待签字、盘点 / what each ledger says is there."""
    from cli.stock_pages import Wanted, show_list

    return show_list(desk, Wanted(place, text, waiting, size, after))


@command(app, "show", who=True, when="as_of", examples=("bihuan stock show HX1 --as owner",))
def show(desk: Desk, key: _Key, *, unit: _Unit = "") -> Answer:
    """一种药品的台账和盘点 / one ledger, line by line, and its counts."""
    from cli.stock_pages import show_ledger

    return show_ledger(desk, key, unit)


@command(
    app,
    "enter",
    who=True,
    when="at",
    examples=(
        "bihuan stock enter HX1 purchase 500 --as owner",
        "bihuan stock enter HX1 issue 2.5 --as owner --reason 高二化学实验",
    ),
)
def enter(
    desk: Desk,
    key: _Key,
    act: Annotated[
        str,
        typer.Argument(
            metavar="ACT",
            help="opening purchase issue return dispose loss more less,或其中文 / what.",
        ),
    ],
    amount: Annotated[str, typer.Argument(metavar="AMOUNT", help="数量 / how much.")],
    *,
    on: _On = "",
    reason: _Reason = "",
    unit: _Unit = "",
) -> Answer:
    """记一笔出入库；管控品待第二人签字 / write a line; controlled ones wait for a signature."""
    from cli.stock_acts import enter_one

    return enter_one(desk, key, (act, amount, on, reason), unit)


@command(
    app, "sign", who=True, when="at",
    examples=("bihuan stock sign HX1 3 --as head", "bihuan stock sign HX1 1 --to 12 --as head"),
)  # fmt: skip
def sign(
    desk: Desk,
    key: _Key,
    no: _No,
    *,
    to: Annotated[
        int | None, typer.Option(help="直到第几笔，别人所记的一并签 / up to which line.")
    ] = None,
    unit: _Unit = "",
) -> Answer:
    """第二人签字入账 / sign a line as the second person."""
    from cli.stock_acts import sign_one

    return sign_one(desk, key, no, to, unit)


@command(
    app, "refuse", who=True, when="at",
    examples=("bihuan stock refuse HX1 3 --as head --reason 用途不明",),
)  # fmt: skip
def refuse(desk: Desk, key: _Key, no: _No, *, reason: _Reason, unit: _Unit = "") -> Answer:
    """不予签字，该笔不再计数 / refuse to sign: the line counts no more."""
    from cli.stock_acts import refuse_one

    return refuse_one(desk, key, no, reason, unit)


@command(
    app, "cancel", who=True, when="at",
    examples=("bihuan stock cancel HX1 3 --as head --reason 数量记错",),
)  # fmt: skip
def cancel(desk: Desk, key: _Key, no: _No, *, reason: _Reason, unit: _Unit = "") -> Answer:
    """更正：作废一笔，原笔留存 / cancel a wrong line; it stays to be read."""
    from cli.stock_acts import cancel_one

    return cancel_one(desk, key, no, reason, unit)


@command(app, "count", who=True, when="at", examples=("bihuan stock count HX1 497.5 --as owner",))
def count(
    desk: Desk,
    key: _Key,
    counted: Annotated[str, typer.Argument(metavar="COUNTED", help="实盘数 / what is there.")],
    *,
    on: _On = "",
    unit: _Unit = "",
) -> Answer:
    """盘点，账物不符即立案 / count; a difference becomes a case."""
    from cli.stock_acts import count_one

    return count_one(desk, key, counted, on, unit)


@command(
    app, "file", who=True, when="at", examples=("bihuan stock file HX1 1 苏公备12 --as owner",)
)
def file(
    desk: Desk,
    key: _Key,
    no: _No,
    filing_no: Annotated[str, typer.Argument(metavar="NUMBER", help="备案编号 / the number.")],
    *,
    unit: _Unit = "",
) -> Answer:
    """登记购买备案编号 / note under which number the police filed a purchase."""
    from cli.stock_acts import file_one

    return file_one(desk, key, no, filing_no, unit)


@command(
    app, "source", who=True, when="at",
    examples=("bihuan stock source FY1 HX1 2 1.5 --as owner",),
)  # fmt: skip
def source(
    desk: Desk,
    batch: Annotated[str, typer.Argument(metavar="BATCH", help="废弃物批次号 / the batch.")],
    key: _Key,
    no: _No,
    amount: Annotated[str, typer.Argument(metavar="AMOUNT", help="数量，0 撤回 / how much.")],
    *,
    unit: _Unit = "",
) -> Answer:
    """登记废弃物来自哪笔领用 / say what a batch of waste came from; 0 takes it back."""
    from casework.stock.wasting import Source
    from cli.stock_acts import source_one

    return source_one(desk, batch, Source(key, no, amount), unit)


@command(
    app,
    "export",
    who=True,
    when="at",
    examples=(
        "bihuan stock export 危化品库存.xlsx --as head",
        "bihuan stock export 出入库.csv --place 第一片区 --as committee",
    ),
)
def export(
    desk: Desk,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="写到 .xlsx 或 .csv / where to.")],
    *,
    place: Annotated[str, typer.Option(help="片区或单位 / a cluster or unit.")] = "",
    text: Annotated[str, typer.Option(help="在编号和品名中查找 / looked for.")] = "",
) -> Answer:
    """导出结存、出入库（含两人签字）、盘点 / balances, lines with both names, and counts."""
    from cli.stock_ledgers import export_all

    return export_all(desk, file, place, text)


@command(
    app,
    "import",
    who=True,
    when="at",
    examples=(
        "bihuan stock import 期初和纸质台账.xlsx --as owner --dry-run",
        "bihuan stock import 纸质台账.csv --as owner --partial",
    ),
)
def import_(
    desk: Desk,
    file: ledger_options.Ledger,
    *,
    dry_run: ledger_options.DryRun = False,
    partial: ledger_options.Partial = False,
    unit: ledger_options.DefaultUnit = "",
    errors: ledger_options.Errors = None,
) -> Answer:
    """导入期初结存和纸质台账；管控品待签字，已有的不重复记 / bring in a ledger kept on paper."""
    from cli.stock_ledgers import import_all

    return import_all(desk, file, (dry_run, partial), unit, errors)
