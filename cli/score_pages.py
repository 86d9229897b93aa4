"""One assessment item by item, who has assessed, who comes first."""

from collections.abc import Mapping
from typing import Any

from rich.console import RenderableType

from casework.scoring.listing import STANDINGS, cover, rank
from casework.scoring.places import Which
from casework.scoring.showing import show_assessment
from cli.desk import Desk
from cli.printing import Answer, Column, heading, lines, plain_text, table
from rules.wording import Wording
from rules.workdays import china_day


def show_one(desk: Desk, written: tuple[str, int, str], version: int) -> Answer:
    with desk.office() as office:
        shown = show_assessment(office, Which(*written), by=desk.by, version=version)
    return Answer(shown, lines(*_one(desk, shown)))


def show_coverage(desk: Desk, of: tuple[str, int], place: str, standing: str) -> Answer:
    with desk.office() as office:
        found = cover(
            office, *of, by=desk.by, today=china_day(desk.at), place=place, standing=standing
        )
    made = table(
        [Column(Wording("单位", "unit"), ratio=1), Column(Wording("情况", "standing")),
         Column(Wording("得分", "points"), right=True), Column(Wording("编号", "number"), ratio=1)],
        desk.locale,
    )  # fmt: skip
    for row in found.rows:
        late = desk.say(Wording("（逾期）", " (late)")) if row["late"] else ""
        points = "" if row["points"] is None else f"{row['points']}"
        made.add_row(plain_text(row["unit"]), desk.say(row["label"]) + late, points, row["number"])
    counted = "  ".join(f"{desk.say(STANDINGS[key])} {n}" for key, n in found.counts.items())
    said = Wording(
        f"已自评 {found.assessed}/{found.total}", f"{found.assessed} of {found.total} assessed"
    )
    data = {
        "sheet": found.sheet.key, "year": found.year, "counts": found.counts,
        "assessed": found.assessed, "total": found.total, "rows": found.rows,
    }  # fmt: skip
    return Answer(data, lines(desk.say(said), counted, made))


def show_ranking(desk: Desk, of: tuple[str, int]) -> Answer:
    with desk.office() as office:
        found = rank(office, *of, by=desk.by)
    made = table(
        [Column(Wording("片区", "cluster")), Column(Wording("名次", "rank"), right=True),
         Column(Wording("单位", "unit"), ratio=1), Column(Wording("得分", "points"), right=True),
         Column(Wording("结果", "result")), Column(Wording("标杆", "model"))],
        desk.locale,
    )  # fmt: skip
    for row in found.rows:
        made.add_row(
            row["cluster"], f"{row['rank']}", plain_text(row["unit"]), f"{row['points']}",
            desk.say(row["result_label"]),
            desk.say(Wording("标杆", "model")) if row["chosen"] else "",
        )  # fmt: skip
    places = "  ".join(f"{key or '—'} {n}" for key, n in found.quotas.items())
    said = Wording(f"名额：{places}", f"quotas: {places}")
    data = {
        "sheet": found.sheet.key, "year": found.year, "quotas": found.quotas, "rows": found.rows,
    }  # fmt: skip
    return Answer(data, lines(desk.say(said), made))


def _one(desk: Desk, shown: Mapping[str, Any]) -> list[RenderableType]:
    said = Wording(
        f"{shown['unit']} {shown['year']} 年{shown['label'].zh}：{shown['points']}/{shown['total']}"
        f" 分，{shown['result_label'].zh}；{shown['stage_label'].zh} {shown['number']}",
        f"{shown['unit']}, {shown['label'].en} {shown['year']}: {shown['points']}/{shown['total']},"
        f" {shown['result_label'].en}; {shown['stage_label'].en} {shown['number']}",
    )
    made = table(
        [Column(Wording("项", "item")), Column(Wording("内容", "what"), ratio=1),
         Column(Wording("得分", "points"), right=True), Column(Wording("为何", "why"), ratio=2)],
        desk.locale,
    )  # fmt: skip
    rows = [*(item for level in shown["levels"] for item in level["items"])]
    for row in rows:
        made.add_row(
            row["key"], desk.say(row["label"]), f"{row['value']}/{row['most']}",
            plain_text(_why(desk, row)),
        )  # fmt: skip
    vetoes = [desk.say(each["label"]) for each in shown["vetoes"] if each["value"]]
    signed = [f"{desk.say(each['stage'])} {each['who']}" for each in shown["signatures"]]
    return [
        heading(desk.say(said)), made,
        *(plain_text(desk.labelled(Wording("一票否决", "veto"), each)) for each in vetoes),
        *(plain_text(each) for each in signed),
    ]  # fmt: skip


def _why(desk: Desk, row: Mapping[str, Any]) -> str:
    parts = [desk.say(row["why"]), row["text"]]
    for key, label in (("cluster", Wording("片区", "cluster")),
                       ("committee", Wording("专委会", "committee"))):  # fmt: skip
        if row[key] is not None:
            points = Wording(f"{label.zh} {row[key]}", f"{label.en} {row[key]}")
            parts.append(desk.labelled(points, row[f"{key}_why"]))
    if row["evidence"]:
        count = len(row["evidence"])
        parts.append(desk.say(Wording(f"佐证 {count} 件", f"{count} files")))
    return "；".join(each for each in parts if each)
