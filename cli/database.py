"""``bihuan db``: bring the database up to date, check that it is whole, copy it."""
# ruff: noqa: PLC0415 — a command imports what it needs when it runs, so that --help is fast

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.command import command, noun
from cli.desk import Desk
from cli.printing import Answer, facts, heading, lines, plain_text, styled
from cli.troubles import REFUSED
from rules.wording import Wording

if TYPE_CHECKING:
    from rich.console import Console

    from casework.upkeep import Checkup

app = noun("数据库：升级、检查、备份 / the database: upgrade, check, back up.")


@command(app, "upgrade", examples=("bihuan db upgrade",))
def upgrade(desk: Desk) -> Answer:
    """把数据库升到本程序所需的版本 / bring the database to what this version needs.

    待编入索引、待计入统计的先做一批,余下的由封存流程每次做一批 / some of what waits to be indexed
    or added up is done at once, the rest by the seal.
    """
    from casework.catching_up import catch_up_some
    from casework.home import found_office, require_founded
    from cli.audit_pages import said_of
    from models import schema

    require_founded(desk.home)
    office = found_office(desk.home)
    done = catch_up_some(office)
    office.engine.dispose()
    told = Wording(f"数据库已是 {schema.newest()}", f"the database is at {schema.newest()}")
    said = [told, *([said_of(done)] if any(done) else [])]
    data = {"revision": schema.newest(), **done._asdict()}
    return Answer(data, lines(*(desk.say(each) for each in said)))


@command(app, "check", examples=("bihuan db check", "bihuan db check --json"))
def check(desk: Desk) -> Answer:
    """检查版本、结构、文件和每个案件的历史链，有问题则退出码为 1 / check that all is whole."""
    from casework.upkeep import check_database

    found = check_database(desk.home)
    data = {
        "whole": not found.faults,
        "database": found.backend,
        "version": found.version,
        "revision": found.revision,
        "newest": found.newest,
        "cases_checked": found.cases_checked,
        "counts": found.counts,
        "faults": found.faults,
    }
    return Answer(data, lambda out: _print(out, desk, found), REFUSED if found.faults else 0)


@command(app, "backup", examples=("bihuan db backup bihuan-2026-03-05.db",))
def backup(
    desk: Desk,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="备份写到哪里 / where to.")],
) -> Answer:
    """备份内置数据库并核对；证据文件请另行复制 / copy the database and verify the copy.

    佐证文件在 BIHUAN_HOME/evidence 下 / evidence lies under BIHUAN_HOME/evidence: copy it too.
    """
    from casework.backup import back_up

    home = desk.home
    done = back_up(home, file)
    evidence = home.folder / "evidence"
    told = Wording(
        f"已备份到 {done.path}（{done.size} 字节），并通过完整性检查。"
        f"佐证在 {evidence}，请一并复制。",
        f"copied to {done.path} ({done.size} bytes) and verified. Copy {evidence} as well.",
    )
    data = {"file": done.path, "size": done.size, "evidence": evidence}
    return Answer(data, lines(desk.say(told)))


@command(app, "auditor-role", examples=("bihuan db auditor-role bihuan_auditor",))
def auditor_role(
    desk: Desk,
    name: Annotated[str, typer.Argument(metavar="NAME", help="角色名 / the role's name.")],
    *,
    create: Annotated[
        bool, typer.Option("--create", help="在 PostgreSQL 上建立 / make it on PostgreSQL.")
    ] = False,
) -> Answer:
    """审计员的只读数据库角色：打印或执行授权语句 / the auditors' read-only role on PostgreSQL."""
    from casework.auditing.role import create_role, role_statements

    statements = role_statements(name)
    if create:
        with desk.office() as office, office.writing() as connection:
            create_role(connection, name)
    data = {"statements": statements, "created": create}
    return Answer(data, lines(*(f"{each};" for each in statements)))


def _print(out: "Console", desk: Desk, found: "Checkup") -> None:
    sound = Wording("数据库完整", "the database is whole")
    broken = Wording(f"发现 {len(found.faults)} 处问题", f"{len(found.faults)} fault(s) found")
    out.print(styled(desk.say(broken if found.faults else sound), _style(found)))
    for fault in found.faults:
        out.print(plain_text(f"- {desk.say(fault)}"))
    known = [
        (Wording("数据库", "database"), f"{found.backend} {found.version}"),
        (Wording("结构版本", "revision"), found.revision or ""),
        (Wording("核对历史链", "chains checked"), str(found.cases_checked)),
    ]
    out.print(facts(known, desk.locale))
    if found.counts:
        out.print(heading(desk.say(Wording("各表行数", "Rows"))))
        counts = ((Wording(name, name), str(n)) for name, n in sorted(found.counts.items()))
        out.print(facts(counts, desk.locale))


def _style(found: "Checkup") -> str:
    return "bold red" if found.faults else "bold green"
