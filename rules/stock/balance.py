"""What a ledger says is there. It never says less than nothing, whoever signs or corrects when.

What goes out counts when it is written, what comes in when it is signed. So a refused issue gives
back, an unsigned purchase can not be issued from, and no order of signatures leads below nothing.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from rules.stock.entries import Entry, Stand


class Balance(NamedTuple):
    """Thousandths. ``here`` may be issued from; ``coming`` waits for a signature to come in,
    ``leaving`` is taken from ``here`` already and waits for a signature to go.
    """

    here: int
    coming: int
    leaving: int

    @property
    def signed(self) -> int:
        """Return what the signed entries alone say: what a count is held against."""
        return self.here + self.leaving


def balance(entries: Iterable[Entry]) -> Balance:
    here = coming = leaving = 0
    for each in entries:
        if each.stand in _GONE:
            continue
        waits = each.stand is Stand.WAITING
        if each.act.sign > 0 and waits:
            coming += each.amount
            continue
        here += each.act.sign * each.amount
        leaving += each.amount if waits else 0
    return Balance(here, coming, leaving)


_GONE = frozenset({Stand.REFUSED, Stand.CANCELLED})


def holds(entries: Sequence[Entry]) -> bool:
    """Return whether no line of a ledger, read from its first on, leads below nothing."""
    here = 0
    for each in entries:
        if each.stand in _GONE or (each.act.sign > 0 and each.stand is Stand.WAITING):
            continue
        here += each.act.sign * each.amount
        if here < 0:
            return False
    return True


def may_add(entries: Sequence[Entry], new: Entry) -> bool:
    """Return whether the ledger holds with ``new`` behind it."""
    return new.act.sign > 0 or balance(entries).here >= new.amount


def without(entries: Sequence[Entry], no: int) -> list[Entry]:
    """Return the ledger with entry ``no`` cancelled."""
    return [each._replace(stand=Stand.CANCELLED) if each.no == no else each for each in entries]


def running(entries: Iterable[Entry]) -> list[int]:
    """Return what was here after each line."""
    found, here = [], 0
    for each in entries:
        if each.stand not in _GONE and not (each.act.sign > 0 and each.stand is Stand.WAITING):
            here += each.act.sign * each.amount
        found.append(here)
    return found
