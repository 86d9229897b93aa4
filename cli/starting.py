"""``bihuan up``, ``demo`` and ``version``."""
# ruff: noqa: PLC0415 — a command imports what it needs when it runs, so that --help is fast

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from cli import reading
from cli.command import command
from cli.desk import Desk
from cli.printing import Answer, line, lines, note

_PORT = 4200  # Prefect's own
_PAGES_PORT = 8080
_START = date(2026, 3, 2)  # a Monday early in term, so that the same words tell the same story


def register(app: typer.Typer) -> None:
    command(app, "up", examples=("bihuan up --sample", "bihuan up --port 4210 --pages-port 8090"))(
        up
    )
    command(app, "demo", examples=("bihuan demo", "bihuan demo --days 30 --mailbox 信箱"))(demo)
    command(app, "version", examples=("bihuan version", "bihuan version --json"))(version)


def up(
    desk: Desk,
    *,
    host: Annotated[str, typer.Option(help="监听地址 / address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="端口 / port.")] = _PORT,
    pages_port: Annotated[
        int, typer.Option(min=1, max=65535, help="页面端口 / port of the pages.")
    ] = _PAGES_PORT,
    sample: Annotated[
        bool, typer.Option("--sample", help="先装入示例 / load the sample first.")
    ] = False,
    once: Annotated[
        bool, typer.Option("--once", help="装好、汇报后即停 / stop where serving would begin.")
    ] = False,
) -> Answer:
    """在本机启动全部服务，Ctrl-C 停止 / start everything on this machine; Ctrl-C stops it."""
    from cli.pages import pages_of
    from flows.serving import serve_all

    say = note if desk.as_json else line
    pages = pages_of(
        desk.home, desk.environ, desk.locale, host=host, port=pages_port, sample=sample
    )
    code = serve_all(
        desk.home, host=host, port=port, sample=sample, once=once, say=say, pages=pages
    )
    return Answer({"exit_code": code}, lines(), code)


def demo(
    desk: Desk,
    *,
    days: Annotated[int, typer.Option(min=1, max=3650, help="演多少天 / simulated days.")] = 90,
    seed: Annotated[int, typer.Option(help="同一种子同一故事 / same seed, same story.")] = 1,
    start: Annotated[
        date,
        typer.Option(parser=reading.day("--start"), metavar="DAY", help="从哪天演起 / first day."),
    ] = _START,
    mailbox: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="把通知写进此文件夹 / write the messages there."),
    ] = None,
) -> Answer:
    """用模拟时间演示几个月，不动您的数据 / replay months in seconds, apart from your data."""
    from cli.telling import tell

    return tell(desk, days=days, seed=seed, start=reading.opening(start), mailbox=mailbox)


def version(_desk: Desk) -> Answer:
    """版本 / versions."""
    import platform
    from importlib.metadata import version as version_of

    import pysqlite3

    data = {
        "bihuan": version_of("bihuan"),
        "python": platform.python_version(),
        "sqlite": pysqlite3.sqlite_version,
    }
    return Answer(data, lines(*(f"{name} {number}" for name, number in data.items())))
