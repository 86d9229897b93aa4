"""Words as they stood at a moment: what a case tells only grows, so the index of today narrows.

Who holds a phrase today and was not written on since held it then. The others are read, as far as
they are few; where they are not, the query is refused at its word.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, exists, or_, select

from casework.asking.hits import ids_among
from casework.asking.phrases import Words, candidates, few_with, index_query, word_conditions
from casework.asking.wordings import texts_of, wordy
from models.tables import CASES, EVENTS
from rules.query import Phrase, QueryTrouble
from rules.wording import Wording

MOST_READ = 5_000
Condition = ColumnElement[bool]


def words_then(
    connection: Connection,
    phrases: Sequence[Phrase],
    pending: Mapping[int, str],
    moment: datetime,
) -> list[Condition]:
    """Return conditions on ``cases``: that a case held, or did not hold, each phrase at ``moment``.

    Raise QueryTrouble at a phrase of too many cases that were written on since.
    """
    words = Words.of(phrases)
    wanted = [each for each in phrases if not each.negated]
    found: list[Condition] = []
    if wanted:
        own = Words(words.wanted, ())
        held = [*_narrowed(connection, own, pending), *word_conditions(connection, own, pending)]
        lost = _lost(connection, own, held, moment, wanted[-1])
        found += [*held, ~ids_among(connection, CASES.c.id, lost)]
    for phrase in (each for each in phrases if each.negated):
        own = Words.of([Phrase(phrase.text)])
        held = word_conditions(connection, own, pending)
        narrowed = [*_narrowed(connection, own, pending), *held]
        lost = _lost(connection, own, narrowed, moment, phrase)
        found.append(or_(~and_(*held), ids_among(connection, CASES.c.id, lost)))
    return found


def _narrowed(connection: Connection, words: Words, pending: Mapping[int, str]) -> list[Condition]:
    few = few_with(connection, words, pending)
    if few is not None:
        return [ids_among(connection, CASES.c.id, few)]
    query = index_query(connection.dialect.name, words.wanted) if not pending else ""
    return [CASES.c.id.in_(candidates(connection, query))] if query else []


def _lost(
    connection: Connection,
    words: Words,
    held: Collection[Condition],
    moment: datetime,
    at_fault: Phrase,
) -> set[int]:
    """Return the cases that hold the words today and did not at ``moment``."""
    since = exists().where(EVENTS.c.case_id == CASES.c.id, EVENTS.c.at > moment, wordy(EVENTS))
    ids = select(CASES.c.id).where(CASES.c.reported_at <= moment, *held, since)
    doubtful = set(connection.execute(ids.limit(MOST_READ + 1)).scalars())
    if len(doubtful) > MOST_READ:
        raise _too_many(at_fault)
    texts = texts_of(connection, doubtful, until=moment) if doubtful else {}
    return {case for case in doubtful if not words.hold_in(texts[case])}


def _too_many(phrase: Phrase) -> QueryTrouble:
    return QueryTrouble(
        Wording(
            f"有“{phrase.text}”而此后又有记述的案件超过 {MOST_READ} 件，无法按当时查找",
            f"more than {MOST_READ} cases hold {phrase.text!r} and were written on since: "
            "it cannot be asked as of then",
        ),
        column=phrase.column, word=phrase.text,
        remedy=Wording("请换一个更少见的词，或只用字段。", "Use a rarer word, or fields alone."),
    )  # fmt: skip
