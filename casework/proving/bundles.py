"""A bundle: one history with the proof that it stands in the tree, for somebody who has only that.

A ZIP of ``bundle.json``, the verifier that reads it, and what to do with them. Personal data stays
out unless it is asked for, with a reason, by somebody who may; that is told in a history too.
"""

import json
import re
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from sqlalchemy import Connection, Row, Select, select

from casework.errors import Invalid, Refused
from casework.events import Door
from casework.forms import clean
from casework.office import Office
from casework.proving.acts import SealAct, tell_act
from casework.proving.keys import SealKeys
from casework.proving.sealing import last_head
from casework.proving.subjects import Proven, events_of, find_proven, privates_of
from casework.proving.tree import StoredTree
from models.tables import CHECKPOINTS, LEAVES
from rules.access import Actor, Verb
from rules.checkpoint import BadNote, Checkpoint, open_note
from rules.merkle import consistency, inclusion
from rules.proof import record
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
        return re.sub(r"[^\w.\-]", "-", self.subject) + "-proof.zip"


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
    """Return the bundle of a case, or of any other record, for somebody who may see it.

    Raise NotFound for no such thing, Refused when nothing of it is sealed, when one of the heads is
    not of this tree, or when personal data is not theirs to see.
    """
    with office.writing() if wanted.reason else office.auditing() as connection:
        proven, actor = find_proven(connection, wanted.number, by)
        _require_may_reveal(actor, proven, wanted)
        told = _told(connection, proven, wanted, keys)
        if wanted.reason:
            told["private"] = privates_of(connection, proven)
            _tell_reveal(connection, proven, actor, wanted, at, door)
    events = told["events"]
    sealed = sum("leaf" in each for each in events)
    size = Checkpoint.read(told["checkpoint"].partition("\n\n")[0] + "\n").size
    return Bundle(
        proven.name, len(events), sealed, size, len(told.get("private", ())), told["key"],
        _zipped(told, at),
    )  # fmt: skip


def proof_of(connection: Connection, proven: Proven) -> dict[str, Any] | None:
    """Return a bundle's content under the head that first covered what is sealed of a history.

    So it is the same whenever it is asked for; None before anything of it is sealed.
    """
    leaves = _leaves(connection, proven)
    head = connection.execute(_covering(max(leaves.values(), default=-1))).first()
    if not leaves or head is None:
        return None
    events = list(_events(connection, proven, head.size, StoredTree(connection)))
    return _content(proven, head, (), events)


def _require_may_reveal(actor: Actor, proven: Proven, wanted: Wanted) -> None:
    if wanted.reason and not actor.may(Verb.REVEAL, proven.path):
        raise Refused(
            Wording("您不能取用个人信息", "personal data is not yours to take"),
            remedy=Wording(
                "请去掉 --reveal，或由专委会、管理员、审计员办理。",
                "Leave --reveal out, or ask the committee, an administrator or an auditor.",
            ),
            where="--reveal",
        )


def _told(connection: Connection, proven: Proven, wanted: Wanted, keys: SealKeys) -> dict[str, Any]:
    head = last_head(connection)
    if head is None:
        raise _nothing_sealed(proven.name)
    tree = StoredTree(connection)
    events = list(_events(connection, proven, head.size, tree))
    if not any("leaf" in each for each in events):
        raise _nothing_sealed(proven.name)
    older = sorted(
        {each.size: each for each in _older(connection, events, wanted, keys, tree)}.items()
    )
    heads = [
        {"checkpoint": each.note, "proof": _encoded(consistency(size, head.size, tree.node))}
        for size, each in older
        if size < head.size
    ]
    return _content(proven, head, heads, events)


def _content(
    proven: Proven, head: Row[Any], heads: Sequence[Any], events: Sequence[Any]
) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "subject": proven.name,
        "key": head.key,
        "checkpoint": head.note,
        "heads": heads,
        "events": events,
    }


def _events(
    connection: Connection, proven: Proven, size: int, tree: StoredTree
) -> Iterator[dict[str, Any]]:
    leaves = _leaves(connection, proven)
    for sealed in events_of(connection, proven):
        told: dict[str, Any] = {"event": record(sealed)}
        leaf = leaves.get(sealed.seq, size)
        if leaf < size:
            told |= {"leaf": leaf, "path": _encoded(inclusion(leaf, size, tree.node))}
        yield told


def _leaves(connection: Connection, proven: Proven) -> dict[int, int]:
    """Return the numbers of a history's leaves, by the events' own."""
    own = (LEAVES.c.subject == proven.kind) & (LEAVES.c.subject_id == proven.id)
    rows = connection.execute(select(LEAVES.c.seq, LEAVES.c.number).where(own))
    return dict(rows.tuples().all())


def _covering(leaf: int) -> Select[Any]:
    """Return the head that first covered a leaf."""
    first = select(CHECKPOINTS).where(CHECKPOINTS.c.size > leaf)
    return first.order_by(CHECKPOINTS.c.size).limit(1)


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
    changed = select(CHECKPOINTS).where(CHECKPOINTS.c.note.contains("\nkey "))
    for statement in (changed, _covering(last)):
        for row in connection.execute(statement):
            yield _Older(row.size, row.note)
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
                f"所持检查点（{head.size} 条）不在现在的树中：历史被改写或截断",
                f"the head over {head.size} events is not of the tree as it is now: history was "
                "rewritten or cut",
            ),
            remedy=Wording("请运行 bihuan audit verify。", "Run `bihuan audit verify`."),
            where="--head",
        )
    return _Older(head.size, note)


def _tell_reveal(
    connection: Connection,
    proven: Proven,
    actor: Actor,
    wanted: Wanted,
    at: datetime,
    door: Door,
) -> None:
    reason = clean(wanted.reason, where="--reveal")
    body = {"case": proven.name, "reason": reason}
    tell_act(connection, SealAct.REVEAL, actor, proven.path, body, at=at, door=door)


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

核对（需要 Python 3.11 和 cryptography） / to check it (Python 3.11, package cryptography):

    python bihuan_verify.py bundle.json --key "{key}"

公钥请与您从别处得到的核对；核对程序以您自己下载的为准。您若存有检查点，加 --head 文件。
Compare the key with the one you were given elsewhere, and prefer a verifier that you obtained
yourself. If you hold heads, add --head FILE.
"""


def _encoded(hashes: Sequence[bytes]) -> list[str]:
    return [b64encode(each).decode() for each in hashes]


def _nothing_sealed(number: str) -> Refused:
    return Refused(
        Wording(f"{number} 还没有封存的经过", f"no event of {number} is sealed yet"),
        remedy=Wording("请先运行 bihuan audit seal。", "Run `bihuan audit seal` first."),
        where="CASE",
    )
