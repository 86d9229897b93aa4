"""Inspections as pages: checklists, plans, draws, what is to be made, what was found."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from rich.console import RenderableType

from casework.adopting import Version
from casework.inspections.checklists import list_checklists
from casework.inspections.listing import Wanted, list_tasks
from casework.inspections.plans import list_plans, show_plan
from casework.inspections.progress import Progress, plan_progress
from casework.inspections.publishing import list_draws, published_draws, verify_draw
from casework.inspections.showing import InspectionFile, open_inspection
from cli import words
from cli.desk import Desk
from cli.printing import Answer, Column, facts, heading, lines, plain_text, table
from rules.inspections.acts import Part, TaskState
from rules.inspections.answers import Result
from rules.inspections.checklists import Checklist
from rules.inspections.plan import Plan
from rules.wording import Wording
from rules.workdays import china_day


def show_checklists(desk: Desk, written: str, *, as_toml: bool) -> Answer:
    with desk.office() as office:
        found = list_checklists(office, written)
    data = [
        {**each.part.model_dump(mode="json", by_alias=True), "digest": each.digest}
        for each in found
    ]
    if as_toml:
        return Answer(data, lines(*(each.text for each in found)))
    parts: list[RenderableType] = []
    for each in found:
        parts += [heading(_named(desk, each)), _items(desk, each.part)]
    return Answer(
        data, lines(*parts) if written else lines(*(_named(desk, each) for each in found))
    )


def show_plans(desk: Desk, number: str) -> Answer:
    with desk.office() as office:
        if not number:
            rows = list_plans(office, by=desk.by)
            return Answer([_plain_plan(each) for each in rows], lines(_plans(desk, rows)))
        shown = show_plan(office, number, by=desk.by)
        progress = plan_progress(office, number, by=desk.by, today=china_day(desk.at))
    data = _plain_plan(shown) | {"progress": [each._asdict() for each in progress]}
    return Answer(data, lines(*_plan(desk, shown), _progress(desk, shown["plan"], progress)))


def show_tasks(desk: Desk, wanted: Wanted, states: Sequence[TaskState]) -> Answer:
    today = china_day(desk.at)
    with desk.office() as office:
        page = list_tasks(office, replace(wanted, states=states), by=desk.by, today=today)
    said = [_tasks(desk, page.rows)] if page.rows else []
    count = len(page.rows)
    total = desk.say(
        Wording(f"本页 {count} 条，还有", f"{count} on this page, more follow")
        if page.after else Wording(f"共 {count} 条", f"{count} in all")
    )  # fmt: skip
    more = [f"--after {page.after}"] if page.after else []
    return Answer({"rows": page.rows, "after": page.after}, lines(*said, total, *more))


def show_one(desk: Desk, number: str) -> Answer:
    with desk.office() as office:
        file = open_inspection(office, number, by=desk.by, today=china_day(desk.at))
    data = {
        "inspection": file.row, "checklist": file.checklist.key, "team": file.team,
        "answers": file.answers, "record": file.record, "signatures": file.signatures,
        "versions": len(file.versions), "history": file.history, "receipt": file.receipt,
        "cases": [each._asdict() for each in file.cases.values()], "broken_at": file.broken_at,
    }  # fmt: skip
    return Answer(data, lines(*_one(desk, file)))


def show_draws(desk: Desk, number: str, *, verify: bool) -> Answer:
    plan = number.partition("/")[0]
    with desk.office() as office:
        if verify:
            checks = verify_draw(office, number, by=desk.by)
            data = [{"what": each.what, "holds": each.holds} for each in checks]
            told = [f"{'✓' if each.holds else '✗'} {desk.say(each.what)}" for each in checks]
            return Answer(data, lines(*told), 0 if all(each.holds for each in checks) else 1)
        draws = [
            each for each in list_draws(office, plan, by=desk.by)
            if each["number"].startswith(number)
        ]  # fmt: skip
    return Answer(draws, lines(*(part for each in draws for part in _draw(desk, each))))


def show_published(desk: Desk) -> Answer:
    with desk.office() as office:
        draws = published_draws(office)
    return Answer(draws, lines(*(part for each in draws for part in _draw(desk, each))))


def _named(desk: Desk, version: Version[Checklist]) -> str:
    each = version.part
    count = Wording(f"{len(each.items)} 项", f"{len(each.items)} items")
    return f"{each.key}  {desk.say(each.label)}  {each.version}  {desk.say(count)}"


def _items(desk: Desk, checklist: Checklist) -> RenderableType:
    made = table(
        [
            Column(Wording("项", "item")),
            Column(Wording("正常时", "in order when"), ratio=2),
            Column(Wording("品目", "category")),
            Column(Wording("等级", "level")),
            Column(Wording("依据", "source"), ratio=2),
        ],
        desk.locale,
    )
    for item in checklist.items:
        made.add_row(
            item.key, desk.say(item.label), checklist.category_of(item),
            desk.say(item.level.label), plain_text(item.source),
        )  # fmt: skip
    return made


def _plain_plan(shown: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **{name: value for name, value in shown.items() if name not in {"lines", "history"}},
        "plan": shown["plan"].plain(),
    }


def _plans(desk: Desk, rows: Sequence[Mapping[str, Any]]) -> RenderableType:
    made = table(
        [
            Column(Wording("编号", "number"), keep=True),
            Column(Wording("计划", "plan"), ratio=1),
            Column(Wording("类型", "kind")),
            Column(Wording("周期", "how often")),
            Column(Wording("单位", "place")),
            Column(Wording("状态", "state")),
        ],
        desk.locale,
    )
    for row in rows:
        made.add_row(
            row["number"], plain_text(row["title"]), desk.say(row["kind"].label),
            desk.say(row["cadence"].label), plain_text(row["place"]),
            desk.say(row["state"].label),
        )  # fmt: skip
    return made


def _plan(desk: Desk, shown: Mapping[str, Any]) -> list[RenderableType]:
    made = table(
        [
            Column(Wording("任务", "task"), ratio=1),
            Column(Wording("检查表", "checklist")),
            Column(Wording("范围", "where")),
            Column(Wording("责任单位", "responsible")),
            Column(Wording("责任人", "lead")),
            Column(Wording("检查人员", "inspectors")),
        ],
        desk.locale,
    )
    for each in shown["lines"]:
        made.add_row(
            plain_text(each.line.task), plain_text(desk.say(each.checklist)),
            plain_text(each.place), plain_text(each.responsible), plain_text(each.lead),
            plain_text("、".join(each.inspectors)),
        )  # fmt: skip
    return [_plans(desk, [shown]), made, plain_text(shown["receipt"])]


def _progress(desk: Desk, plan: Plan, rows: Sequence[Progress]) -> RenderableType:
    made = table(
        [
            Column(Wording("周期", "period"), keep=True),
            Column(Wording("任务", "task"), ratio=1),
            Column(Wording("应查", "given"), right=True),
            Column(Wording("已查", "made"), right=True),
            Column(Wording("逾期", "late"), right=True),
            Column(Wording("隐患", "hazards"), right=True),
        ],
        desk.locale,
    )
    for each in rows:
        counts = (each.given, each.made, each.late, each.hazards)
        made.add_row(each.period, plain_text(plan.lines[each.line].task), *map(str, counts))
    return made


def _tasks(desk: Desk, rows: Sequence[Mapping[str, Any]]) -> RenderableType:
    made = table(
        [
            Column(Wording("编号", "number"), keep=True),
            Column(Wording("单位", "unit")),
            Column(Wording("检查", "inspection"), ratio=1),
            Column(Wording("期限", "due")),
            Column(Wording("状态", "state")),
            Column(Wording("隐患", "hazards"), right=True),
        ],
        desk.locale,
    )
    for row in rows:
        late = Wording(f" 逾期 {row['days_late']} 天", f" {row['days_late']} d late")
        made.add_row(
            row["number"], plain_text(row["unit"]),
            plain_text(f"{desk.say(row['kind'].label)} {row['title']}"),
            f"{row['due_on']}{desk.say(late) if row['days_late'] else ''}",
            desk.say(row["state"].label), f"{row['hazards'] or ''}",
        )  # fmt: skip
    return made


def _one(desk: Desk, file: InspectionFile) -> list[RenderableType]:
    row, record = file.row, file.record
    pairs = [
        (Wording("检查表", "checklist"), plain_text(desk.say(file.checklist.label))),
        (Wording("状态", "state"), desk.say(row["state"].label)),
        (Wording("期限", "due"), f"{row['due_on']}"),
        (Wording("检查人员", "inspectors"), plain_text("、".join(e["name"] for e in file.team))),
        (Wording("参与人数", "participants"), f"{record['participants']}" if record else ""),
    ]
    signed = [
        f"{desk.say(_part(each['part']))} {each['name']} {desk.say(each['word'].label)} "
        f"{words.moment(each['at'])} {each['reason']}"
        for each in file.signatures
    ]
    history = [
        f"{words.moment(each['at'])} {desk.say(each['said'])} {each['who']}"
        for each in file.history
    ]
    return [
        heading(f"{row['number']}  {desk.say(row['kind'].label)}  {row['unit']}"),
        facts(pairs, desk.locale),
        *([_found(desk, file)] if file.answers else []),
        *[plain_text(each) for each in [*signed, *history, file.receipt]],
    ]


def _part(part: Part) -> Wording:
    head = part is Part.HEAD
    return Wording("学校负责人", "head") if head else Wording("检查人员", "inspector")


def _found(desk: Desk, file: InspectionFile) -> RenderableType:
    made = table(
        [
            Column(Wording("检查项", "item"), ratio=1),
            Column(Wording("结果", "result")),
            Column(Wording("情况", "words"), ratio=1),
            Column(Wording("案件", "case"), keep=True),
        ],
        desk.locale,
    )
    for item in file.checklist.items:
        answer, case = file.answers.get(item.key), file.cases.get(item.key)
        if answer:
            made.add_row(
                desk.say(item.label), desk.say(Result(answer["result"]).label),
                plain_text(answer["note"]), case.number if case else "",
            )  # fmt: skip
    return made


def _draw(desk: Desk, draw: Mapping[str, Any]) -> list[RenderableType]:
    drawn = Wording(
        f"名单 {draw['frame_size']} 家，抽 {draw['drawn']} 家",
        f"{draw['drawn']} of {draw['frame_size']} drawn",
    )
    waiting = Wording(f"{draw['opens_on']} 抽取", f"drawn on {draw['opens_on']}")
    return [
        heading(f"{draw['number']}  {draw['title']}"),
        plain_text(f"{desk.say(Wording('承诺', 'commitment'))} {draw['commitment']}"),
        *(
            [plain_text(f"{desk.say(Wording('种子', 'seed'))} {draw['seed']}")]
            if draw["seed"] else []
        ),
        plain_text(desk.say(drawn if draw["drawn_at"] else waiting)),
        *(
            plain_text(f"{each['number']} {each['unit']} {desk.say(each['state'].label)} "
                       f"{each['hazards'] or ''}")
            for each in draw["tasks"]
        ),
    ]  # fmt: skip
