"""The tree again, leaf by leaf: no gap, every stored node, every head that was ever signed.

Leaves are read in runs; of the tree only its right edge is kept.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import BindParameter, Connection, Row, Select, bindparam, func, select

from casework.proving.findings import Verified
from casework.proving.heads import OutsideHead
from casework.proving.histories import stored_moment
from casework.proving.tree import STEP, Gap, StoredTree
from models.prepared import Prepared
from models.tables import CHECKPOINTS, LEAVES, TREE_NODES
from rules.checkpoint import BadNote, Checkpoint, Verifier, open_note
from rules.merkle import Frontier
from rules.merkle import Row as Grown
from rules.wording import Wording

RUN = 1 << 12  # leaves
_FIRST: BindParameter[int] = bindparam("first")
_LAST: BindParameter[int] = bindparam("last")
_LEAVES = (
    select(LEAVES.c.number, LEAVES.c.hash)
    .where(LEAVES.c.number.between(_FIRST, _LAST))
    .order_by(LEAVES.c.number)
)
_NODES = Prepared(
    select(TREE_NODES.c.place, TREE_NODES.c.hash).where(
        TREE_NODES.c.level == bindparam("level"), TREE_NODES.c.place.between(_FIRST, _LAST)
    )
)
_COUNTS = select(TREE_NODES.c.level, func.count()).group_by(TREE_NODES.c.level)
_ENDLESS = 2**62

Outside = Mapping[int, Sequence[OutsideHead]]
"""Heads that lie outside, by their size."""


class TreeCheck:
    """Grows the tree anew from ``found.since`` and holds against it what is stored and signed."""

    def __init__(
        self, connection: Connection, found: Verified, keys: Sequence[Verifier], outside: Outside
    ) -> None:
        self._connection, self._found = connection, found
        self._keys, self._outside = keys, outside
        sqlite = connection.dialect.name == "sqlite"
        self._heads = _heads(sqlite=sqlite)
        self._frontier = Frontier()
        self._good = found.since
        self._parted = False

    def check(self) -> None:
        """Put among the faults whatever does not follow from the leaves."""
        since, size = self._found.since, self._found.size
        try:
            self._frontier = Frontier(since, StoredTree(self._connection).node)
        except Gap as gap:
            self._blame(f"树中缺节点:{gap}", f"the tree lacks nodes: {gap}", since)
            return
        self._check_heads(since, self._stored(since, since))
        for first in range(since - since % RUN, size, RUN):
            if not self._check_run(max(first, since), min(first + RUN, size)):
                return
        self._check_counts()
        self._check_heads_beyond(size)

    def _check_run(self, begin: int, end: int) -> bool:
        """Check the leaves from ``begin`` to before ``end``; return whether none is gone."""
        span = {"first": begin, "last": end - 1}
        leaves = self._connection.execute(_LEAVES, span).cursor.fetchall()
        if len(leaves) != end - begin:
            there = {number for number, _ in leaves}
            gone = next(number for number in range(begin, end) if number not in there)
            self._blame(f"第 {gone} 片叶不见了", f"leaf {gone} is gone", gone)
            return False
        hashes = [each if type(each) is bytes else _bytes(each) for _, each in leaves]
        stored = self._stored(begin + 1, end)
        grown: dict[int, list[Grown]] = defaultdict(list)
        sizes = {*stored, *(size for size in self._outside if begin < size <= end), end}
        at = begin
        for size in sorted(sizes):
            for row in self._frontier.extend(hashes[at - begin : size - begin]):
                grown[row.level].append(row)
            at = size
            self._check_heads(size, stored)
        self._check_nodes(grown)
        return True

    def _stored(self, first: int, last: int) -> dict[int, Row[Any]]:
        """Return the stored heads of these sizes."""
        rows = self._connection.execute(self._heads, {"first": first, "last": last})
        return {row.size: row for row in rows}

    def _check_nodes(self, grown: Mapping[int, Sequence[Grown]]) -> None:
        for level, rows in grown.items():
            if level and level % STEP == 0:
                expected = {
                    row.first + n: each for row in rows for n, each in enumerate(row.hashes)
                }
                span = {"level": level, "first": min(expected), "last": max(expected)}
                found = dict(_NODES.rows(self._connection, span))
                for place, node in expected.items():
                    if found.get(place) is None or _bytes(found[place]) != node:
                        self._blame_node(level, place)

    def _blame_node(self, level: int, place: int) -> None:
        first, last = place << level, ((place + 1) << level) - 1
        self._blame(
            f"树的节点与第 {first} 至 {last} 片叶不符",
            f"a node of the tree differs from leaves {first} to {last} below it",
            first,
        )

    def _check_heads(self, size: int, stored: Mapping[int, Row[Any]]) -> None:
        """Hold the heads over ``size`` leaves, stored and outside, against the root as it is."""
        row, heads = stored.get(size), []
        if row is not None:
            self._found.heads += 1
            heads = [(each, "") for each in self._read_stored(row)]
        for each in self._outside.get(size, ()):
            self._found.outside += 1
            heads.append((each.head, each.where))
            if row is None:
                self._blame(
                    f"库内没有 {each.where} 里的检查点({size} 条)",
                    f"the database lacks the head over {size} events in {each.where}",
                    size,
                )
        if heads and not self._parted:
            self._compare(size, heads)

    def _read_stored(self, row: Row[Any]) -> Iterator[Checkpoint]:
        """Yield the head of a row that says what was signed."""
        try:
            text, signed = open_note(row.note, self._keys)
            head = Checkpoint.read(text)
        except (BadNote, TypeError) as fault:
            self._blame(
                f"库内检查点({row.size} 条)的签名无效:{fault}",
                f"the signature of the head over {row.size} events does not hold: {fault}",
                row.size,
            )
            return
        said = {
            "size": head.size == row.size,
            "root": head.root == _bytes(row.root),
            "at": row.at == f"{head.extension('time')[:-1]}.000000Z",
            "key": row.key in {each.text for each in signed},
        }
        for column, agrees in said.items():
            if not agrees:
                self._blame(
                    f"检查点({row.size} 条)的 {column} 与所签的不符",
                    f"the head over {row.size} events: {column} is not what was signed",
                    row.size,
                    column=column,
                )
        if said["size"]:
            yield head

    def _compare(self, size: int, heads: Sequence[tuple[Checkpoint, str]]) -> None:
        """Hold heads of one size against the root; what parts at one, parts ever after."""
        root = self._frontier.root
        parted = next((where for head, where in heads if head.root != root), None)
        if parted is None:
            self._good = size
            for head, where in heads:
                if where:
                    self._found.proven, self._found.proven_at = size, head.extension("time")
            return
        self._parted = True
        self._blame(
            f"第 {self._good} 至 {size - 1} 片叶被改写:与{parted or '库内'}的检查点({size} 条)不符",
            f"leaves {self._good} to {size - 1} were rewritten: they differ from the head over "
            f"{size} events in {parted or 'the database'}",
            self._good,
        )

    def _check_counts(self) -> None:
        """Nodes that belong to no leaves are no part of the tree."""
        for level, count in self._connection.execute(_COUNTS).tuples():
            if level % STEP or count != self._found.size >> level:
                self._blame(
                    f"树的第 {level} 层有 {count} 个节点",
                    f"level {level} of the tree holds {count} nodes",
                    0,
                )

    def _check_heads_beyond(self, size: int) -> None:
        """A head over more leaves than there are: the log was cut, or an old backup restored."""
        for each in self._stored(size + 1, _ENDLESS):
            self._blame_cut(size, each, "")
        for beyond in sorted(each for each in self._outside if each > size)[:1]:
            self._blame_cut(size, beyond, self._outside[beyond][0].where)

    def _blame_cut(self, size: int, head: int, where: str) -> None:
        self._blame(
            f"{where or '库内'}有 {head} 条经过的检查点,树里只有 {size} 片叶:"
            "记录被截断,或恢复了旧备份",
            f"a head over {head} events lies in {where or 'the database'}, the tree has {size} "
            "leaves: the log was cut, or an old backup restored",
            size,
        )

    def _blame(self, zh: str, en: str, leaf: int, *, column: str = "") -> None:
        self._found.blame(Wording(zh, en), leaf=leaf, column=column)


def _heads(*, sqlite: bool) -> Select[Any]:
    row = CHECKPOINTS.c
    at = stored_moment(row.at, sqlite=sqlite).label("at")
    statement = select(row.size, row.root, at, row.key, row.note)
    return statement.where(row.size.between(_FIRST, _LAST)).order_by(row.size)


def _bytes(value: object) -> bytes:
    """Return a stored hash; what is no hash any more equals none."""
    return bytes(value) if isinstance(value, bytes | memoryview) else b""
