"""Where work is done: a database, an evidence store, and what is in force."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import OperationalError, ProgrammingError

from casework.errors import Unavailable
from casework.evidence_store import EvidenceStore
from casework.rulebook import Rulebooks
from models.engine import reading
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
def answering() -> Iterator[None]:
    """Say in plain words that the database does not answer."""
    try:
        yield
    except (OperationalError, ProgrammingError) as fault:  # a missing table is the second
        raise Unavailable(
            Wording(f"数据库不可用:{fault.orig}", f"the database does not answer: {fault.orig}"),
            remedy=Wording(
                "什么也没有写入。请检查磁盘空间、数据库地址(BIHUAN_DATABASE_URL),"
                "或运行 bihuan db upgrade 后重试。",
                "Nothing was written. Check disk space and BIHUAN_DATABASE_URL, "
                "run `bihuan db upgrade`, and try again.",
            ),
        ) from fault
