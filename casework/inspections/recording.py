"""Recording 填写检查记录: what was found at each item, signed, then frozen.

Whoever records signs by that. Once all the inspectors it takes have signed, the record stands and
has its consequences. A record is never changed: whoever corrects it writes the next version.
"""

from dataclasses import asdict
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, insert

from casework import idempotency
from casework.errors import Conflict, Invalid, Refused
from casework.events import plain
from casework.forms import clean
from casework.inspections.checklists import checklist_of, find_checklist
from casework.inspections.drafts import (
    Told,
    photos_of,
    plain_answers,
    require_participants,
    require_whole,
)
from casework.inspections.hazards import Raised
from casework.inspections.recorders import require_recorder
from casework.inspections.signatures import add_signature, inspectors_among, signatures_of
from casework.inspections.standing import Act, Recorded, conclude, record_of
from casework.inspections.tasks import Held, find_task, write_task
from casework.lookback.looks import Hand
from casework.office import Office
from casework.people import find_actor
from models.tables import INSPECTION_RECORDS
from rules.inspections.acts import TaskAct, TaskState
from rules.inspections.checklists import Checklist
from rules.proof import canonical
from rules.wording import Wording
from rules.workdays import china_day


def record_inspection(
    office: Office, number: str, told: Told, hand: Hand, *, key: str | None = None
) -> Recorded:
    """Write the next version of an inspection's record, and sign it.

    With ``key`` the same request answers the same and changes nothing. Raise Invalid for what is
    missing (``where`` names item and part), Refused for who may not, Conflict when somebody else
    has recorded it, NotFound.
    """
    request = _request(number, told, hand) if key else ""
    with office.writing() as connection:
        if key and (answer := idempotency.recall(connection, key, request, hand.at)):
            return _again(answer)
        actor = find_actor(connection, hand.by or "")
        held = find_task(connection, number, actor, to_act=True)
        act = Act(actor, require_recorder(held, actor), hand)
        before = record_of(connection, held.row.id, held.row.version)
        _require_recordable(connection, held, before, told, act)
        held, record = _write(connection, held, before, told, act)
        recorded = conclude(office, connection, held, record, act)
        if key:
            idempotency.keep(connection, key, asdict(recorded))
    return recorded


def sign_inspection(office: Office, number: str, version: int, hand: Hand) -> Recorded:
    """Sign, as another inspector, the version that was recorded.

    Raise Conflict when another version was written meanwhile, Refused for who may not or has.
    """
    with office.writing() as connection:
        actor = find_actor(connection, hand.by or "")
        held = find_task(connection, number, actor, to_act=True)
        act = Act(actor, require_recorder(held, actor), hand)
        record = record_of(connection, held.row.id, held.row.version)
        if record is None or held.row.state is not TaskState.AWAITING:
            raise _nothing_to_sign()
        if record.version != version:
            raise _another_version(record.version)
        if actor.id in inspectors_among(signatures_of(connection, held.row.id, version)):
            raise _signed_before()
        add_signature(connection, (held.row.id, version), actor.id or 0, hand.at)
        held = write_task(connection, held, act.happening(TaskAct.SIGN, {"version": version}))
        return conclude(office, connection, held, record, act)


def _write(
    connection: Connection, held: Held, before: Row[Any] | None, told: Told, act: Act
) -> tuple[Held, Row[Any]]:
    """Write the next version with its event and its first signature."""
    checklist, version_of_it = _checklist(connection, held, before)
    kept = photos_of({"answers": before.answers}) if before else photos_of(held.row.draft)
    answers = plain_answers(told, kept)
    require_whole(checklist, answers)
    version = held.row.version + 1
    row = {
        "task_id": held.row.id, "version": version, "checklist": version_of_it,
        "held_on": _held_on(held, told, china_day(act.hand.at)), "mode": told.mode,
        "participants": require_participants(told.participants), "answers": answers,
        "note": clean(told.note, where="note"),
        "reason": clean(told.reason, where="reason", longest=500),
        "recorded_at": act.hand.at, "recorded_by_id": act.actor.id,
    }  # fmt: skip
    connection.execute(insert(INSPECTION_RECORDS), row)
    add_signature(connection, (held.row.id, version), act.actor.id or 0, act.hand.at)
    stood = held.row.inspection_id is not None
    kind = TaskAct.CORRECT if stood else TaskAct.RECORD
    body, private = _said(row)
    columns = {
        "state": TaskState.AWAITING, "version": version, "recorded_at": None, "head_word": None,
        "draft": None, "draft_by_id": None, "draft_at": None,
    }  # fmt: skip
    held = write_task(connection, held, act.happening(kind, body, private), columns)
    record = record_of(connection, held.row.id, version)
    if record is None:
        message = "a record just written is there"
        raise LookupError(message)
    return held, record


