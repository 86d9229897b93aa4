"""A bundle: one history with the proof that it stands in the tree, for somebody who has only that.

A ZIP of ``bundle.json``, the verifier that reads it, and what to do with them. Personal data stays
out unless it is asked for, with a reason, by somebody who may; that is told in a history too.
"""

import json
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from sqlalchemy import Connection, Row, select

from casework.cases import Stored, find_case, no_such_case
from casework.errors import Invalid, Refused
from casework.events import Door
from casework.forms import clean
from casework.office import Office
from casework.people import find_actor
from casework.proving.acts import SealAct, tell_act
from casework.proving.keys import SealKeys
from casework.proving.sealing import last_head
from casework.proving.sequencer import CASE
from casework.proving.tree import StoredTree
from models.tables import CHECKPOINTS, EVENTS, LEAVES, PRIVATE_VALUES
from rules.access import Actor, Verb
from rules.checkpoint import BadNote, Checkpoint, open_note
from rules.merkle import consistency, inclusion
from rules.proof import Sealed, record
from rules.wording import Wording
from rules.workdays import CHINA

FORMAT = "bihuan-proof-1"
VERIFIER = Path(__file__).parents[2] / "verify" / "bihuan_verify.py"


@dataclass(frozen=True, slots=True)
class Bundle:
    """``sealed`` of ``events`` stand under the head over ``size``; ``content`` is the ZIP."""

    subject: str
    events: int
    sealed: int
    size: int
    private: int
    key: str
    content: bytes

    @property
    def name(self) -> str:
        return f"{self.subject}-proof.zip"


@dataclass(frozen=True, slots=True)
class Wanted:
    """``heads`` are notes that the reader holds; ``reason`` asks for personal data when given."""

    number: str
    heads: Sequence[str] = ()
    reason: str = ""


def prove(
    office: Office,
    wanted: Wanted,
    keys: SealKeys,
    *,
    by: str,
    at: datetime,
    door: Door = Door.CLI,
) -> Bundle:
    """Return a case's bundle for somebody who may see the case.

    Raise NotFound for no such case, Refused when nothing of it is sealed, when one of the heads is
    not of this tree, or when personal data is not theirs to see.
    """
    with office.writing() as connection:
        stored = find_case(connection, wanted.number)
        actor = find_actor(connection, by)
        _require_may(actor, stored, wanted)
        told = _told(connection, stored, wanted, keys)
        if wanted.reason:
            told["private"] = _private(connection, stored)
            _tell_reveal(connection, stored, actor, wanted, at, door)
    events = told["events"]
    sealed = sum("leaf" in each for each in events)
    size = Checkpoint.read(told["checkpoint"].partition("\n\n")[0] + "\n").size
    return Bundle(
        stored.number, len(events), sealed, size, len(told.get("private", ())), told["key"],
        _zipped(told, at),
    )  # fmt: skip


def _require_may(actor: Actor, stored: Stored, wanted: Wanted) -> None:
    if not actor.may(Verb.VIEW, stored.unit_path):
        raise no_such_case(wanted.number)
    if wanted.reason and not actor.may(Verb.REVEAL, stored.unit_path):
        raise Refused(
            Wording("您不能取用个人信息", "personal data is not yours to take"),
            remedy=Wording(
                "请去掉 --reveal,或由专委会、管理员、审计员办理。",
                "Leave --reveal out, or ask the committee, an administrator or an auditor.",
            ),
            where="--reveal",
        )


def _told(connection: Connection, stored: Stored, wanted: Wanted, keys: SealKeys) -> dict[str, Any]:
    head = last_head(connection)
    if head is None:
        raise _nothing_sealed(stored.number)
    tree = StoredTree(connection)
    events = list(_events(connection, stored, head.size, tree))
    if not any("leaf" in each for each in events):
        raise _nothing_sealed(stored.number)
    older = sorted(
        {each.size: each for each in _older(connection, events, wanted, keys, tree)}.items()
    )
    return {
        "format": FORMAT,
        "subject": stored.number,
        "key": head.key,
        "checkpoint": head.note,
        "heads": [
            {"checkpoint": each.note, "proof": _encoded(consistency(size, head.size, tree.node))}
            for size, each in older
            if size < head.size
        ],
        "events": events,
    }


def _events(
    connection: Connection, stored: Stored, size: int, tree: StoredTree
) -> Iterator[dict[str, Any]]:
    same = (
        (LEAVES.c.subject == CASE)
        & (LEAVES.c.subject_id == EVENTS.c.case_id)
        & (LEAVES.c.seq == EVENTS.c.seq)
    )
    statement = select(EVENTS, LEAVES.c.number.label("leaf")).outerjoin(LEAVES, same)
    ordered = statement.where(EVENTS.c.case_id == stored.id).order_by(EVENTS.c.seq)
    for row in connection.execute(ordered).all():
        told: dict[str, Any] = {"event": record(_sealed(stored.number, row))}
        if row.leaf is not None and row.leaf < size:
            told |= {"leaf": row.leaf, "path": _encoded(inclusion(row.leaf, size, tree.node))}
        yield told


