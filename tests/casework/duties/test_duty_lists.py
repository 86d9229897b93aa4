"""Who sees which duties: where they have a role, what waits for them, and page by page."""

import pytest

from casework.duties.ending import fulfil
from casework.duties.listing import DutyFilter, count_duties, list_duties, show_duty
from casework.errors import Invalid, NotFound
from tests.casework.duties.duties import FRIDAY, MONDAY, after, chased, opened, wanted
from tests.offices import MONDAY_9AM, PERSON


@pytest.fixture
def year(office):
    """Reports of three schools, an inspection of one of them, a letter, one of them done."""
    opened(
        office,
        wanted(key="a/S1"),
        wanted(key="a/S2", unit="S2", due=MONDAY),
        wanted(key="a/S3", unit="S3"),
        wanted("inspection", "task/S1", person=PERSON["inspector1"]),
        wanted("letter", "2026/S1"),
        wanted(key="b/S1"),
    )
    with office.writing() as connection:
        fulfil(connection, "report", ["b/S1"], MONDAY_9AM, PERSON["owner1"])
    return office


def keys(office, by, *, day=FRIDAY, size=50, key="", **which):
    page = list_duties(office, by=by, today=day, wanted=DutyFilter(**which), size=size, after=key)
    return [each["key"] for each in page.rows]


@pytest.mark.parametrize(
    ("by", "seen"),
    [
        ("owner1", ["a/S1", "2026/S1"]),
        ("owner2", ["a/S2"]),
        ("cluster1", ["a/S2", "a/S1", "2026/S1"]),
        ("cluster2", ["a/S3"]),
        ("inspector1", ["a/S2", "a/S1", "a/S3", "task/S1", "2026/S1"]),
        ("committee1", ["a/S2", "a/S1", "a/S3", "task/S1", "2026/S1"]),
        ("auditor", ["a/S2", "a/S1", "a/S3", "task/S1", "2026/S1"]),
    ],
)
def test_who_sees_which_the_earliest_due_first(year, by, seen):
    assert keys(year, by) == seen


@pytest.mark.parametrize(
    ("by", "mine"),
    [
        ("owner1", ["a/S1"]),
        ("head1", ["2026/S1"]),
        ("inspector1", ["task/S1"]),
        ("cluster1", []),
        ("reporter1", []),
    ],
)
def test_what_waits_for_whom(year, by, mine):
    assert keys(year, by, mine=True) == mine
    assert count_duties(year, by=by, today=FRIDAY, wanted=DutyFilter(mine=True)) == len(mine)


@pytest.mark.parametrize(
    ("which", "found"),
    [
        ({"kind": "报送"}, ["a/S2", "a/S1", "a/S3"]),
        ({"kind": "letter"}, ["2026/S1"]),
        ({"place": "P1"}, ["a/S2", "a/S1", "task/S1", "2026/S1"]),
        ({"place": "第三幼儿园"}, ["a/S3"]),
        ({"place": "ZWH", "late": True}, ["a/S2"]),
        ({"ended": True}, ["b/S1"]),
    ],
)
def test_a_list_is_narrowed(year, which, found):
    assert keys(year, "committee1", **which) == found
    wanted_ = DutyFilter(**which)
    assert count_duties(year, by="committee1", today=FRIDAY, wanted=wanted_) == len(found)


@pytest.mark.parametrize(("day", "late"), [(FRIDAY, 0), (after(1), 1), (after(3), 3)])
def test_the_days_late_are_counted_from_the_day_after(year, day, late):
    row = list_duties(year, by="owner1", today=day).rows[0]

    assert (row["key"], row["days_late"]) == ("a/S1", late)


def test_pages_follow_one_another(year):
    first = list_duties(year, by="committee1", today=FRIDAY, size=2)
    second = list_duties(year, by="committee1", today=FRIDAY, size=2, after=first.after)
    last = list_duties(year, by="committee1", today=FRIDAY, size=2, after=second.after)

    rows = [*first.rows, *second.rows, *last.rows]
    assert [each["key"] for each in rows] == keys(year, "committee1")
    assert last.after == ""


@pytest.mark.parametrize("key", ["x", "2026-03-06/x", "2026-13-06/1", f"2026-03-06/{2**63}"])
def test_a_page_key_that_is_none_is_refused(sqlite_office, key):
    with pytest.raises(Invalid):
        keys(sqlite_office, "committee1", key=key)


@pytest.mark.parametrize(
    ("which", "trouble"), [({"kind": "nothing"}, Invalid), ({"place": "nowhere"}, NotFound)]
)
def test_what_a_list_cannot_be_narrowed_by(sqlite_office, which, trouble):
    with pytest.raises(trouble):
        keys(sqlite_office, "committee1", **which)


def test_a_duty_is_shown_with_its_history(year):
    chased(year, after(1))

    shown = show_duty(year, "report", "a/S1", by="head1", today=after(1))

    assert [each["act"] for each in shown["history"]] == ["open", "chase"]
    assert (shown["days_late"], shown["holder"].zh, shown["case"]) == (1, "责任人", "")


@pytest.mark.parametrize(("by", "kind", "key"), [
    ("owner2", "report", "a/S1"), ("head1", "inspection", "task/S1"), ("admin", "report", "none"),
])  # fmt: skip
def test_a_duty_of_others_is_not_shown(year, by, kind, key):
    with pytest.raises(NotFound):
        show_duty(year, kind, key, by=by, today=FRIDAY)
