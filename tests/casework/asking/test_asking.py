"""A query finds what it says, among what the asker may see, each case once."""

import json
from base64 import urlsafe_b64encode
from datetime import date, timedelta

import pytest

from casework.asking.facets import count_facets
from casework.asking.index import catch_up, how_many_pending
from casework.asking.search import MOST_COUNTED, count_found, search
from casework.case_list import Filter, list_cases
from casework.errors import Invalid, NotFound
from rules.actions import Action
from rules.case import Level
from rules.query import QueryTrouble, Sort
from tests.casework.asking.worlds import number, populate
from tests.offices import (
    MONDAY_9AM,
    PERSON,
    act,
    claimed,
    closed,
    planned,
    rectifying,
    reported,
    verified,
)

MAJOR = {"level": Level.MAJOR, "category": "用电"}
FRIDAY = MONDAY_9AM.replace(day=13)


def found(office, query, *, by="committee1", as_of=MONDAY_9AM):
    rows = search(office, query, by=by, as_of=as_of).rows
    return [int(row["number"][-3:]) for row in rows]


def all_pages(office, query, size, *, between=lambda: None):
    numbers, after = [], ""
    while True:
        page = search(office, query, by="auditor", as_of=MONDAY_9AM, after=after, size=size)
        numbers += [row["number"] for row in page.rows]
        after = page.after
        if not after:
            return numbers
        between()


def key(value):
    return urlsafe_b64encode(json.dumps(value).encode()).decode()


@pytest.fixture
def mixed(office):
    """Eight cases that differ in all that a clause looks at."""
    reported(office, unit="S1", location="一楼", source="市局督查")  # 1
    reported(office, unit="S2", found_on=date(2026, 2, 20), **MAJOR)  # 2
    planned(office, unit="S3")  # 3
    rectifying(office, unit="S1", deadline="2026-03-05")  # 4
    claimed(office, unit="S2")  # 5
    verified(office, unit="S3")  # 6
    closed(office, unit="S1")  # 7
    asked = rectifying(office, unit="S2", deadline="2026-03-20")  # 8
    typed = {"new_due": "2026-04-03", "reason": "等材料", "obstacle": "funds", "plan": "分两期",
             "interim": "专人看守"}  # fmt: skip
    act(office, asked, Action.ASK_EXTENSION, "owner2", **typed)
    act(office, asked, Action.GRANT_EXTENSION, "cluster1", new_due="2026-04-03")
    act(office, number(1), Action.LIST, "committee1", kind="guidance", reason="一时难以整改")
    act(office, number(7), Action.REOPEN, "committee1", finding="又发现堵塞")
    return office


CLAUSES = {
    "": [8, 7, 6, 5, 4, 3, 2, 1],
    "unit:S1": [7, 4, 1],
    "单位:第二中学": [8, 5, 2],
    "unit:幼儿园": [6, 3],
    "unit:S1,S3": [7, 6, 4, 3, 1],
    "-unit:S1": [8, 6, 5, 3, 2],
    "cluster:P2": [6, 3],
    "片区:一": [8, 7, 5, 4, 2, 1],
    "type:小学": [7, 4, 1],
    "category:用电": [2],
    "-品目:electricity": [8, 7, 6, 5, 4, 3, 1],
    "level:major": [2],
    "state:reported": [2, 1],
    "stage:verification": [5],
    "holder:verifier": [5],
    "-holder:owner": [6, 5, 3],
    "number:YH2026-000003": [3],
    "编号:yh2026": [8, 7, 6, 5, 4, 3, 2, 1],
    "found:2026-02": [2],
    "found:2026-02-21..": [8, 7, 6, 5, 4, 3, 1],
    "reported:2026-03-02": [8, 7, 6, 5, 4, 3, 2, 1],
    "reported:<2026-03-02": [],
    "due:2026-03-05": [4, 2, 1],
    "due:2026-03-06": [],
    "due:2026-03-04": [3],
    "extended:yes": [8],
    "extended:1": [8],
    "extended:>1": [],
    "-extended:yes state:rectifying": [7, 5, 4],
    "relapsed:yes": [7],
    "relapsed:>=1": [7],
    "relapsed:0": [8, 6, 5, 4, 3, 2, 1],
    "drawn:yes": [],
    "回头看:0": [8, 7, 6, 5, 4, 3, 2, 1],
    "listed:now": [1],
    "listed:ever": [1],
    "listed:guidance": [1],
    "listed:supervision": [],
    "listed:never": [8, 7, 6, 5, 4, 3, 2],
    "-listed:guidance": [8, 7, 6, 5, 4, 3, 2],
    "claimed:yes": [5],
    "voided:yes": [],
    "by:verifier1a": [7],
    "经办:OWNER3": [6, 3],
    "-by:reporter1 by:committee1": [],
    "source:督查": [1],
    "灭火器": [8, 7, 6, 5, 4, 3, 2, 1],
    "又发现堵塞": [7],
    "分两期": [8],
    "一时难以": [1],
    "督导令 OR": [],
    "-灭火器": [],
    "sort:oldest unit:S1": [1, 4, 7],
    "sort:found level:major": [2],
}


