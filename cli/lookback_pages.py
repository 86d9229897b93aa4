"""Look-backs as pages: the list, one of them, my visits, and what is public."""

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console, RenderableType

from casework.lookback.looking import (
    LookbackFile,
    list_lookbacks,
    list_published,
    my_visits,
    open_lookback,
)
from cli import lookback_words, words
from cli.case_pages import categories
from cli.desk import Desk
from cli.lookback_verdict_page import verdict_table
from cli.printing import Answer, Column, facts, heading, lines, plain_text, styled, table
from rules.access import Role
from rules.lookback.acts import LookbackAct, LookbackState
from rules.lookback.findings import Finding
from rules.lookback.plan import read_plan
from rules.lookback.verdict import Decision
from rules.wording import Wording

_NUMBER = Column(Wording("编号", "number"), keep=True)
_TITLE = Column(Wording("标题", "title"), ratio=1)
_CASE = Column(Wording("案件", "case"), keep=True)
_UNIT = Column(Wording("单位", "unit"), ratio=1)
_DAY = Column(Wording("日期", "day"), keep=True)
_FINDING = Column(Wording("结果", "finding"), keep=True)
_DRAWN = Column(Wording("抽取/名单", "drawn/frame"), right=True)


def show_list(desk: Desk, state: LookbackState | None) -> Answer:
    with desk.office() as office:
        rows = list_lookbacks(office, by=desk.by, state=state)
    made = table(
        [_NUMBER, _TITLE, Column(Wording("状态", "state"), keep=True), _DRAWN,
         Column(Wording("计划于", "planned"), keep=True),
         Column(Wording("期限", "due"), keep=True)],
        desk.locale,
    )  # fmt: skip
    for row in rows:
        made.add_row(
            row["number"], plain_text(row["title"]), desk.say(_state(row)),
            f"{row['drawn']}/{row['frame_size']}", words.moment(row["planned_at"]),
            words.deadline(row["due_at"]),
        )  # fmt: skip
    return Answer([_without_id(row) for row in rows], lines(*_counted(desk, made, len(rows))))


def show_look(desk: Desk, number: str) -> Answer:
    with desk.office() as office:
        found = open_lookback(office, number, by=desk.by)
    plan = read_plan(found.row["plan"])
    data = {
        **_without_id(found.row), "plan": plan.plain(), "receipt": found.receipt,
        "broken_at": found.broken_at, "events": found.events,
        "strata": [lookback_words.judged(each) for each in found.strata],
        "visits": [_visit(each) for each in found.visits],
    }  # fmt: skip
    return Answer(data, lambda out: _print_look(out, desk, found))


def show_mine(desk: Desk) -> Answer:
    with desk.office() as office:
        rows = my_visits(office, by=desk.by)
    made = table(
        [_NUMBER, _CASE, _UNIT, Column(Wording("隐患", "hazard"), ratio=2), _DAY,
         Column(Wording("期限", "due"), keep=True), Column(Wording("待办", "to do"), keep=True)],
        desk.locale,
    )  # fmt: skip
    for row in rows:
        made.add_row(
            row["lookback"], row["number"], plain_text(row["unit"]),
            plain_text(row["description"]), words.day(row["planned_on"]),
            words.deadline(row["due_at"]), desk.say(_to_do(row)),
        )  # fmt: skip
    return Answer(rows, lines(*_counted(desk, made, len(rows))))


def show_published(desk: Desk) -> Answer:
    """Show what anybody may read; nobody has to say who they are."""
    with desk.office() as office:
        found = list_published(office)
        labels = categories(office, desk)
    return Answer(found, lambda out: _print_published(out, desk, found, labels))


def _state(row: Mapping[str, Any]) -> Wording:
    label: Wording = row["state"].label
    if row["published_at"] is None:
        return label
    return Wording(f"{label.zh}（已公开）", f"{label.en} (published)")


def _to_do(row: Mapping[str, Any]) -> Wording:
    if row["proposed"] is None:
        return Wording("填写", "record")
    if row["signed_at"] is None:
        return Wording("签字", "sign")
    return Wording("等他人签字", "others sign")


def _without_id(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in ("id", "planned_by_id")}


def _visit(each: Mapping[str, Any]) -> dict[str, Any]:
    hidden = ("lookback_id", "case_id", "next_step", "next_step_at")
    return {name: value for name, value in each.items() if name not in hidden}


def _counted(desk: Desk, made: RenderableType, count: int) -> list[RenderableType | str]:
    told = desk.say(Wording(f"共 {count} 项", f"{count} in all"))
    return [made, told] if count else [told]


def _print_look(out: Console, desk: Desk, found: LookbackFile) -> None:
    row, plan = found.row, read_plan(found.row["plan"])
    out.print(styled(f"{row['number']}  {row['title']}  {desk.say(_state(row))}", "bold"))
    out.print(facts(_facts(found, desk), desk.locale))
    if found.strata:
        out.print(heading(desk.say(Wording("各层", "strata"))))
        out.print(verdict_table(desk, found, plan))
        out.print(heading(desk.say(Wording("抽中的案件", "cases drawn"))))
        out.print(_visits_table(found, desk))
    out.print(heading(desk.say(Wording("历史", "history"))))
    out.print(_history_table(found, desk))


