"""``bihuan bus``: school buses on the road, fed by the city's platform, told of once a day."""
# ruff: noqa: PLC0415 — a command imports what it needs when it runs, so that --help is fast

from pathlib import Path
from typing import Annotated

import typer

from cli.command import command, noun
from cli.desk import Desk
from cli.printing import Answer

app = noun("校车监管:定位和违法、每日通报、一概否决 / school buses on the road, told of daily.")

_Kind = Annotated[str, typer.Argument(metavar="KIND", help="bus(校车)或 driver(驾驶人) / which.")]
_Key = Annotated[str, typer.Argument(metavar="KEY", help="号牌号码或档案编号 / plate or file no.")]
_Unit = Annotated[str, typer.Option(help="单位代码或全称 / the unit's code or name.")]
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
    """导入定位和违法,重复的不再计 / take in positions and violations, each once."""
    from cli.bus_acts import feed_file

    return feed_file(desk, file, source)


@command(
    app, "simulate", who=True, when="at",
    examples=("bihuan bus simulate 模拟.csv --days 3 --seed 7 --as committee",),
)  # fmt: skip
def simulate(
    desk: Desk,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="写到哪里 / where to write.")],
    *,
    days: Annotated[int, typer.Option(min=1, max=366, help="几天 / how many days.")] = 1,
    seed: Annotated[int, typer.Option(help="种子 / same seed, same days.")] = 1,
) -> Answer:
    """模拟平台数据:今天之前的几天 / make up what a platform would tell of the days before."""
    from cli.bus_acts import simulate_file

    return simulate_file(desk, file, days, seed)


@command(
    app, "bulletin", who=False, when="as_of",
    examples=("bihuan bus bulletin", "bihuan bus bulletin --dry-run"),
)  # fmt: skip
def bulletin(
    desk: Desk,
    *,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="只列出,不写入 / list them, write nothing.")
    ] = False,
) -> Answer:
    """生成每日违法通报,补齐漏掉的 / make the daily bulletins that are not there yet."""
    from cli.bus_acts import make_all

    return make_all(desk, dry_run=dry_run)


@command(
    app, "bulletins", who=True, when="as_of",
    examples=("bihuan bus bulletins --as head", "bihuan bus bulletins 2026-03-02 --as committee"),
)  # fmt: skip
def bulletins(
    desk: Desk,
    day: Annotated[str, typer.Argument(metavar="[DAY]", help="哪一天的 / of which day.")] = "",
) -> Answer:
    """列出通报,或看一天的 / list the bulletins, or read one."""
    from cli.bus_pages import show_bulletins

    return show_bulletins(desk, day)


@command(
    app, "veto", who=True, when="at",
    examples=("bihuan bus veto bus 苏E12345 --reason 屡次超员 --as committee",),
)  # fmt: skip
def veto(desk: Desk, kind: _Kind, key: _Key, *, reason: _Reason, unit: _Unit = "") -> Answer:
    """一概否决:停止承运学生 / veto a bus or driver: it carries no pupils."""
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