@dataclass(frozen=True, slots=True)
class _Older:
    size: int
    note: str


def _older(
    connection: Connection,
    events: Sequence[Mapping[str, Any]],
    wanted: Wanted,
    keys: SealKeys,
    tree: StoredTree,
) -> Iterator[_Older]:
    """Yield the head that first covered the history, those that changed keys, and the reader's."""
    last = max(each["leaf"] for each in events if "leaf" in each)
    first = select(CHECKPOINTS.c.size, CHECKPOINTS.c.note).where(CHECKPOINTS.c.size > last)
    changed = select(CHECKPOINTS.c.size, CHECKPOINTS.c.note).where(
        CHECKPOINTS.c.note.contains("\nkey ")
    )
    for statement in (changed, first.order_by(CHECKPOINTS.c.size).limit(1)):
        for size, note in connection.execute(statement).tuples():
            yield _Older(size, note)
    for note in wanted.heads:
        yield _held(note, keys, tree)


def _held(note: str, keys: SealKeys, tree: StoredTree) -> _Older:
    """Return a head that the reader holds; raise Refused unless it is of this tree."""
    try:
        head = Checkpoint.read(open_note(note, keys.verifiers)[0])
    except BadNote as fault:
        raise Invalid(
            Wording("不是本系统签署的检查点", f"it is not a head of ours: {fault}"), where="--head"
        ) from fault
    if not 0 < head.size <= tree.size or tree.root(head.size) != head.root:
        raise Refused(
            Wording(
                f"所持检查点({head.size} 条)不在现在的树中:历史被改写或截断",
                f"the head over {head.size} events is not of the tree as it is now: history was "
                "rewritten or cut",
            ),
            remedy=Wording("请运行 bihuan audit verify。", "Run `bihuan audit verify`."),
            where="--head",
        )
    return _Older(head.size, note)


def _private(connection: Connection, stored: Stored) -> list[dict[str, Any]]:
    columns = (PRIVATE_VALUES.c[name] for name in ("seq", "field", "salt", "value"))
    statement = select(*columns).where(PRIVATE_VALUES.c.case_id == stored.id)
    ordered = statement.order_by(PRIVATE_VALUES.c.seq, PRIVATE_VALUES.c.field)
    return [dict(row) for row in connection.execute(ordered).mappings()]


def _tell_reveal(
    connection: Connection,
    stored: Stored,
    actor: Actor,
    wanted: Wanted,
    at: datetime,
    door: Door,
) -> None:
    reason = clean(wanted.reason, where="--reveal")
    body = {"case": stored.number, "reason": reason}
    tell_act(connection, SealAct.REVEAL, actor, stored.unit_path, body, at=at, door=door)


def _zipped(told: Mapping[str, Any], at: datetime) -> bytes:
    out = BytesIO()
    files = {
        "bundle.json": json.dumps(told, ensure_ascii=False, indent=1),
        "bihuan_verify.py": VERIFIER.read_text(encoding="utf-8"),
        "README.txt": _README.format(subject=told["subject"], key=told["key"]),
    }
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for name, text in files.items():
            made = ZipInfo(name, at.astimezone(CHINA).timetuple()[:6])
            archive.writestr(made, text, ZIP_DEFLATED)
    return out.getvalue()


_README = """\
{subject} 的经过及其证明 / the history of {subject}, with its proof

核对(需要 Python 3.11 和 cryptography) / to check it (Python 3.11, package cryptography):

    python bihuan_verify.py bundle.json --key "{key}"

公钥请与您从别处得到的核对;核对程序以您自己下载的为准。您若存有检查点,加 --head 文件。
Compare the key with the one you were given elsewhere, and prefer a verifier that you obtained
yourself. If you hold heads, add --head FILE.
"""


def _encoded(hashes: Sequence[bytes]) -> list[str]:
    return [b64encode(each).decode() for each in hashes]


def _sealed(number: str, row: Row[Any]) -> Sealed:
    return Sealed(
        number, row.seq, row.at, row.kind, row.actor_id, row.role, row.door, row.body,
        row.previous, row.algorithm,
    )  # fmt: skip


def _nothing_sealed(number: str) -> Refused:
    return Refused(
        Wording(f"{number} 还没有封存的经过", f"no event of {number} is sealed yet"),
        remedy=Wording("请先运行 bihuan audit seal。", "Run `bihuan audit seal` first."),
        where="CASE",
    )
