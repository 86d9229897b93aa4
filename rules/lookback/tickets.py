"""Tickets of Rivest's consistent sampler: each case gets a fraction from seed and id alone.

The cases with the smallest tickets are drawn. A ticket depends on no other case, so that a frame
in another order, a larger sample or an unrelated case changes nothing for those already drawn.
Method: R. L. Rivest, "Consistent Sampling with Replacement" (https://arxiv.org/abs/1808.10016),
with the digits of https://github.com/ron-rivest/consistent_sampler.
"""

import heapq
from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import NamedTuple


class Ticket(NamedTuple):
    """``fraction`` is text, ``0.`` and up to 78 digits; ``generation`` counts from 1."""

    fraction: str
    id: str
    generation: int = 1


def seed_key(seed: str) -> bytes:
    """Return the 64 hexadecimal digits that precede each id in what is hashed."""
    return sha256(seed.encode()).hexdigest().encode()


def ticket(key: bytes, id: str) -> str:  # noqa: A002 — the word of the paper and of the bundle
    """Return the ticket of ``id`` under ``seed_key(seed)``, as a fraction with all its digits."""
    return fraction(sha256(key + id.encode()).digest())


def fraction(digest: bytes) -> str:
    """Return a SHA-256 digest as a fraction, last decimal digit first.

    The first digits of a 256-bit number are not uniform, the last ones are: hence the reversal.
    """
    return "0." + f"{int.from_bytes(digest, 'big'):064d}"[::-1]


def shown(fraction: str, digits: int = 9) -> str:
    """Return a fraction cut for reading: ``digits`` of them after any leading nines."""
    rest = fraction[2:].lstrip("9")
    nines = len(fraction) - 2 - len(rest)
    return fraction[: 2 + nines + digits]


def next_ticket(last: Ticket) -> Ticket:
    """Return the ticket with which a drawn id goes back: uniform between ``last`` and 1."""
    return Ticket(_larger(last.fraction), last.id, last.generation + 1)


def sampled(ids: Iterable[str], seed: str) -> Iterator[Ticket]:
    """Yield each id once, smallest ticket first."""
    key = seed_key(seed)
    yield from sorted(Ticket(ticket(key, each), each) for each in ids)


def sampled_with_replacement(ids: Iterable[str], seed: str) -> Iterator[Ticket]:
    """Yield tickets without end, smallest first; each drawn id goes back with its next one."""
    heap = list(sampled(ids, seed))
    while heap:
        yield heapq.heapreplace(heap, next_ticket(heap[0]))


def _larger(old: str) -> str:
    nines = len(old) - len(old[2:].lstrip("9"))
    attempt, new = 0, ""
    while new <= old + "0":
        attempt += 1
        new = old[:nines] + fraction(sha256(f"{old}:{attempt}".encode()).digest())[2:]
    return new
