"""Lists show what a person may see, filtered, each case once, however deep one pages."""

import json
from base64 import urlsafe_b64encode
from datetime import date, timedelta

import pytest
from sqlalchemy import insert

from casework.case_file import open_case_file
from casework.case_list import Filter, count_cases, list_cases
from casework.errors import Invalid, NotFound
from casework.importing import import_ledger
from casework.list_pages import Order
from models.tables import ORGANISATIONS, PEOPLE, ROLE_GRANTS
from rules.access import Role
from rules.actions import Action
from rules.case import Level, State
from rules.deadlines import Stage
from tests.offices import (
    MONDAY_9AM,
    act,
    claimed,
    closed,
    planned,
    rectifying,
    reported,
    verified,
)

TICK = timedelta(microseconds=1)
MAJOR = {"level": Level.MAJOR, "category": "用电"}


def numbers(office, wanted=Filter(), *, by="committee1", as_of=MONDAY_9AM, **options):  # noqa: B008 — a Filter is frozen
    page = list_cases(office, wanted, by=by, as_of=as_of, **options)
    return [int(row["number"][-3:]) for row in page.rows]


def all_pages(office, order, size, *, between=lambda: None):
    asked = {"by": "committee1", "as_of": MONDAY_9AM, "order": order, "size": size}
    page = list_cases(office, Filter(), **asked)
    found = [*page.rows]
    while page.after:
        between()
        page = list_cases(office, Filter(), after=page.after, **asked)
        found += page.rows
    return [row["number"] for row in found]


def key_of(value):
    return urlsafe_b64encode(
        value if isinstance(value, bytes) else json.dumps(value).encode()
    ).decode()


@pytest.fixture
def mixed(office):
    """Seven cases that differ in all that a filter looks at."""
    reported(office, unit="S1", location="一楼")  # 1
    reported(office, unit="S2", found_on=date(2026, 2, 20), **MAJOR)  # 2
    planned(office, unit="S3")  # 3
    rectifying(office, unit="S1", deadline="2026-03-05")  # 4
    claimed(office, unit="S2")  # 5
    verified(office, unit="S3")  # 6
    closed(office, unit="S1")  # 7
    act(office, "YH2026-000001", Action.LIST, "committee1", kind="supervision", reason="久拖")
    return office


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (Filter(), [7, 6, 5, 4, 3, 2, 1]),
        (Filter(place="S1"), [7, 4, 1]),
        (Filter(place="第二中学"), [5, 2]),
        (Filter(place="P1"), [7, 5, 4, 2, 1]),
        (Filter(place="ZWH"), [7, 6, 5, 4, 3, 2, 1]),
        (Filter(state=State.REPORTED), [2, 1]),
        (Filter(state=State.RECTIFYING), [5, 4]),
        (Filter(state=State.CLOSED), [7]),
        (Filter(stage=Stage.VERIFICATION), [5]),
        (Filter(stage=Stage.RECTIFICATION), [4]),
        (Filter(level=Level.MAJOR), [2]),
        (Filter(category="electricity"), [2]),
        (Filter(category="no such"), []),
        (Filter(holder=Role.VERIFIER), [5]),
        (Filter(holder=Role.OWNER), [4, 2, 1]),
        (Filter(listed=True), [1]),
        (Filter(text="YH2026-000006"), [6]),
        (Filter(text="yh2026-000006"), [6]),
        (Filter(text="一楼"), [1]),
        (Filter(text=" 一楼 "), [1]),
        (Filter(found_to=date(2026, 2, 20)), [2]),
        (Filter(found_to=date(2026, 2, 19)), []),
        (Filter(found_from=date(2026, 2, 21)), [7, 6, 5, 4, 3, 1]),
        (Filter(found_from=date(2026, 2, 20), found_to=date(2026, 2, 20)), [2]),
        (Filter(place="P1", state=State.REPORTED, level=Level.ORDINARY), [1]),
    ],
)
def test_each_filter_finds_its_cases(mixed, wanted, found):
    assert numbers(mixed, wanted) == found
    assert count_cases(mixed, wanted, by="committee1", as_of=MONDAY_9AM) == len(found)


def test_what_is_due_first_stands_first_and_closed_cases_do_not(mixed):
    # Due: 4 on 5 March as its plan says; 1 and 2 (plans, 3wd) also on the 5th; 3 approval, 2wd, on
    # the 4th; 6 close-out, 5wd, on the 9th; 5 verification, 10d, on the 12th.
    assert numbers(mixed, order=Order.DUE) == [3, 1, 2, 4, 6, 5]


