"""Seal: give new events their leaves, then sign the tree's head, and carry it out of the house.

A head is signed only when the tree provably extends the last head, and every head that lies
outside. Two sealers at once make one head.
"""

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import takewhile
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select

from casework.errors import Refused
from casework.office import Office
from casework.proving.acts import given_up
from casework.proving.copies import (
    HOOK,
    Send,
    Way,
    copied_by,
    hook_of,
    remember_copied,
    tell_head,
)
from casework.proving.heads import OutsideHead, keep_heads, kept_of_late, places_of, read_heads
from casework.proving.keys import SealKeys, read_seal_keys
from casework.proving.sequencer import BATCH, Place, sequence, stand_alone
from casework.proving.tree import Gap, StoredTree
from models.tables import CHECKPOINTS, ENGINE_RUNS
from rules.checkpoint import BadNote, Checkpoint, open_note, sign_note
from rules.merkle import consistency, is_extension
from rules.wording import Trouble, Wording

RUN, REFUSED_RUN = "seal", "seal_refused"
_LAST = select(CHECKPOINTS).order_by(CHECKPOINTS.c.size.desc()).limit(1)
_NEWEST_FIRST = (
    select(CHECKPOINTS.c.note).order_by(CHECKPOINTS.c.size.desc()).execution_options(yield_per=100)
)


class Rewritten(Refused):
    """The tree does not extend a head that was signed before: no head is signed over it."""


@dataclass(frozen=True, slots=True)
class Outside:
    """Where heads lie outside of the database, the keys that open them, who else gets each."""

    places: Sequence[Path]
    keys: SealKeys
    send: Send | None = None

    def newest(self) -> Iterator[OutsideHead]:
        """Yield the newest head of each place that has one; what is none is left to ``verify``."""
        for place in self.places:
            if place.exists():
                for each in read_heads(place, self.keys.verifiers, newest_only=True):
                    if isinstance(each, OutsideHead):
                        yield each


@dataclass(slots=True)
class SealRun:
    """What a seal did: ``new`` events sealed, the head over all ``size`` of them.

    ``unfit`` waits to be sealed and is not there, or is sealed already; ``uncopied`` says which
    places did not take the head.
    """

    new: int = 0
    unfit: int = 0
    size: int = 0
    root: str = ""
    at: datetime | None = None
    key: str = ""
    note: str = ""
    uncopied: list[Wording] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        return not self.unfit and not self.uncopied

    def take(self, head: Row[Any] | None) -> None:
        if head is not None:
            self.size, self.root, self.at = head.size, head.root.hex(), head.at
            self.key, self.note = head.key, head.note


def seal(office: Office, outside: Outside, *, at: datetime, batch: int = BATCH) -> SealRun:
    """Seal all that waits; with nothing new the last head stands.

    Raise Rewritten, loudly and signing nothing, when the tree is not an extension of the last
    head or of one outside. Each batch is one transaction; killed at any point, the next run goes
    on.
    """
    run = SealRun()
    try:
        _seal_all(office, outside, run, at, batch)
    except Rewritten:
        _record(office, REFUSED_RUN, run, at)
        raise
    _carry_out(office, outside, run, at)
    _send_out(office, outside, run, at)
    _record(office, RUN, run, at)
    tell_head(office, run.size, at)
    return run


def outside_of(folder: Path, environ: Mapping[str, str]) -> Outside:
    """Return where the installation at ``folder`` keeps its keys and heads; raise Invalid."""
    return Outside(places_of(environ, folder), read_seal_keys(environ, folder), hook_of(environ))


def last_head(connection: Connection) -> Row[Any] | None:
    """Return the newest row of ``checkpoint``."""
    return connection.execute(_LAST).first()


def count_events(office: Office, outside: Outside, *, batch: int = BATCH) -> tuple[int, int]:
    """Give every event that waits its leaf, without signing a head over them; return how many, and
    how many are unfit. Raise Rewritten as ``seal`` does, before anything is appended.
    """
    new, unfit = 0, 0
    with office.writing() as connection:
        stand_alone(connection)
        _require_extends(connection, outside)
    going: Place | None = Place()
    while going is not None:
        with office.writing() as connection:
            stand_alone(connection)
            done = sequence(connection, going, most=batch)
        new, unfit, going = new + done.sealed, unfit + done.unfit, done.last
    return new, unfit


def _seal_all(office: Office, outside: Outside, run: SealRun, at: datetime, batch: int) -> None:
    run.new, run.unfit = count_events(office, outside, batch=batch)
    with office.writing() as connection:
        stand_alone(connection)
        run.take(_sign(connection, outside, at))


def _require_extends(connection: Connection, outside: Outside) -> None:
    tree = StoredTree(connection)
    size, last = tree.size, last_head(connection)
    if last is not None:
        _require_prefix(tree, size, _trusted(last, outside.keys), Wording("库内", "the database"))
    lost = given_up(connection)
    for each in outside.newest():
        if (each.head.size, each.head.root.hex()) in lost:
            continue
        _require_prefix(tree, size, each.head, Wording(each.where, each.where))


def _require_prefix(tree: StoredTree, size: int, head: Checkpoint, where: Wording) -> None:
    """Raise Rewritten unless the tree's first leaves are those of a head."""
    if head.size > size:
        raise _rewritten(
            Wording(
                f"{where.zh}有 {head.size} 条经过的检查点，树里只有 {size} 条："
                "记录被截断，或恢复了旧备份",
                f"a head over {head.size} events lies in {where.en}, the tree holds {size}: "
                "the log was cut, or an old backup restored",
            )
        )
    if _root_of(tree, head.size) != head.root:
        raise _rewritten(
            Wording(
                f"树与{where.zh}的检查点（{head.size} 条）不符：历史被改写",
                f"the tree differs from the head over {head.size} events in {where.en}: "
                "history was rewritten",
            )
        )


