"""``bihuan webhook``: case events posted, signed, to another system."""
# ruff: noqa: PLC0415 — a command imports what it needs when it runs, so that --help is fast

import sys
from typing import Annotated

import typer

from cli.command import command, noun
from cli.desk import Desk
from cli.printing import Answer

app = noun("网址回调：案件变动签名推送给外部系统 / webhooks: case events posted, signed.")

_Name = Annotated[str, typer.Argument(metavar="NAME", help="名称，一个词 / its name, one word.")]


@command(
    app,
    "add",
    who=True,
    when="at",
    examples=(
        "bihuan webhook add 驾驶舱 https://example.cn/hook --as admin",
        "bihuan webhook add p1 - --place PQ01 --kind close --kind list --as admin < url.txt",
    ),
)
def add(
    desk: Desk,
    name: _Name,
    url: Annotated[
        str, typer.Argument(metavar="URL", help="接收地址，- 从标准输入读 / - reads stdin.")
    ],
    *,
    kind: Annotated[
        list[str] | None,
        typer.Option("--kind", metavar="KIND", help="只推这种事件，可多次 / only this kind."),
    ] = None,
    place: Annotated[
        str, typer.Option(metavar="CODE", help="只推此片区或单位 / only of this place.")
    ] = "",
) -> Answer:
    """新增；签名密钥只显示一次 / add one; its secret is shown once."""
    from cli.webhook_pages import add_one

    return add_one(desk, name, sys.stdin.readline().strip() if url == "-" else url, kind, place)


@command(app, "list", who=True, examples=("bihuan webhook list --as admin",))
def list_(desk: Desk) -> Answer:
    """列出网址回调和进度 / list them, and how far each has come."""
    from cli.webhook_pages import list_all

    return list_all(desk)


@command(app, "show", who=True, examples=("bihuan webhook show 驾驶舱 --as admin",))
def show(desk: Desk, name: _Name) -> Answer:
    """最近的回执 / the latest receipts of one."""
    from cli.webhook_pages import show_receipts

    return show_receipts(desk, name)


@command(app, "pause", who=True, when="at", examples=("bihuan webhook pause 驾驶舱 --as admin",))
def pause(desk: Desk, name: _Name) -> Answer:
    """暂停，期间的事件留待恢复 / pause it; what happens meanwhile waits."""
    from cli.webhook_pages import change_one

    return change_one(desk, name, "pause")


@command(app, "resume", who=True, when="at", examples=("bihuan webhook resume 驾驶舱 --as admin",))
def resume(desk: Desk, name: _Name) -> Answer:
    """恢复，从停下处继续 / go on where it stood, after a pause or when it was given up."""
    from cli.webhook_pages import change_one

    return change_one(desk, name, "resume")


@command(
    app,
    "rotate",
    who=True,
    when="at",
    examples=(
        "bihuan webhook rotate 驾驶舱 --as admin",
        "bihuan webhook rotate 驾驶舱 --hours 0 --as admin",
    ),
)
def rotate(
    desk: Desk,
    name: _Name,
    *,
    hours: Annotated[
        int, typer.Option(metavar="N", help="旧密钥再用几小时 / hours that both sign.")
    ] = 24,
) -> Answer:
    """更换签名密钥，新旧并用一段时间 / change its secret; for a while both sign."""
    from cli.webhook_pages import rotate_one

    return rotate_one(desk, name, hours)


@command(app, "remove", who=True, when="at", examples=("bihuan webhook remove 驾驶舱 --as admin",))
def remove(desk: Desk, name: _Name) -> Answer:
    """删除，地址和密钥不再保存 / forget it, its address and its secret."""
    from cli.webhook_pages import change_one

    return change_one(desk, name, "remove")


@command(app, "test", who=True, when="at", examples=("bihuan webhook test 驾驶舱 --as admin",))
def test(desk: Desk, name: _Name) -> Answer:
    """发一条测试 / post a test message now."""
    from cli.webhook_pages import try_one

    return try_one(desk, name)