@pytest.mark.parametrize(
    ("by", "found"),
    [
        ("committee1", [7, 6, 5, 4, 3, 2, 1]),
        ("admin", [7, 6, 5, 4, 3, 2, 1]),
        ("auditor", [7, 6, 5, 4, 3, 2, 1]),
        ("inspector1", [7, 6, 5, 4, 3, 2, 1]),
        ("cluster1", [7, 5, 4, 2, 1]),
        ("verifier1a", [7, 5, 4, 2, 1]),
        ("cluster2", [6, 3]),
        ("head1", [7, 4, 1]),
        ("reporter2", [5, 2]),
        ("owner3", [6, 3]),
        ("everywhere", [6, 5, 3, 2]),
        ("department", []),
        ("nobody", []),
    ],
)
def test_everybody_sees_what_is_theirs_and_can_open_just_that(mixed, by, found):
    _add_people(mixed)

    assert numbers(mixed, by=by) == found
    assert count_cases(mixed, Filter(), by=by, as_of=MONDAY_9AM) == len(found)
    assert [n for n in range(7, 0, -1) if _can_open(mixed, n, by)] == found


def test_asking_for_another_place_shows_nothing_of_it(mixed):
    assert numbers(mixed, Filter(place="S3"), by="head1") == []
    assert numbers(mixed, Filter(place="P2"), by="cluster1") == []


def test_a_stranger_and_a_place_that_is_not_there_are_not_found(sqlite_office):
    with pytest.raises(NotFound, match="nobody"):
        numbers(sqlite_office, by="ghost")
    with pytest.raises(NotFound, match="no unit") as refused:
        numbers(sqlite_office, Filter(place="S9"))
    assert refused.value.where == "place"


@pytest.mark.parametrize(
    ("moment", "found", "late"),
    [
        (-TICK, [], 0),  # the last instant of Thursday 5 March
        (timedelta(0), [1], 1),  # the first of Friday
        (timedelta(days=1) - TICK, [1], 1),
        (timedelta(days=1), [1], 2),
    ],
)
def test_a_case_is_overdue_from_the_midnight_after_its_day(office, moment, found, late):
    reported(office)
    friday = MONDAY_9AM.replace(day=6, hour=0)

    assert numbers(office, Filter(overdue=True), as_of=friday + moment) == found
    [row] = list_cases(office, Filter(), by="admin", as_of=friday + moment).rows
    assert row["days_late"] == late


def test_a_closed_case_is_never_overdue(office):
    closed(office)

    assert numbers(office, Filter(overdue=True), as_of=MONDAY_9AM + timedelta(1_000)) == []


@pytest.mark.parametrize(
    ("sought", "found"),
    [
        ("%", [1]),
        ("_", [2]),
        ("\\", [3]),
        ("/", [4]),
        ("0%", [1]),
        ("0_", []),
        ("a_b", [2]),
        ("A_B", [2]),
        ("'; DROP TABLE cases; --", [5]),
        ("", [5, 4, 3, 2, 1]),
    ],
)
def test_text_is_looked_for_as_it_is_written(office, sought, found):
    described = ("压力剩 50%", "a_b 插座", "反\\斜", "斜/杠", "'; DROP TABLE cases; --")
    for words in described:
        reported(office, description=words)

    assert numbers(office, Filter(text=sought)) == found


@pytest.mark.parametrize("field", ["text", "category", "place"])
@pytest.mark.parametrize("value", ["\x00", "a\x00b", "\ud800"])
def test_a_text_that_no_case_can_hold_is_refused(office, field, value):
    with pytest.raises(Invalid, match="control characters") as refused:
        numbers(office, Filter(**{field: value}))

    assert refused.value.where == field


@pytest.mark.parametrize("order", [Order.NEWEST, Order.DUE])
@pytest.mark.parametrize("size", [1, 4, 10, 11, 500])
def test_pages_hold_every_case_once(office, tmp_path, order, size):
    _import(office, tmp_path, 10)  # all due at one moment: the id decides

    found = all_pages(office, order, size)

    assert sorted(found) == [f"YH2026-{n:06d}" for n in range(1, 11)]
    assert found == sorted(found, reverse=order is Order.NEWEST)


