"""``bihuan case``: find cases, read a case's file, report a hazard, move a case."""
# ruff: noqa: PLC0415 — a command imports what it needs when it runs, so that --help is fast

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from cli import narrowing, reading
from cli.command import command, noun
from cli.desk import Desk
from cli.printing import Answer
from rules.access import Role
from rules.actions import Action
from rules.case import Level
from rules.deadlines import Stage
from rules.risk import Colour
from rules.wording import Wording

app = noun("案件：查找、上报、办理 / cases: find, report, move.")

_Number = Annotated[str, typer.Argument(metavar="NUMBER", help="案件编号 / the case's number.")]
_Key = Annotated[str, typer.Option("--key", help="幂等键：重复提交不会重复办理 / idempotency key.")]
_Action = Annotated[
    Action,
    typer.Argument(
        parser=reading.choice(Action, "ACTION"),
        metavar="ACTION",
        help="、".join(f"{each.value} {each.label.zh}" for each in Action),
    ),
]
_Fields = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="FIELD=VALUE", help="填写一项，可多次 / fill in a field."),
]
_PAGE = 20
_ORDER = "newest"
_IN_THE_QUERY = Wording(
    "请把其他条件和排序写进查询，如 等级:重大 排序:时限。",
    "Write the other conditions and the order into the query: level:major sort:due.",
)


@command(
    app,
    "list",
    who=True,
    when="as_of",
    examples=(
        "bihuan case list --as committee --overdue --order due",
        "bihuan case list --place 第一片区 --state 整改中 --text 灭火器",
        "bihuan case list --query '片区:唯亭 等级:重大 逾期:>10天 灭火器'",
        "bihuan case list --level major --json",
    ),
)
def list_(
    desk: Desk,
    *,
    place: narrowing.Place = "",
    state: narrowing.InState = None,
    stage: Annotated[
        Stage | None,
        typer.Option(
            parser=reading.choice(Stage, "--stage"),
            metavar=reading.choices(Stage),
            help="环节 / stage.",
        ),
    ] = None,
    level: narrowing.OfAnyLevel = None,
    category: Annotated[str, typer.Option(help="品目 / category, key or name.")] = "",
    holder: Annotated[
        Role | None,
        typer.Option(
            parser=reading.choice(Role, "--holder"), metavar="ROLE", help="在等谁 / waiting for."
        ),
    ] = None,
    overdue: narrowing.Overdue = False,
    listed: narrowing.Listed = False,
    text: Annotated[str, typer.Option(help="编号、描述、地点含此文 / words to look for.")] = "",
    found_from: Annotated[
        date | None,
        typer.Option(
            parser=reading.day("--found-from"), metavar="DAY", help="何日起发现 / found from."
        ),
    ] = None,
    found_to: Annotated[
        date | None,
        typer.Option(
            parser=reading.day("--found-to"), metavar="DAY", help="何日止发现 / found up to."
        ),
    ] = None,
    query: Annotated[
        str,
        typer.Option(metavar="QUERY", help="查询语句，代替以上各项 / a query instead of these."),
    ] = "",
    order: Annotated[
        str, typer.Option(metavar="newest|oldest|due|found|closed", help="排序 / order.")
    ] = _ORDER,
    after: narrowing.After = "",
    size: narrowing.Size = _PAGE,
) -> Answer:
    """列出您能看到的案件 / list the cases you may see."""
    from casework.case_list import Filter
    from casework.list_pages import Order
    from cli.case_pages import show_list, show_query

    wanted = Filter(
        place, state, stage, level, category, holder, overdue, listed, text, found_from, found_to
    )
    if query:
        reading.alone(wanted != Filter() or order != _ORDER, "--query", _IN_THE_QUERY)
        return show_query(desk, query, after, size)
    return show_list(desk, wanted, reading.choice(Order, "--order")(order), after, size)


@command(
    app,
    "show",
    who=True,
    when="as_of",
    examples=(
        "bihuan case show YH2026-000001 --as committee",
        "bihuan case show YH2026-000001 --json",
    ),
)
def show(desk: Desk, number: _Number) -> Answer:
    """一案一档：案情、时限、方案、佐证、经过、能做什么 / everything about one case."""
    from cli.case_file_page import show_file

    return show_file(desk, number)


@command(
    app,
    "actions",
    who=True,
    when="as_of",
    examples=("bihuan case actions YH2026-000001 --as owner",),
)
def actions(desk: Desk, number: _Number) -> Answer:
    """我现在能对这个案件做什么 / what you may do to a case now, and what it takes."""
    from cli.case_offers import show_offers

    return show_offers(desk, number)


