"""``bihuan responsibility``: who answers for what, and whether all of it is signed."""
# ruff: noqa: PLC0415 — a command imports what it needs when it runs, so that --help is fast

from typing import Annotated

import typer

from cli import narrowing
from cli.command import command, noun
from cli.desk import Desk
from cli.printing import Answer

app = noun("主体责任：责任书签订覆盖情况 / responsibility: whose letters are signed.")


@command(
    app,
    "coverage",
    who=True,
    when="as_of",
    examples=(
        "bihuan responsibility coverage --as committee1",
        "bihuan responsibility coverage --year 2026 --place 第一片区 --missing --as cluster1",
    ),
)
def coverage(
    desk: Desk,
    *,
    year: Annotated[int, typer.Option(help="年度，默认今年 / the year, this one by default.")] = 0,
    place: narrowing.Place = "",
    missing: Annotated[
        bool, typer.Option("--missing", help="只列未全覆盖的 / those not covered only.")
    ] = False,
) -> Answer:
    """各片区、单位责任书签订覆盖情况 / how far letters are signed, by cluster and unit."""
    from cli.responsibility_pages import show_coverage

    return show_coverage(desk, year, place, missing=missing)
