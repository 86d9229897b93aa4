"""A school's day and month on a phone, in a real browser."""

import pytest

from tests.casework.filings.filed import APRIL, compiled
from tests.offices import reported
from tests.web.browsing import a_page, barriers, is_as_wide_as_its_window
from web.serving import running_app


@pytest.fixture
def phone(chromium, sqlite_site):
    """A head's phone on the first of April; March held one hazard."""
    reported(sqlite_site.office)
    compiled(sqlite_site.office)
    sqlite_site.clock.at = APRIL
    with (
        running_app(sqlite_site.app, host="127.0.0.1", port=8870) as sqlite_site.address,
        a_page(chromium, sqlite_site, "head1", width=390) as page,
    ):
        yield page, sqlite_site.address


def test_a_head_sends_the_day_and_signs_the_month(phone):
    page, address = phone

    page.goto(f"{address}/filings/today")
    page.fill("[name=participants]", "4")
    page.click("text=一切正常，零报告报送")
    page.wait_for_selector("text=今天的事办完了")

    page.goto(f"{address}/filings?template=monthly")
    page.click("text=2026年3月 每月上报")
    assert (barriers(page), is_as_wide_as_its_window(page)) == ([], True)
    page.fill("[name=work]", "检查了全部灭火器")
    page.fill("[name=plan]", "更换三楼灭火器")
    page.click("text=保存并核对")
    page.click("button:has-text('签发')")

    page.wait_for_selector("text=月报2026-03-S1")
    page.click(".figures-of a[href^='/audit/as-of?']")
    page.wait_for_selector("text=YH2026-000001")
