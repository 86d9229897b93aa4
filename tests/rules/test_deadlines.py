from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.deadlines import (
    Due,
    Limit,
    LimitTrouble,
    Stage,
    Threshold,
    Unit,
    band,
    days_late,
    days_left,
    due,
    is_overdue,
)
from rules.workdays import CHINA, CalendarEnds, close_of, day_due, published

NEWEST = published()

d = date.fromisoformat
limits = st.builds(Limit, st.integers(1, 400), st.sampled_from(Unit))
moments = st.datetimes(
    datetime(2008, 1, 1),  # noqa: DTZ001 hypothesis adds the zone
    datetime(2024, 1, 1),  # noqa: DTZ001 hypothesis adds the zone
    timezones=st.sampled_from([CHINA, UTC]),
)


def china(text):
    return datetime.fromisoformat(text).replace(tzinfo=CHINA)


@pytest.mark.parametrize(
    ("text", "amount", "unit"),
    [
        ("3wd", 3, Unit.WORKDAYS),
        ("10d", 10, Unit.DAYS),
        ("24h", 24, Unit.HOURS),
        (" 3 WD ", 3, Unit.WORKDAYS),
        ("3个工作日", 3, Unit.WORKDAYS),
        ("３ 个工作日", 3, Unit.WORKDAYS),  # full-width digit
        ("5工作日", 5, Unit.WORKDAYS),
        ("10日", 10, Unit.DAYS),
        ("10天", 10, Unit.DAYS),
        ("10个自然日", 10, Unit.DAYS),
        ("24小时", 24, Unit.HOURS),
        ("24个小时", 24, Unit.HOURS),
        ("9999d", 9999, Unit.DAYS),
    ],
)
def test_a_limit_is_read_as_people_write_it(text, amount, unit):
    assert Limit.parse(text) == Limit(amount, unit)


@pytest.mark.parametrize(
    "text",
    ["", "3", "wd", "0d", "0个工作日", "-3d", "1.5d", "10000d", "3w", "3dd", "3d 4h", "三日", "٣d"],
)
def test_what_is_not_a_limit_is_refused_with_the_remedy(text):
    with pytest.raises(LimitTrouble) as caught:
        Limit.parse(text)

    assert "3wd" in caught.value.say("zh")
    assert isinstance(caught.value, ValueError)


@pytest.mark.parametrize("amount", [-1, 0, 10_000])
def test_a_limit_is_positive_and_bounded(amount):
    with pytest.raises(LimitTrouble):
        Limit(amount, Unit.DAYS)


@pytest.mark.parametrize(
    ("limit", "zh", "en"),
    [
        (Limit(3, Unit.WORKDAYS), "3个工作日", "3 working days"),
        (Limit(1, Unit.WORKDAYS), "1个工作日", "1 working day"),
        (Limit(10, Unit.DAYS), "10日", "10 days"),
        (Limit(24, Unit.HOURS), "24小时", "24 hours"),
    ],
)
def test_a_limit_is_said_in_both_languages(limit, zh, en):
    assert (limit.label.zh, limit.label.en) == (zh, en)


@given(limits)
def test_a_limit_written_out_reads_back_the_same(limit):
    assert Limit.parse(str(limit)) == limit
    assert Limit.parse(limit.label.zh) == limit


@pytest.mark.parametrize(
    ("started", "limit", "last_day"),
    [
        ("2026-09-30T09:00", "3wd", "2026-10-10"),  # a Saturday made up for
        ("2026-09-30T23:59:59", "3wd", "2026-10-10"),
        ("2026-10-01T00:00", "1wd", "2026-10-08"),
        ("2026-03-09T09:00", "1wd", "2026-03-10"),
        ("2026-03-02T09:00", "10d", "2026-03-12"),
        ("2026-03-04T09:00", "10d", "2026-03-16"),  # 14 March is a Saturday: Art. 203
        ("2026-09-24T09:00", "10d", "2026-10-08"),  # 4 October is a holiday
        ("2026-09-30T09:00", "10d", "2026-10-10"),  # a Saturday that is worked stays
    ],
)
def test_days_are_counted_from_the_next_and_end_at_twenty_four_hours(started, limit, last_day):
    reckoned = due(china(started), Limit.parse(limit), NEWEST)

    assert reckoned == Due(close_of(d(last_day)), estimated=False, calendar="cn-2026.1")


def test_a_last_day_on_a_holiday_stays_when_it_is_not_to_roll():
    reckoned = due(china("2026-03-04T09:00"), Limit(10, Unit.DAYS), NEWEST, roll=False)

    assert reckoned.at == close_of(date(2026, 3, 14))


def test_the_starting_day_is_the_day_in_china():
    late_evening_in_london = datetime(2026, 3, 9, 16, 30, tzinfo=UTC)  # 00:30 on the 10th

    assert due(late_evening_in_london, Limit(1, Unit.WORKDAYS), NEWEST).at == close_of(
        date(2026, 3, 11)
    )