@pytest.mark.parametrize("order", [Order.NEWEST, Order.DUE])
def test_pages_hold_every_case_once_while_others_come_in(office, tmp_path, order):
    _import(office, tmp_path, 10)
    fresh = MONDAY_9AM - timedelta(days=7)  # due before all others

    found = all_pages(office, order, 3, between=lambda: reported(office, at=fresh))

    assert sorted(found) == [f"YH2026-{n:06d}" for n in range(1, 11)]


@pytest.mark.parametrize(("asked", "given"), [(-1, 1), (0, 1), (1, 1), (500, 500), (501, 500)])
def test_a_page_holds_at_least_one_and_at_most_five_hundred(sqlite_office, tmp_path, asked, given):
    _import(sqlite_office, tmp_path, 502)

    assert len(numbers(sqlite_office, size=asked)) == given


def test_the_last_page_has_no_key_even_when_it_is_full(office, tmp_path):
    _import(office, tmp_path, 4)

    page = list_cases(office, Filter(), by="admin", as_of=MONDAY_9AM, size=4)

    assert (len(page.rows), page.after) == (4, "")


NEWEST_KEYS = [
    "?", "中", "!!!!", key_of(b"\xff"), key_of(b"["), key_of(b"[" * 2_000), key_of({}),
    key_of([]),
    key_of(["1"]), key_of([1.5]), key_of([True]), key_of([None]), key_of([1, 2]), key_of([-1]),
    key_of([2**63]), key_of([2**200]), key_of(b"[NaN]"), key_of(b"[" + b"9" * 5_000 + b"]"),
]  # fmt: skip
MOMENT = "2026-03-06T00:00:00+08:00"
DUE_KEYS = [
    key_of([1]), key_of(["x", 1]), key_of([None, 1]), key_of([1, 1]), key_of(["2026-03-06", 1]),
    key_of(["2026-03-06T00:00:00", 1]), key_of([MOMENT, True]), key_of([MOMENT, 2**63]),
    key_of([MOMENT, "1"]), key_of(["0001-01-01T00:00:00+08:00", 1]), key_of(["\x00", 1]),
    key_of(["9999-12-31T23:59:59-08:00", 1]), key_of([MOMENT, 1, 1]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("order", "after"),
    [*((Order.NEWEST, key) for key in NEWEST_KEYS), *((Order.DUE, key) for key in DUE_KEYS)],
    ids=lambda value: str(value)[:20],
)
def test_a_key_that_is_not_ours_is_refused(office, order, after):
    with pytest.raises(Invalid, match="not one of ours") as refused:
        numbers(office, order=order, after=after)

    assert refused.value.where == "after"
    assert refused.value.remedy.zh == "请从第一页开始。"


@pytest.mark.parametrize(
    ("order", "after", "found"),
    [
        (Order.NEWEST, key_of([0]), []),
        (Order.NEWEST, key_of([2**63 - 1]), [1]),
        (Order.DUE, key_of([MOMENT, 0]), [1]),
        (Order.DUE, key_of(["2026-03-05T16:00:00+00:00", 0]), [1]),
        (Order.DUE, key_of([MOMENT, 2**63 - 1]), []),
    ],
)
def test_a_key_of_a_case_that_has_gone_still_leads_on(office, order, after, found):
    reported(office)

    assert numbers(office, order=order, after=after) == found


def _can_open(office, n, by):
    try:
        return bool(open_case_file(office, f"YH2026-{n:06d}", by=by, as_of=MONDAY_9AM))
    except NotFound:
        return False


def _add_people(office):
    """One with roles at two places, one of a department, one without a role."""
    people = {3001: "everywhere", 3002: "department", 3003: "nobody"}
    department = {
        "id": 1010, "kind": "department", "parent_id": 1004, "code": "D1", "name": "总务处",
        "unit_type": "", "path": "/1001/1002/1004/1010/",
    }  # fmt: skip
    grants = [(3001, "owner", 1005), (3001, "cluster", 1003), (3002, "owner", 1010)]
    with office.writing() as connection:
        connection.execute(insert(ORGANISATIONS), department)
        connection.execute(
            insert(PEOPLE),
            [{"id": key, "code": code, "name": code} for key, code in people.items()],
        )
        names = ("person_id", "role", "organisation_id")
        connection.execute(
            insert(ROLE_GRANTS), [dict(zip(names, each, strict=True)) for each in grants]
        )


def _import(office, folder, rows):
    path = folder / "many.csv"
    lines = (f"第一小学,灯坏{n},用电" for n in range(rows))
    path.write_text("\n".join(("单位,隐患描述,类别", *lines)), encoding="utf-8")
    import_ledger(office, path, by="committee1", at=MONDAY_9AM)
