"""What a run of the schedules did, as it is printed: a line for each kind, and what waits."""

from typing import Any

from casework import clock
from casework.errors import Refused
from casework.events import Door
from casework.lookback.schedules import Drawn, draw_due
from casework.lookback.timetable import find_schedule
from cli.desk import Desk
from cli.printing import Answer, lines, styled
from cli.troubles import REFUSED
from notifications.sealing import read_keys
from rules.wording import Wording


def run_schedules(desk: Desk, only: str) -> Answer:
    ran_at = clock.now()
    if desk.at > ran_at:
        raise _not_yet()
    with desk.office() as office:
        if only:
            with office.reading() as connection:
                find_schedule(connection, only)
        keys = read_keys(desk.environ, desk.home.folder)
        done = draw_due(office, keys, as_of=desk.at, ran_at=ran_at, door=Door.CLI, only=only)
    code = REFUSED if done.failures else 0
    said = [desk.say(each) for each in _done(done)] or [desk.say(_NOTHING)]
    faults = [styled(f"{each.where}: {desk.say(each.wording)}", "bold red")
              for each in done.failures]  # fmt: skip
    return Answer(_plain(done), lines(*said, *faults), code)


def _done(done: Drawn) -> list[Wording]:
    counted = (
        (done.committed, Wording("已承诺种子", "seed committed to")),
        (done.drawn, Wording("已抽取", "drawn")),
        ([each.number for each in done.rechecked], Wording("已加抽", "enlarged")),
        (done.missed, Wording("过期未抽", "too old to be drawn")),
        (done.unconfirmed, _TO_CONFIRM),
    )
    told = [
        Wording(f"{what.zh}：{'、'.join(numbers)}", f"{what.en}: {', '.join(numbers)}")
        for numbers, what in counted
        if numbers
    ]
    told += [
        Wording(f"{each.where}：{each.wording.zh}", f"{each.where}: {each.wording.en}")
        for each in done.waiting
    ]
    if done.assigned or done.impossible:
        told.append(
            Wording(
                f"已派检查人员 {done.assigned} 件，派不出 {done.impossible} 件",
                f"{done.assigned} visit(s) given inspectors, {done.impossible} could not be",
            )
        )
    return told


def _plain(done: Drawn) -> dict[str, Any]:
    return {
        "as_of": done.as_of, "committed": done.committed, "drawn": done.drawn,
        "rechecked": [each.number for each in done.rechecked], "assigned": done.assigned,
        "impossible": done.impossible, "unconfirmed": done.unconfirmed, "missed": done.missed,
        "waiting": [{"where": each.where, "why": each.wording} for each in done.waiting],
        "failures": [{"where": each.where, "why": each.wording} for each in done.failures],
    }  # fmt: skip


def _not_yet() -> Refused:
    return Refused(
        Wording("不能按将来的时刻抽取", "nothing is drawn as of a moment to come"),
        remedy=Wording(
            "历史写入后不能收回；排期今后的日期见 bihuan lookback schedule list。",
            "History cannot be taken back; `bihuan lookback schedule list` shows the days ahead.",
        ),
        where="as_of",
    )


_NOTHING = Wording("没有到期的排期。", "No schedule is due.")
_TO_CONFIRM = Wording(
    "等管理员确认（bihuan lookback draw）", "an admin is to draw (`bihuan lookback draw`)"
)
