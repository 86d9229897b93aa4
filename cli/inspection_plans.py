"""The commands of ``bihuan inspection`` on checklists, plans and draws."""
# ruff: noqa: PLC0415 — a command imports what it needs when it runs, so that --help is fast

from pathlib import Path
from typing import Annotated

import typer

from cli import ledger_options, reading
from cli.adopting_words import AsText, OnlyTry, TextFile, Why
from cli.command import command
from cli.desk import Desk
from cli.printing import Answer

_Plan = Annotated[str, typer.Argument(metavar="PLAN", help="计划编号，见 plans / see plans.")]


def register(app: typer.Typer) -> None:
    """Add the commands to ``bihuan inspection``."""
    command(app, "checklists", examples=(
        "bihuan inspection checklists",
        "bihuan inspection checklists 消防安全检查",
        "bihuan inspection checklists daily --toml > 每日自查.toml",
    ))(checklists)  # fmt: skip
    command(app, "adopt", who=True, when="at", examples=(
        "bihuan inspection adopt 每日自查.toml --dry-run",
        "bihuan inspection adopt 每日自查.toml --reason 增加一项 --as admin",
    ))(adopt)  # fmt: skip
    command(app, "plan", who=True, when="at", examples=(
        "bihuan inspection plan 消防专项.toml --as committee",
        "bihuan inspection plan 每日自查.toml --dry-run --as head",
        "bihuan inspection plan 任务分解清单.xlsx --unit 第一片区 --dry-run --as cluster",
    ))(plan)  # fmt: skip
    command(app, "plans", who=True, when="at", examples=(
        "bihuan inspection plans --as committee",
        "bihuan inspection plans JH2026-0001 --as committee",
        "bihuan inspection plans --to 任务分解清单.xlsx --as committee",
    ))(plans)  # fmt: skip
    command(app, "withdraw", who=True, when="at", examples=(
        "bihuan inspection withdraw JH2026-0001 --reason 另有安排 --as committee",
    ))(withdraw)  # fmt: skip
    command(app, "give-out", when="as_of", examples=(
        "bihuan inspection give-out",
        "bihuan inspection give-out --dry-run --as-of 2026-12-01T06:00",
    ))(give_out)  # fmt: skip
    command(app, "draw", who=True, examples=(
        "bihuan inspection draw JH2026-0002 --as committee",
        "bihuan inspection draw JH2026-0002/1/2026-Q4 --verify --as auditor",
    ))(draw)  # fmt: skip
    command(app, "publish", who=True, when="at", examples=(
        "bihuan inspection publish JH2026-0002/1/2026-Q4 --as committee",
    ))(publish)  # fmt: skip
    command(app, "published", examples=("bihuan inspection published",))(published)


def checklists(
    desk: Desk,
    checklist: Annotated[
        str, typer.Argument(metavar="[CHECKLIST]", help="只看一张 / one only.")
    ] = "",
    *,
    toml: AsText = False,
) -> Answer:
    """检查表：检查项、依据、立案品目 / the checklists, their items with the clause behind each."""
    from cli.inspection_pages import show_checklists

    return show_checklists(desk, checklist, as_toml=toml)


def adopt(
    desk: Desk,
    file: TextFile,
    *,
    reason: Why = "",
    dry_run: OnlyTry = False,
) -> Answer:
    """采用检查表新版本，已有记录不变 / adopt a checklist; records keep what they answered."""
    from casework.inspections.checklists import CHECKLISTS
    from cli.adopting import adopt_one

    return adopt_one(desk, CHECKLISTS, file, reason, dry_run=dry_run)


def plan(
    desk: Desk,
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="TOML，或任务分解清单表格 / TOML or a workbook.")
    ],
    *,
    unit: Annotated[
        str, typer.Option(help="表格没有写时的计划单位 / whose plans, where no column says.")
    ] = "",
    dry_run: ledger_options.DryRun = False,
    partial: ledger_options.Partial = False,
    errors: ledger_options.Errors = None,
) -> Answer:
    """制定检查计划及任务分解清单 / make plans with their task breakdown."""
    from cli.inspection_acts import plan_one
    from cli.inspection_sheets import import_all

    if file.suffix.lower() != ".toml":
        return import_all(desk, file, (dry_run, partial), unit, errors)
    return plan_one(desk, reading.existing(file, "FILE"), dry_run=dry_run)


def plans(
    desk: Desk,
    number: Annotated[str, typer.Argument(metavar="[PLAN]", help="只看一个 / one only.")] = "",
    *,
    to: Annotated[
        Path | None, typer.Option(metavar="FILE", help="写成 .xlsx 或 .csv / write a workbook.")
    ] = None,
) -> Answer:
    """检查计划；给编号则看任务分解清单、完成情况 / the plans, or one with its breakdown."""
    from cli.inspection_pages import show_plans
    from cli.inspection_sheets import export_breakdown

    if to:
        return export_breakdown(desk, number, to)
    return show_plans(desk, number)


def withdraw(
    desk: Desk, number: _Plan, *, reason: Annotated[str, typer.Option(help="理由 / why.")]
) -> Answer:
    """撤回计划，未检查的取消 / withdraw a plan; what nobody recorded is dropped."""
    from cli.inspection_acts import withdraw_one

    return withdraw_one(desk, number, reason)


def give_out(
    desk: Desk,
    *,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="只列出，不写入 / count only, write nothing.")
    ] = False,
    only: Annotated[str, typer.Option("--plan", help="只此计划 / this plan only.")] = "",
) -> Answer:
    """下达到期的检查任务、双随机抽取，各一次 / give out and draw what is due, once."""
    from cli.inspection_acts import give_out_all

    return give_out_all(desk, only, dry_run=dry_run)


def draw(
    desk: Desk,
    number: Annotated[
        str, typer.Argument(metavar="PLAN|DRAW", help="计划编号或抽取编号 / of a plan, or one.")
    ],
    *,
    verify: Annotated[
        bool, typer.Option("--verify", help="重新抽取并比对 / draw it again and compare.")
    ] = False,
) -> Answer:
    """双随机：承诺、名单、种子、抽中的单位 / the draws of a plan; --verify draws one again."""
    from cli.inspection_pages import show_draws

    return show_draws(desk, number, verify=verify)


def publish(
    desk: Desk,
    number: Annotated[str, typer.Argument(metavar="DRAW", help="抽取编号 / a draw's number.")],
) -> Answer:
    """公开抽查结果，须全部检查完 / publish what a draw led to, once all were inspected."""
    from cli.inspection_acts import publish_one

    return publish_one(desk, number)


def published(desk: Desk) -> Answer:
    """已公开的抽查结果 / what was published."""
    from cli.inspection_pages import show_published

    return show_published(desk)