def test_each_clause_finds_its_cases(mixed):
    before = {query: found(mixed, query) for query in CLAUSES}
    catch_up(mixed)

    assert before == CLAUSES
    assert {query: found(mixed, query) for query in CLAUSES} == CLAUSES
    assert {query: _counted(mixed, query) for query in CLAUSES} == {
        query: len(numbers) for query, numbers in CLAUSES.items()
    }


LATE = {
    "overdue:yes": [3, 1],
    "overdue:no": [2],
    "overdue:1d": [],
    "overdue:>=1d": [3, 1],
    "overdue:7d": [],
    "overdue:8d": [1],
    "overdue:9d": [3],
    "overdue:8..9d": [3, 1],
    "overdue:>9d": [],
    "-overdue:>8d": [2, 1],
    "late:yes": [3, 1],
    "late:>8d": [3],
    "late:<=8d": [1],
    "late:no": [2],
}


def test_lateness_is_counted_in_days_past_the_due_day(office):
    reported(office, unit="S1")  # 1, its plan due on Thursday the 5th
    closed(office, unit="S2")  # 2
    planned(office, unit="S3")  # 3, its approval due on the 4th

    assert {query: found(office, query, as_of=FRIDAY) for query in LATE} == LATE


def test_a_stage_that_ran_over_is_late_for_ever(office):
    case = reported(office)  # due by the end of the 5th
    act(office, case, Action.VOID, "committee1", at=MONDAY_9AM.replace(day=8), reason="误报")

    assert found(office, "late:3d overdue:no voided:yes", as_of=FRIDAY + timedelta(99)) == [1]
    assert found(office, "late:>3d", as_of=FRIDAY + timedelta(99)) == []


@pytest.mark.parametrize(
    ("query", "column", "word"),
    [
        ("a unit:S9", 8, "S9"),
        ("片区:无", 4, "无"),
        ("品目:消防,无此品目", 7, "无此品目"),
        ("type:大学", 6, "大学"),
        ("by:ghost", 4, "ghost"),
        ("检查:偷看", 4, "偷看"),
    ],
)
def test_a_name_that_is_not_known_points_at_the_word(sqlite_office, query, column, word):
    with pytest.raises(QueryTrouble) as refused:
        found(sqlite_office, query)

    assert (refused.value.column, refused.value.word) == (column, word)
    assert refused.value.remedy.zh


ASKED = (
    "",
    "灭火器",
    "-无此词",
    "unit:S1,S2,S3",
    "-unit:S1",
    "by:reporter",
    "late:no,yes",
    "sort:due",
)


def test_nobody_finds_what_is_not_theirs(office):
    for unit in ("S1", "S2", "S3"):
        reported(office, unit=unit)

    for by in PERSON:
        theirs = {row["number"] for row in _listed(office, by)}
        shown = {query: _shown(office, query, by) for query in ASKED}
        assert theirs == shown[""]
        assert all(numbers <= theirs for numbers in shown.values())
        assert [_counted(office, query, by) for query in ASKED] == [*map(len, shown.values())]
        assert {each.name for each in _facets(office, by)["unit"]} == {
            row["unit"] for row in _listed(office, by)
        }


def test_a_stranger_is_not_found(sqlite_office):
    with pytest.raises(NotFound, match="nobody"):
        found(sqlite_office, "", by="ghost")


