"""One case's file as a page: facts, clocks, plans, evidence, history, what may be done next."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich.console import Console, RenderableType

from casework.case_file import CaseFile, open_case_file
from cli import words
from cli.case_offers import offer_table
from cli.case_pages import categories
from cli.desk import Desk
from cli.printing import Answer, Column, facts, heading, plain_text, styled, table
from rules.access import Role
from rules.actions import Given
from rules.case import Level
from rules.deadlines import Stage
from rules.risk import Colour
from rules.wording import Wording

_PLAN = (Given.DUTY, Given.MEASURES, Given.FUNDS, Given.DEADLINE, Given.CONTINGENCY)
_SHOWS = {"before": Wording("整改前", "before"), "after": Wording("整改后", "after")}
_DECIDED = {
    None: Wording("待批", "undecided"),
    True: Wording("已批准", "approved"),
    False: Wording("已退回", "returned"),
}


def show_file(desk: Desk, number: str) -> Answer:
    with desk.office() as office:
        file = open_case_file(office, number, by=desk.by, as_of=desk.at)
        labels = categories(office, desk)
    return Answer(file.plain(), lambda out: _print_file(out, desk, file, labels))


def _print_file(out: Console, desk: Desk, file: CaseFile, labels: Mapping[str, str]) -> None:
    case = file.case
    out.print(styled(f"{case['number']}  {desk.say(words.state(case))}", "bold"))
    out.print(facts(_case_facts(case, desk, labels), desk.locale))
    for title, part in _sections(file, desk):
        out.print(heading(desk.say(title)))
        out.print(part)
    out.print(plain_text(""))
    out.print(_chain(file, desk))
    out.print(styled(desk.say(_sealed(file)), "dim"))


def _case_facts(
    case: Mapping[str, Any], desk: Desk, labels: Mapping[str, str]
) -> list[tuple[Wording, RenderableType]]:
    place = " / ".join(each for each in (case["cluster"], case["unit"], case["department"]) if each)
    risk = desk.say(Colour(case["risk"]).label) if case["risk"] else ""
    level = styled(desk.say(Level(case["level"]).label), words.style_of_level(case["level"]))
    return [
        (Wording("单位", "unit"), plain_text(place)),
        (Wording("品目", "category"), labels.get(case["category"], case["category"])),
        (Wording("等级", "level"), level),
        (Wording("风险", "risk"), risk),
        (Wording("隐患", "hazard"), plain_text(case["description"])),
        (Wording("地点", "where"), case["location"] and plain_text(case["location"])),
        (Wording("建议措施", "measure"), case["measure"] and plain_text(case["measure"])),
        (Wording("责任人", "owner"), case["owner"] and plain_text(case["owner"])),
        (Wording("来源", "source"), case["source"] and plain_text(case["source"])),
        (Wording("发现", "found"), words.day(case["found_on"])),
        (Wording("上报", "reported"), words.moment(case["reported_at"])),
        (Wording("销号", "closed"), case["closed_at"] and words.moment(case["closed_at"])),
        (Wording("在等", "waits for"), _waiting(case, desk)),
    ]


def _waiting(case: Mapping[str, Any], desk: Desk) -> RenderableType:
    if not case["holder"]:
        return ""
    stage, holder = Stage(case["stage"]).label, Role(case["holder"]).label
    left = words.due(case["due_at"], desk.at)
    said = Wording(
        f"{holder.zh}{stage.zh}，时限 {words.deadline(case['due_at'])}，{left.zh}",
        f"{stage.en} by the {holder.en}, due {words.deadline(case['due_at'])}, {left.en}",
    )
    return styled(desk.say(said), words.style_of_due(case["due_at"], desk.at))


def _sections(file: CaseFile, desk: Desk) -> Iterator[tuple[Wording, RenderableType]]:
    yield Wording("时限", "Clocks"), _clocks(file.clocks, desk)
    for plan in file.plans:
        title = Wording(f"方案 第 {plan['no']} 版", f"Plan, version {plan['no']}")
        yield title, facts(_plan_facts(plan, desk), desk.locale)
    if file.evidence:
        yield Wording("佐证", "Evidence"), _evidence(file.evidence, desk)
    if file.orders:
        yield Wording("挂牌", "Orders"), _orders(file.orders, desk)
    yield Wording("经过", "History"), _history(file.history, desk)
    if file.offers:
        yield Wording("您现在可以", "You may now"), offer_table(file.offers, desk.locale)


def _clocks(clocks: Sequence[Mapping[str, Any]], desk: Desk) -> RenderableType:
    made = table(
        [
            Column(Wording("环节", "stage")),
            Column(Wording("起算", "started"), keep=True),
            Column(Wording("时限", "due"), keep=True),
            Column(Wording("停止", "stopped"), keep=True),
            Column(Wording("说明", "remarks")),
        ],
        desk.locale,
    )
    for each in clocks:
        remark = [each["reason"]] if each["reason"] else []
        remark += [desk.say(Wording("估算", "estimated"))] if each["estimated"] else []
        made.add_row(
            desk.say(Stage(each["stage"]).label), words.moment(each["started_at"]),
            words.deadline(each["due_at"]), words.moment(each["stopped_at"]),
            plain_text(" ".join(remark)),
        )  # fmt: skip
    return made


def _orders(orders: Sequence[Mapping[str, Any]], desk: Desk) -> RenderableType:
    made = table(
        [
            Column(Wording("文号", "number"), keep=True),
            Column(Wording("类型", "kind")),
            Column(Wording("层级", "level")),
            Column(Wording("期限", "due"), keep=True),
            Column(Wording("摘牌", "released"), keep=True),
            Column(Wording("理由", "reason")),
        ],
        desk.locale,
    )
    for each in orders:
        made.add_row(
            each["number"], desk.say(each["kind"].label), desk.say(each["level"].label),
            words.deadline(each["due_at"]), words.moment(each["released_at"]),
            plain_text(each["reason"]),
        )  # fmt: skip
    return made


def _plan_facts(plan: Mapping[str, Any], desk: Desk) -> list[tuple[Wording, RenderableType]]:
    assured: list[tuple[Wording, RenderableType]] = [
        (field.label, plain_text(str(plan[field.value]))) for field in _PLAN
    ]
    decided = desk.say(_DECIDED[plan["approved"]])
    when = f" {words.moment(plan['decided_at'])}" if plan["decided_at"] else ""
    reason = f" {plan['reason']}" if plan["reason"] else ""
    return [*assured, (Wording("审批", "decision"), plain_text(decided + when + reason))]


def _evidence(evidence: Sequence[Mapping[str, Any]], desk: Desk) -> RenderableType:
    made = table(
        [
            Column(Wording("时间", "when"), keep=True),
            Column(Wording("内容", "shows"), keep=True),
            Column(Wording("文件", "file")),
            Column(Wording("字节", "bytes"), right=True),
            Column(Wording("SHA-256", "SHA-256"), keep=True),
        ],
        desk.locale,
    )
    for each in evidence:
        made.add_row(
            words.moment(each["at"]), desk.say(_SHOWS[each["shows"]]), plain_text(each["name"]),
            str(each["size"]), each["sha256"][:12],
        )  # fmt: skip
    return made


def _history(history: Sequence[Mapping[str, Any]], desk: Desk) -> RenderableType:
    made = table(
        [
            Column(Wording("序", "no"), right=True),
            Column(Wording("时间", "when"), keep=True),
            Column(Wording("经过", "what happened"), ratio=1),
        ],
        desk.locale,
    )
    for each in history:
        made.add_row(str(each["seq"]), words.moment(each["at"]), plain_text(each[desk.locale]))
    return made


def _chain(file: CaseFile, desk: Desk) -> RenderableType:
    if file.broken_at is None:
        sound = Wording(f"链完整，回执 {file.receipt}", f"chain intact, receipt {file.receipt}")
        return styled(desk.say(sound), "dim")
    broken = Wording(
        f"警告：第 {file.broken_at} 条经过与此前不符，历史被改动过",
        f"warning: event {file.broken_at} does not follow; the history was altered",
    )
    return styled(desk.say(broken), "bold red")


def _sealed(file: CaseFile) -> Wording:
    under, count = file.sealed, len(file.history)
    if under.size is None:
        return Wording("尚未封存", "not sealed yet")
    when = words.moment(under.at)
    return Wording(
        f"前 {under.events} 条（共 {count} 条）已封存于检查点 {under.size}（{when}）",
        f"{under.events} of {count} events are sealed under the head over {under.size} ({when})",
    )
