"""A daily check on a phone: two presses when all is well, a photo and a case when it is not."""

import pytest

from tests.inspections import given, planned, task_of
from tests.offices import a_photo
from tests.web.browsing import a_page, barriers, is_as_wide_as_its_window
from tests.web.conftest import a_site
from web.serving import running_app


@pytest.fixture
def served(sqlite_office, hashed):
    """The pages on a port of this machine, with a daily check given out to every school."""
    site = a_site(sqlite_office, hashed)
    planned(sqlite_office)
    given(sqlite_office)
    with running_app(site.app, host="127.0.0.1", port=8800) as address:
        site.address = address
        yield site


@pytest.mark.parametrize("plain", [False, True], ids=["script", "plain"])
def test_a_daily_check_in_order_takes_two_presses(chromium, served, plain):
    number = task_of(served.office)

    with a_page(chromium, served, "owner1", width=390, java_script_enabled=not plain) as page:
        page.click(f"main a[href='/inspections/{number}']")  # 1
        page.click("text=提交并签字")  # 2

        page.wait_for_selector("text=检查已完成。")
        assert is_as_wide_as_its_window(page)


def test_a_hazard_is_photographed_and_becomes_a_case(chromium, served, tmp_path):
    photo = tmp_path / "校门.jpg"
    photo.write_bytes(a_photo("red"))
    number = task_of(served.office)

    with a_page(chromium, served, "owner1", width=390, color_scheme="dark") as page:
        page.goto(f"{served.address}/inspections/{number}")
        assert not page.locator("#n-gate").is_visible()
        page.check("#item-gate .seg-hazard input")
        page.fill("#n-gate", "无人值守")
        page.set_input_files("#f-gate", photo)
        found = barriers(page), is_as_wide_as_its_window(page)
        page.click("text=提交并签字")
        page.wait_for_selector("text=检查已完成。")
        page.click("a[href^='/case/']")

        assert found == ([], True)
        assert page.locator("text=由检查发现").is_visible()
        assert page.locator(".photo img").count() == 1
