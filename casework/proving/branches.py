"""The tree again, leaf by leaf: no gap, every stored node, every head that was ever signed.

Leaves are read in runs; of the tree only its right edge is kept.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import BindParameter, Connection, Row, Select, bindparam, func, select

from casework.proving.findings import Verified
from casework.proving.heads import OutsideHead
from casework.proving.tree import STEP, Gap, StoredTree
from casework.proving.worded import stored_moment, words_of
from models.prepared import Prepared
from models.tables import CHECKPOINTS, LEAVES, TREE_NODES
from rules.checkpoint import BadNote, Checkpoint, Verifier, open_note
from rules.merkle import Frontier
from rules.merkle import Row as Grown
from rules.wording import Wording

RUN = 1 << 12  # leaves
_FIRST: BindParameter[int] = bindparam("first")
_LAST: BindParameter[int] = bindparam("last")
_NUMBERS = (
    select(LEAVES.c.number).where(LEAVES.c.number.between(_FIRST, _LAST)).order_by(LEAVES.c.number)
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
        self._heads, self._leaves = _heads(sqlite=sqlite), _leaves(sqlite=sqlite)
        self._frontier = Frontier()
        self._good = found.since
        self._parted = False

    def check(self) -> None:
        """Put among the faults whatever does not follow from the leaves."""
        if self.check_span(self._found.since, self._found.size):
            self.check_ends()

    def check_span(self, begin: int, end: int) -> bool:
        """Check leaves from ``begin`` to before ``end``, growing on what is stored before them.

        Return whether the tree could be grown.
        """
        try:
            self._frontier = Frontier(begin, StoredTree(self._connection).node)
        except Gap as gap:
            self._blame(f"树中缺节点：{gap}", f"the tree lacks nodes: {gap}", begin)
            return False
        if begin == self._found.since:
            self._check_heads(begin, self._stored(begin, begin))
        runs = range(begin - begin % RUN, end, RUN) if begin < end else ()
        return all(self._check_run(max(first, begin), min(first + RUN, end)) for first in runs)

    def check_ends(self) -> None:
        """Check that there is nothing beyond the tree: no node, no head over more."""
        self._check_counts()
        self._check_heads_beyond(self._found.size)

    def _check_run(self, begin: int, end: int) -> bool:
        """Check the leaves from ``begin`` to before ``end``; return whether none is gone."""
        hashes = self._read_leaves(begin, end)
        stored = self._stored(begin + 1, end)
        grown: dict[int, list[Grown]] = defaultdict(list)
        sizes = {*stored, *(size for size in self._outside if begin < size <= end), end}
        at = begin
        for size in sorted(sizes) if hashes else ():
            for row in self._frontier.extend(hashes[at - begin : size - begin]):
                grown[row.level].append(row)
            at = size
            self._check_heads(size, stored)
        self._check_nodes(grown)
        return bool(hashes)

    def _read_leaves(self, begin: int, end: int) -> list[bytes]:
        """Return the hashes of leaves; none, and blame it, when one is gone."""
        span = {"first": begin, "last": end - 1}
        count, joined = self._connection.execute(self._leaves, span).one()
        if count != end - begin:
            there = set(self._connection.execute(_NUMBERS, span).scalars())
            gone = next(number for number in range(begin, end) if number not in there)
            self._blame(f"第 {gone} 片叶不见了", f"leaf {gone} is gone", gone)
            return []
        return [joined[n : n + 32] for n in range(0, 32 * count, 32)]

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
                    f"库内没有 {each.where} 里的检查点（{size} 条）",
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
                f"库内检查点（{row.size} 条）的签名无效：{fault}",
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
                    f"检查点（{row.size} 条）的 {column} 与所签的不符",
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
            f"第 {self._good} 至 {size - 1} 片叶被改写："
            f"与{parted or '库内'}的检查点（{size} 条）不符",
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
            f"{where or '库内'}有 {head} 条经过的检查点，树里只有 {size} 片叶："
            "记录被截断，或恢复了旧备份",
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


def _leaves(*, sqlite: bool) -> Select[Any]:
    span = LEAVES.c.number.between(_FIRST, _LAST)
    told = select(LEAVES.c.hash).where(span).order_by(LEAVES.c.number).subquery()
    return select(func.count(), words_of(sqlite=sqlite).hashes(told.c.hash))


def _bytes(value: object) -> bytes:
    """Return a stored hash; what is no hash any more equals none."""
    return bytes(value) if isinstance(value, bytes | memoryview) else b""
