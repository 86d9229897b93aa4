"""``bihuan lookback template``: plans for days to come, kept by name."""
# ruff: noqa: PLC0415 — a command imports what it needs when it runs, so that --help is fast

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli import reading, words
from cli.command import command, noun
from cli.desk import Desk
from cli.printing import Answer, Column, lines, plain_text, table
from rules.wording import Wording

if TYPE_CHECKING:
    from casework.lookback.templates import Saved

app = noun("回头看模板 / templates of look-backs.")

_Name = Annotated[
    str, typer.Argument(metavar="NAME", help="模板名称，一个词 / a template's name, one word.")
]


@command(
    app,
    "save",
    who=True,
    when="at",
    examples=(
        "bihuan lookback template example > 每月.toml",
        "bihuan lookback template save 每月 每月.toml --as admin",
    ),
)
def save(
    desk: Desk,
    name: _Name,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="TOML 文件 / a TOML file.")],
) -> Answer:
    """保存模板；同名的旧模板留在记录中 / save a template; an earlier one stays on record."""
    from casework.lookback.templates import save_template

    text = reading.existing(file, "FILE").read_text(encoding="utf-8-sig", errors="replace")
    with desk.office() as office:
        saved = save_template(office, name, text, by=desk.by, at=desk.at)
    told = Wording(f"已保存模板“{saved.name}”", f"saved the template {saved.name!r}")
    return Answer({"name": saved.name, "adopted_at": saved.adopted_at}, lines(desk.say(told)))


@command(app, "list", examples=("bihuan lookback template list",))
def list_(desk: Desk) -> Answer:
    """列出在用的模板 / list the templates in use."""
    from casework.lookback.templates import list_templates

    with desk.office() as office:
        found = list_templates(office)
    rows = [_row(each) for each in found]
    made = table(
        [
            Column(Wording("名称", "name"), keep=True),
            Column(Wording("标题", "title"), ratio=1),
            Column(Wording("期间", "period"), keep=True),
            Column(Wording("样本量规则", "rule of size"), keep=True),
            Column(Wording("保存于", "saved"), keep=True),
        ],
        desk.locale,
    )
    for row in rows:
        texts = [plain_text(row[name]) for name in ("name", "title", "period", "rule")]
        made.add_row(*texts, words.moment(row["adopted_at"]))
    return Answer(rows, lines(made) if rows else lines(desk.say(_NONE)))


@command(app, "show", examples=("bihuan lookback template show 每月 > 每月.toml",))
def show(desk: Desk, name: _Name) -> Answer:
    """打印模板原文 / print a template's text."""
    from casework.lookback.templates import find_template

    with desk.office() as office, office.reading() as connection:
        saved = find_template(connection, name)
    data = {"name": saved.name, "text": saved.text, "adopted_at": saved.adopted_at}
    return Answer(data, lambda out: out.out(saved.text, end="", highlight=False))


@command(
    app,
    "retire",
    who=True,
    when="at",
    examples=("bihuan lookback template retire 每月 --as admin",),
)
def retire(desk: Desk, name: _Name) -> Answer:
    """停用模板；已抽取的不受影响 / take a template out of use; what was drawn by it stays."""
    from casework.lookback.templates import retire_template

    with desk.office() as office:
        retire_template(office, name, by=desk.by, at=desk.at)
    told = Wording(f"已停用模板“{name}”", f"retired the template {name!r}")
    return Answer({"name": name}, lines(desk.say(told)))


@command(app, "example", examples=("bihuan lookback template example > 每月.toml",))
def example(_desk: Desk) -> Answer:
    """打印带说明的示例模板 / print a template that explains itself."""
    from casework.lookback.example import EXAMPLE

    return Answer({"text": EXAMPLE}, lambda out: out.out(EXAMPLE, end="", highlight=False))


def _row(saved: "Saved") -> dict[str, Any]:
    template = saved.template
    return {
        "name": saved.name, "title": template.title, "period": template.period,
        "rule": template.size.rule, "adopted_at": saved.adopted_at,
    }  # fmt: skip


_NONE = Wording(
    "还没有模板。bihuan lookback template example 打印一份示例。",
    "No templates yet. `bihuan lookback template example` prints one.",
)
