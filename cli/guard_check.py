"""``bihuan guard-check``: guards drawn at random once a month and compared with the register."""
# ruff: noqa: PLC0415 — a command imports what it needs when it runs, so that --help is fast

from typing import Annotated

import typer

from cli import reading
from cli.command import command, noun
from cli.desk import Desk
from cli.printing import Answer
from rules.guardchecks.acts import USUAL_SHARE
from rules.guardchecks.findings import Violation

app = noun("保安抽查：每月随机抽取保安员，人证比对 / guards drawn at random and compared.")

_Number = Annotated[str, typer.Argument(metavar="CHECK", help="编号或月份，如 2026-03 / number.")]


@command(
    app,
    "commit",
    who=True,
    when="at",
    examples=("bihuan guard-check commit 2026-03 --share 10 --as committee",),
)
def commit(
    desk: Desk,
    period: Annotated[str, typer.Argument(metavar="MONTH", help="月份，如 2026-03 / the month.")],
    *,
    share: Annotated[
        int, typer.Option(min=1, max=100, help="每个片区抽取的百分比 / percent of each cluster.")
    ] = USUAL_SHARE,
) -> Answer:
    """开始一月的抽查：先承诺种子，不可更改 / begin a month's check by committing to its seed."""
    from cli.guard_check_acts import commit_one

    return commit_one(desk, period, share)


@command(
    app, "draw", who=True, when="at", examples=("bihuan guard-check draw 2026-03 --as committee",)
)
def draw(desk: Desk, number: _Number) -> Answer:
    """冻结在册名单，揭示种子并抽取，只此一次 / freeze the frame, reveal the seed, draw; once."""
    from cli.guard_check_acts import draw_one

    return draw_one(desk, number)


@command(
    app,
    "record",
    who=True,
    when="at",
    examples=(
        "bihuan guard-check record 2026-03 S1 A01 --name 王某 --national --school --as inspector1",
        "bihuan guard-check record 2026-03 S1 A02 --absent --note 门卫室无人 --as inspector1",
    ),
)
def record(
    desk: Desk,
    number: _Number,
    unit: Annotated[str, typer.Argument(metavar="UNIT", help="单位代码或全称 / whose guard.")],
    guard: Annotated[str, typer.Argument(metavar="GUARD", help="工号 / the staff number.")],
    *,
    name: Annotated[str, typer.Option(help="所示证件上的姓名 / the name on the card shown.")] = "",
    card: Annotated[str, typer.Option(help="所示身份证号 / the number of the card shown.")] = "",
    absent: Annotated[bool, typer.Option("--absent", help="不在岗 / not at the post.")] = False,
    national: Annotated[
        bool, typer.Option("--national", help="出示了保安员证 / national certificate seen.")
    ] = False,
    school: Annotated[
        bool, typer.Option("--school", help="出示了系统资质证 / the system's certificate seen.")
    ] = False,
    violations: Annotated[
        list[Violation] | None,
        typer.Option(
            "--violation", parser=reading.choice(Violation, "--violation"),
            metavar=reading.choices(Violation), help="违规，可多次 / repeatable.",
        ),
    ] = None,
    note: Annotated[str, typer.Option(help="情况 / what was seen.")] = "",
) -> Answer:  # fmt: skip
    """记录抽查结果；人证不符即立案 / record what was found; whoever is another is a case."""
    from casework.guardchecks.recording import Seen
    from cli.guard_check_acts import record_one
    from rules.guardchecks.findings import Card

    shown = None if absent else Card(name, card)
    return record_one(
        desk, (number, unit, guard), Seen(shown, national, school, violations or (), note)
    )


@command(
    app,
    "publish",
    who=True,
    when="at",
    examples=("bihuan guard-check publish 2026-03 --as committee",),
)
def publish(desk: Desk, number: _Number) -> Answer:
    """公开各片区人数，不列姓名和学校 / publish the counts; neither person nor school is named."""
    from cli.guard_check_acts import publish_one

    return publish_one(desk, number)


@command(app, "list", who=True, examples=("bihuan guard-check list --as committee",))
def list_(desk: Desk) -> Answer:
    """列出各月抽查 / list the checks."""
    from cli.guard_check_pages import show_list

    return show_list(desk)


@command(app, "show", who=True, examples=("bihuan guard-check show 2026-03 --as inspector1",))
def show(desk: Desk, number: _Number) -> Answer:
    """一次抽查：种子、抽中的人（已遮盖）、结果，并重算抽取 / one check, its draw reckoned again."""
    from cli.guard_check_pages import show_one

    return show_one(desk, number)
