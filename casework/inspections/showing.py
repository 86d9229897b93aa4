"""One inspection as it is read: its items with what was found, signatures, cases, history."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select

from casework.answers import receipt
from casework.errors import NotFound
from casework.evidence_store import serving
from casework.images import JPEG
from casework.inspections.checklists import checklist_of, find_checklist
from casework.inspections.hazards import Before, Raised, cases_before, raised_of
from casework.inspections.listing import shown
from casework.inspections.plans import may_plan
from casework.inspections.recorders import recorder_role, signatures_needed
from casework.inspections.signatures import inspectors_among, signatures_of
from casework.inspections.standing import record_of
from casework.inspections.tasks import SUBJECT, Held, find_task
from casework.inspections.telling import history_of
from casework.office import Office
from casework.people import find_actor, names_of
from casework.records import read_records
from casework.showing import Shown
from models.tables import CASES, INSPECTION_CASES, INSPECTION_RECORDS, INSPECTION_TASKS
from rules.access import Actor, Role, Verb
from rules.inspections.acts import Part, TaskAct, TaskState, Word
from rules.inspections.answers import Result
from rules.inspections.checklists import Checklist
from rules.proof import first_break
from rules.wording import Wording

_VERSIONS = (
    select(INSPECTION_RECORDS)
    .where(INSPECTION_RECORDS.c.task_id == bindparam("task"))
    .order_by(INSPECTION_RECORDS.c.version)
)
_OF_CASE = (
    select(
        INSPECTION_TASKS.c.number, INSPECTION_TASKS.c.kind, INSPECTION_TASKS.c.checklist,
        INSPECTION_TASKS.c.recorded_at, INSPECTION_CASES.c.item, INSPECTION_CASES.c.linked,
        INSPECTION_RECORDS.c.checklist.label("digest"),
    )
    .join(INSPECTION_CASES, INSPECTION_CASES.c.task_id == INSPECTION_TASKS.c.id)
    .join(CASES, CASES.c.id == INSPECTION_CASES.c.case_id)
    .join(
        INSPECTION_RECORDS,
        (INSPECTION_RECORDS.c.task_id == INSPECTION_CASES.c.task_id)
        & (INSPECTION_RECORDS.c.version == INSPECTION_CASES.c.version),
    )
    .where(CASES.c.number == bindparam("number"))
    .order_by(INSPECTION_CASES.c.task_id)
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Offers:
    """What the one who looks may do next."""

    record: bool
    sign: bool
    sign_as_head: bool
    record_refusal: bool
    sign_on_the_spot: bool
    name: bool


@dataclass(frozen=True, slots=True)
class InspectionFile:
    """All of an inspection. ``answers`` are those of the last version, else of the draft, else
    none; ``cases`` by item, ``open_before`` the open ones of earlier inspections. ``broken_at`` is
    the first event that does not follow; None when whole.
    """

    row: Mapping[str, Any]
    checklist: Checklist
    team: Sequence[Mapping[str, Any]]
    answers: Mapping[str, Mapping[str, Any]]
    record: Mapping[str, Any] | None
    draft: Mapping[str, Any] | None
    versions: Sequence[Mapping[str, Any]]
    signatures: Sequence[Mapping[str, Any]]
    needed: int
    cases: Mapping[str, Raised]
    history: Sequence[Mapping[str, Any]]
    broken_at: int | None
    offers: Offers
    receipt: str
    open_before: Mapping[str, Sequence[Before]]


def open_inspection(office: Office, number: str, *, by: str, today: date) -> InspectionFile:
    """Return an inspection that ``by`` may see; raise NotFound."""
    with office.reading() as connection:
        actor = find_actor(connection, by)
        held = find_task(connection, number, actor)
        return _file(connection, held, actor, today)


def inspections_of(connection: Connection, case: str) -> Sequence[Mapping[str, Any]]:
    """Return the inspections that found a case, with the item: which found it, which again.

    Whoever may see the case may see that it was found so; the caller has looked.
    """
    found = []
    for row in connection.execute(_OF_CASE, {"number": case}):
        checklist = checklist_of(connection, row.checklist, row.digest)
        item = checklist.by_key[row.item]
        found.append({
            "number": row.number, "kind": row.kind, "checklist": checklist.label,
            "item": item.label, "source": item.source, "linked": bool(row.linked),
            "recorded_at": row.recorded_at,
        })  # fmt: skip
    return found


def show_photo(office: Office, number: str, sha256: str, *, by: str) -> Shown:
    """Return a photo's copy without EXIF of a record or draft, or a document; raise NotFound."""
    with office.reading() as connection:
        held = find_task(connection, number, find_actor(connection, by))
        kept = [row.answers for row in connection.execute(_VERSIONS, {"task": held.row.id})]
        drawn = [*_drawn(connection, held.row.id).values()]
    answers = [*kept, (held.row.draft or {}).get("answers", {})]
    photos = (one for each in answers for answer in each.values() for one in answer["photos"])
    found = next((one for one in [*photos, *drawn] if one["sha256"] == sha256), None)
    if found is None:
        raise NotFound(
            Wording("没有这张照片", "there is no such photo"),
            remedy=Wording("请回到检查页查看。", "Go back to the inspection."),
            where="number",
        )
    if found["view_sha256"]:
        return Shown(office.evidence.view(found["view_sha256"]), serving(JPEG, name=found["name"]))
    headers = serving(found["media_type"], name=found["name"], download=True)
    return Shown(office.evidence.original(sha256), headers)


