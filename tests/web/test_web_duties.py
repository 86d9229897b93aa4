"""The pages of duties: the list and its filters, one duty, letting off, and the figures at home."""

from datetime import timedelta

import pytest

from tests.casework.duties.duties import after, chased, opened, wanted
from tests.offices import MONDAY_9AM, PERSON

WAIVING = {"kind": "report", "key": "a/S1", "reason": "学校已撤并"}
MARKUP = "<script>alert(1)</script>"


@pytest.fixture
def due(sqlite_site):
    """Two reports and an inspection, three days late."""
    opened(
        sqlite_site.office,
        wanted(key="a/S1"),
        wanted(key="a/S3", unit="S3"),
        wanted("inspection", "task/1", person=PERSON["inspector1"]),
    )
    chased(sqlite_site.office, after(3))
    sqlite_site.clock.at = MONDAY_9AM + timedelta(days=7)
    return sqlite_site


def test_the_list_shows_what_one_may_see_and_leads_to_each(due):
    browser = due.as_("head1")

    page = browser.get("/duties").text
    one = browser.get("/duty?kind=report&key=a/S1").text

    assert page.count("/duty?kind=") == 1
    assert "逾期 3 天" in page
    assert 'href="/reports/weekly"' in one
    assert "免办" not in one


@pytest.mark.parametrize(
    ("by", "path", "status"),
    [
        ("head3", "/duty?kind=report&key=a/S1", 404),
        ("head1", "/duty?kind=inspection&key=task/1", 404),
        ("inspector1", "/duty?kind=inspection&key=task/1", 200),
        ("head1", "/duties?place=nowhere", 404),
        ("head1", "/duties?kind=nothing", 422),
        ("head1", "/duties?after=x", 422),
        ("head1", "/duties?ended=1&late=1&mine=1", 200),
    ],
)
def test_what_may_be_opened(due, by, path, status):
    assert due.as_(by).get(path).status_code == status


def test_whoever_is_not_signed_in_sees_nothing(sqlite_site):
    assert sqlite_site.browser().get("/duties").headers["location"].startswith("/login")


def test_home_counts_what_waits_and_leads_to_it(due):
    browser = due.as_("owner1")

    home = browser.get("/").text
    listed = browser.get("/duties?mine=1&late=1").text

    assert (
        '<a class="figure tone-late" href="/duties?mine=1&amp;late=1"><b class="number">1' in home
    )
    assert "共 1 项" in listed
    assert "/duties?mine=1" not in due.as_("cluster1").get("/").text


def test_the_committee_lets_off_with_a_reason(due):
    browser = due.as_("committee1")

    without = browser.post("/duty/waive", data={**WAIVING, "reason": ""})
    done = browser.post("/duty/waive", data=WAIVING)

    assert (without.status_code, done.status_code) == (422, 303)
    assert "缺少免办原因" in without.text
    assert "已免办" in browser.get(done.headers["location"]).text
    assert browser.get("/duties?ended=1").text.count("/duty?kind=") == 1


@pytest.mark.parametrize("by", ["head1", "cluster1", "auditor"])
def test_others_let_nobody_off(due, by):
    assert due.as_(by).post("/duty/waive", data=WAIVING).status_code == 403


def test_its_notice_leads_to_where_it_is_done_and_is_acknowledged(due):
    browser = due.as_("owner1")

    assert 'href="/reports/weekly">每周安全汇总' in browser.get("/notices").text
    answer = browser.post("/notices/acknowledge", data={"notice": "1"})
    assert answer.status_code == 303
    assert "已知悉" in browser.get("/notices").text
    assert "每周安全汇总" in due.as_("committee1").get("/notice-log").text


def test_what_somebody_wrote_is_shown_as_text(sqlite_site):
    title = wanted().title.__class__(MARKUP, MARKUP)
    opened(sqlite_site.office, wanted()._replace(title=title, key=MARKUP))

    page = sqlite_site.as_("head1").get("/duties").text

    assert MARKUP not in page
    assert "&lt;script&gt;" in page
