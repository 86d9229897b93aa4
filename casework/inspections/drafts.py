"""What somebody has found so far: kept as a draft on the way, checked before it is a record."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import update

from casework.attachments import Attachment
from casework.errors import Invalid, Refused
from casework.evidence_store import Stored
from casework.forms import LONGEST_NAME, clean
from casework.inspections.recorders import require_recorder
from casework.inspections.tasks import TASKS, find_task
from casework.lookback.looks import Hand
from casework.office import Office
from casework.people import find_actor
from models import Shows
from models.tables import INSPECTION_TASKS
from rules.inspections.acts import TaskState
from rules.inspections.answers import MOST_PARTICIPANTS, Answer, Result, check_answers
from rules.inspections.checklists import Checklist
from rules.lookback.findings import InspectionMode
from rules.wording import Wording

_LONGEST_NOTE = 1_000
Plain = dict[str, Any]
"""An answer as it is stored: result, note, place, photos, no_photo, another."""


class Found(NamedTuple):
    """What was found at an item, with new photos; ``another`` is not what an open case tells."""

    result: Result
    note: str = ""
    place: str = ""
    no_photo: str = ""
    another: bool = False
    files: Sequence[Attachment] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """A record as it is handed in: results by item, how many took part, how it was made.

    ``held_on`` is the day it was made, today when left out; ``reason`` corrects a record that
    stands.
    """

    found: Mapping[str, Found]
    participants: int = 1
    held_on: date | None = None
    mode: InspectionMode = InspectionMode.OPEN
    note: str = ""
    reason: str = ""


def save_draft(office: Office, number: str, told: Told, hand: Hand) -> None:
    """Keep what was typed so far, by whoever may record it; nothing of it is checked or in force.

    Raise Refused for who may not or when it is recorded, NotFound.
    """
    with office.writing() as connection:
        actor = find_actor(connection, hand.by or "")
        held = find_task(connection, number, actor, to_act=True)
        require_recorder(held, actor)
        if held.row.state is not TaskState.OPEN:
            raise Refused(
                Wording("已有检查记录，不存草稿", "there is a record: no draft is kept"),
                remedy=Wording("请直接更正并写明理由。", "Correct it and say why."),
                where="number",
            )
        answers = plain_answers(told, photos_of(held.row.draft))
        draft = {
            "answers": answers, "participants": told.participants, "mode": told.mode.value,
            "note": clean(told.note, where="note"),
        }  # fmt: skip
        connection.execute(
            update(INSPECTION_TASKS)
            .where(TASKS.id == held.row.id)
            .values(draft=draft, draft_by_id=actor.id, draft_at=hand.at)
        )


def plain_answers(told: Told, kept: Mapping[str, list[Plain]]) -> dict[str, Plain]:
    """Return answers as they are stored; photos handed in before stay with their item."""
    return {item: _plain(item, one, kept.get(item, [])) for item, one in told.found.items()}


def photos_of(kept: Mapping[str, Any] | None) -> dict[str, list[Plain]]:
    """Return the photos by item of a draft or record (``answers`` within it)."""
    answers = (kept or {}).get("answers", {})
    return {item: one["photos"] for item, one in answers.items()}


def attachments_of(answer: Mapping[str, Any]) -> list[Attachment]:
    """Return an answer's photos, as evidence of the hazard."""
    return [Attachment(Stored(**each), Shows.BEFORE) for each in answer["photos"]]


def answer_of(plain: Mapping[str, Any]) -> Answer:
    """Return a stored answer as the rules take it."""
    return Answer(
        Result(plain["result"]), plain["note"], plain["place"], len(plain["photos"]),
        plain["no_photo"], plain["another"],
    )  # fmt: skip


def require_whole(checklist: Checklist, answers: Mapping[str, Plain]) -> None:
    """Raise Invalid for the first thing that is missing; ``where`` names item and part."""
    faults = check_answers(checklist, {item: answer_of(one) for item, one in answers.items()})
    for fault in faults:
        raise Invalid(fault.problem, remedy=fault.remedy, where=fault.field)


def require_participants(number: int) -> int:
    if 1 <= number <= MOST_PARTICIPANTS:
        return number
    raise Invalid(
        Wording("参与人数不对", "the number of participants is wrong"),
        remedy=Wording(f"请填 1 到 {MOST_PARTICIPANTS}。", f"Give 1 to {MOST_PARTICIPANTS}."),
        where="participants",
    )


def _plain(item: str, one: Found, kept: Sequence[Plain]) -> Plain:
    is_hazard = one.result is Result.HAZARD
    new = [asdict(each.stored) for each in one.files]
    photos = {each["sha256"]: each for each in [*kept, *new]} if is_hazard else {}
    said = {
        "note": clean(one.note, where=f"{item}.note", longest=_LONGEST_NOTE),
        "place": clean(one.place, where=f"{item}.place", longest=LONGEST_NAME),
        "no_photo": clean(one.no_photo, where=f"{item}.no_photo", longest=LONGEST_NAME),
    }
    if not is_hazard:
        said |= {"place": "", "no_photo": ""}
    return {
        "result": one.result.value, **said, "another": one.another and is_hazard,
        "photos": list(photos.values()),
    }  # fmt: skip
