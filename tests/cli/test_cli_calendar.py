"""``bihuan calendar``."""

from datetime import date, datetime

import pytest

from tests.offices import reported

AT = "2026-03-02T09:00"


def test_a_month_shows_days_off_and_make_up_days(bihuan, bare_home):
    told = bihuan("calendar", "show", "2026-10", "--as-of", AT)

    assert told.code == 0
    for word in (
        "2026-10-01 至 2026-10-31",
        "18",
        "国庆节",
        "2026-10-10  六    调休上班",
        "cn-2026",
    ):
        assert word in told.out


def test_this_year_is_shown_by_default_in_english(bihuan, bare_home):
    told = bihuan("calendar", "show", "--as-of", AT, "--lang", "en")

    assert "2026-01-01 to 2026-12-31" in told.out
    assert "The notice for 2027 is not entered" in " ".join(told.out.split())


def test_a_year_as_json(bihuan, bare_home):
    told = bihuan("calendar", "show", "2026", "--as-of", AT, "--json").json

    assert (told["first"], told["last"], told["workdays"]) == ("2026-01-01", "2026-12-31", 248)
    assert {"day": "2026-10-10", "name": "国庆节"} in told["make_up_days"]
    assert told["warning"]


@pytest.mark.parametrize("period", ["2026-13", "next", "2026-10-01", "0"])
def test_what_is_no_period_is_not_understood(bihuan, bare_home, period):
    told = bihuan("calendar", "show", period)

    assert (told.code, told.out) == (2, "")
    assert "请按 2026 或 2026-10 填写" in told.err


@pytest.mark.parametrize(
    ("start", "limit", "day"),
    [
        ("2026-09-30", "3wd", "2026-10-10"),  # the make-up Saturday counts
        ("2026/09/30", "3个工作日", "2026-10-10"),
        ("2026-03-02", "10d", "2026-03-12"),
        ("2026-03-02T09:00", "24h", "2026-03-03"),
    ],
)
def test_when_a_limit_runs_out(bihuan, bare_home, start, limit, day):
    told = bihuan("calendar", "due", start, limit, "--as-of", AT, "--json").json

    assert (told["day"], told["estimated"]) == (day, False)


def test_a_day_beyond_the_notices_is_called_an_estimate(bihuan, bare_home):
    told = bihuan("calendar", "due", "2027-06-01", "3wd", "--as-of", AT)

    assert told.out == "3个工作日：最后一天 2027-06-04 星期五（估算：放假通知尚未录入）\n"


@pytest.mark.parametrize(("words", "code"), [(["soon", "3wd"], 2), (["2026-03-02", "3 moons"], 1)])
def test_limits_that_cannot_be_reckoned(bihuan, bare_home, words, code):
    assert bihuan("calendar", "due", *words).code == code


def test_a_day_entered_by_hand_counts_until_withdrawn(bihuan, home):
    due = ("calendar", "due", "2026-03-02", "1wd", "--as-of", AT, "--json")

    bihuan(
        "calendar", "add-day", "2026-03-03", "--off", "--name", "停课", "--as", "admin", "--at", AT
    )
    off = bihuan(*due).json["day"]
    bihuan("calendar", "add-day", "2026-03-03", "--withdraw", "--as", "admin", "--at", AT)

    assert (off, bihuan(*due).json["day"]) == ("2026-03-04", "2026-03-03")


def test_a_saturday_worked_by_hand_counts(bihuan, home):
    told = bihuan("calendar", "add-day", "2026-03-07", "--work", "--as", "admin", "--at", AT)
    due = bihuan("calendar", "due", "2026-03-06", "1wd", "--as-of", AT, "--json").json

    assert (told.out, due["day"]) == ("已录入：2026-03-07 上班\n", "2026-03-07")


def test_a_term_is_entered_shown_and_withdrawn(bihuan, home):
    term = ("calendar", "add-term", "寒假", "2027寒假", "2027-01-23", "2027-02-21", "--as", "admin",
            "--at", AT)  # fmt: skip

    told = bihuan(*term)
    shown = bihuan("calendar", "show", "2027-02", "--as-of", AT)
    bihuan(*term, "--withdraw")

    assert told.out == "已录入：2027寒假 2027-01-23 至 2027-02-21\n"
    assert "寒假 2027-01-23 – 2027-02-21" in shown.out
    assert bihuan("calendar", "show", "2027-02", "--as-of", AT, "--json").json["terms"] == []


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["add-day", "2026-03-03", "--as", "admin"], 2),
        (["add-day", "2026-03-03", "--off", "--work", "--as", "admin"], 2),
        (["add-day", "someday", "--off", "--as", "admin"], 2),
        (["add-day", "2026-03-03", "--off", "--as", "head1"], 1),
        (["add-day", "2026-03-03", "--off"], 2),
        (["add-term", "holiday", "x", "2027-01-23", "2027-02-21", "--as", "admin"], 2),
        (["add-term", "term", "x", "2027-02-21", "2027-01-23", "--as", "admin"], 1),
        (["add-term", "term", " ", "2027-01-23", "2027-02-21", "--as", "admin"], 1),
    ],
)
def test_what_cannot_be_entered(bihuan, home, words, code):
    told = bihuan("calendar", *words)

    assert (told.code, told.out) == (code, "")


def test_a_calendar_that_reaches_far_enough(bihuan, office):
    reported(office)

    told = bihuan("calendar", "check", "--as-of", AT)

    assert told.code == 0
    assert "最远时限 2026-03-05" in told.out


def test_a_calendar_that_does_not_reach_the_furthest_due_date(bihuan, office):
    reported(office, at=datetime.fromisoformat("2026-12-30T09:00+08:00"))

    told = bihuan("calendar", "check", "--as-of", AT)
    english = bihuan("calendar", "check", "--as-of", AT, "--json", "--lang", "en")

    assert told.code == english.code == 1
    assert "只覆盖 2007-01-01 至 2026-12-31" in told.out
    assert "Enter all the days" in english.json["warning"]


def test_an_empty_calendar_check_is_content(bihuan, home):
    told = bihuan("calendar", "check", "--as-of", AT, "--json")

    assert (told.code, told.json["furthest_due"], told.json["warning"]) == (0, None, None)
    assert date.fromisoformat(told.json["last"]) == date(2026, 12, 31)
