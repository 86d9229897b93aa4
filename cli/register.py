"""``bihuan register``: buses, drivers, guards …, kept, searched, and checked for what runs out."""
# ruff: noqa: PLC0415 — a command imports what it needs when it runs, so that --help is fast

from pathlib import Path
from typing import Annotated

import typer

from cli import ledger_options, reading
from cli.command import command, noun
from cli.desk import Desk
from cli.printing import Answer
from rules.registers.standing import RecordOrder, Stands

app = noun("台账：校车、驾驶人、保安员等的登记与到期检查 / registers: kept, searched, checked.")

_Kind = Annotated[
    str, typer.Argument(metavar="KIND", help="台账种类，见 register kinds / see register kinds.")
]
_Key = Annotated[str, typer.Argument(metavar="KEY", help="号牌、档案编号、工号等 / what names it.")]
_Unit = Annotated[str, typer.Option(help="单位代码或全称 / the unit's code or name.")]
_Place = Annotated[str, typer.Option("--place", help="片区或单位 / a cluster or unit.")]
_Set = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="字段=值", help="一个字段，可多次 / one field, repeatable."),
]
_Retired = Annotated[bool, typer.Option("--retired", help="也列已注销的 / retired ones too.")]
_Standing = Annotated[
    Stands | None, typer.Option("--standing", help="只看此情况 / only how they stand.")
]
_Size = Annotated[int, typer.Option(min=1, max=500, help="每页行数 / rows a page.")]
_After = Annotated[str, typer.Option(help="上一页给出的标记 / the key the page before gave.")]
_Why = Annotated[
    str, typer.Option("--why", help="查看个人信息的事由，会被记录 / why; it is recorded.")
]
_Reveal = Annotated[
    bool, typer.Option("--reveal", help="显示个人信息，须有 --why / show personal data; say why.")
]


@command(app, "kinds", examples=("bihuan register kinds", "bihuan register kinds bus --json"))
def kinds(
    desk: Desk,
    kind: Annotated[str, typer.Argument(metavar="[KIND]", help="只看一种 / one only.")] = "",
) -> Answer:
    """有哪些台账，各有什么字段和规则 / the kinds, their fields and rules with sources."""
    from cli.register_pages import show_kinds

    return show_kinds(desk, kind)


@command(
    app,
    "list",
    who=True,
    when="as_of",
    examples=("bihuan register list bus --as head", "bihuan register list guard --place 第一片区"),
)
def list_(
    desk: Desk,
    kind: _Kind,
    *,
    place: _Place = "",
    text: Annotated[str, typer.Option(help="在编号和公开字段中查找 / looked for.")] = "",
    retired: _Retired = False,
    standing: _Standing = None,
    order: Annotated[RecordOrder, typer.Option(help="排序 / in which order.")] = RecordOrder.ADDED,
    size: _Size = 50,
    after: _After = "",
) -> Answer:
    """列出一种台账，个人信息已遮盖 / list one register, personal data masked."""
    from cli.register_pages import Wanted, show_list

    return show_list(desk, kind, Wanted(place, text, retired, standing, order, size, after))


@command(
    app,
    "show",
    who=True,
    when="as_of",
    examples=(
        "bihuan register show bus 苏E12345 --as head",
        "bihuan register show driver 320500123456 --as committee --reveal --why 核对身份",
    ),
)
def show(
    desk: Desk,
    kind: _Kind,
    key: _Key,
    *,
    unit: _Unit = "",
    reveal: _Reveal = False,
    why: _Why = "",
) -> Answer:
    """一条登记：内容、到期、案件、经过 / one record: values, what runs out, cases, history."""
    from cli.register_pages import show_one

    return show_one(desk, kind, (key, unit), reveal=reveal, why=why)


@command(
    app,
    "add",
    who=True,
    when="at",
    examples=("bihuan register add guard S1 --as head --set staff_no=A01 --set name=王",),
)
def add(
    desk: Desk,
    kind: _Kind,
    unit: Annotated[str, typer.Argument(metavar="UNIT", help="单位代码或全称 / whose it is.")],
    *,
    fields: _Set = None,
) -> Answer:
    """登记一条 / add a record."""
    from cli.register_acts import add_one

    return add_one(desk, kind, unit, reading.pairs(fields or [], "--set"))