def _root_of(tree: StoredTree, size: int) -> bytes:
    try:
        return tree.root(size)
    except Gap:
        return b""


def _trusted(row: Row[Any], keys: SealKeys) -> Checkpoint:
    """Return the head that a stored note speaks of; raise Rewritten when no key of ours signed."""
    try:
        return Checkpoint.read(open_note(row.note, keys.verifiers)[0])
    except BadNote as fault:
        raise _rewritten(
            Wording(
                f"库内最后的检查点（{row.size} 条）不是我们的密钥签的",
                f"the last head in the database, over {row.size} events, is not signed by a key "
                f"of ours: {fault}",
            ),
            remedy=Wording(
                "若密钥已更换，请把旧公钥加在封签密钥之后；否则请运行 bihuan audit verify。",
                "If the key was changed, list the old one after it; else run "
                "`bihuan audit verify`.",
            ),
        ) from fault


def _sign(connection: Connection, outside: Outside, at: datetime) -> Row[Any] | None:
    """Sign a head over all leaves if there are new ones; return the newest head."""
    tree, keys, last = StoredTree(connection), outside.keys, last_head(connection)
    size = tree.size
    if size == (last.size if last is not None else 0):
        return last
    head = Checkpoint(keys.origin, size, tree.root(size), tuple(_extensions(last, keys, at)))
    if last is not None:
        before = _trusted(last, keys)
        proof = consistency(before.size, size, tree.node)
        if not is_extension(before.size, before.root, size, head.root, proof):
            raise _rewritten(Wording("树不是上一检查点的延伸", "the tree extends no head"))
    # After a change of keys the old one signs too: whoever trusts it learns of the new one.
    note = sign_note(head.text, keys.signers if _is_rotated(last, keys) else keys.signers[:1])
    signed_at = at.replace(microsecond=0)  # as the note says it
    row = {"size": size, "root": head.root, "at": signed_at, "key": keys.newest.text, "note": note}
    connection.execute(insert(CHECKPOINTS), row)
    return last_head(connection)


def _extensions(last: Row[Any] | None, keys: SealKeys, at: datetime) -> Iterator[str]:
    yield f"time {at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    if _is_rotated(last, keys):
        yield f"key {keys.newest.text}"


def _is_rotated(last: Row[Any] | None, keys: SealKeys) -> bool:
    return last is not None and last.key != keys.newest.text


def _carry_out(office: Office, outside: Outside, run: SealRun, at: datetime) -> None:
    """Copy every head that a place lacks; a place that refuses is named and tried again later."""
    for place in outside.places:
        try:
            if place == outside.places[0]:
                place.mkdir(parents=True, exist_ok=True, mode=0o700)
            notes = _not_kept(office, kept_of_late(place))
            keep_heads(place, notes, month=f"{at.astimezone(UTC):%Y-%m}")
            if place != outside.places[0] and run.size:
                _remember(office, Way.FOLDER, run, at)
        except OSError as fault:
            run.uncopied.append(
                Wording(
                    f"检查点没有抄送到 {place}：{fault.strerror}",
                    f"the head was not copied to {place}: {fault.strerror}",
                )
            )


def _send_out(office: Office, outside: Outside, run: SealRun, at: datetime) -> None:
    """Post the newest head, unless it was taken before; one that is refused is tried again."""
    with office.reading() as connection:
        done = copied_by(connection, Way.HOOK)
    if outside.send is None or run.size <= done:
        return
    receipt = outside.send(run.note, run.size)
    if receipt.sent:
        _remember(office, Way.HOOK, run, at)
        return
    run.uncopied.append(
        Wording(
            f"检查点没有发到 {HOOK}：{receipt.detail}",
            f"the head was not posted to {HOOK}: {receipt.detail}",
        )
    )


def _remember(office: Office, way: Way, run: SealRun, at: datetime) -> None:
    with office.writing() as connection:
        if copied_by(connection, way) != run.size:
            remember_copied(connection, way, run.size, at)


def _not_kept(office: Office, kept: Container[str]) -> list[str]:
    """Return the notes that are newer than any that was kept, the oldest first."""
    with office.reading() as connection, connection.execute(_NEWEST_FIRST) as newest:
        return list(takewhile(lambda note: note not in kept, newest.scalars()))[::-1]


def _record(office: Office, kind: str, run: SealRun, at: datetime) -> None:
    """Remember the last seal, and whether one was refused since."""
    row = {"kind": kind, "at": at, "done": run.new, "failed": run.unfit + len(run.uncopied)}
    over = (RUN, REFUSED_RUN) if kind == RUN else (REFUSED_RUN,)
    with office.writing() as connection:
        connection.execute(delete(ENGINE_RUNS).where(ENGINE_RUNS.c.kind.in_(over)))
        connection.execute(insert(ENGINE_RUNS), row)


_LOOK = Wording(
    "没有签署任何检查点。请运行 bihuan audit verify 找出被改处，并保留现有备份。",
    "No head was signed. Run `bihuan audit verify` to find the place, and keep your backups.",
)


def _rewritten(problem: Wording, *, remedy: Wording = _LOOK) -> Trouble:
    return Rewritten(problem, remedy=remedy)