def _facts(found: LookbackFile, desk: Desk) -> list[tuple[Wording, RenderableType]]:
    row, plan = found.row, read_plan(found.row["plan"])
    outside = f"{row['outside_source']} {words.day(row['outside_on'])} {row['outside_value']}"
    broken = Wording(f"第 {found.broken_at} 条起不一致", f"broken at event {found.broken_at}")
    return [
        (Wording("模板", "template"), plain_text(row["template"]) if row["template"] else ""),
        (Wording("期间", "closed"), lookback_words.period(plan.plain())),
        (Wording("种子", "seed kind"), desk.say(plan.seed.label)),
        (Wording("承诺", "commitment"), row["commitment"]),
        (Wording("外部值", "outside value"), plain_text(outside) if row["outside_source"] else ""),
        (Wording("名单摘要", "frame"), row["frame_digest"]),
        (Wording("抽取/名单", "drawn/frame"),
         f"{row['drawn']}/{row['frame_size']}" if row["seed"] else ""),
        (Wording("随机种子", "seed"), row["seed"]),
        (Wording("期限", "due"), words.deadline(row["due_at"]) if row["due_at"] else ""),
        (Wording("撤回理由", "why withdrawn"), plain_text(row["withdrawn_reason"])
         if row["withdrawn_reason"] else ""),
        (Wording("历史", "history"), styled(desk.say(broken), "bold red")
         if found.broken_at else desk.say(Wording("完好", "whole"))),
        (Wording("回执", "receipt"), found.receipt),
    ]  # fmt: skip


def _visits_table(found: LookbackFile, desk: Desk) -> RenderableType:
    made = table(
        [_CASE, _UNIT, Column(Wording("层", "stratum"), ratio=1), _DAY,
         Column(Wording("检查人员", "inspectors"), ratio=1), _FINDING],
        desk.locale,
    )  # fmt: skip
    for each in found.visits:
        team = "、".join(one["name"] + ("✓" if one["signed_at"] else "") for one in each["team"])
        made.add_row(
            each["number"], plain_text(each["unit"]),
            plain_text(desk.say(lookback_words.stratum(each["stratum"]))),
            words.day(each["planned_on"]), plain_text(team), desk.say(_finding(each["finding"])),
        )  # fmt: skip
    return made


def _finding(finding: Finding | str | None) -> Wording:
    return Finding(finding).label if finding else Wording("待复查", "pending")


def _history_table(found: LookbackFile, desk: Desk) -> RenderableType:
    made = table(
        [Column(Wording("序号", "no"), right=True), Column(Wording("时间", "when"), keep=True),
         Column(Wording("办理", "act"), ratio=1), Column(Wording("角色", "role"), keep=True),
         Column(Wording("摘要", "hash"), keep=True)],
        desk.locale,
    )  # fmt: skip
    for each in found.events:
        made.add_row(
            f"{each['seq']}", words.moment(each["at"]),
            desk.say(LookbackAct(each["kind"]).label), desk.say(Role(each["role"]).label),
            each["hash"][:8],
        )  # fmt: skip
    return made


def _print_published(
    out: Console, desk: Desk, found: Sequence[Mapping[str, Any]], labels: Mapping[str, str]
) -> None:
    for each in found:
        out.print(styled(f"{each['number']}  {each['title']}  {each['period']}", "bold"))
        out.print(_public_strata(each, desk))
        out.print(_public_cases(each, desk, labels))
        out.print(desk.say(Wording(f"回执 {each['receipt']}", f"receipt {each['receipt']}")))
    told = Wording(f"共 {len(found)} 次回头看", f"{len(found)} look-backs in all")
    out.print(desk.say(told))


def _public_strata(each: Mapping[str, Any], desk: Desk) -> RenderableType:
    made = table(
        [Column(Wording("层", "stratum"), ratio=1), Column(Wording("件数", "cases"), right=True),
         Column(Wording("抽取", "drawn"), right=True), Column(Wording("已看", "seen"), right=True),
         Column(Wording("复发", "relapsed"), right=True),
         Column(Wording("判定", "verdict"), keep=True)],
        desk.locale,
    )  # fmt: skip
    for row in each["strata"]:
        counts = [f"{row[name]}" for name in ("population", "drawn", "checked", "relapsed")]
        label = desk.say(lookback_words.stratum(row["stratum"]))
        made.add_row(plain_text(label), *counts, desk.say(Decision(row["decision"]).label))
    return made


def _public_cases(each: Mapping[str, Any], desk: Desk, labels: Mapping[str, str]) -> RenderableType:
    made = table([_CASE, _UNIT, Column(Wording("品目", "category")), _FINDING], desk.locale)
    for row in each["cases"]:
        made.add_row(
            row["number"], plain_text(row["unit"]), labels.get(row["category"], row["category"]),
            desk.say(_finding(row["finding"])),
        )  # fmt: skip
    return made
