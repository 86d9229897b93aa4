"""Reporting and moving from the command line: evidence is stored, casework decides."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from casework.answers import Moved
from casework.attachments import Attachment
from casework.events import Door
from casework.intake import Report
from casework.moves import move
from casework.office import Office
from casework.reports import report
from cli import reading, words
from cli.desk import Desk
from cli.printing import Answer, lines
from models import Shows
from rules.access import Role
from rules.actions import Action
from rules.case import State
from rules.deadlines import Stage
from rules.wording import NOTHING, Wording


def report_hazard(
    desk: Desk, told: Report, photos: Sequence[Path], *, again: bool, key: str
) -> Answer:
    with desk.office() as office:
        files = _store(office, photos, Shows.BEFORE)
        moved = report(
            office, told, by=desk.by, at=desk.at, door=Door.CLI, key=key or None, files=files,
            again=again,
        )  # fmt: skip
    return _answer(desk, moved)


def move_case(
    desk: Desk,
    number: str,
    action: Action,
    typed: Mapping[str, str],
    photos: Sequence[Path],
    *,
    key: str,
    seen: int | None,
) -> Answer:
    with desk.office() as office:
        files = _store(office, photos, Shows.AFTER)
        moved = move(
            office, number, action, typed, by=desk.by, at=desk.at, door=Door.CLI,
            key=key or None, seen=seen, files=files,
        )  # fmt: skip
    return _answer(desk, moved)


def _store(office: Office, photos: Sequence[Path], shows: Shows) -> list[Attachment]:
    paths = [reading.existing(photo, "--photo") for photo in photos]
    return [Attachment(office.evidence.put(path, name=path.name), shows) for path in paths]


def _answer(desk: Desk, moved: Moved) -> Answer:
    done = Action(moved.action).label
    told = [
        Wording(f"{moved.number} 已{done.zh}", f"{moved.number}: {done.en}, done"),
        _stands(moved),
        _waits(desk, moved),
        Wording(f"回执 {moved.receipt}", f"receipt {moved.receipt}"),
    ]
    if moved.repeated:
        told.append(Wording("（此前已办过，这次没有改动）", "(done before; nothing changed now)"))
    return Answer(moved.plain(), lines(*(desk.say(each) for each in told if each != NOTHING)))


def _stands(moved: Moved) -> Wording:
    state = words.standing(State(moved.state), claimed=moved.claimed)
    return Wording(f"现在：{state.zh}", f"now: {state.en}")


def _waits(desk: Desk, moved: Moved) -> Wording:
    if not (moved.stage and moved.holder and moved.due_at):
        return NOTHING
    stage, holder = Stage(moved.stage).label, Role(moved.holder).label
    due_at = datetime.fromisoformat(moved.due_at)
    left, when = words.due(due_at, desk.at), words.deadline(due_at)
    return Wording(
        f"接下来：{holder.zh}{stage.zh}，时限 {when}（{left.zh}）",
        f"next: {stage.en} by the {holder.en}, due {when} ({left.en})",
    )
