"""Checks of guards as pages: the months, and one with who was drawn, masked."""

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import RenderableType

from casework.guardchecks.looking import list_checks, open_check, verify_check
from cli.desk import Desk
from cli.printing import Answer, Column, heading, lines, plain_text, table
from rules.guardchecks.findings import Violation
from rules.wording import Wording


def show_list(desk: Desk) -> Answer:
    with desk.office() as office:
        rows = list_checks(office, by=desk.by)
    made = table(
        [
            Column(Wording("编号", "number")),
            Column(Wording("状态", "state"), ratio=1),
            Column(Wording("在册", "guards")),
            Column(Wording("抽取", "drawn")),
        ],
        desk.locale,
    )
    for row in rows:
        drawn = (f"{row['frame_size'] or ''}", f"{row['drawn'] or ''}")
        made.add_row(row["number"], desk.say(row["state"].label), *drawn)
    return Answer(rows, lines(made))


def show_one(desk: Desk, number: str) -> Answer:
    with desk.office() as office:
        found = open_check(office, number, by=desk.by)
        fault = verify_check(office, number, by=desk.by)
    found["wrong"] = fault
    said = fault or Wording("重算抽取一致", "the draw was reckoned again: it is the same")
    parts: list[RenderableType] = [
        heading(f"{found['number']}  {desk.say(found['state'].label)}"),
        plain_text(desk.say(said)),
        _visits(desk, found["visits"]),
    ]
    return Answer(found, lines(*parts), 1 if fault else 0)


def _visits(desk: Desk, rows: Sequence[Mapping[str, Any]]) -> RenderableType:
    made = table(
        [
            Column(Wording("单位", "unit"), ratio=1),
            Column(Wording("工号", "staff number")),
            Column(Wording("姓名", "name")),
            Column(Wording("检查员", "inspectors"), ratio=1),
            Column(Wording("结果", "found"), ratio=1),
        ],
        desk.locale,
    )
    for row in rows:
        made.add_row(
            plain_text(row["unit"]), plain_text(row["guard"]),
            plain_text(row["values"].get("name", "")), plain_text(_team(row)),
            plain_text(_found(desk, row)),
        )  # fmt: skip
    return made


def _team(row: Mapping[str, Any]) -> str:
    names = "、".join(row["inspectors"])
    return f"{row['planned_on']} {names}" if names else "—"


def _found(desk: Desk, row: Mapping[str, Any]) -> str:
    if row["identity"] is None:
        return "—"
    said = [row["identity"].label, *(Violation(each).label for each in row["violations"])]
    return " ".join([*map(desk.say, said), row["case"]]).strip()
