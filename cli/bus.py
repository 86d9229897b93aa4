"""``bihuan bus``: school buses on the road, fed by the city's platform, told of once a day."""
# ruff: noqa: PLC0415 — a command imports what it needs when it runs, so that --help is fast

from pathlib import Path
from typing import Annotated

import typer

from cli.command import command, noun
from cli.desk import Desk
from cli.printing import Answer

app = noun("校车监管：定位和违法、每日通报、一概否决 / school buses on the road, told of daily.")

_Kind = Annotated[
    str, typer.Argument(metavar="KIND", help="bus（校车）或 driver（驾驶人） / which.")
]
_Key = Annotated[str, typer.Argument(metavar="KEY", help="号牌号码或档案编号 / plate or file no.")]
_Unit = Annotated[str, typer.Option(help="单位代码或全称 / the unit's code or name.")]
_To = Annotated[
    Path | None, typer.Option("--to", metavar="FILE", help="写成 .xlsx 或 .csv / write a sheet.")
]
_Reason = Annotated[str, typer.Option(help="原因 / why.")]


@command(
    app, "feed", who=True, when="at",
    examples=("bihuan bus feed 定位.csv --as committee", "bihuan bus feed 违法.csv --source 交警"),
)  # fmt: skip
def feed(
    desk: Desk,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="平台的 CSV / the platform's CSV.")],
    *,
    source: Annotated[str, typer.Option(help="数据来源 / whose data it is.")] = "平台",
) -> Answer:
    """导入定位和违法，重复的不再计 / take in positions and violations, each once."""
    from cli.bus_acts import feed_file

    return feed_file(desk, file, source)


@command(
    app, "simulate", who=True, when="at",
    examples=(
        "bihuan bus simulate 模拟.csv --days 3 --seed 7 --as committee",
        "BIHUAN_TOKEN=… bihuan bus simulate --post http://127.0.0.1:8000 --as committee",
    ),
)  # fmt: skip
def simulate(
    desk: Desk,
    file: Annotated[
        Path | None, typer.Argument(metavar="[FILE]", help="写到哪里 / where to write.")
    ] = None,
    *,
    days: Annotated[int, typer.Option(min=1, max=366, help="几天 / how many days.")] = 1,
    seed: Annotated[int, typer.Option(help="种子 / same seed, same days.")] = 1,
    post: Annotated[
        str,
        typer.Option(
            metavar="URL", help="推送到此地址，令牌取自 BIHUAN_TOKEN / post it there instead."
        ),
    ] = "",
) -> Answer:
    """模拟平台数据：今天之前的几天，写成文件或推送 / make up what a platform would tell."""
    from cli.bus_acts import simulate_file
    from cli.bus_posting import simulate_and_post

    if post:
        return simulate_and_post(desk, post, days, seed)
    return simulate_file(desk, file, days, seed)


@command(
    app, "bulletin", who=False, when="as_of",
    examples=("bihuan bus bulletin", "bihuan bus bulletin --dry-run"),
)  # fmt: skip
def bulletin(
    desk: Desk,
    *,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="只列出，不写入 / list them, write nothing.")
    ] = False,
) -> Answer:
    """生成每日违法通报，补齐漏掉的 / make the daily bulletins that are not there yet."""
    from cli.bus_acts import make_all

    return make_all(desk, dry_run=dry_run)


@command(
    app, "bulletins", who=True, when="as_of",
    examples=(
        "bihuan bus bulletins --as head",
        "bihuan bus bulletins 2026-03-02 --to 通报.xlsx --as committee",
    ),
)  # fmt: skip
def bulletins(
    desk: Desk,
    day: Annotated[str, typer.Argument(metavar="[DAY]", help="哪一天的 / of which day.")] = "",
    *,
    to: _To = None,
) -> Answer:
    """列出通报，或看一天的 / list the bulletins, or read one."""
    from cli.bus_pages import show_bulletins
    from cli.bus_sheets import bulletin_sheet

    return bulletin_sheet(desk, day, to) if to else show_bulletins(desk, day)


@command(
    app, "violations", who=True, when="as_of",
    examples=(
        "bihuan bus violations --since 2026-03-01 --as head",
        "bihuan bus violations --place PQ01 --to 违法.xlsx --as committee",
    ),
)  # fmt: skip
def violations(
    desk: Desk,
    *,
    place: Annotated[str, typer.Option(help="只看此片区或单位 / only of this place.")] = "",
    plate: Annotated[str, typer.Option(help="车牌的一部分 / a part of the plate.")] = "",
    since: Annotated[str, typer.Option(metavar="DAY", help="从哪天起 / from this day.")] = "",
    until: Annotated[str, typer.Option(metavar="DAY", help="到哪天止 / to this day.")] = "",
    size: Annotated[int, typer.Option(min=1, max=500, help="每页多少 / how many.")] = 50,
    after: Annotated[str, typer.Option(help="接着上一页 / from the page before.")] = "",
    to: _To = None,
) -> Answer:
    """列出违法，最近的在前 / list violations, the latest day first."""
    from cli.bus_pages import Asked, show_violations
    from cli.bus_sheets import violation_sheet

    asked = Asked(place, plate, since, until, size, after)
    return violation_sheet(desk, asked, to) if to else show_violations(desk, asked)


@command(
    app, "vetoes", who=True, when="as_of",
    examples=("bihuan bus vetoes --as head", "bihuan bus vetoes --lifted --as committee"),
)  # fmt: skip
def vetoes(
    desk: Desk,
    *,
    lifted: Annotated[bool, typer.Option("--lifted", help="已解除的 / those lifted.")] = False,
) -> Answer:
    """列出一概否决的校车和驾驶人 / list the vetoes that stand."""
    from cli.bus_pages import show_vetoes

    return show_vetoes(desk, lifted=lifted)


@command(
    app, "veto", who=True, when="at",
    examples=("bihuan bus veto bus 苏E12345 --reason 屡次超员 --as committee",),
)  # fmt: skip
def veto(desk: Desk, kind: _Kind, key: _Key, *, reason: _Reason, unit: _Unit = "") -> Answer:
    """一概否决：停止承运学生 / veto a bus or driver: it carries no pupils."""
    from cli.bus_acts import veto_one

    return veto_one(desk, (kind, key, unit), reason)


@command(
    app, "lift", who=True, when="at",
    examples=("bihuan bus lift bus 苏E12345 --reason 整改到位 --as committee",),
)  # fmt: skip
def lift(desk: Desk, kind: _Kind, key: _Key, *, reason: _Reason, unit: _Unit = "") -> Answer:
    """解除否决 / lift a veto."""
    from cli.bus_acts import lift_one

    return lift_one(desk, (kind, key, unit), reason)
