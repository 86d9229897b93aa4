"""``bihuan guard-review``: guards' yearly reviews, asked for by schools, decided above them."""
# ruff: noqa: PLC0415 — a command imports what it needs when it runs, so that --help is fast

from datetime import date
from typing import Annotated

import typer

from cli import reading
from cli.command import command, noun
from cli.desk import Desk
from cli.printing import Answer
from rules.registers.outcomes import ReviewOutcome, ReviewStatus

app = noun("保安年审：每年一次，学校申请，片区或专委会审核 / the yearly reviews of guards.")

_Unit = Annotated[str, typer.Argument(metavar="UNIT", help="单位代码或全称 / whose guard.")]
_Guard = Annotated[str, typer.Argument(metavar="GUARD", help="工号 / the staff number.")]
_Guards = Annotated[list[str], typer.Argument(metavar="GUARD...", help="工号，可多个 / numbers.")]


@command(
    app,
    "list",
    who=True,
    when="at",
    examples=("bihuan guard-review list --status asked --as cluster",),
)
def list_(
    desk: Desk,
    *,
    status: Annotated[
        ReviewStatus | None,
        typer.Option(
            parser=reading.choice(ReviewStatus, "--status"), metavar=reading.choices(ReviewStatus),
            help="年审状态 / how they stand.",
        ),
    ] = None,
    place: Annotated[str, typer.Option(help="片区或单位 / a cluster or unit.")] = "",
    after: Annotated[str, typer.Option(help="上一页给出的翻页标记 / a page's key.")] = "",
) -> Answer:  # fmt: skip
    """列出今年各人的年审状态 / how each guard stands this year."""
    from cli.guard_review_pages import show_list

    return show_list(desk, status, place, after)


@command(
    app, "show", who=True, when="at", examples=("bihuan guard-review show S1 A01 --as cluster",)
)
def show(desk: Desk, unit: _Unit, guard: _Guard) -> Answer:
    """一人的年审经过和审核要看的情况 / one guard's reviews, and what there is to look at."""
    from cli.guard_review_pages import show_one

    return show_one(desk, unit, guard)


@command(
    app, "ask", who=True, when="at", examples=("bihuan guard-review ask S1 A01 A02 --as head",)
)
def ask(desk: Desk, unit: _Unit, guards: _Guards) -> Answer:
    """申请年审，一人或多人 / ask for the review of one or several."""
    from cli.guard_review_acts import ask_for

    return ask_for(desk, unit, guards)


@command(
    app,
    "decide",
    who=True,
    when="at",
    examples=(
        "bihuan guard-review decide S1 A01 passed --as cluster",
        "bihuan guard-review decide S1 A02 conditional --reason training --until 2026-12-20",
        "bihuan guard-review decide S1 A01 failed --reason disqualified --why 漏看处罚",
    ),
)
def decide(
    desk: Desk,
    unit: _Unit,
    guard: _Guard,
    outcome: Annotated[
        ReviewOutcome,
        typer.Argument(
            parser=reading.choice(ReviewOutcome, "OUTCOME"), metavar=reading.choices(ReviewOutcome),
            help="结论 / the outcome.",
        ),
    ],
    *,
    reasons: Annotated[
        list[str] | None, typer.Option("--reason", help="原因代码，可多次 / repeatable.")
    ] = None,
    until: Annotated[
        date | None,
        typer.Option(parser=reading.day("--until"), metavar="DAY", help="整改期限 / by when."),
    ] = None,
    note: Annotated[str, typer.Option(help="审核情况 / what was found.")] = "",
    why: Annotated[str, typer.Option(help="更正原因 / why it is corrected.")] = "",
) -> Answer:  # fmt: skip
    """审核一人；未通过即立案 / review a guard; what failed is a case at once."""
    from cli.guard_review_acts import decide_one
    from rules.registers.reviews import Verdict

    return decide_one(desk, unit, guard, Verdict(outcome, tuple(reasons or ()), until, note, why))


@command(
    app, "pass", who=True, when="at", examples=("bihuan guard-review pass S1 A01 A02 --as cluster",)
)
def pass_(desk: Desk, unit: _Unit, guards: _Guards) -> Answer:
    """批量通过没有问题的人 / pass those that nothing speaks against."""
    from cli.guard_review_acts import pass_several

    return pass_several(desk, unit, guards)
