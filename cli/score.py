"""``bihuan score``: schools assess themselves, are reviewed, signed for, frozen and ranked."""
# ruff: noqa: PLC0415 — a command imports what it needs when it runs, so that --help is fast

from pathlib import Path
from typing import Annotated

import typer

from cli import reading, score_sheets
from cli.command import command, noun
from cli.desk import Desk
from cli.printing import Answer

app = noun("标准化创建：自评、复评、签字定稿、排名 / score sheets, assessments and their ranking.")

score_sheets.register(app)

_Year = Annotated[int, typer.Argument(metavar="YEAR", help="年度，如 2026 / the year.")]
_Unit = Annotated[str, typer.Argument(metavar="UNIT", help="单位代码或全称 / whose it is.")]
_Sheet = Annotated[str, typer.Option("--sheet", help="评分表，见 score sheets / which sheet.")]
_Set = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="字段=值", help="一个字段，可多次 / one field, repeatable."),
]
_Reason = Annotated[str, typer.Option(help="原因 / why.")]
_SHEET = "safe_campus"


@command(app, "call", who=True, when="at", examples=("bihuan score call 2026 --as committee",))
def call(desk: Desk, year: _Year, *, sheet: _Sheet = _SHEET) -> Answer:
    """布置本年度自评：每校一项应办事项，可重复执行 / make it a duty of every school, once."""
    from cli.score_acts import call_all

    return call_all(desk, sheet, year)


@command(app, "open", who=True, when="at", examples=("bihuan score open S1 2026 --as head",))
def open_(desk: Desk, unit: _Unit, year: _Year, *, sheet: _Sheet = _SHEET) -> Answer:
    """开始自评：满分起评，自动项按数据取数 / begin the school's own assessment."""
    from cli.score_acts import open_one

    return open_one(desk, (sheet, year, unit))


@command(
    app,
    "fill",
    who=True,
    when="at",
    examples=(
        "bihuan score fill S1 2026 --as head --set fire.exit=1 --set text:fire=已清理",
        "bihuan score fill S1 2026 --as head --set honour=yes",
    ),
)
def fill(
    desk: Desk, unit: _Unit, year: _Year, *, fields: _Set = None, sheet: _Sheet = _SHEET
) -> Answer:
    """自评填写：ITEM.STEP=次数、text:ITEM、honour、否决项 / fill in deductions and texts."""
    from cli.score_acts import fill_one

    return fill_one(desk, (sheet, year, unit), reading.pairs(fields or [], "--set"))


@command(
    app,
    "attach",
    who=True,
    when="at",
    examples=("bihuan score attach S1 2026 fire 走廊.jpg --as head",),
)
def attach(
    desk: Desk,
    unit: _Unit,
    year: _Year,
    item: Annotated[str, typer.Argument(metavar="ITEM", help="哪一项 / which item.")],
    files: Annotated[list[Path], typer.Argument(metavar="FILE", help="照片或 PDF / the files.")],
    *,
    sheet: _Sheet = _SHEET,
) -> Answer:
    """为一项上传佐证照片或 PDF / attach evidence to an item."""
    from cli.score_acts import attach_all

    return attach_all(desk, (sheet, year, unit), item, files)


@command(
    app,
    "review",
    who=True,
    when="at",
    examples=("bihuan score review S1 2026 --as cluster --set fire=1 --reason 通道仍堵塞",),
)
def review(
    desk: Desk,
    unit: _Unit,
    year: _Year,
    *,
    fields: _Set = None,
    reason: _Reason,
    sheet: _Sheet = _SHEET,
) -> Answer:
    """复评改分：ITEM=分数，否决项和 honour 填 1 或 0 / set points with a reason."""
    from cli.score_acts import review_one

    return review_one(desk, (sheet, year, unit), reading.pairs(fields or [], "--set"), reason)


@command(app, "sign", who=True, when="at", examples=("bihuan score sign S1 2026 --as head",))
def sign(desk: Desk, unit: _Unit, year: _Year, *, sheet: _Sheet = _SHEET) -> Answer:
    """签字：校长交片区，片区交专委会，专委会签字即编号定稿 / sign and hand on; the last freezes."""
    from cli.score_acts import sign_one

    return sign_one(desk, (sheet, year, unit))


@command(
    app,
    "correct",
    who=True,
    when="at",
    examples=("bihuan score correct S1 2026 --as committee --reason 错看一项",),
)
def correct(
    desk: Desk, unit: _Unit, year: _Year, *, reason: _Reason, sheet: _Sheet = _SHEET
) -> Answer:
    """更正已定稿的评分：另出一版，原版不动 / begin a new version of a frozen one."""
    from cli.score_acts import correct_one

    return correct_one(desk, (sheet, year, unit), reason)


@command(
    app,
    "show",
    who=True,
    when="as_of",
    examples=("bihuan score show S1 2026 --as head", "bihuan score show S1 2026 --as head --json"),
)
def show(
    desk: Desk,
    unit: _Unit,
    year: _Year,
    *,
    version: Annotated[int, typer.Option(min=0, help="第几版，默认最后一版 / which version.")] = 0,
    sheet: _Sheet = _SHEET,
) -> Answer:
    """一份评分：每项得分、为何、谁改过、佐证 / each item's points, why, by whom, its evidence."""
    from cli.score_pages import show_one

    return show_one(desk, (sheet, year, unit), version)


@command(
    app,
    "list",
    who=True,
    when="as_of",
    examples=("bihuan score list 2026 --as committee", "bihuan score list 2026 --place P1 --as li"),
)
def list_(
    desk: Desk,
    year: _Year,
    *,
    place: Annotated[str, typer.Option("--place", help="片区或单位 / cluster or unit.")] = "",
    standing: Annotated[
        str,
        typer.Option("--standing", help="missing、school、cluster、committee、frozen / one only."),
    ] = "",
    sheet: _Sheet = _SHEET,
) -> Answer:
    """全覆盖：谁已自评，谁还没有 / who has assessed themselves, who has not."""
    from cli.score_pages import show_coverage

    return show_coverage(desk, (sheet, year), place, standing)


@command(app, "rank", who=True, when="as_of", examples=("bihuan score rank 2026 --as committee",))
def rank(desk: Desk, year: _Year, *, sheet: _Sheet = _SHEET) -> Answer:
    """各片区排名、名额和标杆 / the ranking of each cluster, its quota, its models."""
    from cli.score_pages import show_ranking

    return show_ranking(desk, (sheet, year))
