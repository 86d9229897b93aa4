"""``bihuan policy``: check a file, show what is in force, put a new version in force."""
# ruff: noqa: PLC0415 — a command imports what it needs when it runs, so that --help is fast

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli import reading, words
from cli.command import command, noun
from cli.desk import Desk
from cli.printing import Answer, Column, styled, table
from rules.case import Level
from rules.deadlines import Stage
from rules.wording import Wording

if TYPE_CHECKING:
    from rich.console import Console

    from rules.policy import Policy

app = noun("规则：时限、催办、品目 / policies: limits, steps, categories.")

_File = Annotated[Path, typer.Argument(metavar="FILE.toml", help="规则文件 / a policy file.")]


@command(app, "check", examples=("bihuan policy check 规则.toml",))
def check(desk: Desk, file: _File) -> Answer:
    """检查规则文件能否采用，什么也不改 / check a policy file; nothing is changed."""
    from rules.policy import digest, read_policy

    text = _text_of(file)
    policy = read_policy(text, where=str(file))
    told = Wording(
        f"可以采用：{policy.title}（{digest(text)}）",
        f"can be adopted: {policy.title} ({digest(text)})",
    )
    return Answer(_plain(policy, digest(text)), lambda out: _print(out, desk, policy, told))


@command(
    app,
    "show",
    when="as_of",
    examples=("bihuan policy show", "bihuan policy show > 规则.toml", "bihuan policy show --json"),
)
def show(
    desk: Desk,
    *,
    version: Annotated[
        str, typer.Option(metavar="DIGEST", help="某一版，默认现行 / a version, else in force.")
    ] = "",
) -> Answer:
    """原样输出规则文本 / print a policy's text, ready to be edited."""
    from rules.policy import digest, read_policy

    text = _text_in_force(desk, version)
    data = {**_plain(read_policy(text), digest(text)), "text": text}
    return Answer(data, lambda out: _write(out, text))


@command(
    app,
    "adopt",
    who=True,
    when="at",
    examples=("bihuan policy adopt 规则.toml --as admin",),
)
def adopt(desk: Desk, file: _File) -> Answer:
    """采用规则文件，自其生效日起执行；已起算的时限不变 / put a policy in force."""
    from casework.settings import adopt_policy
    from rules.policy import digest

    text = _text_of(file)
    with desk.office() as office:
        policy = adopt_policy(office, text, by=desk.by, at=desk.at, where=str(file))
    told = Wording(
        f"已采用 {policy.title}（{digest(text)}），自 {policy.effective_from} 起执行",
        f"adopted {policy.title} ({digest(text)}), in force from {policy.effective_from}",
    )
    return Answer(_plain(policy, digest(text)), lambda out: _print(out, desk, policy, told))


@command(app, "list", when="as_of", examples=("bihuan policy list",))
def list_(desk: Desk) -> Answer:
    """列出采用过的各版规则 / list the versions ever adopted."""
    from casework.settings import list_policies

    with desk.office() as office, office.reading() as connection:
        rows = [dict(row) for row in list_policies(connection)]
        now = office.rulebooks.at(connection, desk.at).version
    data = [{**row, "version": row["digest"], "in_force": row["digest"] == now} for row in rows]
    return Answer(data, lambda out: _print_list(out, desk, data))


def _text_of(file: Path) -> str:
    path = reading.existing(file, "FILE")
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as fault:
        from rules.policy import PolicyTrouble

        raise PolicyTrouble(
            Wording("不是 UTF-8 文本", "it is not UTF-8 text"),
            remedy=Wording("请另存为 UTF-8。", "Save it as UTF-8."),
            where=str(file),
        ) from fault


def _text_in_force(desk: Desk, version: str) -> str:
    """Return the text asked for; what ships with the product before anything was set up."""
    from casework.upkeep import policy_text
    from rules.policy import default_text, digest

    default = default_text()
    if version and digest(default).startswith(version):
        return default
    if not version and not desk.founded:
        return default
    with desk.office() as office, office.reading() as connection:
        found = version or office.rulebooks.at(connection, desk.at).version
        return default if found == digest(default) else policy_text(connection, found)


def _plain(policy: "Policy", version: str) -> dict[str, Any]:
    return {
        "version": version,
        "name": policy.name,
        "title": policy.title,
        "effective_from": policy.effective_from,
        "limits": {
            level.value: {stage.value: str(policy.limit(level, stage)) for stage in Stage}
            for level in Level
        },
        "ladders": [each.name for each in policy.ladders],
        "categories": [each.key for each in policy.categories],
    }


def _print(out: "Console", desk: Desk, policy: "Policy", told: Wording) -> None:
    out.print(styled(desk.say(told), "bold green"))
    columns = [Column(Wording("环节", "stage"))]
    made = table([*columns, *(Column(level.label) for level in Level)], desk.locale)
    for stage in Stage:
        limits = (desk.say(policy.limit(level, stage).label) for level in Level)
        made.add_row(desk.say(stage.label), *limits)
    out.print(made)


def _write(out: "Console", text: str) -> None:
    out.file.write(text)


def _print_list(out: "Console", desk: Desk, rows: list[dict[str, Any]]) -> None:
    made = table(
        [
            Column(Wording("版本", "version"), keep=True),
            Column(Wording("名称", "name")),
            Column(Wording("生效", "from"), keep=True),
            Column(Wording("采用", "adopted"), keep=True),
            Column(Wording("现行", "in force")),
        ],
        desk.locale,
    )
    for row in rows:
        made.add_row(
            row["digest"], row["name"], words.day(row["effective_from"]),
            words.moment(row["adopted_at"]), words.yes_no(row["in_force"], desk.locale),
        )  # fmt: skip
    out.print(made)
