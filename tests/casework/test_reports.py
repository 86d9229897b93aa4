"""A hazard told once becomes one case, with its number, clock and first event."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from threading import Barrier

import pytest
from sqlalchemy import func, select

from casework.errors import Invalid, NotFound, Refused
from casework.events import Door
from casework.reports import Report, report
from models.tables import CASES, CLOCKS, EVENTS, EVIDENCE, NUMBER_SERIES
from rules.case import Level
from rules.risk import Colour
from tests.invariants import broken
from tests.offices import MONDAY_9AM, ORGANISATION, before_photo, closed, reported

TOLD = Report("S1", "灭火器压力不足", "消防", location="一楼东侧")


def tell(office, told=TOLD, *, by="reporter1", at=MONDAY_9AM, **options):
    return report(office, told, by=by, at=at, door=Door.CLI, **options)


def at_9(day):
    return datetime.fromisoformat(f"{day}T09:00+08:00")


def only(office, table):
    with office.reading() as connection:
        return connection.execute(select(table)).one()


def count(office, table):
    with office.reading() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()


def test_a_report_opens_a_case_as_told(office):
    told = Report(
        "第一小学", "  灭火器压力不足 ", "消防安全", found_on=date(2026, 2, 27), location=" 一楼 ",
        measure="更换", level=Level.MAJOR, risk=Colour.RED, department="总务处", owner=" 张三 ",
        source="春季检查",
    )  # fmt: skip

    answer = tell(office, told)

    case = only(office, CASES)
    assert (answer.number, answer.state, answer.holder, answer.seq) == (
        "YH2026-000001", "reported", "owner", 1,
    )  # fmt: skip
    assert (case.description, case.location, case.owner) == ("灭火器压力不足", "一楼", "张三")
    assert (case.category, case.level, case.risk) == ("fire", Level.MAJOR, Colour.RED)
    assert (case.unit_id, case.cluster_id) == (ORGANISATION["S1"], ORGANISATION["P1"])
    assert (case.found_on, case.reported_at) == (date(2026, 2, 27), MONDAY_9AM)
    assert broken(office) == []


def test_found_on_is_today_unless_said(office):
    tell(office)

    assert only(office, CASES).found_on == date(2026, 3, 2)


@pytest.mark.parametrize(
    ("at", "asked", "due", "limit"),
    [
        # 3 working days: Thursday 5 March; late from the midnight after.
        ("2026-03-02", None, "2026-03-06T00:00+08:00", "3wd"),
        # 国庆 2026: 1–7 October off, Saturday 10 October made up; 30.9., 8.10., 9.10.
        ("2026-09-29", None, "2026-10-10T00:00+08:00", "3wd"),
        ("2026-09-30", None, "2026-10-11T00:00+08:00", "3wd"),
        # 中秋 2026: 25–27 September off; 28, 29, 30.
        ("2026-09-24", None, "2026-10-01T00:00+08:00", "3wd"),
        ("2026-03-02", date(2026, 3, 4), "2026-03-05T00:00+08:00", "set"),
        ("2026-03-02", date(2026, 3, 2), "2026-03-03T00:00+08:00", "set"),
        ("2026-03-02", date(2026, 3, 5), "2026-03-06T00:00+08:00", "3wd"),
        ("2026-03-02", date(2026, 12, 31), "2026-03-06T00:00+08:00", "3wd"),
    ],
)
def test_the_plan_is_due_in_three_working_days_or_as_asked(office, at, asked, due, limit):
    tell(office, TOLD._replace(deadline_asked=asked), at=at_9(at))

    clock = only(office, CLOCKS)
    assert (clock.due_at, clock.limit) == (datetime.fromisoformat(due), limit)
    assert (clock.no, clock.cycle, clock.cause, clock.stopped_at) == (1, 1, "report", None)


def test_numbers_begin_anew_each_year_of_china(office):
    at = ["2026-12-31T15:59+00:00", "2026-12-31T16:00+00:00"]

    numbers = [tell(office, at=datetime.fromisoformat(each), again=True).number for each in at]

    assert numbers == ["YH2026-000001", "YH2027-000001"]


@pytest.mark.parametrize(
    ("change", "where", "says"),
    [
        ({"unit": "S9"}, "unit", "no unit called"),
        ({"unit": "P1"}, "unit", "not a responsible unit"),
        ({"unit": "S\x00"}, "unit", "control characters"),
        ({"category": "外星人"}, "category", "fire, school_bus"),
        ({"category": "\ud800"}, "category", "control characters"),
        ({"description": " "}, "description", "missing"),
        ({"description": "\ud800"}, "description", "control characters"),
        ({"description": "长" * 2_001}, "description", "longer than 2000"),
        ({"measure": "长" * 2_001}, "measure", "longer than 2000"),
        ({"location": "长" * 201}, "location", "longer than 200"),
        ({"department": "长" * 201}, "department", "longer than 200"),
        ({"owner": "张\x00"}, "owner", "control characters"),
        ({"source": "长" * 501}, "source", "longer than 500"),
        ({"found_on": date(2026, 3, 3)}, "found_on", "in the future"),
        ({"deadline_asked": date(2026, 3, 1)}, "deadline_asked", "in the past"),
    ],
)
def test_a_bad_field_is_named_and_nothing_is_written(office, change, where, says):
    with pytest.raises((Invalid, NotFound)) as refused:
        tell(office, TOLD._replace(**change), by="committee1", key="k")

    assert refused.value.where == where
    assert says in refused.value.say("en")
    assert refused.value.remedy.zh
    assert (count(office, CASES), count(office, NUMBER_SERIES)) == (0, 0)


def test_texts_of_the_greatest_length_are_kept(office):
    told = Report(
        "S1", "长" * 2_000, "消防", location="长" * 200, measure="长" * 2_000,
        department="长" * 200, owner="长" * 200, source="长" * 500,
    )  # fmt: skip

    tell(office, told)

    assert only(office, CASES).source == "长" * 500


@pytest.mark.parametrize("by", ["reporter1", "owner1", "head1", "cluster1", "inspector1", "admin"])
def test_whoever_has_a_role_there_may_report(sqlite_office, by):
    assert tell(sqlite_office, by=by).state == "reported"


@pytest.mark.parametrize("by", ["auditor", "reporter2", "head3", "cluster2", "verifier2"])
def test_nobody_reports_where_they_have_no_role(sqlite_office, by):
    with pytest.raises(Refused, match="may not") as refused:
        tell(sqlite_office, by=by)

    assert refused.value.where == "第一小学"
    assert count(sqlite_office, CASES) == 0


def test_a_stranger_is_not_found(office):
    with pytest.raises(NotFound, match="nobody with the code 'ghost'"):
        tell(office, by="ghost")


@pytest.mark.parametrize(
    "same",
    [{}, {"description": "灭火器,压力不足!"}, {"location": "一楼 东侧"}, {"category": "用电"}],
)
def test_the_same_hazard_is_refused_while_its_case_is_open(office, same):
    number = tell(office).number

    with pytest.raises(Refused, match=number) as refused:
        tell(office, TOLD._replace(**same))

    assert "--again" in refused.value.say("zh")
    assert count(office, CASES) == 1
    assert broken(office) == []


@pytest.mark.parametrize(
    "other", [{"description": "灭火器缺失"}, {"location": "二楼"}, {"unit": "S2"}]
)
def test_another_hazard_is_another_case(office, other):
    tell(office, by="committee1")

    assert tell(office, TOLD._replace(**other), by="committee1").number == "YH2026-000002"


def test_the_same_hazard_is_told_again_on_purpose_or_after_closing(office):
    closed(office)
    told = Report("S1", "灭火器压力不足", "消防")

    assert tell(office, told).number == "YH2026-000002"
    assert tell(office, told, again=True).number == "YH2026-000003"


def test_two_who_tell_the_same_at_once_open_one_case(office):
    start = Barrier(2)

    def tell_it(by):
        start.wait()
        try:
            return tell(office, by=by).number
        except Refused as refused:
            return refused.say("en")

    with ThreadPoolExecutor(2) as pool:
        told = sorted(pool.map(tell_it, ["reporter1", "owner1"]))

    assert told[0] == "YH2026-000001"
    assert "see YH2026-000001" in told[1]
    assert broken(office) == []


def test_a_refused_report_leaves_no_gap_in_the_numbers(office):
    tell(office)
    with pytest.raises(Refused):
        tell(office)

    assert reported(office) == "YH2026-000002"


def test_a_photo_told_with_the_report_is_a_before_photo_of_the_case(office):
    photo = before_photo(office)

    tell(office, files=[photo])

    stored = only(office, EVIDENCE)
    assert (stored.shows, stored.cycle, stored.sha256) == ("before", 1, photo.stored.sha256)
    assert json.loads(only(office, EVENTS).body)["evidence"] == [photo.said()]


def test_the_same_photo_twice_in_a_report_is_refused(office):
    photo = before_photo(office)

    with pytest.raises(Refused, match="handed in before") as refused:
        tell(office, files=[photo, photo])

    assert refused.value.where == "evidence"
    assert count(office, CASES) == 0
