"""How moments, due dates and languages are told, and typed words are read."""

from datetime import date, datetime

import pytest

from cli import reading, words
from cli.locale import choose_locale
from cli.troubles import Usage
from rules.case import State
from rules.workdays import CHINA

DUE = datetime.fromisoformat("2026-03-06T00:00+08:00")  # the close of 5 March


@pytest.mark.parametrize(
    ("now", "zh", "en"),
    [
        ("2026-03-02T09:00+08:00", "剩 3 天", "3 days left"),
        ("2026-03-04T23:59+08:00", "剩 1 天", "1 day left"),
        ("2026-03-05T00:00+08:00", "今天到期", "due today"),
        ("2026-03-05T23:59+08:00", "今天到期", "due today"),
        ("2026-03-06T00:00+08:00", "逾期 1 天", "1 day late"),
        ("2026-03-07T00:00+08:00", "逾期 2 天", "2 days late"),
    ],
)
def test_what_time_is_left(now, zh, en):
    told = words.due(DUE, datetime.fromisoformat(now))

    assert (told.zh, told.en) == (zh, en)


def test_a_limit_in_hours_is_past_before_it_is_a_day_late():
    due = datetime.fromisoformat("2026-03-05T10:00+08:00")

    assert words.due(due, due).zh == "时限已过"
    assert words.deadline(due) == "2026-03-05 10:00"


def test_a_day_is_named_by_its_last_moment_not_the_next_day():
    assert words.deadline(DUE) == "2026-03-05"


def test_without_a_clock_there_is_a_dash():
    assert words.due(None, DUE).zh == words.deadline(None) == words.moment(None) == "—"


@pytest.mark.parametrize(
    ("claimed", "voided", "listed", "told"),
    [
        (False, False, None, "整改中"),
        (True, False, None, "待验收"),
        (False, True, None, "已撤销"),
        (False, False, "supervision", "整改中（挂牌督办）"),
    ],
)
def test_a_state_tells_what_else_holds(claimed, voided, listed, told):
    case = {"state": State.RECTIFYING, "claimed": claimed, "voided": voided, "listed": listed}

    assert words.state(case).zh == told


@pytest.mark.parametrize(
    ("typed", "environ", "locale"),
    [
        ([], {}, "zh"),
        ([], {"LANG": "C"}, "zh"),
        ([], {"LANG": "C.UTF-8"}, "zh"),
        ([], {"LANG": "POSIX"}, "zh"),
        ([], {"LANG": "zh_CN.UTF-8"}, "zh"),
        ([], {"LANG": "en_GB.UTF-8"}, "en"),
        ([], {"LANG": "de_DE.UTF-8"}, "en"),
        ([], {"LANG": "zh_CN.UTF-8", "LC_ALL": "en_US.UTF-8"}, "en"),
        ([], {"LANG": "en_US.UTF-8", "BIHUAN_LANG": "zh"}, "zh"),
        ([], {"LANG": "en_US.UTF-8", "BIHUAN_LANG": "fr"}, "en"),
        (["--lang", "en"], {"BIHUAN_LANG": "zh"}, "en"),
        (["--lang=en"], {}, "en"),
        (["case", "--lang"], {}, "zh"),
    ],
)
def test_which_language_is_spoken(typed, environ, locale):
    assert choose_locale(typed, environ) == locale


@pytest.mark.parametrize(
    ("typed", "moment"),
    [
        ("2026-03-05", "2026-03-05T00:00+08:00"),
        ("2026-03-05T09:00", "2026-03-05T09:00+08:00"),
        ("2026-03-05T01:00Z", "2026-03-05T09:00+08:00"),
    ],
)
def test_a_moment_without_a_zone_is_by_chinas_clock(typed, moment):
    read = reading.moment("--at")(typed)

    assert (read, read.tzinfo) == (datetime.fromisoformat(moment), CHINA)


@pytest.mark.parametrize("typed", ["", "soon", "9999-12-31T23:00-12:00", "2026-02-30"])
def test_what_is_no_moment(typed):
    with pytest.raises(Usage, match="not a moment"):
        reading.moment("--at")(typed)


@pytest.mark.parametrize("typed", ["2026-03-05", "2026/3/5", "2026.3.5", "２０２６－３－５"])
def test_a_day_is_read_as_people_write_it(typed):
    assert reading.day("--on")(typed) == date(2026, 3, 5)


@pytest.mark.parametrize("typed", ["", "5 March", "2026-3", "2026-02-30", "1-1-1-1"])
def test_what_is_no_day(typed):
    with pytest.raises(Usage, match="not a date"):
        reading.day("--on")(typed)


@pytest.mark.parametrize("typed", ["rectifying", "整改中", " 整改中 "])
def test_a_choice_is_read_by_code_or_label(typed):
    assert reading.choice(State, "--state")(typed) is State.RECTIFYING
