"""One assessment in full: for each item its values, why, by whom, what lies behind the figures."""

import json
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from casework.errors import NotFound
from casework.evidence_store import serving
from casework.images import JPEG
from casework.office import Office
from casework.people import find_actor, names_of
from casework.records import read_records
from casework.scoring import store
from casework.scoring.behind import behind, of_cases
from casework.scoring.places import Which, find_named
from casework.scoring.store import SUBJECT, Held
from casework.scoring.unaltered import require_unaltered
from casework.showing import Shown
from rules.access import Actor, Role
from rules.scoring.acts import FILLS, SIGNS, ScoringAct, ScoringStage
from rules.scoring.changes import scored
from rules.scoring.points import Mark, reason_of
from rules.scoring.sheets import HONOUR, Item, Veto
from rules.wording import Wording


def show_assessment(office: Office, which: Which, *, by: str, version: int = 0) -> dict[str, Any]:
    """Return an assessment with its levels, items, vetoes, versions and history.

    Raise NotFound where ``by`` may not look, Invalid for one that was altered since it was signed.
    """
    with office.reading() as connection:
        actor = find_actor(connection, by)
        named = find_named(connection, actor, which)
        held = store.find(connection, named, version)
        require_unaltered(connection, held)
        sheet, frozen = held.named.sheet, held.stage is ScoringStage.FROZEN
        whole, roles = held.score, actor.roles_over(named.unit.path)
        return {
            "sheet": sheet.key, "sheet_version": sheet.version, "label": sheet.label,
            "year": named.year, "unit": named.unit.name, "unit_code": named.unit.code,
            "link": named.link,
            "stage": held.stage, "stage_label": held.stage.label, "version": held.version,
            "reason": held.reason, "number": held.number, "receipt": held.receipt,
            "as_of": held.as_of, "frozen_at": held.frozen_at, "points": whole.points,
            "total": sheet.total, "passes": sheet.passes, "result": whole.result,
            "result_label": whole.result.label, "due_on": sheet.due_on(named.year),
            "source": sheet.source, "levels": _levels(held, roles), "vetoes": _vetoes(held),
            "honour": _values(held.marks[HONOUR]), "honour_label": sheet.honour,
            "may_fill": bool(roles & FILLS[held.stage]),
            "may_sign": bool(not frozen and roles & SIGNS[held.stage]),
            "may_correct": frozen and bool(roles & FILLS[ScoringStage.COMMITTEE]),
            "versions": [
                {"version": each.version, "number": each.number, "reason": each.reason}
                for each in store.all_versions(connection, named)
            ],
            **_story(connection, held),
        }  # fmt: skip


def open_evidence(office: Office, which: Which, sha256: str, *, by: str) -> Shown:
    """Return a photo (without its metadata) or document of an assessment; raise NotFound."""
    with office.reading() as connection:
        actor: Actor = find_actor(connection, by)
        named = find_named(connection, actor, which)
        versions = store.all_versions(connection, named)
    marks = (mark for one in versions for mark in one.marks.values())
    held = {each.sha256: each for mark in marks for each in mark.evidence}
    found = held.get(sha256)
    if found is None:
        raise NotFound(
            Wording("没有这个佐证文件", "there is no such evidence"),
            remedy=Wording("请从评分表中打开。", "Open it from the sheet."),
            where="evidence",
        )
    if found.view:
        return Shown(office.evidence.view(found.view), serving(JPEG, name=sha256[:12]))
    headers = serving(found.media_type, name=sha256[:12], download=True)
    return Shown(office.evidence.original(sha256), headers)


def _levels(held: Held, roles: frozenset[Role]) -> list[dict[str, Any]]:
    return [
        {
            "key": level.key, "label": level.label,
            "total": sum(each.points for each in level.items),
            "points": sum(held.marks[each.key].value for each in level.items),
            "items": [_item(held, each, roles) for each in level.items],
        }
        for level in held.named.sheet.levels
    ]  # fmt: skip


def _item(held: Held, item: Item, roles: frozenset[Role]) -> dict[str, Any]:
    mark = held.marks[item.key]
    return {
        "key": item.key, "label": item.label, "most": item.points, **_values(mark),
        "automatic": item.auto is not None, "why": reason_of(item, mark), "rule": scored(item),
        "deductions": [
            {"key": each.key, "label": each.label, "points": each.points,
             "times": mark.taken.get(each.key, 0)}
            for each in item.deductions
        ],
        "behind": [each._asdict() for each in behind(held, item.auto, mark, roles)],
    }  # fmt: skip


def _vetoes(held: Held) -> list[dict[str, Any]]:
    return [
        {"key": each.key, "label": each.label, "automatic": bool(each.query),
         **_values(held.marks[each.key]), "behind": _found(held, each)}
        for each in held.named.sheet.vetoes
    ]  # fmt: skip


def _found(held: Held, veto: Veto) -> list[dict[str, Any]]:
    if not veto.query:
        return []
    _, count = held.marks[veto.key].figures or (0, 0)
    return [of_cases(held, veto.query, Wording("件数", "found"), count)._asdict()]


def _values(mark: Mark) -> dict[str, Any]:
    return {
        "value": mark.value, "school": mark.school, "cluster": mark.cluster,
        "committee": mark.committee, "cluster_why": mark.cluster_why,
        "committee_why": mark.committee_why, "text": mark.text,
        "evidence": [each.sha256 for each in mark.evidence], "figures": mark.figures,
    }  # fmt: skip


def _story(connection: Connection, held: Held) -> dict[str, Any]:
    events = [sealed for sealed, _ in read_records(connection, SUBJECT, held.id)]
    signers = [each["by"] for each in held.signatures.values()]
    names = names_of(connection, [*signers, *(each.actor for each in events)])
    signatures = [
        {"stage": ScoringStage(stage).label, "who": names.get(each["by"], ""),
         "at": datetime.fromisoformat(each["at"])}
        for stage, each in held.signatures.items()
    ]  # fmt: skip
    history = [
        {"act": each.kind, "said": ScoringAct(each.kind).label, "at": each.at,
         "who": names.get(each.actor or 0, ""), "body": json.loads(each.body)}
        for each in events
    ]  # fmt: skip
    return {"signatures": signatures, "history": history}
