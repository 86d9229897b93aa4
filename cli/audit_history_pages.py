"""What was and what happened, as pages: a case's timeline, a case or a list as of a moment."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from rich.console import Console, RenderableType

from casework.auditing.as_of import CaseAsOf, case_as_of
from casework.auditing.past_list import Counted, count_as_of, list_as_of
from casework.auditing.timeline import Timeline, open_timeline
from casework.case_list import Filter
from cli import words
from cli.case_pages import categories, print_cases
from cli.desk import Desk
from cli.looking import record_look
from cli.printing import Answer, Column, facts, heading, plain_text, styled, table
from rules.access import Role
from rules.case import Level, State
from rules.deadlines import Stage
from rules.looking import Look
from rules.wording import Wording

_NOT_YET = Wording("当时尚未上报", "it was not yet reported")


def show_timeline(desk: Desk, number: str, why: str) -> Answer:
    with desk.office() as office:
        found = open_timeline(office, number, by=desk.by, as_of=desk.at)
        record_look(office, desk, Look.SHOW, {"case": found.number}, why)
    return Answer(found.plain(), lambda out: _print_timeline(out, desk, found))


def show_case_as_of(desk: Desk, number: str, moment: datetime, why: str) -> Answer:
    with desk.office() as office:
        found = case_as_of(office, number, moment, by=desk.by)
        seen = {"case": found.number, "as_of": moment.isoformat()}
        record_look(office, desk, Look.AS_OF, seen, why)
    return Answer(found.plain(), lambda out: _print_case(out, desk, found))


def show_list_as_of(
    desk: Desk, asked: tuple[Filter, str], moment: datetime, page: tuple[str, int], why: str
) -> Answer:
    (wanted, query), (after, size) = asked, page
    with desk.office() as office:
        found = list_as_of(office, wanted, moment, by=desk.by, query=query, after=after, size=size)
        counted = count_as_of(office, wanted, moment, by=desk.by, query=query)
        labels = categories(office, desk)
        seen = {"as_of": moment.isoformat(), "rows": len(found.rows), "place": wanted.place}
        record_look(office, desk, Look.LIST, seen, why, typed=query)
    data = {"as_of": moment, "counts": counted, "cases": found.rows, "after": found.after}

    def show(out: Console) -> None:
        out.print(styled(desk.say(_as_of(moment)), "bold"))
        print_cases(out, desk, found.rows, labels, at=moment)
        _print_counts(out, desk, counted)
        if found.after:
            out.print(plain_text(f"{desk.say(_NEXT)}{found.after}"))

    return Answer(data, show)


_NEXT = Wording("下一页：--after ", "next page: --after ")


def _as_of(moment: datetime) -> Wording:
    return Wording(f"截至 {words.moment(moment)}", f"as of {words.moment(moment)}")


def _print_case(out: Console, desk: Desk, found: CaseAsOf) -> None:
    case = found.case
    state = desk.say(words.state(case)) if case else desk.say(_NOT_YET)
    out.print(styled(f"{found.number}  {desk.labelled(_as_of(found.moment), state)}", "bold"))
    if case is None:
        return
    out.print(facts(_case_facts(case, desk, found.moment), desk.locale))
    out.print(heading(desk.say(Wording("时限", "Due dates"))))
    out.print(_terms(found, desk))
    out.print(heading(desk.say(Wording("谁已知情", "Who knew"))))
    out.print(_knew(found.knew, desk) if found.knew else words.NONE)
    receipt = Wording(f"依据至 {found.receipt} 的记录", f"by the events up to {found.receipt}")
    out.print(styled(desk.say(receipt), "dim"))


def _case_facts(
    case: Mapping[str, Any], desk: Desk, moment: datetime
) -> list[tuple[Wording, RenderableType]]:
    place = " / ".join(each for each in (case["cluster"], case["unit"], case["department"]) if each)
    due = f"{words.deadline(case['due_at'])} {desk.say(words.due(case['due_at'], moment))}"
    return [
        (Wording("单位", "unit"), plain_text(place)),
        (Wording("责任人", "owner"), case["owner"] and plain_text(case["owner"])),
        (Wording("隐患", "hazard"), plain_text(case["description"])),
        (Wording("等级", "level"), desk.say(Level(case["level"]).label)),
        (Wording("在等", "waits for"), _waits(case, desk)),
        (Wording("时限", "due"), due if case["due_at"] else ""),
        (Wording("曾逾期", "ever late"), words.yes_no(case["ever_overdue"], desk.locale)),
        (Wording("延期", "extensions"), str(case["extensions"] or "")),
        (Wording("第几轮", "cycle"), str(case["cycle"]) if case["cycle"] > 1 else ""),
        (Wording("销号", "closed"), case["closed_at"] and words.moment(case["closed_at"])),
    ]


def _waits(case: Mapping[str, Any], desk: Desk) -> str:
    if not case["holder"]:
        return ""
    holder, stage = Role(case["holder"]).label, Stage(case["stage"]).label
    return desk.say(Wording(f"{holder.zh}{stage.zh}", f"{stage.en} by the {holder.en}"))


def _terms(found: CaseAsOf, desk: Desk) -> RenderableType:
    made = table(
        [
            Column(Wording("环节", "stage")),
            Column(Wording("责任在", "held by")),
            Column(Wording("起", "since"), keep=True),
            Column(Wording("时限", "due"), keep=True),
            Column(Wording("止", "until"), keep=True),
            Column(Wording("逾期", "late")),
        ],
        desk.locale,
    )
    for each in found.terms:
        days = Wording(f"{each['days_late']} 天", f"{each['days_late']} d")
        holder = desk.say(Role(each["holder"]).label) if each["holder"] else words.NONE
        made.add_row(
            desk.say(each["stage"].label), holder, words.moment(each["since"]),
            words.deadline(each["due_at"]), words.moment(each["stopped_at"]),
            styled(desk.say(days), "bold red") if each["late"] else "",
        )  # fmt: skip
    return made


def _knew(knew: Sequence[Mapping[str, Any]], desk: Desk) -> RenderableType:
    made = table(
        [
            Column(Wording("何人", "who")),
            Column(Wording("何事", "of what")),
            Column(Wording("应告", "owed"), keep=True),
            Column(Wording("已发", "sent"), keep=True),
            Column(Wording("知悉", "acknowledged"), keep=True),
        ],
        desk.locale,
    )
    for each in knew:
        made.add_row(
            plain_text(each["name"]), each["kind"], words.moment(each["owed_at"]),
            words.moment(each["sent_at"]), words.moment(each["acknowledged_at"]),
        )  # fmt: skip
    return made


def _print_counts(out: Console, desk: Desk, counted: Counted) -> None:
    by_state = "  ".join(
        f"{desk.say(State(state).label)} {count}" for state, count in counted.by_state.items()
    )
    said = Wording(
        f"共 {counted.total} 件，在办 {counted.open}，逾期 {counted.overdue}，"
        f"挂牌 {counted.listed}，重大 {counted.major}",
        f"{counted.total} in all: {counted.open} open, {counted.overdue} late, "
        f"{counted.listed} listed, {counted.major} major",
    )
    out.print(plain_text(desk.say(said)))
    out.print(styled(by_state, "dim"))


def _print_timeline(out: Console, desk: Desk, found: Timeline) -> None:
    out.print(styled(found.number, "bold"))
    out.print(heading(desk.say(Wording("时限及缘由", "Due dates, and why"))))
    for stay in found.stays:
        _print_stay(out, desk, stay)
    for each in found.lookbacks:
        out.print(plain_text(desk.say(_looked_back(each))))
    out.print(heading(desk.say(Wording("经过", "What happened"))))
    for each in found.entries:
        out.print(
            plain_text(f"{each['seq']}. {words.moment(each['at'])}  {desk.say(each['said'])}")
        )
        for line in _details(each, desk):
            out.print(styled(f"     {line}", "dim"))


def _looked_back(each: Mapping[str, Any]) -> Wording:
    number, drawn, found = each["lookback"], words.moment(each["drawn_at"]), each["finding"]
    if found is None:
        return Wording(
            f"回头看 {number}：{drawn} 抽中，尚无结果",
            f"look-back {number}: drawn {drawn}, nothing found yet",
        )
    at = words.moment(each["found_at"])
    again = Wording("，案件重开", ", reopened") if each["reopened"] else Wording("", "")
    return Wording(
        f"回头看 {number}：{drawn} 抽中，{at} {found.label.zh}{again.zh}",
        f"look-back {number}: drawn {drawn}, {found.label.en} {at}{again.en}",
    )


def _print_stay(out: Console, desk: Desk, stay: Mapping[str, Any]) -> None:
    original, due = words.deadline(stay["original_due"]), words.deadline(stay["due_at"])
    moved = Wording(f"原定 {original}，现为 {due}", f"first due {original}, now {due}")
    applies = desk.say(moved if stay["moved"] else Wording(f"时限 {due}", f"due {due}"))
    late = Wording(f"，逾期 {stay['days_late']} 天", f", {stay['days_late']} day(s) late")
    said = desk.labelled(stay["stage"].label, applies + desk.say(late) * bool(stay["late"]))
    out.print(styled(said, "bold red" if stay["late"] else ""))
    for each in stay["clocks"]:
        out.print(styled(f"     {desk.say(each['why'])}", "dim"))


def _details(entry: Mapping[str, Any], desk: Desk) -> Iterator[str]:
    yield from (desk.say(each["said"]) for each in entry["differences"])
    if entry["due"]:
        yield desk.say(entry["due"]["why"])
    if entry["order"]:
        order = entry["order"]
        yield str(order["number"] if isinstance(order, dict) else order)
    for each in entry["evidence"]:
        called = f"{each['name']} {each['sha256'][:12]}"
        yield desk.say(Wording(f"佐证 {called}", f"evidence {called}"))
    for each in entry["notices"]:
        sent, known = words.moment(each["sent_at"]), words.moment(each["acknowledged_at"])
        yield desk.say(
            Wording(
                f"告知{each['name']}：发出 {sent}，知悉 {known}",
                f"told {each['name']}: sent {sent}, acknowledged {known}",
            )
        )
