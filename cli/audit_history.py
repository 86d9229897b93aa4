"""``bihuan audit``: what was, what happened, and who looked."""
# ruff: noqa: PLC0415 — a command imports what it needs when it runs, so that --help is fast

from datetime import datetime
from typing import Annotated

import typer

from cli import narrowing, reading
from cli.command import command, noun
from cli.desk import Desk
from cli.printing import Answer
from rules.looking import Look

app = noun("审计：当时、经过、访问 / what was, what happened, who looked.")

_Number = Annotated[str, typer.Argument(metavar="CASE", help="案件编号 / the case's number.")]
_Why = Annotated[str, typer.Option("--why", help="查看事由，记入访问记录 / why you look.")]
_PAGE = 20


@command(
    app,
    "show",
    who=True,
    when="as_of",
    examples=(
        "bihuan audit show YH2026-000001 --as auditor --why 专项审计",
        "bihuan audit show YH2026-000001 --json",
    ),
)
def show(desk: Desk, number: _Number, *, why: _Why = "") -> Answer:
    """一案全程：每步改了什么、时限为何、告知了谁 / a case's whole history, in words."""
    from cli.audit_history_pages import show_timeline

    return show_timeline(desk, number, why)


@command(
    app,
    "as-of",
    who=True,
    examples=(
        "bihuan audit as-of 2026-03-03 YH2026-000001 --as auditor",
        "bihuan audit as-of 2026-03-03T18:00 --place 第一片区 --state 整改中",
        "bihuan audit as-of 2026-03-03 --query '等级:重大 曾逾期:>10天 灭火器 排序:时限' --json",
    ),
)
def as_of(
    desk: Desk,
    then: Annotated[
        datetime,
        typer.Argument(
            parser=reading.moment_or_day("MOMENT"),
            metavar="MOMENT",
            help="时刻；只写日期则为当日结束 / a moment; a day alone means its end.",
        ),
    ],
    number: Annotated[
        str, typer.Argument(metavar="[CASE]", help="案件编号；不写则列名单 / or else a list.")
    ] = "",
    *,
    place: narrowing.Place = "",
    state: narrowing.InState = None,
    level: narrowing.OfAnyLevel = None,
    overdue: narrowing.Overdue = False,
    listed: narrowing.Listed = False,
    query: narrowing.Query = "",
    after: narrowing.After = "",
    size: narrowing.Size = _PAGE,
    why: _Why = "",
) -> Answer:
    """当时如何：一案或一份名单在某一时刻的情况，谁已知情 / what was at a moment, and who knew."""
    from casework.case_list import Filter
    from cli.audit_history_pages import show_case_as_of, show_list_as_of

    if number:
        return show_case_as_of(desk, number, then, why)
    wanted = Filter(place=place, state=state, level=level, overdue=overdue, listed=listed)
    return show_list_as_of(desk, (wanted, query), then, (after, size), why)


@command(
    app,
    "access",
    who=True,
    examples=(
        "bihuan audit access --as auditor",
        "bihuan audit access --person u2003 --look reveal --json",
    ),
)
def access(
    desk: Desk,
    *,
    person: Annotated[str, typer.Option(metavar="CODE", help="何人 / whose looks.")] = "",
    look: Annotated[
        Look | None,
        typer.Option(
            parser=reading.choice(Look, "--look"), metavar="LOOK", help="何种访问 / which kind."
        ),
    ] = None,
    since: Annotated[
        datetime | None,
        typer.Option(
            parser=reading.moment("--since"), metavar="ISO", help="从何时起 / from when on."
        ),
    ] = None,
    until: Annotated[
        datetime | None,
        typer.Option(parser=reading.moment("--until"), metavar="ISO", help="到何时止 / until."),
    ] = None,
    size: Annotated[int, typer.Option(min=1, max=500, help="最多几条 / at most.")] = _PAGE,
) -> Answer:
    """谁查看、导出过审计内容，何时、为何 / who looked at the audit, when and why."""
    from cli.audit_access_page import show_access

    return show_access(desk, person, look, (since, until), size)
