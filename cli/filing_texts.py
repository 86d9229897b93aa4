"""The commands of ``bihuan filing`` on templates and campaigns."""
# ruff: noqa: PLC0415 — a command imports what it needs when it runs, so that --help is fast

from typing import Annotated

import typer

from cli.adopting_words import AsText, OnlyTry, TextFile, Why
from cli.command import command
from cli.desk import Desk
from cli.printing import Answer


def register(app: typer.Typer) -> None:
    """Add the commands to ``bihuan filing``."""
    command(app, "templates", examples=(
        "bihuan filing templates",
        "bihuan filing templates monthly",
        "bihuan filing templates monthly --toml > 月报.toml",
    ))(templates)  # fmt: skip
    command(app, "versions", examples=("bihuan filing versions monthly",))(versions)
    command(app, "adopt", who=True, when="at", examples=(
        "bihuan filing adopt 月报.toml --dry-run",
        "bihuan filing adopt 月报.toml --reason 增加一项指标 --as admin",
    ))(adopt)  # fmt: skip
    command(app, "campaigns", who=True, when="as_of", examples=(
        "bihuan filing campaigns --as head",
    ))(campaigns)  # fmt: skip
    command(app, "campaign", who=True, when="at", examples=(
        "bihuan filing campaign 周边.toml --dry-run",
        "bihuan filing campaign 周边.toml --reason 冬季专项 --as admin",
    ))(campaign)  # fmt: skip
    command(app, "stop", who=True, when="at", examples=(
        "bihuan filing stop surroundings_2026 --reason 提前结束 --as admin",
    ))(stop)  # fmt: skip


def templates(
    desk: Desk,
    template: Annotated[
        str, typer.Argument(metavar="[TEMPLATE]", help="只看一种 / one only.")
    ] = "",
    *,
    toml: AsText = False,
) -> Answer:
    """有哪些报告，各有什么指标，怎样取数，何时应报 / templates, figures, sources, due days."""
    from cli.filing_text_pages import show_templates

    return show_templates(desk, template, as_toml=toml)


def versions(
    desk: Desk,
    key: Annotated[str, typer.Argument(metavar="KEY", help="模板或专项的 key / its key.")],
) -> Answer:
    """模板或专项的历次版本：何时、谁、为何采用 / every version of a template or campaign."""
    from cli.filing_text_pages import show_history

    return show_history(desk, key)


def adopt(desk: Desk, file: TextFile, *, reason: Why = "", dry_run: OnlyTry = False) -> Answer:
    """采用报告模板的新版本，已汇编的不变 / adopt a template; what is compiled keeps its own."""
    from casework.filings.templates import TEMPLATES
    from cli.adopting import adopt_one

    return adopt_one(desk, TEMPLATES, file, reason, dry_run=dry_run)


def campaigns(desk: Desk) -> Answer:
    """列出专项：进行中、未开始、已结束、已停止 / list the campaigns, each with its periods."""
    from cli.filing_text_pages import show_campaigns

    return show_campaigns(desk)


def campaign(desk: Desk, file: TextFile, *, reason: Why = "", dry_run: OnlyTry = False) -> Answer:
    """采用专项：模板、各期、单位、应报日；到日自动汇编 / adopt a campaign; the engine opens it."""
    from casework.filings.campaigns import CAMPAIGNS
    from cli.adopting import adopt_one

    return adopt_one(desk, CAMPAIGNS, file, reason, dry_run=dry_run)


def stop(
    desk: Desk,
    key: Annotated[str, typer.Argument(metavar="CAMPAIGN", help="专项的 key / its key.")],
    *,
    reason: Why = "",
) -> Answer:
    """提前停止专项：不再汇编，未逾期的不再催 / end a campaign; what is not late is not owed."""
    from cli.filing_text_pages import stop_one

    return stop_one(desk, key, reason)
