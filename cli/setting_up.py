"""``bihuan init``, ``people`` and ``units``: found an installation, and who is in it."""
# ruff: noqa: PLC0415 — a command imports what it needs when it runs, so that --help is fast

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.command import command
from cli.desk import Desk
from cli.printing import Answer, Column, plain_text, table
from rules.wording import Wording

if TYPE_CHECKING:
    from rich.console import Console


def register(app: typer.Typer) -> None:
    command(
        app,
        "init",
        when="at",
        examples=(
            "bihuan init --sample",
            "bihuan init --admin zhang --admin-name 张某",
            "bihuan init --organisation 单位.csv --people 人员.csv",
        ),
    )(init)
    command(app, "people", examples=("bihuan people", "bihuan people --json"))(people)
    command(app, "units", examples=("bihuan units", "bihuan units --json"))(units)


def init(
    desk: Desk,
    *,
    organisation: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE.csv",
            help="单位表，列 kind,code,name,parent,unit_type；kind 为 committee 专委会、"
            "cluster 片区、unit 责任单位、department 责任处室 / places.",
        ),
    ] = None,
    people: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE.csv",
            help="人员表，列 code,name,role,place，一人多职写多行 / people, a row for each role.",
        ),
    ] = None,
    admin: Annotated[
        str, typer.Option(metavar="CODE", help="管理员代码 / admin's code.")
    ] = "admin",
    admin_name: Annotated[str, typer.Option(help="管理员姓名 / admin's name.")] = "管理员",
    sample: Annotated[
        bool, typer.Option("--sample", help="装入示例单位和台账 / load the sample.")
    ] = False,
) -> Answer:
    """在 BIHUAN_HOME（默认 .bihuan）初始化；重复运行不改已有内容 / found an installation.

    CSV 为 UTF-8 或 GBK,首行为列名 / CSV in UTF-8 or GBK with a header row.
    """
    from cli.founding import Founders, found

    return found(desk, Founders(organisation, people, admin, admin_name, sample))


def people(desk: Desk) -> Answer:
    """列出人员、代码和职责 / list people, their codes and roles."""
    from casework.organisations import list_people

    with desk.office() as office, office.reading() as connection:
        rows = [dict(row) for row in list_people(connection)]
    return Answer(rows, lambda out: _print_people(out, desk, rows))


def units(desk: Desk) -> Answer:
    """列出专委会、片区、单位、处室 / list the places of the organisation."""
    from casework.organisations import list_places

    with desk.office() as office, office.reading() as connection:
        rows = [dict(row) for row in list_places(connection)]
    codes = {row["id"]: row["code"] for row in rows}
    shown = [
        {
            "kind": row["kind"], "code": row["code"], "name": row["name"],
            "unit_type": row["unit_type"], "parent": codes.get(row["parent_id"], ""),
            "depth": row["path"].count("/") - 2,
        }
        for row in rows
    ]  # fmt: skip
    return Answer(shown, lambda out: _print_units(out, desk, shown))


def _print_people(out: "Console", desk: Desk, rows: Sequence[Mapping[str, Any]]) -> None:
    made = table(
        [
            Column(Wording("代码", "code")),
            Column(Wording("姓名", "name")),
            Column(Wording("职责", "role")),
            Column(Wording("在", "over")),
        ],
        desk.locale,
    )
    for row in rows:
        role = desk.say(row["role"].label) if row["role"] else ""
        over = plain_text(row["place_name"] or "")
        made.add_row(plain_text(row["code"]), plain_text(row["name"]), role, over)
    out.print(made)


def _print_units(out: "Console", desk: Desk, rows: Sequence[Mapping[str, Any]]) -> None:
    made = table(
        [
            Column(Wording("名称", "name")),
            Column(Wording("代码", "code")),
            Column(Wording("类别", "kind")),
            Column(Wording("学段", "type")),
        ],
        desk.locale,
    )
    for row in rows:
        name = plain_text("  " * row["depth"] + row["name"])
        kind = desk.say(_KINDS[row["kind"]])
        made.add_row(name, plain_text(row["code"]), kind, plain_text(row["unit_type"]))
    out.print(made)


_KINDS = {
    "committee": Wording("专委会", "committee"),
    "cluster": Wording("片区", "cluster"),
    "unit": Wording("责任单位", "unit"),
    "department": Wording("责任处室", "department"),
}
