"""Verify: every event, every chain, every leaf, the tree, every head; nothing is taken on trust.

All is read in one picture of the database, in streams, by a process for each core where there is
much; memory does not grow with the histories.
"""

import os
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import (
    Connection,
    Table,
    and_,
    bindparam,
    exists,
    func,
    select,
)

from casework.errors import Invalid, NotFound
from casework.office import Office
from casework.proving.acts import given_up
from casework.proving.crew import Hands, one_moment
from casework.proving.erasable import check_private
from casework.proving.findings import Verified
from casework.proving.heads import OutsideHead, read_heads
from casework.proving.sealing import Outside
from casework.proving.sequencer import CASE, unfit
from casework.proving.tree import StoredTree
from casework.proving.walks import walk_histories, walk_tree
from models.tables import (
    CASES,
    CHECKPOINTS,
    EVENTS,
    LEAVES,
    RECORD_EVENTS,
    UNSEALED,
)
from rules.checkpoint import Checkpoint
from rules.wording import Wording

_MANY = 1_000_000
"""Events; half as many are checked before other processes have started."""
_HEAD_OF = select(CHECKPOINTS.c.size).where(CHECKPOINTS.c.size == bindparam("size"))


def verify(
    office: Office,
    outside: Outside,
    *,
    heads: Sequence[Path] = (),
    seen: Sequence[str] = (),
    since: int = 0,
    processes: int = 0,
) -> Verified:
    """Check the whole database, or from a head over ``since`` events on whatever is newer.

    ``heads`` are files or folders of heads besides those at home, ``seen`` sizes and roots as
    digests carry them ("96 ZeJa…="), unsigned: whoever kept one knows whence it came. What is
    newer than the last head outside can have been rewritten by whoever has both database and key:
    ``proven`` says how far the proof goes. So many ``processes`` check, 0 for as many as there are
    cores where there is much; what is found does not depend on it. Raise NotFound for no such
    file, or when there is no head over ``since``; Invalid for what is no size and root.
    """
    found = Verified(since=since)
    kept = _read_outside(outside, heads, found)
    for each in seen:
        head = _read_seen(each, outside.keys.origin)
        kept[head.head.size].append(head)
    with one_moment(office, processes or _processes(office, since)) as (connection, hands):
        _set_aside(connection, kept, found)
        _require_head(connection, since, kept)
        found.size = StoredTree(connection).size
        found.waiting = _count(connection, UNSEALED)
        _check_histories(connection, hands, found)
        _check_waiting(connection, found)
        if not since:
            check_private(connection, found)
        walk_tree(connection, hands, found, outside.keys.verifiers, kept)
    found.remarks.append(_limit(found))
    return found


def _processes(office: Office, since: int) -> int:
    with office.auditing() as connection:
        many = not since and StoredTree(connection).size >= _MANY
    return (os.cpu_count() or 1) if many else 1


def _read_outside(
    outside: Outside, paths: Sequence[Path], found: Verified
) -> dict[int, list[OutsideHead]]:
    kept: dict[int, list[OutsideHead]] = defaultdict(list)
    for path in [*(each for each in outside.places if each.exists()), *paths]:
        for each in read_heads(path, outside.keys.verifiers):
            if isinstance(each, OutsideHead):
                kept[each.head.size].append(each)
            else:
                found.blame(Wording(f"检查点不可信：{each}", f"a head that is none: {each}"))
    return kept


def _read_seen(text: str, origin: str) -> OutsideHead:
    try:
        size, root = text.split()
        return OutsideHead(Checkpoint.read(f"{origin}\n{size}\n{root}\n"), "", f"“{text}”")
    except ValueError as fault:
        raise Invalid(
            Wording(f"“{text}”不是检查点的条数和根", f"{text!r} is no size and root of a head"),
            remedy=Wording("请照通知末尾抄写，如 96 ZeJa…=。", "Copy it as the digest has it."),
            where="--seen",
        ) from fault


def _set_aside(connection: Connection, kept: dict[int, list[OutsideHead]], found: Verified) -> None:
    """Hold no head against the tree that was given up for a reason that is told; tell it."""
    lost = given_up(connection)
    reasons = {body["reason"]: body for body in lost.values()}
    for reason, body in reasons.items():
        found.remarks.append(
            Wording(
                f"恢复备份后放弃了 {len(body['given_up'])} 个检查点（其后的经过已丢失）：{reason}",
                f"{len(body['given_up'])} head(s) were given up when a backup was restored, and "
                f"what they covered is lost: {reason}",
            )
        )
    for size, heads in list(kept.items()):
        kept[size] = [each for each in heads if (size, each.head.root.hex()) not in lost]
        if not kept[size]:
            del kept[size]


