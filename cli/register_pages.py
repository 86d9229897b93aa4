"""Registers as pages: kinds, lists, one record, who runs out when."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from rich.console import Console, RenderableType

from casework.events import Door
from casework.registers.listing import Page, list_expiring, list_records
from casework.registers.narrowing import Narrow
from casework.registers.places import find_kind
from casework.registers.showing import reveal_record, show_record
from cli import words
from cli.desk import Desk
from cli.printing import Answer, Column, facts, heading, lines, plain_text, table
from rules.registers.kinds import Kind
from rules.registers.kinds import kinds as all_kinds
from rules.registers.standing import RecordOrder, Stands
from rules.wording import Wording
from rules.workdays import china_day


class Wanted(NamedTuple):
    """Which rows of a list."""

    place: str = ""
    text: str = ""
    retired: bool = False
    stands: Stands | None = None
    order: RecordOrder = RecordOrder.ADDED
    size: int = 50
    after: str = ""


def show_kinds(desk: Desk, written: str) -> Answer:
    shown = [find_kind(written)] if written else list(all_kinds().values())
    parts: list[RenderableType] = []
    for kind in shown:
        parts += [heading(f"{kind.key}  {desk.say(kind.label)}"), _fields(desk, kind)]
        parts.append(_rules(desk, kind))
    return Answer([kind.model_dump(mode="json", by_alias=True) for kind in shown], lines(*parts))


def show_list(desk: Desk, written: str, wanted: Wanted) -> Answer:
    narrow = Narrow(wanted.place, wanted.text, wanted.retired, wanted.stands)
    with desk.office() as office:
        page = list_records(
            office, written, narrow, by=desk.by, today=china_day(desk.at), order=wanted.order,
            size=wanted.size, after=wanted.after,
        )  # fmt: skip
    return _page(desk, page)


def show_expiring(desk: Desk, written: str, days: int, wanted: Wanted) -> Answer:
    with desk.office() as office:
        page = list_expiring(
            office, by=desk.by, today=china_day(desk.at), days=days, written=written,
            place=wanted.place, size=wanted.size, after=wanted.after,
        )  # fmt: skip
    return _page(desk, page)


def show_one(desk: Desk, written: str, which: tuple[str, str], *, reveal: bool, why: str) -> Answer:
    key, unit = which
    today = china_day(desk.at)
    with desk.office() as office:
        if reveal:
            shown = reveal_record(
                office, written, key, by=desk.by, at=desk.at, door=Door.CLI, why=why,
                today=today, unit=unit,
            )  # fmt: skip
        else:
            shown = show_record(office, written, key, by=desk.by, today=today, unit=unit)
    kind = find_kind(written)
    return Answer(shown, lines(*_one(desk, kind, shown)))


def _one(desk: Desk, kind: Kind, shown: Mapping[str, Any]) -> list[RenderableType]:
    values = shown["values"]
    pairs = [
        (field.label, plain_text(_value(desk, kind, field.key, values[field.key])))
        for field in kind.fields
        if field.key in values
    ]
    history = [
        f"{words.moment(each['at'])} {desk.say(each['said'])} {each['who']}"
        for each in shown["history"]
    ]
    return [
        heading(f"{desk.say(kind.label)} {shown['key']}  {shown['unit']}"),
        facts(pairs, desk.locale),
        *[plain_text(_ruled(desk, each)) for each in shown["rules"]],
        *[plain_text(f"{each['number']} {each['rule']}") for each in shown["cases"]],
        *[plain_text(each) for each in history],
    ]


def _page(desk: Desk, page: Page) -> Answer:
    def show(out: Console) -> None:
        if page.rows:
            out.print(_rows(desk, page.rows))
        out.print(desk.say(Wording(f"共 {len(page.rows)} 条", f"{len(page.rows)} in all")))
        if page.after:
            out.print(f"--after {page.after}")

    return Answer({"rows": page.rows, "after": page.after}, show)


def _rows(desk: Desk, rows: Sequence[Mapping[str, Any]]) -> RenderableType:
    made = table(
        [
            Column(Wording("台账", "register")),
            Column(Wording("编号", "key")),
            Column(Wording("单位", "unit")),
            Column(Wording("到期", "runs out")),
            Column(Wording("情况", "standing"), ratio=1),
        ],
        desk.locale,
    )
    for row in rows:
        said = "; ".join(_finding(desk, each) for each in row["findings"])
        made.add_row(
            desk.say(all_kinds()[row["kind"]].label), plain_text(row["key"]),
            plain_text(row["unit"]), f"{row['expires_on'] or ''}", plain_text(said),
        )  # fmt: skip
    return made


def _finding(desk: Desk, finding: Mapping[str, Any]) -> str:
    day = f" {finding['last_day']}" if finding["last_day"] else finding["about"]
    return f"{desk.say(finding['what'])}{day} {desk.say(finding['said'])}"


def _ruled(desk: Desk, finding: Mapping[str, Any]) -> str:
    return f"{_finding(desk, finding)} — {finding['source']}"


def _value(desk: Desk, kind: Kind, name: str, value: str) -> str:
    for each in kind.by_key[name].choices:
        if each.key == value:
            return desk.say(each.label)
    return value


def _fields(desk: Desk, kind: Kind) -> RenderableType:
    made = table(
        [
            Column(Wording("字段", "field")),
            Column(Wording("名称", "label"), ratio=1),
            Column(Wording("类型", "type")),
            Column(Wording("必填", "required")),
            Column(Wording("个人信息", "personal")),
        ],
        desk.locale,
    )
    for field in kind.fields:
        marks = ["✓" if each else "" for each in (field.required, field.personal)]
        made.add_row(field.key, desk.say(field.label), field.type.value, *marks)
    return made


def _rules(desk: Desk, kind: Kind) -> RenderableType:
    made = table(
        [
            Column(Wording("规则", "rule")),
            Column(Wording("名称", "label"), ratio=1),
            Column(Wording("依据", "source"), ratio=2),
        ],
        desk.locale,
    )
    for rule in kind.rules:
        made.add_row(rule.key, desk.say(rule.label), plain_text(rule.source))
    return made
