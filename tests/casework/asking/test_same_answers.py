"""Both databases answer the recorded queries alike, and as reading every text would."""

from pathlib import Path

import pytest

from casework.asking.facets import count_facets
from casework.asking.index import catch_up, index_texts, pending_texts
from casework.asking.search import count_found, search
from casework.asking.wordings import texts_of
from rules.query import parse
from rules.query.grams import fold
from tests.casework.asking.worlds import number, populate
from tests.conftest import opened
from tests.offices import MONDAY_9AM, an_office

QUERIES = Path("tests/casework/asking/data/queries.txt").read_text(encoding="utf-8").splitlines()
LATER = MONDAY_9AM.replace(day=9)


def answers(office, query):
    """Every number found, page by page, how many, and how they spread."""
    asked = {"by": "auditor", "as_of": LATER}
    found, after = [], ""
    while page := search(office, query, after=after, size=97, **asked):
        found += [row["number"] for row in page.rows]
        after = page.after
        if not after:
            break
    return found, count_found(office, query, **asked), count_facets(office, query, **asked)


@pytest.fixture
def offices(sqlite_database, postgresql_database, tmp_path):
    """The same cases on both databases, not indexed yet."""
    folders = [tmp_path / name for name in ("one", "other")]
    with opened(sqlite_database) as one, opened(postgresql_database) as other:
        made = []
        for engine, folder in zip((one, other), folders, strict=True):
            folder.mkdir()
            office = an_office(engine, folder)
            populate(office, folder)
            made.append(office)
        yield made


def test_two_hundred_queries_are_answered_alike_before_and_after_indexing(offices):
    sqlite, postgresql = offices
    waiting = [answers(each, query) for each in offices for query in QUERIES[:20]]
    indexed = [catch_up(each) for each in offices]

    first = [answers(sqlite, query) for query in QUERIES]
    second = [answers(postgresql, query) for query in QUERIES]

    assert len(set(QUERIES)) == 200
    assert indexed[0] == indexed[1] > 0
    assert [q for q, a, b in zip(QUERIES, first, second, strict=True) if a != b] == []
    assert waiting == [*first[:20], *second[:20]]
    assert sum(bool(found) for found, _, _ in first) > 120
    assert [len(found) for found, _, _ in first] == [count.number for _, count, _ in first]


def test_words_are_found_where_reading_every_text_finds_them(offices):
    office = offices[0]
    with office.reading() as connection:
        told = dict(pending_texts(connection))
    catch_up(office)
    words = [query for query in QUERIES if not parse(query).clauses and not parse(query).sort]

    found = {query: sorted(answers(office, query)[0]) for query in words}

    assert len(words) > 30
    assert found == {query: _read_all(told, parse(query)) for query in words}


def test_an_index_made_again_answers_the_same(offices):
    office = offices[1]
    catch_up(office)
    before = [answers(office, query) for query in QUERIES[:12]]

    with office.writing() as connection:
        index_texts(connection, texts_of(connection, range(1, 400)))

    assert [answers(office, query) for query in QUERIES[:12]] == before


def _read_all(told, query):
    return sorted(
        number(case)
        for case, text in told.items()
        if all((fold(each.text) in text) is not each.negated for each in query.phrases)
    )
