"""Filings as pages: templates, lists, who has not reported, one filing, what a sum is made of."""

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console, RenderableType

from casework.filings.figures import show_figure
from casework.filings.listing import STANDINGS, list_filings, show_board
from casework.filings.places import Which
from casework.filings.showing import show_filing
from cli import words
from cli.desk import Desk
from cli.printing import Answer, Column, facts, heading, lines, plain_text, table
from rules.wording import Wording
from rules.workdays import china_day


def show_list(desk: Desk, wanted: tuple[str, str, str], size: int, after: str) -> Answer:
    template, period, place = wanted
    with desk.office() as office:
        page = list_filings(
            office, by=desk.by, today=china_day(desk.at), template=template, period=period,
            place=place, size=size, after=after,
        )  # fmt: skip

    def show(out: Console) -> None:
        if page.rows:
            out.print(_rows(desk, page.rows))
        out.print(desk.say(Wording(f"共 {len(page.rows)} 份", f"{len(page.rows)} in all")))
        if page.after:
            out.print(f"--after {page.after}")

    return Answer({"rows": page.rows, "after": page.after}, show)


def show_who(desk: Desk, template: str, period: str) -> Answer:
    with desk.office() as office:
        board = show_board(office, template, period, by=desk.by, today=china_day(desk.at))
    made = table(
        [Column(Wording("单位", "unit"), ratio=1), Column(Wording("情况", "standing")),
         Column(Wording("应报", "due")), Column(Wording("编号", "number"), ratio=1)],
        desk.locale,
    )  # fmt: skip
    for row in board.rows:
        standing = desk.say(STANDINGS[row["standing"]])
        made.add_row(
            plain_text(row["unit"]), standing, f"{row['due_on']}", plain_text(row["number"])
        )
    counted = "  ".join(f"{desk.say(STANDINGS[key])} {n}" for key, n in board.counts.items())
    data = {"template": board.template, "period": board.period, "counts": board.counts,
            "rows": board.rows}  # fmt: skip
    return Answer(data, lines(counted, made))


def show_one(desk: Desk, written: tuple[str, str, str], version: int) -> Answer:
    with desk.office() as office:
        shown = show_filing(office, Which(*written), by=desk.by, at=desk.at, version=version)
    return Answer(shown, lines(*_one(desk, shown)))


def show_sum(desk: Desk, written: tuple[str, str, str], figure: str) -> Answer:
    with desk.office() as office:
        shown = show_figure(office, Which(*written), figure, by=desk.by, at=desk.at)
    made = table(
        [Column(Wording("单位", "unit"), ratio=1), Column(Wording("数", "number"), right=True),
         Column(Wording("编号", "filing"), ratio=1)],
        desk.locale,
    )  # fmt: skip
    for row in shown["parts"]:
        made.add_row(plain_text(row["unit"]), desk.say(row["said"]), plain_text(row["number"]))
    total = Wording(f"合计 {shown['total']}", f"total {shown['total']}")
    return Answer(shown, lines(heading(desk.say(shown["figure"])), made, desk.say(total)))


def _one(desk: Desk, shown: Mapping[str, Any]) -> list[RenderableType]:
    state = desk.say(shown["state_label"])
    pairs = [
        (Wording("编号", "number"), shown["number"] or "—"),
        (Wording("情况", "state"), state),
        (Wording("应报", "due"), f"{shown['due_on']}"),
        (Wording("取数时刻", "numbers as of"), words.moment(shown["as_of"])),
        (Wording("回执", "receipt"), plain_text(shown["receipt"])),
    ]
    title = f"{desk.say(shown['label'])} {desk.say(shown['period_label'])}  {shown['unit']}"
    return [
        heading(title), facts(pairs, desk.locale), _numbers(desk, shown["rows"]),
        *[plain_text(f"{desk.say(each['label'])}:{each['text']}") for each in shown["texts"]],
        *[plain_text(_progress(desk, each)) for each in shown["progress"]],
        *[plain_text(f"→ {each}") for each in shown["plan"]],
        *[plain_text(_finding(desk, each)) for each in shown["findings"]],
    ]  # fmt: skip


def _numbers(desk: Desk, rows: Sequence[Mapping[str, Any]]) -> RenderableType:
    made = table(
        [Column(Wording("行", "row"), right=True), Column(Wording("指标", "figure"), ratio=2),
         Column(Wording("数", "number"), right=True), Column(Wording("上期", "before"), right=True),
         Column(Wording("案件查询", "cases"), ratio=3)],
        desk.locale,
    )  # fmt: skip
    for row in rows:
        made.add_row(
            str(row["nth"]), desk.say(row["label"]), desk.say(row["said"]),
            desk.say(row["before"]), plain_text(row["query"]),
        )  # fmt: skip
    return made


def _progress(desk: Desk, each: Mapping[str, Any]) -> str:
    outcome = desk.say(each["outcome_label"]) or desk.say(Wording("未答复", "not answered"))
    return f"{each['nth']}. {each['item']} {outcome} {each['why']}"


def _finding(desk: Desk, each: Mapping[str, Any]) -> str:
    label, problem = desk.say(each["fault_label"]), desk.say(each["problem"])
    return f"{label} {each['row']}: {problem} {each['reason'] or desk.say(each['remedy'])}"


def _rows(desk: Desk, rows: Sequence[Mapping[str, Any]]) -> RenderableType:
    made = table(
        [Column(Wording("报告", "filing")), Column(Wording("期", "period")),
         Column(Wording("单位", "unit"), ratio=1), Column(Wording("情况", "state")),
         Column(Wording("应报", "due")), Column(Wording("编号", "number"), ratio=1)],
        desk.locale,
    )  # fmt: skip
    for row in rows:
        late = desk.say(Wording(" 逾期", " late")) if row["late"] else ""
        made.add_row(
            desk.say(row["label"]), row["period"], plain_text(row["unit"]),
            desk.say(row["state_label"]) + late, f"{row['due_on']}", plain_text(row["number"]),
        )  # fmt: skip
    return made
