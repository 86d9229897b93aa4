"""Options that narrow what a command looks at, the same at every command that has them."""

from typing import Annotated

import typer

from cli import reading
from rules.case import Level, State

Place = Annotated[str, typer.Option(help="片区或单位 / a cluster or unit, code or name.")]
InState = Annotated[
    State | None,
    typer.Option(
        parser=reading.choice(State, "--state"),
        metavar=reading.choices(State),
        help="状态 / state.",
    ),
]
_LEVEL = typer.Option(
    parser=reading.choice(Level, "--level"), metavar=reading.choices(Level), help="等级 / level."
)
OfLevel = Annotated[Level, _LEVEL]
OfAnyLevel = Annotated[Level | None, _LEVEL]
Overdue = Annotated[bool, typer.Option("--overdue", help="只看逾期 / late ones only.")]
Listed = Annotated[bool, typer.Option("--listed", help="只看挂牌 / listed ones only.")]
After = Annotated[str, typer.Option(metavar="KEY", help="下一页标记 / next page's key.")]
Size = Annotated[int, typer.Option(min=1, max=500, help="每页几件 / cases a page.")]
Query = Annotated[
    str, typer.Option("--query", metavar="QUERY", help="查询语句，见 audit grammar / a query.")
]