@command(
    app,
    "report",
    who=True,
    when="at",
    examples=(
        "bihuan case report --as t1 --unit 第一小学 --category 消防 --description 灭火器压力不足",
        "bihuan case report --unit S1 --category fire --description '…' --photo a.jpg",
    ),
)
def report(
    desk: Desk,
    *,
    unit: Annotated[str, typer.Option(help="责任单位 / the unit, code or exact name.")],
    category: Annotated[str, typer.Option(help="品目 / category, key or name.")],
    description: Annotated[str, typer.Option(help="隐患描述 / what the hazard is.")],
    location: Annotated[str, typer.Option(help="地点 / where.")] = "",
    level: narrowing.OfLevel = Level.ORDINARY,
    risk: Annotated[
        Colour | None,
        typer.Option(
            parser=reading.choice(Colour, "--risk"),
            metavar=reading.choices(Colour),
            help="风险颜色 / graded risk.",
        ),
    ] = None,
    found_on: Annotated[
        date | None,
        typer.Option(
            parser=reading.day("--found-on"), metavar="DAY", help="发现日期 / day it was found."
        ),
    ] = None,
    measure: Annotated[str, typer.Option(help="拟采取的措施 / measure proposed.")] = "",
    owner: Annotated[str, typer.Option(help="责任人 / the owner's name.")] = "",
    department: Annotated[str, typer.Option(help="责任处室 / department.")] = "",
    deadline: Annotated[
        date | None,
        typer.Option(
            parser=reading.day("--deadline"), metavar="DAY", help="要求期限 / deadline asked for."
        ),
    ] = None,
    source: Annotated[str, typer.Option(help="来源 / where it comes from.")] = "",
    photo: Annotated[
        list[Path] | None,
        typer.Option(metavar="FILE", help="现场照片或 PDF，可多次 / photo or PDF, repeatable."),
    ] = None,
    again: Annotated[
        bool, typer.Option("--again", help="确是另一处，照样上报 / report it all the same.")
    ] = False,
    key: _Key = "",
) -> Answer:
    """上报隐患 / report a hazard."""
    from casework.intake import Report
    from cli.case_moves import report_hazard

    told = Report(
        unit, description, category, found_on, location, measure, level, risk, department, owner,
        deadline, source,
    )  # fmt: skip
    return report_hazard(desk, told, photo or [], again=again, key=key)


@command(
    app,
    "move",
    who=True,
    when="at",
    examples=(
        "bihuan case move YH2026-000001 approve_plan --as head",
        "bihuan case move YH2026-000001 申请验收 --as owner --photo after.jpg",
        "bihuan case move YH2026-000001 pass --as verifier --set finding=已整改到位",
    ),
)
def move(
    desk: Desk,
    number: _Number,
    action: _Action,
    *,
    fields: _Fields = None,
    photo: Annotated[
        list[Path] | None,
        typer.Option(metavar="FILE", help="整改后照片或 PDF，可多次 / after-evidence."),
    ] = None,
    seen: Annotated[
        int | None,
        typer.Option(min=1, help="您看到第几条经过，之后有变动则不办 / events you have seen."),
    ] = None,
    key: _Key = "",
) -> Answer:
    """办理一步；需要哪些内容见 case actions / do one action; `case actions` tells what it takes."""
    from cli.case_moves import move_case

    typed = reading.pairs(fields or [], "--set")
    return move_case(desk, number, action, typed, photo or [], key=key, seen=seen)


@command(
    app,
    "bulk",
    who=True,
    when="at",
    examples=(
        "bihuan case bulk close YH2026-000001 YH2026-000002 --as committee --dry-run",
        "bihuan case bulk 批准方案 --state 待批方案 --place 第一片区 --as cluster",
        "bihuan case bulk void --text 重复上报 --set reason=重复 --as committee",
    ),
)
def bulk(
    desk: Desk,
    action: _Action,
    numbers: Annotated[
        list[str] | None,
        typer.Argument(metavar="NUMBER", help="案件编号，可多个 / cases; or give a filter."),
    ] = None,
    *,
    place: narrowing.Place = "",
    state: narrowing.InState = None,
    level: narrowing.OfAnyLevel = None,
    overdue: narrowing.Overdue = False,
    listed: narrowing.Listed = False,
    text: Annotated[str, typer.Option(help="编号、描述、地点含此文 / words to look for.")] = "",
    fields: _Fields = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="只预览，不办理 / show what would happen.")
    ] = False,
    key: _Key = "",
) -> Answer:
    """对多件案件办理同一步，逐件按规则 / do one action to many cases, each by the rules."""
    from casework.case_list import Filter
    from cli.case_bulk import Wanted, move_cases

    wanted = Filter(
        place=place, state=state, level=level, overdue=overdue, listed=listed, text=text
    )
    typed = reading.pairs(fields or [], "--set")
    return move_cases(desk, Wanted(action, numbers or [], wanted, typed, dry_run, key))
