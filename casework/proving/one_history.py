"""One history verified now: its chain, its leaves, and their way to a signed head."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, select

from casework.office import Office
from casework.proving.findings import Fault, Verified
from casework.proving.histories import Reader
from casework.proving.intact import Span
from casework.proving.sealing import last_head
from casework.proving.sequencer import CASE
from casework.proving.subjects import find_proven
from casework.proving.tree import Gap, StoredTree
from models.tables import LEAVES
from rules.checkpoint import BadNote, Checkpoint, Verifier, open_note
from rules.merkle import inclusion, is_included
from rules.wording import Wording


@dataclass(slots=True)
class HistoryVerified:
    """``included`` of ``sealed`` leaves lead to the root of the head over ``size``.

    ``name`` is a case's number, or kind:name of another record. ``events`` were read; ``size`` is
    None before there is a head.
    """

    kind: str
    name: str
    events: int = 0
    sealed: int = 0
    included: int = 0
    size: int | None = None
    root: str = ""
    at: datetime | None = None
    key: str = ""
    faults: list[Fault] = field(default_factory=list)

    @property
    def is_case(self) -> bool:
        return self.kind == CASE

    @property
    def ok(self) -> bool:
        return not self.faults


def verify_history(
    office: Office, written: str, verifiers: tuple[Verifier, ...], *, by: str
) -> HistoryVerified:
    """Recompute a chain and prove its sealed events under the newest head.

    ``written`` is a case's number, or kind:name. Raise NotFound for what ``by`` may not see. What
    whoever has database and key wrote since the last head outside shows in no such check:
    ``verify`` says how far the proof goes.
    """
    with office.auditing() as connection:
        proven, _ = find_proven(connection, written, by)
        told = Verified()
        checked = Reader(connection, told, proven.kind).check([Span.of([proven.id])])
        found = HistoryVerified(proven.kind, proven.name, checked.events, faults=told.faults)
        head = last_head(connection)
        if head is not None:
            _prove(connection, found, head, proven.id, verifiers)
    return found


def _prove(
    connection: Connection,
    found: HistoryVerified,
    row: Row[Any],
    subject_id: int,
    verifiers: tuple[Verifier, ...],
) -> None:
    found.size, found.at, found.key = row.size, row.at, row.key
    try:
        head = Checkpoint.read(open_note(row.note, verifiers)[0])
    except BadNote as fault:
        found.faults.append(_unsigned(row.size, fault))
        return
    found.root = head.root.hex()
    tree = StoredTree(connection)
    for leaf in connection.execute(_leaves(found.kind, subject_id)).all():
        if leaf.number >= head.size:
            continue  # newer than the head
        found.sealed += 1
        if _leads(tree, leaf, head):
            found.included += 1
        else:
            found.faults.append(_astray(found.name, leaf))


def _leaves(kind: str, subject_id: int) -> Select[Any]:
    own = (LEAVES.c.subject == kind) & (LEAVES.c.subject_id == subject_id)
    return select(LEAVES.c.number, LEAVES.c.seq, LEAVES.c.hash).where(own).order_by(LEAVES.c.seq)


def _leads(tree: StoredTree, leaf: Row[Any], head: Checkpoint) -> bool:
    try:
        path = inclusion(leaf.number, head.size, tree.node)
    except Gap:
        return False
    return is_included(leaf.hash, leaf.number, head.size, path, head.root)


def _astray(name: str, leaf: Row[Any]) -> Fault:
    said = Wording(
        f"{name} 第 {leaf.seq} 条经过（第 {leaf.number} 片叶）不在检查点之下",
        f"event {leaf.seq} of {name} (leaf {leaf.number}) is not under the head",
    )
    return Fault(said, name, leaf.seq, leaf=leaf.number)


def _unsigned(size: int, fault: BadNote) -> Fault:
    return Fault(
        Wording(
            f"最新检查点（{size} 条）不是我们的密钥签的",
            f"the newest head, over {size} events, is not signed by a key of ours: {fault}",
        )
    )
