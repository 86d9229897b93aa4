"""The tree as it is stored: hashes of leaves, and of complete subtrees on every fourth level."""

from collections.abc import Iterator, Sequence

from sqlalchemy import BindParameter, Connection, bindparam, func, insert, select

from models.prepared import Prepared
from models.tables import LEAVES, TREE_NODES
from rules.merkle import Row, grow, node_hash, peaks, root

STEP = 4
"""Levels from one stored level to the next: a fifteenth of the nodes for a few more hashes."""
_FIRST: BindParameter[int] = bindparam("first")
_LAST: BindParameter[int] = bindparam("last")
_LEAVES = Prepared(
    select(LEAVES.c.hash).where(LEAVES.c.number.between(_FIRST, _LAST)).order_by(LEAVES.c.number)
)
_NODES = Prepared(
    select(TREE_NODES.c.hash)
    .where(TREE_NODES.c.level == bindparam("level"), TREE_NODES.c.place.between(_FIRST, _LAST))
    .order_by(TREE_NODES.c.place)
)
_SIZE = select(func.coalesce(func.max(LEAVES.c.number) + 1, 0))
_ADD_NODE = Prepared(insert(TREE_NODES))


class Gap(LookupError):
    """A leaf or node that should be stored is not."""


class StoredTree:
    """The tree in a database, as one transaction sees it."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._known: dict[tuple[int, int], bytes] = {}

    @property
    def size(self) -> int:
        return int(self._connection.execute(_SIZE).scalar_one())

    def node(self, level: int, index: int) -> bytes:
        """Return the root of a complete subtree; raise Gap when it is not there."""
        found = self._known.get((level, index))
        if found is None:
            found = self._known[level, index] = self._read(level, index)
        return found

    def root(self, size: int) -> bytes:
        """Return the root over the first ``size`` leaves; raise Gap."""
        return root(size, self.node)

    def append(self, size: int, leaves: Sequence[bytes]) -> None:
        """Store the nodes that become complete when these follow the first ``size`` leaves."""
        tops = {level: self.node(level, index) for level, index in peaks(size)}
        for row in grow(size, tops, leaves):
            if row.level and row.level % STEP == 0:
                _ADD_NODE.run_all(self._connection, list(_rows(row)))

    def _read(self, level: int, index: int) -> bytes:
        below = level % STEP
        base, first, count = level - below, index << below, 1 << below
        span = {"first": first, "last": first + count - 1}
        rows = (
            _NODES.rows(self._connection, {"level": base, **span})
            if base
            else _LEAVES.rows(self._connection, span)
        )
        if len(rows) != count:
            message = f"level {base}, {first} to {first + count - 1}: {len(rows)} found"
            raise Gap(message)
        return _folded([bytes(each) for (each,) in rows])


def _folded(hashes: list[bytes]) -> bytes:
    while len(hashes) > 1:
        hashes = [node_hash(*pair) for pair in zip(hashes[::2], hashes[1::2], strict=True)]
    return hashes[0]


def _rows(row: Row) -> Iterator[dict[str, object]]:
    for place, each in enumerate(row.hashes, start=row.first):
        yield {"level": row.level, "place": place, "hash": each}