def test_an_owner_is_not_found_by_name(office):
    reported(office, owner="王小明")

    assert found(office, "王小明") == []


def test_what_was_written_since_the_last_indexing_is_found(office):
    case = rectifying(office)
    catch_up(office)
    act(office, case, Action.PROGRESS, "owner1", text="已联系厂家")

    assert found(office, "厂家 灭火器") == [1]
    assert found(office, "-厂家") == []


def test_a_move_without_words_leaves_nothing_to_index(office):
    case = planned(office)
    catch_up(office)

    act(office, case, Action.APPROVE_PLAN, "cluster1")

    with office.reading() as connection:
        assert how_many_pending(connection) == 0


@pytest.mark.parametrize("sort", Sort)
@pytest.mark.parametrize("size", [1, 4])
@pytest.mark.parametrize("words", ["", "灭火器"])
def test_pages_hold_every_case_once_while_others_come_in(office, sort, size, words):
    for day in (3, 1, 2):
        reported(office, at=MONDAY_9AM - timedelta(days=day), found_on=date(2026, 2, 10 + day))
        closed(office, at=MONDAY_9AM - timedelta(days=day))

    arrivals = (reported(office, at=MONDAY_9AM - timedelta(days=30)) for _ in range(3))

    query = f"{words} sort:{sort.value}"
    numbers = all_pages(office, query, size, between=lambda: next(arrivals, None))

    old = [each for each in numbers if each <= number(6)]
    assert len(numbers) == len(set(numbers))
    assert sorted(old) == _expected(sort)


def _listed(office, by):
    return list_cases(office, Filter(), by=by, as_of=MONDAY_9AM).rows


def _shown(office, query, by):
    return {row["number"] for row in search(office, query, by=by, as_of=MONDAY_9AM).rows}


def _counted(office, query, by="committee1"):
    return count_found(office, query, by=by, as_of=MONDAY_9AM).number


def _facets(office, by):
    return count_facets(office, "-无此词", by=by, as_of=MONDAY_9AM)


def _expected(sort):
    return {
        Sort.DUE: [number(n) for n in (1, 3, 5)],
        Sort.CLOSED: [number(n) for n in (2, 4, 6)],
    }.get(sort, [number(n) for n in range(1, 7)])


@pytest.mark.parametrize(
    ("query", "after"),
    [
        ("", "?"),
        ("", "中"),
        ("", key({})),
        ("", key([])),
        ("", key(["newest"])),
        ("", key(["newest", True])),
        ("", key(["newest", -1])),
        ("", key(["newest", 2**63])),
        ("", key(["due", 1])),
        ("sort:due", key(["newest", 1])),
        ("sort:due", key(["due", 1])),
        ("sort:due", key(["due", 1, "x"])),
        ("sort:due", key(["due", 1, None])),
        ("sort:due", key(["due", 1, "2026-03-06T00:00:00"])),
        ("sort:due", key(["due", 1, "0001-01-01T00:00:00+08:00"])),
        ("sort:found", key(["found", 1, "2026-02-30"])),
    ],
)
def test_a_key_that_is_not_ours_is_refused(sqlite_office, query, after):
    with pytest.raises(Invalid, match="not one of ours") as refused:
        search(sqlite_office, query, by="admin", as_of=MONDAY_9AM, after=after)

    assert refused.value.where == "after"


def test_facets_add_up(office, tmp_path):
    count = populate(office, tmp_path, most=60)

    facets = count_facets(office, "", by="auditor", as_of=FRIDAY)

    for name in ("cluster", "unit", "category", "level", "state", "holder", "overdue"):
        assert sum(each.count for each in facets[name]) == count
    late = sum(each.count for each in facets["overdue"] if each.value != "no")
    assert late == count_found(office, "overdue:yes", by="auditor", as_of=FRIDAY).number
    for each in facets["unit"]:
        query = f"unit:{each.value}"
        assert count_found(office, query, by="auditor", as_of=FRIDAY).number == each.count


def test_counting_stops_at_its_limit(sqlite_office):
    reported(sqlite_office)

    count = count_found(sqlite_office, "", by="admin", as_of=MONDAY_9AM)

    assert (count.number, count.more) == (1, False)
    assert MOST_COUNTED == 10_000
