"""The index of words: kept up after the fact, so that a move pays for one small row at most.

A move leaves ``case_text_pending``; ``catch_up`` folds the words of what is pending into
``case_text`` and cuts them into the grams of ``case_text_index``. A search looks at what is still
pending by itself, so it always finds what was committed.
"""

from collections.abc import Collection, Mapping

from sqlalchemy import Connection, bindparam, column, delete, distinct, func, select, table, text

from casework.asking.wordings import texts_of
from casework.office import Office
from models.tables import CASE_TEXTS_PENDING
from rules.query.grams import grams

BATCH = 1_000
_INDEXING = 0x6269_6875_616F  # "bihuao", beside the key of migrations
# PostgreSQL refuses a tsvector beyond 1 MB; a gram takes up to 12 bytes and its place 4.
_MOST_GRAMS = 60_000
EVERYTHING = "※"
"""The gram of a text with too many: it is looked at by every search."""

_PENDING = CASE_TEXTS_PENDING.c
_NEXT = select(_PENDING.case_id).distinct().order_by(_PENDING.case_id)
_TEXT = text(
    "INSERT INTO case_text (case_id, text) VALUES (:case, :text) "
    "ON CONFLICT (case_id) DO UPDATE SET text = excluded.text"
)
_GRAMS = {
    "sqlite": "INSERT OR REPLACE INTO case_text_index (rowid, grams) VALUES (:case, :grams)",
    "postgresql": "INSERT INTO case_text_index (case_id, grams) "
    "VALUES (:case, array_to_tsvector(CAST(:grams AS text[]))) "
    "ON CONFLICT (case_id) DO UPDATE SET grams = excluded.grams",
}
GRAM_INDEX = table("case_text_index", column("rowid"), column("case_id"), column("grams"))


def catch_up(office: Office, *, most: int | None = None) -> int:
    """Index what is pending, ``most`` cases at most, in short transactions; return how many.

    Two at once share nothing: the second returns 0. Raise Unavailable as every writer does.
    """
    done = 0
    while most is None or done < most:
        with office.writing() as connection:
            count = _index_batch(connection, BATCH if most is None else min(BATCH, most - done))
        if not count:
            break
        done += count
    return done


def how_many_pending(connection: Connection) -> int:
    """Return how many cases wait to be indexed."""
    return connection.execute(select(func.count(distinct(_PENDING.case_id)))).scalar_one()


def pending_texts(connection: Connection) -> Mapping[int, str]:
    """Return the folded text of every case that waits to be indexed."""
    ids = set(connection.execute(select(_PENDING.case_id)).scalars())
    return texts_of(connection, ids) if ids else {}


def index_texts(connection: Connection, texts: Mapping[int, str]) -> None:
    """Write folded texts and their grams, replacing what was there."""
    if not texts:
        return
    dialect = connection.dialect.name
    connection.execute(_TEXT, [{"case": case, "text": said} for case, said in texts.items()])
    join = " ".join if dialect == "sqlite" else list
    rows = [{"case": case, "grams": join(_grams_of(said))} for case, said in texts.items()]
    connection.execute(text(_GRAMS[dialect]), rows)


def _index_batch(connection: Connection, most: int) -> int:
    if connection.dialect.name == "postgresql":
        locked = text("SELECT pg_try_advisory_xact_lock(:key)")
        if not connection.execute(locked, {"key": _INDEXING}).scalar_one():
            return 0
    of_next = select(_PENDING.case_id, _PENDING.seq).where(_PENDING.case_id.in_(_NEXT.limit(most)))
    pending = connection.execute(of_next).all()
    ids = {case_id for case_id, _ in pending}
    index_texts(connection, texts_of(connection, ids))
    _forget(connection, [{"case": case_id, "event": seq} for case_id, seq in pending])
    return len(ids)


def _forget(connection: Connection, pending: Collection[Mapping[str, int]]) -> None:
    gone = delete(CASE_TEXTS_PENDING).where(
        _PENDING.case_id == bindparam("case"), _PENDING.seq == bindparam("event")
    )
    if pending:
        connection.execute(gone, list(pending))


def _grams_of(folded: str) -> list[str]:
    found = sorted(grams(folded))
    return found if len(found) <= _MOST_GRAMS else [EVERYTHING]