def _require_head(connection: Connection, size: int, kept: dict[int, list[OutsideHead]]) -> None:
    if not size or size in kept or connection.execute(_HEAD_OF, {"size": size}).first():
        return
    raise NotFound(
        Wording(f"没有 {size} 条经过的检查点", f"there is no head over {size} events"),
        remedy=Wording("可用 bihuan audit heads 查看。", "`bihuan audit heads` lists them."),
        where="--since",
    )


def _check_histories(connection: Connection, hands: Hands, found: Verified) -> None:
    done = walk_histories(connection, hands, found)
    found.events = done.events
    if not found.since:
        _check_strays(connection, found)
    if done.leaves != found.size - found.since:
        _blame_bare_leaves(connection, found)


def _check_strays(connection: Connection, found: Verified) -> None:
    """Blame events that belong to nothing, so that no history led to them."""
    stored = _count(connection, EVENTS) + _count(connection, RECORD_EVENTS)
    if stored == found.events:
        return
    of_none = ~exists().where(CASES.c.id == EVENTS.c.case_id)
    stray = connection.execute(select(func.min(EVENTS.c.case_id)).where(of_none)).scalar()
    more = stored - found.events
    found.blame(
        Wording(
            f"有 {more} 条经过不属于任何案件（案件 id {stray}）",
            f"{more} event(s) belong to no case (case id {stray})",
        )
    )


def _blame_bare_leaves(connection: Connection, found: Verified) -> None:
    """Name the first leaf whose event is gone, of either kind."""
    of_case = and_(EVENTS.c.case_id == LEAVES.c.subject_id, EVENTS.c.seq == LEAVES.c.seq)
    of_record = and_(
        RECORD_EVENTS.c.subject == LEAVES.c.subject,
        RECORD_EVENTS.c.subject_id == LEAVES.c.subject_id,
        RECORD_EVENTS.c.seq == LEAVES.c.seq,
    )
    for kind, there in ((LEAVES.c.subject == CASE, of_case), (LEAVES.c.subject != CASE, of_record)):
        bare = select(LEAVES).where(kind, LEAVES.c.number >= found.since, ~exists().where(there))
        row = connection.execute(bare.order_by(LEAVES.c.number).limit(1)).first()
        if row is not None:
            name = _name_of(connection, row.subject, row.subject_id)
            what = Wording(
                f"{name} 第 {row.seq} 条经过已封存（第 {row.number} 片叶），现在不见了",
                f"event {row.seq} of {name} was sealed as leaf {row.number} and is gone",
            )
            found.blame(what, name=name, seq=row.seq, leaf=row.number)


def _check_waiting(connection: Connection, found: Verified) -> None:
    for subject, subject_id, seq, leaf in unfit(connection):
        name = _name_of(connection, subject, subject_id)
        if leaf is None:
            what = Wording(
                f"{name} 第 {seq} 条经过待封存，却不见了或没有哈希",
                f"event {seq} of {name} waits to be sealed and is gone, or has no hash",
            )
        else:
            what = Wording(
                f"{name} 第 {seq} 条经过已封存，又列入待封存",
                f"event {seq} of {name} is sealed, and waits to be again",
            )
        found.blame(what, name=name, seq=seq, leaf=leaf)


def _name_of(connection: Connection, subject: str, subject_id: int) -> str:
    number = None
    if subject == CASE:
        wanted = select(CASES.c.number).where(CASES.c.id == subject_id)
        number = connection.execute(wanted).scalar()
    return number or f"{subject} {subject_id}"


def _count(connection: Connection, table: Table) -> int:
    return int(connection.execute(select(func.count()).select_from(table)).scalar_one())


def _limit(found: Verified) -> Wording:
    """Say how far the proof goes, whatever was found."""
    if not found.proven:
        return Wording(
            "库外没有可比对的检查点：持有数据库和密钥的人可以改写全部历史而不被发现",
            "no head outside to compare with: whoever has database and key could have rewritten "
            "everything unseen",
        )
    newer = found.size - found.proven + found.waiting
    return Wording(
        f"库外最新检查点证明前 {found.proven} 条经过（{found.proven_at}）；其后 {newer} 条，"
        "持有数据库和密钥的人仍可改写而不被发现",
        f"the newest head outside proves the first {found.proven} events ({found.proven_at}); the "
        f"{newer} after it could still be rewritten unseen by whoever has database and key",
    )
