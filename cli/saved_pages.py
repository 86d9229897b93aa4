"""Saved queries as pages."""

from collections.abc import Sequence

from rich.console import Console

from casework.asking.saved import Saved, find_saved, list_saved, remove_saved, save_query
from cli.case_pages import show_query
from cli.desk import Desk
from cli.printing import Answer, Column, lines, plain_text, table
from rules.wording import Wording

_COLUMNS = (
    Column(Wording("名称", "name"), ratio=1),
    Column(Wording("查询", "query"), ratio=3),
    Column(Wording("所有者", "owner"), keep=True),
    Column(Wording("共享", "shared"), keep=True),
)


def save(desk: Desk, name: str, query: str, *, shared: bool) -> Answer:
    with desk.office() as office:
        kept = save_query(office, name, query, by=desk.by, at=desk.at, shared=shared)
    said = Wording(f"已保存“{kept.name}”：{kept.query}", f"saved {kept.name!r}: {kept.query}")
    return Answer(kept, lines(desk.say(said)))


def show_saved(desk: Desk) -> Answer:
    with desk.office() as office:
        found = list_saved(office, by=desk.by)
    return Answer({"saved": found}, lambda out: _print(out, desk, found))


def forget(desk: Desk, name: str) -> Answer:
    with desk.office() as office:
        remove_saved(office, name, by=desk.by)
    said = Wording(f"已删除“{name}”", f"removed {name!r}")
    return Answer({"removed": name}, lines(desk.say(said)))


def run_saved(desk: Desk, name: str, after: str, size: int) -> Answer:
    with desk.office() as office:
        kept = find_saved(office, name, by=desk.by)
    return show_query(desk, kept.query, after, size, as_auditor=True)


def _print(out: Console, desk: Desk, found: Sequence[Saved]) -> None:
    if not found:
        out.print(desk.say(Wording("还没有保存的查询。", "Nothing is saved yet.")))
        return
    made = table(_COLUMNS, desk.locale)
    yes = desk.say(Wording("是", "yes"))
    for each in found:
        made.add_row(
            plain_text(each.name), plain_text(each.query), each.owner, yes if each.shared else ""
        )
    out.print(made)
