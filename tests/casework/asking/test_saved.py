"""Queries are saved under a name, one's own or everybody's."""

import pytest

from casework.asking.saved import find_saved, list_saved, remove_saved, save_query
from casework.errors import Invalid, NotFound
from rules.query import QueryTrouble
from tests.offices import MONDAY_9AM


def save(office, name, query, by, **options):
    return save_query(office, name, query, by=by, at=MONDAY_9AM, **options)


def test_a_query_is_kept_as_it_was_understood(office):
    kept = save(office, " 久拖不决 ", "逾期：＞30天", "auditor")

    assert (kept.name, kept.query, kept.shared) == ("久拖不决", "overdue:>=31d", False)
    assert find_saved(office, "久拖不决", by="auditor") == kept


def test_saving_again_replaces(office):
    save(office, "a", "灭火器", "auditor", shared=True)
    save(office, "a", "消火栓", "auditor")

    assert [(each.query, each.shared) for each in list_saved(office, by="auditor")] == [
        ("消火栓", False)
    ]


def test_only_what_is_shared_is_seen_by_others_and_ones_own_comes_first(office):
    save(office, "a", "灭火器", "auditor")
    save(office, "b", "消火栓", "auditor", shared=True)
    save(office, "c", "配电箱", "auditor", shared=True)
    save(office, "c", "应急灯", "head1")

    assert [(each.name, each.owner) for each in list_saved(office, by="head1")] == [
        ("b", "auditor"), ("c", "auditor"), ("c", "head1"),
    ]  # fmt: skip
    assert find_saved(office, "c", by="head1").query == "应急灯"
    assert find_saved(office, "c", by="head2").query == "配电箱"
    with pytest.raises(NotFound, match="no saved query 'a'"):
        find_saved(office, "a", by="head1")


def test_only_ones_own_is_removed(office):
    save(office, "a", "灭火器", "auditor", shared=True)

    with pytest.raises(NotFound, match="no saved query"):
        remove_saved(office, "a", by="head1")
    remove_saved(office, "a", by="auditor")

    assert list_saved(office, by="auditor") == []


@pytest.mark.parametrize("name", ["", "  ", "a" * 81, "a\x00b"])
def test_a_name_that_cannot_be_kept_is_refused(sqlite_office, name):
    with pytest.raises(Invalid) as refused:
        save(sqlite_office, name, "灭火器", "auditor")

    assert refused.value.where == "name"


def test_a_query_that_cannot_be_read_is_not_kept(sqlite_office):
    with pytest.raises(QueryTrouble):
        save(sqlite_office, "a", "level:x", "auditor")

    assert list_saved(sqlite_office, by="auditor") == []