@command(
    app,
    "change",
    who=True,
    when="at",
    examples=("bihuan register change bus 苏E12345 --as head --set inspected_on=2026-08-31",),
)
def change(desk: Desk, kind: _Kind, key: _Key, *, unit: _Unit = "", fields: _Set = None) -> Answer:
    """变更字段，留空即清除 / change fields; a blank one is cleared."""
    from cli.register_acts import change_one

    return change_one(desk, kind, (key, unit), reading.pairs(fields or [], "--set"))


@command(
    app,
    "retire",
    who=True,
    when="at",
    examples=("bihuan register retire bus 苏E12345 --as head --reason 报废",),
)
def retire(
    desk: Desk,
    kind: _Kind,
    key: _Key,
    *,
    reason: Annotated[str, typer.Option(help="注销原因 / why.")],
    unit: _Unit = "",
) -> Answer:
    """注销，仍可查阅 / retire a record; it stays to be read."""
    from cli.register_acts import retire_one

    return retire_one(desk, kind, (key, unit), reason)


@command(
    app,
    "attach",
    who=True,
    when="at",
    examples=("bihuan register attach bus 苏E12345 行驶证.jpg --as head",),
)
def attach(
    desk: Desk,
    kind: _Kind,
    key: _Key,
    files: Annotated[list[Path], typer.Argument(metavar="FILE", help="照片或 PDF / photos, PDFs.")],
    *,
    unit: _Unit = "",
) -> Answer:
    """添加附件，摘要写入经过 / attach files; their digests stand in its history."""
    from cli.register_acts import attach_all

    return attach_all(desk, kind, (key, unit), files)


@command(
    app,
    "import",
    who=True,
    when="at",
    examples=(
        "bihuan register import bus 校车.xlsx --as head --dry-run",
        "bihuan register import guard 保安.csv --as cluster --partial --errors 退回.xlsx",
    ),
)
def import_(
    desk: Desk,
    kind: _Kind,
    file: ledger_options.Ledger,
    *,
    dry_run: ledger_options.DryRun = False,
    partial: ledger_options.Partial = False,
    unit: ledger_options.DefaultUnit = "",
    errors: ledger_options.Errors = None,
) -> Answer:
    """导入台账：已有的变更，没有的登记，默认全部合格才写入 / all good rows land, or none."""
    from cli.register_ledgers import import_one

    return import_one(desk, kind, file, (dry_run, partial), unit, errors)


@command(
    app,
    "export",
    who=True,
    when="at",
    examples=(
        "bihuan register export bus 校车.xlsx --as head",
        "bihuan register export driver 驾驶人.csv --as committee --reveal --why 换证核对",
    ),
)
def export(
    desk: Desk,
    kind: _Kind,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="写到 .xlsx 或 .csv / where to.")],
    *,
    place: _Place = "",
    reveal: _Reveal = False,
    why: _Why = "",
) -> Answer:
    """导出台账，个人信息已遮盖，可再导入 / export a register, masked; it can be imported again."""
    from cli.register_ledgers import export_one

    return export_one(desk, kind, file, place, reveal=reveal, why=why)


@command(
    app,
    "expiring",
    who=True,
    when="as_of",
    examples=("bihuan register expiring --as head", "bihuan register expiring --days 60"),
)
def expiring(
    desk: Desk,
    *,
    kind: Annotated[str, typer.Option("--kind", help="只看一种 / one kind only.")] = "",
    days: Annotated[int, typer.Option(min=0, max=3_660, help="今后多少天 / days ahead.")] = 30,
    place: _Place = "",
    size: _Size = 50,
    after: _After = "",
) -> Answer:
    """谁什么时候到期，最早的在前 / who runs out when, the earliest first."""
    from cli.register_pages import Wanted, show_expiring

    return show_expiring(desk, kind, days, Wanted(place, size=size, after=after))


@command(
    app,
    "check",
    when="as_of",
    examples=("bihuan register check", "bihuan register check --dry-run --as-of 2026-09-01T06:00"),
)
def check(
    desk: Desk,
    *,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="只检查，不写入 / check only, write nothing.")
    ] = False,
) -> Answer:
    """每日检查：到期、缺证、超龄的立案，各一次 / raise a case for what is due, once."""
    from cli.register_acts import check_all

    return check_all(desk, dry_run=dry_run)
