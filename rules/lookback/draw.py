"""The draw: of each stratum, the cases with the smallest tickets, in the order of their tickets.

One pass over the frame; memory holds the sample alone, whatever the size of the frame.
"""

from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from heapq import heappush, heapreplace
from typing import NamedTuple

from rules.lookback.tickets import seed_key, ticket
from rules.wording import Trouble, Wording


class Drawn(NamedTuple):
    """``rank`` counts from 1 within the stratum."""

    id: str
    stratum: str
    ticket: str
    rank: int


def draw(
    items: Iterable[tuple[str, str]], seed: str, sizes: Mapping[str, int]
) -> dict[str, list[Drawn]]:
    """Return for each stratum of ``sizes`` its drawn cases, smallest ticket first.

    ``items`` are (id, stratum) in any order, ids distinct within a stratum (`rules.lookback.frame`
    refuses others). A size beyond the stratum means all of it; a stratum without a size gives
    none. Raise Trouble for a negative size.
    """
    _refuse_negative(sizes)
    heaps: dict[str, _Heap] = {stratum: [] for stratum, size in sizes.items() if size}
    _fill(heaps, items, seed, sizes)
    key = seed_key(seed)
    return {stratum: _in_order(heaps.get(stratum, []), stratum, key) for stratum in sizes}


def enlarge(
    items: Iterable[tuple[str, str]],
    seed: str,
    sizes: Mapping[str, int],
    drawn: Mapping[str, Sequence[Drawn]],
) -> dict[str, list[Drawn]]:
    """Return the draw with greater ``sizes``; it starts with all that was ``drawn`` before.

    Raise Trouble where it does not: the frame, the seed or a drawn list is another one, or a
    size is smaller than before.
    """
    larger = draw(items, seed, sizes)
    for stratum, before in drawn.items():
        if larger.get(stratum, [])[: len(before)] != list(before):
            raise Trouble(
                Wording(
                    "已抽中的不在扩大后的抽样之首",
                    "the larger draw does not begin with the earlier",
                ),
                remedy=Wording(
                    "请用同一抽样框、同一种子，样本量不小于已抽数。",
                    "Use the same frame and seed, and sizes no smaller than before.",
                ),
                where=stratum,
            )
    return larger


# The greatest ticket kept stands first: numbers are negated because heapq keeps the least there.
_Heap = list[tuple[int, str]]

# Tickets read a number's decimal digits from the last. Of a ticket that is too large this shows in
# its first four digits, nearly always; often already in the number's last byte, since 10^4 is a
# multiple of 16: of _LEAD's values for one remainder by 16, _LEAST holds the smallest.
_LEAD = tuple(int(f"{last:04d}"[::-1]) for last in range(10_000))
_LEAST = tuple(min(_LEAD[byte % 16 :: 16]) for byte in range(256))
_DIGITS = len(str(2**256))
_REST = 10 ** (_DIGITS - 4)


class _Limits(dict[str, int]):
    """The greatest first four digits that still matter, by stratum; -1 where nothing is drawn."""

    def __missing__(self, stratum: str) -> int:
        return -1


def _fill(
    heaps: dict[str, _Heap], items: Iterable[tuple[str, str]], seed: str, sizes: Mapping[str, int]
) -> None:
    limits = _Limits.fromkeys(heaps, _LEAD[-1])
    started, number_of = sha256(seed_key(seed)).copy, int.from_bytes
    least, lead = _LEAST, _LEAD
    for each, stratum in items:
        hashing = started()
        hashing.update(each.encode())
        digest = hashing.digest()
        limit = limits[stratum]
        if least[digest[31]] > limit:
            continue
        number = number_of(digest, "big")
        if lead[number % 10_000] <= limit:
            limits[stratum] = _offer(heaps[stratum], sizes[stratum], number, each)


def _offer(heap: _Heap, size: int, number: int, each: str) -> int:
    entry = (-int(f"{number:0{_DIGITS}d}"[::-1]), each)
    if len(heap) < size:
        heappush(heap, entry)
    elif entry > heap[0]:
        heapreplace(heap, entry)
    return -heap[0][0] // _REST if len(heap) == size else _LEAD[-1]


def _in_order(heap: _Heap, stratum: str, key: bytes) -> list[Drawn]:
    ordered = [each for _, each in sorted(heap, reverse=True)]
    return [
        Drawn(each, stratum, ticket(key, each), rank) for rank, each in enumerate(ordered, start=1)
    ]


def _refuse_negative(sizes: Mapping[str, int]) -> None:
    for stratum, size in sizes.items():
        if size < 0:
            raise Trouble(
                Wording(f"样本量不能为负（{size}）", f"a sample cannot be negative ({size})"),
                remedy=Wording("请填 0 或更大的整数。", "Give 0 or a greater whole number."),
                where=stratum,
            )
