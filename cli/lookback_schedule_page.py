"""Schedules of look-backs as they are printed."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from cli import words
from cli.desk import Desk
from cli.printing import Answer, Column, facts, lines, plain_text, styled, table
from rules.wording import Wording

if TYPE_CHECKING:
    from casework.lookback.scheduling import Listed
    from casework.lookback.timetable import Schedule

_NONE = Wording("还没有排期。", "There are no schedules yet.")
_NEVER = Wording("一年内没有", "none within a year")
_PAUSED = Wording("已暂停", "paused")
_ACTIVE = Wording("启用", "active")


def listed(desk: Desk, found: Sequence["Listed"]) -> Answer:
    data = [_plain(each.schedule, each.ahead) for each in found]
    if not found:
        return Answer(data, lines(desk.say(_NONE)))
    made = table(
        [
            Column(Wording("名称", "name"), keep=True),
            Column(Wording("时间", "when"), ratio=1),
            Column(Wording("模板", "template"), keep=True),
            Column(Wording("片区", "clusters"), keep=True),
            Column(Wording("状态", "state"), keep=True),
            Column(Wording("今后", "next"), ratio=1),
        ],
        desk.locale,
    )
    for each in found:
        made.add_row(*_cells(desk, each.schedule, each.ahead))
    return Answer(data, lines(made))


def changed(desk: Desk, schedule: "Schedule", ahead: Sequence[date], done: Wording) -> Answer:
    names = (
        Wording("时间", "when"), Wording("模板", "template"), Wording("片区", "clusters"),
        Wording("状态", "state"), Wording("今后", "next"),
    )  # fmt: skip
    name, *cells = _cells(desk, schedule, ahead)
    pairs = list(zip(names, cells, strict=True))
    title = styled(f"{desk.say(done)} {name}", "bold")
    return Answer(_plain(schedule, ahead), lines(title, facts(pairs, desk.locale)))


def removed(desk: Desk, name: str) -> Answer:
    told = Wording(f"已删除排期“{name}”", f"removed the schedule {name!r}")
    return Answer({"name": name}, lines(desk.say(told)))


def _cells(desk: Desk, schedule: "Schedule", ahead: Sequence[date]) -> list[Any]:
    from rules.lookback.timing import Timing  # noqa: PLC0415 — --help does without the rules

    days = "、".join(each.isoformat() for each in ahead)
    return [
        plain_text(schedule.name),
        desk.say(Timing.parse(schedule.timing).label),
        plain_text(schedule.template),
        plain_text(schedule.clusters or words.NONE),
        desk.say(_ACTIVE if schedule.active else _PAUSED),
        days or (desk.say(_NEVER) if schedule.active else words.NONE),
    ]


def _plain(schedule: "Schedule", ahead: Sequence[date]) -> dict[str, Any]:
    return {
        "name": schedule.name, "template": schedule.template, "timing": schedule.timing,
        "clusters": schedule.clusters, "active": schedule.active, "since": schedule.since,
        "next": list(ahead),
    }  # fmt: skip
