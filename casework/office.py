"""Where work is done: a database, an evidence store, and what is in force."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DatabaseError, DataError, IntegrityError, NotSupportedError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from casework.errors import Unavailable
from casework.evidence_store import EvidenceStore
from casework.rulebook import Rulebooks
from models.engine import auditing, reading
from rules.wording import Wording


@dataclass(frozen=True)
class Office:
    """Passed to every verb of casework as its first argument."""

    engine: Engine
    evidence: EvidenceStore
    rulebooks: Rulebooks = field(default_factory=Rulebooks)

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Open one transaction: all of it is committed, or nothing.

        Raise Unavailable when the database is locked for too long, full or gone.
        """
        with answering(), self.engine.begin() as connection:
            yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        with answering(), reading(self.engine) as connection:
            yield connection

    @contextmanager
    def auditing(self) -> Iterator[Connection]:
        """Read as auditors do: one moment, on a connection whose database refuses every write."""
        with answering(), auditing(self.engine) as connection:
            yield connection


@contextmanager
def answering() -> Iterator[None]:
    """Say in plain words that the database does not answer."""
    try:
        yield
    except _OUR_FAULTS:
        raise
    except (
        DatabaseError
    ) as fault:  # locked, full, gone; a missing table; what has no class of its own
        raise Unavailable(
            Wording(f"数据库不可用：{fault.orig}", f"the database does not answer: {fault.orig}"),
            remedy=_LOST if fault.connection_invalidated else _NOT_WRITTEN,
        ) from fault
    except PoolTimeoutError as fault:  # every connection of the pool is in use
        raise Unavailable(
            Wording(
                "数据库太忙：连接都在使用中", "the database is busy: every connection is in use"
            ),
            remedy=Wording("什么也没有写入。请稍后重试。", "Nothing was written. Try again later."),
        ) from fault


_OUR_FAULTS = (IntegrityError, DataError, NotSupportedError)
"""What a database refuses for what it was given, well as it is."""
_NOT_WRITTEN = Wording(
    "什么也没有写入。请检查磁盘空间、数据库地址（BIHUAN_DATABASE_URL），"
    "或运行 bihuan db upgrade 后重试。",
    "Nothing was written. Check disk space and BIHUAN_DATABASE_URL, "
    "run `bihuan db upgrade`, and try again.",
)
# The server may have committed before it fell silent.
_LOST = Wording(
    "连接中断，无法确定是否已写入。请先查看，或用同一幂等键（key）重试。",
    "The connection broke, so it may or may not have been written. "
    "Look first, or try again with the same key.",
)
