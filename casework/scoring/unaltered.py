"""Whether an assessment still is what was signed: its values against what its history says.

Each signature put the SHA-256 of the values as they stood then into the history; freezing, that of
the whole content. Whoever changes a number afterwards, in the table or in the history, is found.
"""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, Result, select

from casework.errors import Invalid
from casework.records import read_records
from casework.scoring import store
from casework.scoring.sheets import is_as_adopted
from casework.scoring.store import SUBJECT, Held
from models.tables import RECORD_EVENTS
from rules.proof import canonical, first_break
from rules.scoring.acts import ScoringAct, ScoringStage
from rules.scoring.points import score, until
from rules.wording import Wording

_SIGNED = (ScoringAct.SIGN.value, ScoringAct.FREEZE.value)
Said = Sequence[tuple[str, Mapping[str, Any]]]


def digest_of(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def signed_values(held: Held, stage: ScoringStage) -> dict[str, Any]:
    """Return what a signature says of the values that stood when ``stage`` was signed."""
    marks = {key: until(mark, stage) for key, mark in held.marks.items()}
    whole = score(held.named.sheet, marks)
    return {
        "stage": stage.value, "points": whole.points, "result": whole.result.value,
        "marks": digest_of(canonical(store.plain(marks))),
    }  # fmt: skip


def require_unaltered(connection: Connection, held: Held) -> None:
    """Raise Invalid for one that is not what was signed, or whose history does not hold."""
    events = read_records(connection, SUBJECT, held.id)
    said = [(sealed.kind, json.loads(sealed.body)) for sealed, _ in events]
    whole = [(sealed.seq, own) for sealed, own in events][-1:] == [tuple(held.entry)]
    if (
        not whole
        or first_break(events) is not None
        or not _agrees(held, said)
        or not is_as_adopted(connection, held.named.sheet)
    ):
        raise Invalid(
            Wording("评分与签字时不同", "the assessment is not what was signed"),
            remedy=Wording("请从备份恢复，并查明原因。", "Restore a backup and find out why."),
            where=held.subject.name,
        )


def altered_among(connection: Connection, helds: Sequence[Held]) -> set[int]:
    """Return the ids of those that are not what was signed; their signatures are read at once."""
    said = defaultdict(list)
    for number, kind, body in _told(connection, [each.id for each in helds], _SIGNED):
        said[number].append((kind, json.loads(body)))
    return {each.id for each in helds if not _agrees(each, said[each.id])}


def frozen_values(connection: Connection, ids: Sequence[int]) -> dict[int, tuple[int, str]]:
    """Return the points and the result with which each was frozen, for lists."""
    said = ((number, json.loads(body)) for number, _, body in _told(connection, ids, _SIGNED[1:]))
    return {number: (body["points"], body["result"]) for number, body in said}


def _told(connection: Connection, ids: Sequence[int], kinds: Sequence[str]) -> Result[Any]:
    events = RECORD_EVENTS.c
    return connection.execute(
        select(events.subject_id, events.kind, events.body)
        .where(events.subject == SUBJECT, events.subject_id.in_(ids), events.kind.in_(kinds))
        .order_by(events.subject_id, events.seq)
    )


def _agrees(held: Held, said: Said) -> bool:
    signed = [body for kind, body in said if kind == ScoringAct.SIGN.value]
    frozen = [body["content"] for kind, body in said if kind == ScoringAct.FREEZE.value]
    return frozen == _fixed(held) and all(_stands(held, body) for body in signed)


def _fixed(held: Held) -> list[str]:
    """Return the digest of what is frozen, '' where it is not what the values say."""
    if held.stage is not ScoringStage.FROZEN:
        return []
    as_now = store.written(held, json.loads(held.content)["name"])
    return [digest_of(held.content) if as_now == held.content else ""]


def _stands(held: Held, body: Mapping[str, Any]) -> bool:
    """Whether a signature's values are those of now; those of older ones say points alone."""
    now = signed_values(held, ScoringStage(body["stage"]))
    return all(body[name] == value for name, value in now.items() if name in body)
