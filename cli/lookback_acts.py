"""The acts of ``bihuan lookback`` up to the draw, and those that end it."""
# ruff: noqa: PLC0415 — a command imports what it needs when it runs, so that --help is fast

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from cli import reading
from cli.command import command
from cli.desk import Desk
from cli.lookback_arguments import Clusters, Number, Period, Reason, Template
from cli.printing import Answer

_File = Annotated[
    Path | None,
    typer.Option("--file", metavar="FILE", help="未保存的模板文件 / a template not saved."),
]
_NUMBER = "'校安回[2026]1号'"


def register(app: typer.Typer) -> None:
    """Add the commands to ``bihuan lookback``."""
    asked = "--template 每月 --as committee"
    command(app, "preview", who=True, when="at", examples=(
        f"bihuan lookback preview {asked}",
        "bihuan lookback preview --file 每月.toml --period 2026-03 --as committee",
    ))(preview)  # fmt: skip
    command(app, "plan", who=True, when="at", examples=(
        f"bihuan lookback plan {asked}",
        f"bihuan lookback plan {asked} --period 2026Q1 --cluster C01",
    ))(plan)  # fmt: skip
    command(app, "commit", who=True, when="at", examples=(
        f"bihuan lookback commit {_NUMBER} --as committee",
        (f"bihuan lookback commit {_NUMBER} --source 双色球第2026135期 --on 2026-12-01 "
        "--as committee"),
    ))(commit)  # fmt: skip
    command(app, "draw", who=True, when="at", examples=(
        f"bihuan lookback draw {_NUMBER} --as committee",
        f"bihuan lookback draw {_NUMBER} --outside '03 12 17 21 29 33+08' --as committee",
    ))(draw)  # fmt: skip
    command(app, "close", who=True, when="at", examples=(
        f"bihuan lookback close {_NUMBER} --as committee",
    ))(close)  # fmt: skip
    command(app, "publish", who=True, when="at", examples=(
        f"bihuan lookback publish {_NUMBER} --as committee",
    ))(publish)  # fmt: skip
    command(app, "withdraw", who=True, when="at", examples=(
        f"bihuan lookback withdraw {_NUMBER} --reason 台账有误 --as committee",
    ))(withdraw)  # fmt: skip


def preview(
    desk: Desk,
    *,
    template: Template = "",
    file: _File = None,
    period: Period = "",
    clusters: Clusters = None,
) -> Answer:
    """预览：各层多少件、抽几件、看得出多少复发；不写入 / what it would draw; nothing is written."""
    from cli.lookback_planning import asked, foresee

    return foresee(desk, asked(template, file, period, clusters))


def plan(
    desk: Desk,
    *,
    template: Template = "",
    file: _File = None,
    period: Period = "",
    clusters: Clusters = None,
) -> Answer:
    """计划一次回头看 / plan a look-back."""
    from cli.lookback_planning import asked, make_plan

    return make_plan(desk, asked(template, file, period, clusters))


def commit(
    desk: Desk,
    number: Number,
    *,
    source: Annotated[
        str, typer.Option(help="外部值的出处：谁公布、第几期 / who publishes it, which issue.")
    ] = "",
    on: Annotated[
        date | None,
        typer.Option(
            parser=reading.day("--on"), metavar="DAY", help="何日公布 / out on which day."
        ),
    ] = None,
) -> Answer:
    """承诺随机种子，先于冻结名单；请当即公布 / commit to the seed before the frame is frozen."""
    from cli.lookback_planning import commit_to_seed

    return commit_to_seed(desk, number, source, on)


def draw(
    desk: Desk,
    number: Number,
    *,
    outside: Annotated[
        str, typer.Option(metavar="VALUE", help="公布的外部值，照原样 / the value as published.")
    ] = "",
) -> Answer:
    """冻结名单、揭示种子、抽取案件，只此一次 / freeze, reveal and draw, once."""
    from cli.lookback_planning import draw_cases

    return draw_cases(desk, number, outside)


def close(desk: Desk, number: Number) -> Answer:
    """办结：都已看完并判定 / close it: all is looked at and judged."""
    from casework.lookback.ending import close_lookback
    from cli.lookback_planning import end

    return end(desk, number, close_lookback)


def publish(desk: Desk, number: Number) -> Answer:
    """公开结果，列入公开表 / put the results on the public list."""
    from casework.lookback.ending import publish_lookback
    from cli.lookback_planning import end

    return end(desk, number, publish_lookback)


def withdraw(desk: Desk, number: Number, *, reason: Reason) -> Answer:
    """撤回，写明理由，仍可见 / give it up with a reason; it stays visible."""
    from casework.lookback.ending import withdraw_lookback
    from cli.lookback_planning import end

    return end(
        desk, number, lambda office, called, hand: withdraw_lookback(office, called, reason, hand)
    )
