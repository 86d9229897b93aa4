"""Duties as pages: kinds, lists, one duty, what a chase did."""

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console, RenderableType

from casework import clock
from casework.duties import ending
from casework.duties.chasing import Chased
from casework.duties.listing import DutyFilter, list_duties
from casework.duties.listing import show_duty as find_duty
from casework.events import Door
from casework.missing import chase_missing
from cli import words
from cli.desk import Desk
from cli.printing import Answer, Column, facts, heading, lines, plain_text, table
from rules.duties.kinds import DutyKind
from rules.duties.kinds import kinds as all_kinds
from rules.wording import Wording
from rules.workdays import china_day


def show_kinds(desk: Desk) -> Answer:
    parts: list[RenderableType] = []
    for kind in all_kinds().values():
        parts += [heading(f"{kind.key}  {desk.say(kind.label)}"), _steps(desk, kind)]
    data = [kind.model_dump(mode="json", by_alias=True) for kind in all_kinds().values()]
    return Answer(data, lines(*parts))


def show_list(desk: Desk, wanted: DutyFilter, size: int, after: str) -> Answer:
    with desk.office() as office:
        page = list_duties(
            office, by=desk.by, today=china_day(desk.at), wanted=wanted, size=size, after=after
        )

    def show(out: Console) -> None:
        if page.rows:
            out.print(_rows(desk, page.rows))
        out.print(desk.say(Wording(f"共 {len(page.rows)} 项", f"{len(page.rows)} in all")))
        if page.after:
            out.print(f"--after {page.after}")

    return Answer({"rows": page.rows, "after": page.after}, show)


def show_one(desk: Desk, kind: str, key: str) -> Answer:
    with desk.office() as office:
        shown = find_duty(office, kind, key, by=desk.by, today=china_day(desk.at))
    history = [
        plain_text(f"{words.moment(each['at'])} {desk.say(each['said'])} {each['who']}")
        for each in shown["history"]
    ]
    title = f"{desk.say(shown['kind_said'])} {desk.say(shown['title'])}"
    return Answer(shown, lines(heading(title), facts(_pairs(desk, shown), desk.locale), *history))


def chase_all(desk: Desk, *, dry_run: bool) -> Answer:
    now = clock.now()
    with desk.office() as office:
        done = chase_missing(office, as_of=desk.at, ran_at=now, door=Door.CLI, dry_run=dry_run)
    data = {name: getattr(done, name) for name in Chased.__slots__}
    return Answer(data, lines(desk.say(_chased(done)), *done.cases))


def waive_one(desk: Desk, kind: str, key: str, reason: str) -> Answer:
    with desk.office() as office:
        held = ending.waive(office, kind, key, reason, by=desk.by, at=desk.at, door=Door.CLI)
    told = Wording(f"已免办：{held.title.zh}", f"waived: {held.title.en}")
    return Answer({"kind": kind, "key": key, "state": "waived"}, lines(desk.say(told)))


def _chased(done: Chased) -> Wording:
    told, notices, raised, linked = done.told, done.notices, done.raised, done.linked
    zh = f"催办 {told} 项，通知 {notices} 条，立案 {raised} 件，已有案件 {linked} 件"
    en = f"{told} chased, {notices} notices, {raised} raised, {linked} known already"
    if done.opened:
        zh, en = f"新立 {done.opened} 项，{zh}", f"{done.opened} opened, {en}"
    return Wording(f"试运行，未写入：{zh}", f"dry run: {en}") if done.dry_run else Wording(zh, en)


def _pairs(desk: Desk, shown: Mapping[str, Any]) -> list[tuple[Wording, RenderableType]]:
    return [
        (Wording("标识", "key"), plain_text(f"{shown['kind']} {shown['key']}")),
        (Wording("单位", "unit"), plain_text(shown["unit"])),
        (Wording("期限", "due"), f"{shown['due_on']}"),
        (Wording("等谁办", "waits for"), plain_text(_holder(desk, shown))),
        (Wording("状态", "state"), _state(desk, shown)),
        (Wording("下一步", "next step"), f"{shown['next_on'] or ''}"),
        (Wording("案件", "case"), shown["case"]),
        (Wording("办理处", "page"), plain_text(shown["link"])),
    ]


def _rows(desk: Desk, rows: Sequence[Mapping[str, Any]]) -> RenderableType:
    made = table(
        [
            Column(Wording("期限", "due"), keep=True),
            Column(Wording("种类", "kind")),
            Column(Wording("标识", "key")),
            Column(Wording("单位", "unit")),
            Column(Wording("事项", "what"), ratio=1),
            Column(Wording("等谁办", "waits for")),
            Column(Wording("状态", "state")),
        ],
        desk.locale,
    )
    for row in rows:
        made.add_row(
            f"{row['due_on']}", desk.say(row["kind_said"]), plain_text(row["key"]),
            plain_text(row["unit"]), plain_text(desk.say(row["title"])),
            plain_text(_holder(desk, row)), _state(desk, row),
        )  # fmt: skip
    return made


def _holder(desk: Desk, row: Mapping[str, Any]) -> str:
    return f"{row['waits_for'] or desk.say(row['holder'])}"


def _state(desk: Desk, row: Mapping[str, Any]) -> str:
    late = row["days_late"]
    said = Wording(f"逾期 {late} 天", f"{late} day(s) late") if late else row["state_said"]
    return f"{desk.say(said)} {row['case']}".strip()


def _steps(desk: Desk, kind: DutyKind) -> RenderableType:
    made = table(
        [
            Column(Wording("天数", "days"), right=True),
            Column(Wording("告知", "tells"), ratio=1),
            Column(Wording("立案", "case")),
        ],
        desk.locale,
        title=f"{kind.count.value} · {kind.source}",
    )
    for step in kind.steps:
        told = ", ".join(each.value for each in step.tell)
        made.add_row(f"{step.days:+d}", told, words.yes_no(step.case, desk.locale) * step.case)
    return made