def _checklist(
    connection: Connection, held: Held, before: Row[Any] | None
) -> tuple[Checklist, str]:
    """Return the checklist in force; of a correction the one that was answered."""
    if before:
        return checklist_of(connection, held.row.checklist, before.checklist), before.checklist
    found = find_checklist(connection, held.row.checklist)
    return found.part, found.digest


def _said(row: dict[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """Return what the history tells: results and photos; words go where they can be erased."""
    answers = row["answers"]
    body = {
        "version": row["version"], "checklist": row["checklist"], "mode": row["mode"].value,
        "held_on": row["held_on"].isoformat(), "participants": row["participants"],
        "results": {item: one["result"] for item, one in answers.items()},
        "evidence": {item: [each["sha256"] for each in one["photos"]]
                     for item, one in answers.items() if one["photos"]},
    }  # fmt: skip
    words = {
        item: [one["note"], one["place"], one["no_photo"]]
        for item, one in answers.items()
        if one["note"] or one["place"] or one["no_photo"]
    }
    told = {"words": canonical(words) if words else "", "note": row["note"]}
    private = {name: text for name, text in {**told, "reason": row["reason"]}.items() if text}
    return body, private


def _require_recordable(
    connection: Connection, held: Held, before: Row[Any] | None, told: Told, act: Act
) -> None:
    """Raise for an inspection that is not to be recorded, not yet, or was by somebody else."""
    row = held.row
    if row.state is TaskState.DROPPED:
        raise Refused(
            Wording("该检查已取消", "this inspection was dropped"),
            remedy=Wording("无须填写。", "There is nothing to record."),
            where="number",
        )
    if china_day(act.hand.at) < row.opens_on:
        raise Refused(
            Wording(f"{row.opens_on} 才开始", f"it begins on {row.opens_on}"),
            remedy=Wording("请到期后再填写。", "Record it on that day or later."),
            where="number",
        )
    if row.state is TaskState.AWAITING and before is not None:
        _require_own(connection, held, before, act)
    if row.inspection_id is not None and not told.reason.strip():
        raise Conflict(
            Wording("该检查已有记录", "this inspection is recorded already"),
            remedy=Wording(
                "请先查看；确要更正的，请写明理由。",
                "Look at it first; to correct it, say why.",
            ),
            where="reason",
        )


def _require_own(connection: Connection, held: Held, before: Row[Any], act: Act) -> None:
    signed = inspectors_among(signatures_of(connection, held.row.id, before.version))
    if before.recorded_by_id != act.actor.id or len(signed) > 1:
        raise Conflict(
            Wording("另一位检查人员已填写", "another inspector has recorded it"),
            remedy=Wording(
                "请查看后签字；看法不同的，请其重填。",
                "Look at it and sign; if you disagree, ask them to record anew.",
            ),
            where="number",
        )


def _held_on(held: Held, told: Told, today: date) -> date:
    day = told.held_on or today
    if held.row.opens_on <= day <= today:
        return day
    raise Invalid(
        Wording(f"检查日期 {day} 不对", f"it cannot have been made on {day}"),
        remedy=Wording(
            f"请填 {held.row.opens_on} 至 {today}。", f"Give {held.row.opens_on} to {today}."
        ),
        where="held_on",
    )


def _request(number: str, told: Told, hand: Hand) -> str:
    found = {
        item: [
            one.result.value, one.note, one.place, one.no_photo, one.another,
            [each.stored.sha256 for each in one.files],
        ]
        for item, one in told.found.items()
    }  # fmt: skip
    return idempotency.request_digest({
        "inspection": number, "by": hand.by or "", "found": found,
        "participants": told.participants, "mode": told.mode.value, "note": told.note,
        "held_on": plain(told.held_on), "reason": told.reason,
    })  # fmt: skip


def _again(answer: dict[str, Any]) -> Recorded:
    cases = [Raised(*each) for each in answer.pop("cases")]
    return Recorded(**{**answer, "repeated": True}, cases=cases)


def _nothing_to_sign() -> Refused:
    return Refused(
        Wording("没有待签字的检查记录", "no record awaits a signature"),
        remedy=Wording("请先查看该检查。", "Look at the inspection first."),
        where="number",
    )


def _another_version(version: int) -> Conflict:
    return Conflict(
        Wording(f"记录已更新为第 {version} 版", f"the record is version {version} by now"),
        remedy=Wording("请重新查看后签字。", "Look at it again, then sign."),
        where="version",
    )


def _signed_before() -> Refused:
    return Refused(
        Wording("您已签字", "you have signed it"),
        remedy=Wording("须由另一位检查人员签字。", "It takes another inspector."),
        where="number",
    )
