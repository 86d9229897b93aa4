"""``bihuan lookback``: look-backs 回头看, as they are read, verified and published."""
# ruff: noqa: PLC0415 — a command imports what it needs when it runs, so that --help is fast

from pathlib import Path
from typing import Annotated

import typer

from cli import lookback_acts, lookback_schedule, lookback_templates, lookback_visits, reading
from cli.command import command, noun
from cli.desk import Desk
from cli.lookback_arguments import Number
from cli.printing import Answer

app = noun("回头看：抽样复查已销号的案件 / look-backs: closed cases drawn to be looked at again.")
app.add_typer(lookback_templates.app, name="template")
app.add_typer(lookback_schedule.schedule_app, name="schedule")
lookback_acts.register(app)
lookback_visits.register(app)


@command(
    app,
    "verdict",
    who=True,
    examples=("bihuan lookback verdict '校安回[2026]1号' --as committee",),
)
def verdict(desk: Desk, number: Number) -> Answer:
    """各层的判定、复发率区间和下一步 / each stratum's verdict, interval, and what follows."""
    from cli.lookback_verdict_page import show_verdict

    return show_verdict(desk, number)


@command(
    app,
    "list",
    who=True,
    examples=(
        "bihuan lookback list --as committee",
        "bihuan lookback list --state drawn --as committee --json",
    ),
)
def list_(
    desk: Desk,
    *,
    state: Annotated[
        str,
        typer.Option(
            metavar="planned|committed|drawn|closed|withdrawn", help="只看此状态 / of this state."
        ),
    ] = "",
) -> Answer:
    """列出回头看，撤回的也在内 / list look-backs, withdrawn ones among them."""
    from cli.lookback_pages import show_list
    from rules.lookback.acts import LookbackState

    return show_list(desk, reading.choice(LookbackState, "--state")(state) if state else None)


@command(
    app,
    "show",
    who=True,
    examples=("bihuan lookback show '校安回[2026]1号' --as committee",),
)
def show(desk: Desk, number: Number) -> Answer:
    """一次回头看的全部：种子、名单、各层、历史 / everything about one look-back."""
    from cli.lookback_pages import show_look

    return show_look(desk, number)


@command(app, "mine", who=True, examples=("bihuan lookback mine --as inspector1",))
def mine(desk: Desk) -> Answer:
    """我要去复查的案件 / the visits that wait for me."""
    from cli.lookback_pages import show_mine

    return show_mine(desk)


@command(app, "published", examples=("bihuan lookback published",))
def published(desk: Desk) -> Answer:
    """公开表，不含个人信息，不问是谁 / the public list: no names, and nobody is asked theirs."""
    from cli.lookback_pages import show_published

    return show_published(desk)


@command(
    app,
    "bundle",
    who=True,
    examples=("bihuan lookback bundle '校安回[2026]1号' 回头看.zip --as committee",),
)
def bundle(
    desk: Desk,
    number: Number,
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="写到哪里，.zip / the ZIP to write.")
    ],
    *,
    with_roster: Annotated[
        bool,
        typer.Option(
            "--with-roster", help="附检查人员名单，供核验人员抽取 / with the inspectors' roster."
        ),
    ] = False,
) -> Answer:
    """导出文件包，任何人可核验 / export a bundle that anybody can check."""
    from cli.lookback_checking import export

    return export(desk, number, file, with_roster=with_roster)


@command(
    app,
    "verify",
    examples=(
        "bihuan lookback verify 回头看.zip",
        "bihuan lookback verify 回头看.zip --receipt '校安回〔2026〕1号/5/1a2b3c4d'",
    ),
)
def verify(
    desk: Desk,
    file: Annotated[Path, typer.Argument(metavar="BUNDLE", help="文件包 / the bundle.")],
    *,
    receipts: Annotated[
        list[str] | None,
        typer.Option(
            "--receipt", metavar="RECEIPT", help="您手中的回执，可重复 / a receipt that you kept."
        ),
    ] = None,
    keys: Annotated[
        list[str] | None,
        typer.Option("--key", metavar="KEY", help="您信任的封签公钥，可重复 / a key you trust."),
    ] = None,
) -> Answer:
    """核验文件包，不需要数据库；有一项不通过即以 1 结束 / check a bundle, without a database."""
    from cli.lookback_checking import check

    return check(desk, file, receipts or [], keys or [])