def _file(connection: Connection, held: Held, actor: Actor, today: date) -> InspectionFile:
    record = record_of(connection, held.row.id, held.row.version)
    signed = signatures_of(connection, held.row.id, held.row.version)
    draft = held.row.draft
    sealed = read_records(connection, SUBJECT, held.row.id)
    answers: Mapping[str, Any] = record.answers if record else (draft or {}).get("answers", {})
    return InspectionFile(
        shown(held.row, today), _checklist(connection, held, record),
        [each._asdict() for each in held.team], answers,
        _record(connection, record) if record else None, draft,
        [_record(connection, row) for row in connection.execute(_VERSIONS, {"task": held.row.id})],
        [_signature(row, _drawn(connection, held.row.id)) for row in signed],
        signatures_needed(held),
        {each.item: each for each in raised_of(connection, held.row.id)},
        _history(connection, held.row.id),
        first_break(sealed) if sealed else None, _offers(held, actor, signed),
        receipt(held.row.number, held.row.seq, held.row.head),
        cases_before(connection, held) if actor.may(Verb.VIEW, held.row.unit_path) else {},
    )  # fmt: skip


def _checklist(connection: Connection, held: Held, record: Row[Any] | None) -> Checklist:
    if record:
        return checklist_of(connection, held.row.checklist, record.checklist)
    return find_checklist(connection, held.row.checklist).part


def _record(connection: Connection, row: Row[Any]) -> dict[str, Any]:
    names = names_of(connection, [row.recorded_by_id])
    results = [each["result"] for each in row.answers.values()]
    return {
        "version": row.version, "checklist": row.checklist, "held_on": row.held_on,
        "mode": row.mode, "participants": row.participants, "note": row.note,
        "reason": row.reason, "recorded_at": row.recorded_at,
        "recorded_by": names.get(row.recorded_by_id or 0, ""), "answers": row.answers,
        "counts": {result.value: results.count(result.value) for result in Result},
    }  # fmt: skip


def _signature(row: Row[Any], drawn: Mapping[int, Mapping[str, Any]]) -> dict[str, Any]:
    """Return who signed; a head who signed by hand has no code, and an inspector as witness."""
    shown = {
        "name": row.name, "code": row.code, "part": row.part, "word": row.word,
        "reason": row.reason, "at": row.at, "drawn": None, "witness": "",
    }  # fmt: skip
    if row.part is not Part.HEAD or row.word is not Word.SIGNED or not row.reason:
        return shown
    by_hand = {"drawn": drawn[row.version], "witness": row.name}
    return shown | by_hand | {"name": row.reason, "code": "", "reason": ""}


def _drawn(connection: Connection, task: int) -> dict[int, Mapping[str, Any]]:
    """Return the pictures of signatures by hand, by the version that was signed."""
    bodies = [json.loads(each.body) for each, _ in read_records(connection, SUBJECT, task)]
    return {each["version"]: each["drawn"] for each in bodies if "drawn" in each}


def _offers(held: Held, actor: Actor, signed: Sequence[Row[Any]]) -> Offers:
    inspects = recorder_role(held, actor) is not None
    signers = inspectors_among(signed)
    awaiting = held.row.state is TaskState.AWAITING
    heads = (
        held.row.state is TaskState.RECORDED and held.row.kind.head_signs
        and held.row.head_word is None
    )  # fmt: skip
    is_head = Role.HEAD in actor.roles_over(held.row.unit_path)
    return Offers(
        record=inspects and held.row.state is not TaskState.DROPPED,
        sign=inspects and awaiting and actor.id not in signers,
        sign_as_head=heads and is_head and actor.id not in signers,
        record_refusal=heads and (actor.id in signers or is_head),
        sign_on_the_spot=heads and actor.id in signers,
        name=may_plan(actor, held.row.unit_path, held.row.kind),
    )


def _history(connection: Connection, task: int) -> list[dict[str, Any]]:
    told = history_of(connection, SUBJECT, task, lambda act: TaskAct(act).label)
    return [_event(each, json.loads(each.pop("body"))) for each in told]


def _event(told: dict[str, Any], body: Mapping[str, Any]) -> dict[str, Any]:
    if "drawn" in body:
        who = told["who"]
        told |= {
            "zh": f"学校负责人手签，{who}在场",
            "en": f"signed by hand before {who}",
        }
    return {**told, "version": body.get("version", 0)}
