"""``bihuan lookback schedule``: when look-backs are drawn by themselves, kept as data."""
# ruff: noqa: PLC0415 — a command imports what it needs when it runs, so that --help is fast

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from cli import lookback_schedule_page as page
from cli.command import command, noun
from cli.desk import Desk
from cli.printing import Answer, note
from cli.troubles import Usage
from rules.wording import Wording

if TYPE_CHECKING:
    from casework.lookback.timetable import Schedule
    from casework.office import Office

schedule_app = noun("回头看排期 / when look-backs are drawn by themselves.")

_Name = Annotated[
    str, typer.Argument(metavar="NAME", help="排期名称，一个词 / a schedule's name, one word.")
]
_TIMING = (
    "monthly:5（每月 5 日）、quarterly:10（每季度首月 10 日）、"
    "before-term:5wd（开学前 5 个工作日）、"
    "after-holiday:2wd（节后第 2 个工作日） / when it is drawn."
)
_CLUSTERS = "片区代码，逗号分隔；each 为每片区各抽一次 / cluster codes, or each for one each."


@command(
    schedule_app,
    "add",
    who=True,
    when="at",
    examples=(
        "bihuan lookback schedule add 每月 --template 每月 --timing monthly:5 --as admin",
        "bihuan lookback schedule add 节后 --template 每月 --timing after-holiday:2wd --as admin",
    ),
)
def add(
    desk: Desk,
    name: _Name,
    *,
    template: Annotated[str, typer.Option(help="模板名称 / the template.")],
    timing: Annotated[str, typer.Option(help=_TIMING)],
    clusters: Annotated[str, typer.Option(help=_CLUSTERS)] = "",
) -> Answer:
    """新增排期：前一日承诺种子，当日抽取 / add a schedule: committed the day before, then drawn."""
    from casework.lookback.scheduling import add_schedule

    return _changed(
        desk,
        lambda office: add_schedule(
            office, name, template=template, timing=timing, clusters=clusters,
            by=desk.by, at=desk.at,
        ),
        Wording("已新增排期", "added the schedule"),
    )  # fmt: skip


@command(
    schedule_app,
    "change",
    who=True,
    when="at",
    examples=(
        "bihuan lookback schedule change 每月 --timing quarterly:10 --as admin",
        "bihuan lookback schedule change 每月 --clusters each --as admin",
    ),
)
def change(
    desk: Desk,
    name: _Name,
    *,
    template: Annotated[str | None, typer.Option(help="模板名称 / the template.")] = None,
    timing: Annotated[str | None, typer.Option(help=_TIMING)] = None,
    clusters: Annotated[str | None, typer.Option(help=_CLUSTERS)] = None,
) -> Answer:
    """修改排期；不填的不变 / change what is given of a schedule."""
    from casework.lookback.scheduling import change_schedule

    if template is timing is clusters is None:
        raise Usage(
            Wording("没有要修改的内容", "nothing is to be changed"),
            remedy=Wording("请填 --template、--timing 或 --clusters。",
                           "Give --template, --timing or --clusters."),
        )  # fmt: skip
    return _changed(
        desk,
        lambda office: change_schedule(
            office, name, template=template, timing=timing, clusters=clusters,
            by=desk.by, at=desk.at,
        ),
        Wording("已修改排期", "changed the schedule"),
    )  # fmt: skip


@command(
    schedule_app,
    "pause",
    who=True,
    when="at",
    examples=("bihuan lookback schedule pause 每月 --as admin",),
)
def pause(desk: Desk, name: _Name) -> Answer:
    """暂停排期；暂停期间的不补抽 / pause a schedule; what falls due meanwhile is not made up."""
    from casework.lookback.scheduling import pause_schedule

    return _changed(
        desk,
        lambda office: pause_schedule(office, name, by=desk.by, at=desk.at),
        Wording("已暂停排期", "paused the schedule"),
    )


@command(
    schedule_app,
    "resume",
    who=True,
    when="at",
    examples=("bihuan lookback schedule resume 每月 --as admin",),
)
def resume(desk: Desk, name: _Name) -> Answer:
    """恢复排期 / let a schedule go on."""
    from casework.lookback.scheduling import resume_schedule

    return _changed(
        desk,
        lambda office: resume_schedule(office, name, by=desk.by, at=desk.at),
        Wording("已恢复排期", "resumed the schedule"),
    )


@command(
    schedule_app,
    "remove",
    who=True,
    when="at",
    examples=("bihuan lookback schedule remove 每月 --as admin",),
)
def remove(desk: Desk, name: _Name) -> Answer:
    """删除排期；已抽取的不受影响 / remove a schedule; what it drew stays."""
    from casework.lookback.scheduling import remove_schedule

    with desk.office() as office:
        remove_schedule(office, name, by=desk.by, at=desk.at)
    _show_in_prefect(desk)
    return page.removed(desk, name)


@command(
    schedule_app,
    "list",
    who=True,
    when="as_of",
    examples=(
        "bihuan lookback schedule list --as admin",
        "bihuan lookback schedule list --as admin --json",
    ),
)
def list_(desk: Desk) -> Answer:
    """列出排期和今后的日期 / list the schedules with the days to come."""
    from casework.lookback.scheduling import list_schedules

    with desk.office() as office:
        found = list_schedules(office, by=desk.by, as_of=desk.at)
    return page.listed(desk, found)


@command(
    schedule_app,
    "run",
    when="as_of",
    examples=(
        "bihuan lookback schedule run",
        "bihuan lookback schedule run --only 每月 --as-of 2026-03-05T08:00 --json",
    ),
)
def run(
    desk: Desk,
    *,
    only: Annotated[str, typer.Option(help="只办这一个排期 / this schedule alone.")] = "",
) -> Answer:
    """办理到期的排期：承诺、抽取、派人；重复运行不会多抽 / do what is due, without Prefect."""
    from cli.lookback_run_page import run_schedules

    return run_schedules(desk, only)


def _changed(desk: Desk, work: "Callable[[Office], Schedule]", done: Wording) -> Answer:
    """Do ``work`` and show what became of the schedule, here and on Prefect's pages."""
    from casework.lookback.scheduling import days_to_come

    with desk.office() as office:
        schedule = work(office)
        ahead = days_to_come(office, schedule, as_of=desk.at)
    _show_in_prefect(desk)
    return page.changed(desk, schedule, ahead, done)


def _show_in_prefect(desk: Desk) -> None:
    """Tell a server that is named in the environment, for some seconds at most."""
    if not desk.environ.get("PREFECT_API_URL"):
        return
    import asyncio

    from flows.arranging import arrange

    if not asyncio.run(arrange(within=_WITHIN)):
        said = Wording(
            "提示：Prefect 页面上的排期未能更新，将在下次运行时更新。",
            "Note: Prefect's pages do not show this yet; the next run will bring it there.",
        )
        note(desk.say(said))


_WITHIN = 8.0  # seconds a person waits, at most