def test_hours_run_from_the_moment_itself_through_nights_and_holidays():
    started = china("2026-10-01T15:30:05")

    assert due(started, Limit(24, Unit.HOURS), NEWEST).at == china("2026-10-02T15:30:05")


@pytest.mark.parametrize(
    ("started", "limit", "last_day", "estimated"),
    [
        ("2026-12-30T09:00", "1wd", "2026-12-31", False),
        ("2026-12-30T09:00", "2wd", "2027-01-01", True),
        ("2026-12-30T09:00", "1d", "2026-12-31", False),
        ("2026-12-30T09:00", "4d", "2027-01-04", True),  # 3 January is a Sunday
        ("2027-02-01T09:00", "1wd", "2027-02-02", True),
    ],
)
def test_past_the_calendar_a_due_date_is_set_but_marked(started, limit, last_day, estimated):
    reckoned = due(china(started), Limit.parse(limit), NEWEST)

    assert (day_due(reckoned.at), reckoned.estimated) == (d(last_day), estimated)


@pytest.mark.parametrize("limit", [Limit(4, Unit.WORKDAYS), Limit(1, Unit.DAYS)])
def test_before_the_calendar_nothing_is_due(limit):
    with pytest.raises(CalendarEnds):
        due(china("2006-12-25T09:00"), limit, NEWEST)


@pytest.mark.parametrize("unit", Unit)
def test_a_start_without_its_zone_is_refused(unit):
    with pytest.raises(ValueError, match="time zone"):
        due(datetime(2026, 3, 9), Limit(1, unit), NEWEST)  # noqa: DTZ001 the point of the test


def test_a_due_date_keeps_the_notice_it_was_set_by():
    started, limit = china("2020-01-22T09:00"), Limit(3, Unit.WORKDAYS)
    before, after = (published(d(day)) for day in ("2020-01-22", "2020-01-26"))

    assert due(started, limit, before) == Due(close_of(date(2020, 2, 1)), False, "cn-2020.1")
    assert due(started, limit, after) == Due(close_of(date(2020, 2, 4)), False, "cn-2020.2")


@given(moments, limits)
def test_a_clock_never_runs_out_before_it_starts(started, limit):
    assert not is_overdue(due(started, limit, NEWEST).at, started)


@given(moments, moments, limits)
def test_who_starts_later_is_never_due_earlier(one, other, limit):
    earlier, later = sorted((one, other))

    assert due(earlier, limit, NEWEST).at <= due(later, limit, NEWEST).at


@pytest.mark.parametrize(
    ("at", "overdue", "late", "left"),
    [
        ("2026-03-07T12:00", False, 0, 2),
        ("2026-03-08T23:59:59", False, 0, 1),
        ("2026-03-09T00:00", False, 0, 0),
        ("2026-03-09T23:59:59.999999", False, 0, 0),
        ("2026-03-10T00:00", True, 1, 0),
        ("2026-03-10T23:59:59", True, 1, 0),
        ("2026-03-11T00:00", True, 2, 0),
    ],
)
def test_a_case_is_late_from_the_midnight_after_its_due_day(at, overdue, late, left):
    due_at = close_of(date(2026, 3, 9))

    assert is_overdue(due_at, china(at)) is overdue
    assert days_late(due_at, china(at)) == late
    assert days_left(due_at, china(at)) == left


@pytest.mark.parametrize(
    ("at", "overdue", "late"),
    [
        ("2026-03-09T14:59:59", False, 0),
        ("2026-03-09T15:00", True, 0),
        ("2026-03-09T23:59:59", True, 0),
        ("2026-03-10T00:00", True, 1),
    ],
)
def test_a_limit_in_hours_is_overdue_at_once_and_a_day_late_tomorrow(at, overdue, late):
    due_at = china("2026-03-09T15:00")

    assert is_overdue(due_at, china(at)) is overdue
    assert days_late(due_at, china(at)) == late


@pytest.mark.parametrize(
    ("stage", "zh"),
    [
        (Stage.PLAN, "报方案"),
        (Stage.APPROVAL, "审批"),
        (Stage.RECTIFICATION, "整改"),
        (Stage.VERIFICATION, "验收"),
        (Stage.CLOSE_OUT, "销号"),
    ],
)
def test_stages_have_chinese_names(stage, zh):
    assert stage.label.zh == zh


@pytest.mark.parametrize(
    ("value", "expected"),
    [(0, "low"), (9, "low"), (Decimal("9.99"), "low"), (10, "mid"), (29, "mid"), (30, "high")],
)
def test_a_band_begins_at_its_bound_in_whatever_order_they_stand(value, expected):
    bands = [Threshold(10, "mid"), Threshold(30, "high"), Threshold(0, "low")]

    assert band(value, bands) == expected


def test_below_every_band_there_is_no_answer():
    with pytest.raises(ValueError, match="below every band"):
        band(-1, [Threshold(0, "low")])
