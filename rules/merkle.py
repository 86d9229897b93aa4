"""A Merkle tree over hashes of events, as RFC 6962 (section 2.1) and RFC 9162 define it.

The tree itself is not kept here: ``node`` answers for any complete subtree, by its level (0 are the
leaves) and its index in that level, from wherever they are stored. Hashes are 32 bytes.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from hashlib import sha256
from typing import NamedTuple

Node = Callable[[int, int], bytes]
EMPTY = sha256(b"").digest()
"""The root of a tree without leaves."""


class Row(NamedTuple):
    """Subtrees of one level that became complete: their hashes, from ``first`` on."""

    level: int
    first: int
    hashes: Sequence[bytes]


def leaf_hash(data: bytes) -> bytes:
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


def peaks(size: int) -> list[tuple[int, int]]:
    """Return the complete subtrees that a tree is made of, left to right, as (level, index)."""
    levels = (level for level in reversed(range(size.bit_length())) if size >> level & 1)
    return [(level, size >> level + 1 << 1) for level in levels]


def root(size: int, node: Node) -> bytes:
    """Return the root over the first ``size`` leaves."""
    return joined([node(*each) for each in peaks(size)])


def joined(hashes: Sequence[bytes]) -> bytes:
    """Return the root of a tree from its peaks' hashes, left to right."""
    if not hashes:
        return EMPTY
    found = hashes[-1]
    for left in reversed(hashes[:-1]):
        found = node_hash(left, found)
    return found


def grow(size: int, tops: Mapping[int, bytes], leaves: Sequence[bytes]) -> Iterator[Row]:
    """Yield what becomes complete when ``leaves`` follow ``size`` leaves, level by level.

    ``tops`` are the peaks' hashes by level. No older leaf is looked at. The first row are the
    leaves themselves.
    """
    level, first, row = 0, size, list(leaves)
    while row:
        yield Row(level, first, row)
        if first & 1:  # its left sister is the peak of this level
            row, first = [tops[level], *row], first - 1
        pairs = iter(row)
        row = [sha256(b"\x01" + left + right).digest() for left, right in zip(pairs, pairs)]  # noqa: B905 — an odd one waits for its sister
        level, first = level + 1, first >> 1


class Frontier:
    """The right edge of a growing tree: all that is needed to add leaves and to know the root."""

    def __init__(self, size: int = 0, node: Node | None = None) -> None:
        """Begin with the first ``size`` leaves, for which ``node`` answers."""
        self.size = size
        self._tops = {level: node(level, index) for level, index in peaks(size)} if node else {}

    @property
    def root(self) -> bytes:
        return joined([self._tops[level] for level, _ in peaks(self.size)])

    def extend(self, leaves: Sequence[bytes]) -> list[Row]:
        """Add leaves; return what became complete, the leaves themselves first."""
        rows = list(grow(self.size, self._tops, leaves))
        self.size += len(leaves)
        for level, index in peaks(self.size):
            if level < len(rows) and index >= rows[level].first:
                self._tops[level] = rows[level].hashes[index - rows[level].first]
        return rows


def inclusion(index: int, size: int, node: Node) -> list[bytes]:
    """Return the audit path of a leaf, from the leaf up. Raise IndexError outside of the tree."""
    if not 0 <= index < size:
        raise IndexError(index)
    return list(_path(index, 0, size, node))


def consistency(old: int, new: int, node: Node) -> list[bytes]:
    """Return the proof that the tree of ``new`` leaves begins with that of ``old``.

    Raise IndexError unless 0 < old <= new.
    """
    if not 0 < old <= new:
        raise IndexError(old)
    return list(_subproof(old, 0, new, node, whole=True))


def is_included(leaf: bytes, index: int, size: int, path: Sequence[bytes], expected: bytes) -> bool:
    """Return whether ``path`` leads from the leaf to the root (RFC 9162, section 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    place, last, found = index, size - 1, leaf
    for each in path:
        if last == 0:
            return False
        if place & 1 or place == last:
            found = node_hash(each, found)
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            found = node_hash(found, each)
        place, last = place >> 1, last >> 1
    return last == 0 and found == expected


def is_extension(
    old: int, old_root: bytes, new: int, new_root: bytes, proof: Sequence[bytes]
) -> bool:
    """Return whether the new tree begins with the old one (RFC 9162, section 2.1.4.2).

    An empty old tree proves nothing and is refused, as transparency-dev/merkle does.
    """
    if not 0 < old <= new or (old == new) != (not proof):
        return False
    if old == new:
        return old_root == new_root
    path = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    place, last = old - 1, new - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    before = after = path[0]
    for each in path[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            before, after = node_hash(each, before), node_hash(each, after)
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            after = node_hash(after, each)
        place, last = place >> 1, last >> 1
    return last == 0 and before == old_root and after == new_root


def _path(index: int, first: int, size: int, node: Node) -> Iterator[bytes]:
    """PATH(m, D[n]) of RFC 6962, section 2.1.1, over the leaves from ``first`` on."""
    if size == 1:
        return
    half = _half(size)
    if index < half:
        yield from _path(index, first, half, node)
        yield _range(first + half, size - half, node)
    else:
        yield from _path(index - half, first + half, size - half, node)
        yield _range(first, half, node)


def _subproof(old: int, first: int, size: int, node: Node, *, whole: bool) -> Iterator[bytes]:
    """SUBPROOF(m, D[n], b) of RFC 6962, section 2.1.2, over the leaves from ``first`` on."""
    if old == size:
        if not whole:
            yield _range(first, size, node)
        return
    half = _half(size)
    if old <= half:
        yield from _subproof(old, first, half, node, whole=whole)
        yield _range(first + half, size - half, node)
    else:
        yield from _subproof(old - half, first + half, size - half, node, whole=False)
        yield _range(first, half, node)


def _range(first: int, size: int, node: Node) -> bytes:
    """Return the root over ``size`` leaves from ``first``, a multiple of the power below."""
    return joined([node(level, index + (first >> level)) for level, index in peaks(size)])


def _half(size: int) -> int:
    """Return the largest power of two smaller than ``size``."""
    return 1 << (size - 1).bit_length() - 1
