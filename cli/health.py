"""``bihuan health``: whether the engine is at work; exit code 1 when somebody must look."""
# ruff: noqa: PLC0415 — a command imports what it needs when it runs, so that --help is fast

from typing import Annotated

import typer

from cli.command import command
from cli.desk import Desk
from cli.printing import Answer


def register(app: typer.Typer) -> None:
    command(
        app,
        "health",
        when="as_of",
        examples=("bihuan health", "bihuan health --json", "bihuan health --tell"),
    )(health)


def health(
    desk: Desk,
    *,
    tell: Annotated[
        bool,
        typer.Option(
            "--tell",
            help="有问题时发邮件给 BIHUAN_OPERATOR_MAILTO / mail the operator.",
        ),
    ] = False,
) -> Answer:
    """引擎是否正常：催办、催报、通知；有问题退出码为 1 / is the engine at work?"""
    from cli.health_page import show_health, watch_health

    return watch_health(desk) if tell else show_health(desk)
