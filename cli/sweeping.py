"""``bihuan sweep``: take every step that is due, without Prefect."""
# ruff: noqa: PLC0415 — a command imports what it needs when it runs, so that --help is fast

from typing import Annotated

import typer

from cli.command import command
from cli.desk import Desk
from cli.printing import Answer


def register(app: typer.Typer) -> None:
    command(
        app,
        "sweep",
        when="as_of",
        examples=(
            "bihuan sweep --dry-run",
            "bihuan sweep",
            "bihuan sweep --as-of 2026-03-05T08:00 --dry-run --json",
            "bihuan sweep --agree-jump",
        ),
    )(sweep)
    command(
        app,
        "time-back",
        who=True,
        when="at",
        examples=('bihuan time-back "服务器时间误设为 2027 年" --as admin',),
    )(time_back)


def sweep(
    desk: Desk,
    *,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="只数，不写 / count only, write nothing.")
    ] = False,
    agree_jump: Annotated[
        bool,
        typer.Option(
            "--agree-jump",
            help="距上次催办过久时，确认时间无误 / the time is right, however long since the last.",
        ),
    ] = False,
) -> Answer:
    """催办：逐级告知、到级挂牌，各记一次，重复运行不会多记 / take every step that is due, once."""
    from cli.sweep_page import run_sweep

    return run_sweep(desk, dry_run=dry_run, agree_jump=agree_jump)


def time_back(
    desk: Desk,
    reason: Annotated[str, typer.Argument(metavar="REASON", help="理由 / why it was wrong.")],
) -> Answer:
    """拨回误认的业务时间；已办的步骤不撤、不重办 / undo a jump that was agreed to by mistake."""
    from cli.sweep_page import run_time_back

    return run_time_back(desk, reason)
