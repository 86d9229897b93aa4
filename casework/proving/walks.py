"""The ways through a database that a verification takes; each can be walked in parts.

Whoever walks, and in how many parts, the same faults are found, in the same order.
"""

from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import BindParameter, Connection, bindparam, func, select, union

from casework.proving.branches import TreeCheck
from casework.proving.crew import Alone, Hands, Job
from casework.proving.findings import Verified
from casework.proving.heads import OutsideHead
from casework.proving.histories import WINDOW, Checked, Reader
from casework.proving.intact import Span
from casework.proving.sequencer import CASE
from models.tables import CASES, LEAVES, RECORD_EVENTS, UNSEALED
from rules.checkpoint import Verifier

Kept = Mapping[int, Sequence[OutsideHead]]
"""Heads that lie outside, by their size."""
_LOWEST, _HIGHEST = -(2**63) + 1, 2**63 - 1
_PARTS = 8
"""Of each kind of work for each process: parts differ, and the last one finished is waited for."""
_RUN = 1 << 12  # leaves: where parts of the tree begin
_FIRST: BindParameter[int] = bindparam("first")
_LAST: BindParameter[int] = bindparam("last")
_SUBJECT: BindParameter[str] = bindparam("subject")
_SINCE: BindParameter[int] = bindparam("since")
_CASE_IDS = (
    select(CASES.c.id).where(CASES.c.id.between(_FIRST, _LAST)).order_by(CASES.c.id).limit(WINDOW)
)
_RECORD_IDS = (
    select(RECORD_EVENTS.c.subject_id)
    .distinct()
    .where(RECORD_EVENTS.c.subject == _SUBJECT, RECORD_EVENTS.c.subject_id.between(_FIRST, _LAST))
    .order_by(RECORD_EVENTS.c.subject_id)
    .limit(WINDOW)
)
_TOUCHED = union(
    select(LEAVES.c.subject_id).where(LEAVES.c.number >= _SINCE, LEAVES.c.subject == _SUBJECT),
    select(UNSEALED.c.subject_id).where(UNSEALED.c.subject == _SUBJECT),
)
_SUBJECTS = select(RECORD_EVENTS.c.subject).distinct().order_by(RECORD_EVENTS.c.subject)
_ENDS = select(func.min(CASES.c.id), func.max(CASES.c.id))


def walk_histories(connection: Connection, hands: Hands, found: Verified) -> Checked:
    """Check every history, or those touched since a head; put what is wrong among the faults."""
    done = Checked()
    for checked, part in hands.run(_parts_of_histories(connection, hands, found.since)):
        done = done.plus(checked)
        found.take(part)
    return done


def walk_tree(
    connection: Connection, hands: Hands, found: Verified, keys: Sequence[Verifier], kept: Kept
) -> None:
    """Check leaves, nodes and heads, likewise.

    Where there is a fault the tree is walked once more from its first leaf on: all that comes
    after a changed leaf is another tree.
    """
    parts = hands.run(_parts_of_tree(hands, found, keys, kept))
    if hands.count > 1 and any(part.faults for part in parts):
        parts = Alone(connection).run([_whole_tree(found, keys, kept)])
    for part in parts:
        found.take(part)
    if not found.lost:
        TreeCheck(connection, found, keys, kept).check_ends()


def read_span(
    connection: Connection, subject: str, since: int, first: int, last: int
) -> tuple[Checked, Verified]:
    """Check the histories with ids in a span, which whatever else lies there is found in."""
    found = Verified(since=since)
    spans = (
        _touched(connection, subject, since) if since else _spans(connection, subject, first, last)
    )
    return Reader(connection, found, subject).check(spans), found


def grow_span(
    connection: Connection,
    bounds: tuple[int, int, int],
    span: tuple[int, int],
    keys: Sequence[Verifier],
    kept: Kept,
) -> Verified:
    """Check the leaves of a span, of a tree with ``bounds``: since, size, and what waits."""
    since, size, waiting = bounds
    found = Verified(since=since, size=size, waiting=waiting)
    found.lost = not TreeCheck(connection, found, keys, kept).check_span(*span)
    return found


def _parts_of_histories(connection: Connection, hands: Hands, since: int) -> list[Job]:
    subjects = connection.execute(_SUBJECTS).scalars().all()
    low, high = connection.execute(_ENDS).one()
    parts = 1 if since or low is None else _PARTS * (hands.count - 1) + 1
    cuts = [low + (high - low) * n // parts for n in range(1, parts)] if parts > 1 else []
    firsts, lasts = [_LOWEST, *(cut + 1 for cut in cuts)], [*cuts, _HIGHEST]
    of_cases: list[Job] = [
        (read_span, (CASE, since, *ends)) for ends in zip(firsts, lasts, strict=True)
    ]
    others = [each for each in subjects if each != CASE]
    return [*of_cases, *((read_span, (each, since, _LOWEST, _HIGHEST)) for each in others)]


def _spans(connection: Connection, subject: str, first: int, last: int) -> Iterator[Span]:
    """Yield all between, the ids that are there and what lies between them."""
    statement = _CASE_IDS if subject == CASE else _RECORD_IDS
    while first <= last:
        asked = {"subject": subject, "first": first, "last": last}
        ids = connection.execute(statement, asked).scalars().all()
        end = ids[-1] if len(ids) == WINDOW else last
        yield Span(ids, first, end)
        first = end + 1


def _touched(connection: Connection, subject: str, since: int) -> Iterator[Span]:
    asked = {"since": since, "subject": subject}
    ids = sorted(connection.execute(_TOUCHED, asked).scalars())
    yield from (Span.of(ids[n : n + WINDOW]) for n in range(0, len(ids), WINDOW))


def _parts_of_tree(
    hands: Hands, found: Verified, keys: Sequence[Verifier], kept: Kept
) -> list[Job]:
    if hands.count < 2:
        return [_whole_tree(found, keys, kept)]
    step = max(_RUN, (found.size - found.since) // (_PARTS * hands.count) // _RUN * _RUN)
    cuts = [found.since, *range(found.since - found.since % _RUN + step, found.size, step)]
    return [
        _tree_part(found, begin, end, keys, kept)
        for begin, end in zip(cuts, [*cuts[1:], found.size], strict=True)
    ]


def _whole_tree(found: Verified, keys: Sequence[Verifier], kept: Kept) -> Job:
    return _tree_part(found, found.since, found.size, keys, kept)


def _tree_part(found: Verified, begin: int, end: int, keys: Sequence[Verifier], kept: Kept) -> Job:
    heads = {size: each for size, each in kept.items() if begin <= size <= end}
    return grow_span, ((found.since, found.size, found.waiting), (begin, end), keys, heads)
