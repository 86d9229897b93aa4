"""``bihuan duty``: what must be done by a day, who is late, chased and let off."""
# ruff: noqa: PLC0415 — a command imports what it needs when it runs, so that --help is fast

from datetime import date
from typing import Annotated

import typer

from cli import narrowing, reading
from cli.command import command, noun
from cli.desk import Desk
from cli.printing import Answer
from rules.duties.acts import Counted

app = noun("应办事项：报送、自查、培训、换证等，到期催办 / duties: due, chased, let off.")

_Kind = Annotated[str, typer.Argument(metavar="KIND", help="种类，见 duty kinds / see duty kinds.")]
_Key = Annotated[str, typer.Argument(metavar="KEY", help="事项标识，见列表 / see the list.")]


@command(app, "kinds", examples=("bihuan duty kinds", "bihuan duty kinds --json"))
def kinds(desk: Desk) -> Answer:
    """有哪些应办事项，各按什么步骤催办 / the kinds, and the steps by which each is chased."""
    from cli.duty_pages import show_kinds

    return show_kinds(desk)


@command(
    app,
    "list",
    who=True,
    when="as_of",
    examples=(
        "bihuan duty list --mine --as owner1",
        "bihuan duty list --kind report --place 第一片区 --late --as committee1",
    ),
)
def list_(
    desk: Desk,
    *,
    kind: Annotated[str, typer.Option("--kind", help="只看一种 / one kind only.")] = "",
    place: narrowing.Place = "",
    late: Annotated[bool, typer.Option("--late", help="只看逾期 / late ones only.")] = False,
    mine: Annotated[bool, typer.Option("--mine", help="只看等我办的 / mine only.")] = False,
    ended: Annotated[bool, typer.Option("--ended", help="已办结或免办的 / ended ones.")] = False,
    since: Annotated[
        date | None,
        typer.Option(parser=reading.day("--since"), metavar="DATE", help="此日起到期 / due from."),
    ] = None,
    until: Annotated[
        date | None,
        typer.Option(parser=reading.day("--until"), metavar="DATE", help="此日止到期 / due until."),
    ] = None,
    counted: Annotated[
        Counted | None,
        typer.Option(
            parser=reading.choice(Counted, "--counted"),
            metavar=reading.choices(Counted),
            help="按评分口径，含已办 / as a score counts them.",
        ),
    ] = None,
    size: narrowing.Size = 50,
    after: narrowing.After = "",
) -> Answer:
    """列出应办事项，先到期在前 / list duties, the earliest due first."""
    from casework.duties.listing import DutyFilter
    from cli.duty_pages import show_list

    wanted = DutyFilter(kind, place, late, mine, ended, since, until, counted)
    return show_list(desk, wanted, size, after)


@command(
    app,
    "show",
    who=True,
    when="as_of",
    examples=("bihuan duty show report weekly/2026-W48/S1 --as head1",),
)
def show(desk: Desk, kind: _Kind, key: _Key) -> Answer:
    """一件应办事项和它的经过 / one duty and its history."""
    from cli.duty_pages import show_one

    return show_one(desk, kind, key)


@command(
    app,
    "chase",
    when="as_of",
    examples=("bihuan duty chase", "bihuan duty chase --dry-run --as-of 2026-12-01T07:00"),
)
def chase(
    desk: Desk,
    *,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="只检查，不写入 / check only, write nothing.")
    ] = False,
) -> Answer:
    """催办到期未办的，逐级告知，最后立案 / chase what is not done, step by step to a case."""
    from cli.duty_pages import chase_all

    return chase_all(desk, dry_run=dry_run)


@command(
    app,
    "waive",
    who=True,
    when="at",
    examples=("bihuan duty waive report weekly/2026-W48/S1 --reason 学校已撤并 --as committee1",),
)
def waive(
    desk: Desk,
    kind: _Kind,
    key: _Key,
    *,
    reason: Annotated[str, typer.Option(help="免办原因 / why it need not be done.")],
) -> Answer:
    """免办，原因记入经过 / let somebody off, with a reason that is kept."""
    from cli.duty_pages import waive_one

    return waive_one(desk, kind, key, reason)
