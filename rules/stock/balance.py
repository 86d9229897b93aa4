"""What a ledger says is there. It never says less than nothing, whoever signs or corrects when.

What goes out counts when it is written, what comes in when it is signed. So a refused issue gives
back, an unsigned purchase can not be issued from, and no order of signatures leads below nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from rules.stock.entries import MOST, Act, Entry, Stand

Wasted = Mapping[int, int]
"""How much of a line, by its number, went into batches of waste; thousandths."""
NOTHING: Wasted = MappingProxyType({})


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
        if each.stand.is_gone:
            continue
        waits = each.stand is Stand.WAITING
        if each.act.sign > 0 and waits:
            coming += each.amount
            continue
        here += each.act.sign * each.amount
        leaving += each.amount if waits else 0
    return Balance(here, coming, leaving)


def holds(entries: Sequence[Entry]) -> bool:
    """Return whether no line of a ledger, read from its first on, leads below nothing."""
    here = 0
    for each in entries:
        if each.stand.is_gone or (each.act.sign > 0 and each.stand is Stand.WAITING):
            continue
        here += each.act.sign * each.amount
        if here < 0:
            return False
    return True


def left_out(entries: Iterable[Entry], wasted: Wasted = NOTHING) -> int:
    """Return what was issued and neither came back nor went to waste; a return counts before it
    is signed.
    """
    out = 0
    for each in entries:
        if not each.stand.is_gone and each.act is Act.ISSUE:
            out += each.amount - wasted.get(each.no, 0)
        if not each.stand.is_gone and each.act is Act.RETURN:
            out -= each.amount
    return out


def wastable(entries: Sequence[Entry], wasted: Wasted) -> dict[int, int]:
    """Return how much of each line may still go into a batch of waste, lines with nothing left out:
    of what was sent to waste and is signed what is left of it, of what was issued no more than is
    out.
    """
    most = {Act.ISSUE: left_out(entries, wasted), Act.DISPOSE: MOST}
    found = {
        each.no: min(each.amount - wasted.get(each.no, 0), most[each.act])
        for each in entries
        if each.stand is Stand.STANDS and each.act in most
    }
    return {no: left for no, left in found.items() if left > 0}


def may_add(entries: Sequence[Entry], new: Entry, wasted: Wasted = NOTHING) -> bool:
    """Return whether the ledger holds with ``new`` behind it: no more goes out than is here, no
    more comes back than is out.
    """
    if new.act is Act.RETURN:
        return left_out(entries, wasted) >= new.amount
    return new.act.sign > 0 or balance(entries).here >= new.amount


def may_drop(entries: Sequence[Entry], no: int, wasted: Wasted = NOTHING) -> bool:
    """Return whether the ledger holds without line ``no``: nothing came of it that stays."""
    rest = without(entries, no)
    dropped = next(each for each in entries if each.no == no)
    if wasted.get(no) or (dropped.act is Act.ISSUE and left_out(rest, wasted) < 0):
        return False
    return holds(rest)


def without(entries: Sequence[Entry], no: int) -> list[Entry]:
    """Return the ledger with entry ``no`` cancelled."""
    return [each._replace(stand=Stand.CANCELLED) if each.no == no else each for each in entries]


def running(entries: Iterable[Entry]) -> list[int]:
    """Return what was here after each line."""
    found, here = [], 0
    for each in entries:
        if not each.stand.is_gone and not (each.act.sign > 0 and each.stand is Stand.WAITING):
            here += each.act.sign * each.amount
        found.append(here)
    return found
