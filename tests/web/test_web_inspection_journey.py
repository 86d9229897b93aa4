"""A daily check on a phone: ten presses when all is well, a photo and a case when it is not, and
sent later where there is no connection.
"""

import pytest

from tests.inspections import FIRE, given, planned, recorded, signed, task_of, told
from tests.offices import a_photo
from tests.web.browsing import a_page, barriers, is_as_wide_as_its_window
from tests.web.conftest import PASSWORD, a_site
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
def test_a_daily_check_in_order_takes_ten_presses(chromium, served, plain):
    """135 characters to read and ten presses: well under a minute for who looks."""
    number = task_of(served.office)

    with a_page(chromium, served, "owner1", width=390, java_script_enabled=not plain) as page:
        page.click(f"main a[href='/inspections/{number}']")  # 1
        page.wait_for_url(f"{served.address}/inspections/{number}")
        for answer in page.locator(".seg-normal").all():  # 2 to 9
            answer.click()
        page.click("text=提交并签字")  # 10

        page.wait_for_selector("text=检查已完成。")
        assert is_as_wide_as_its_window(page)


def test_a_hazard_is_photographed_and_becomes_a_case(chromium, served, tmp_path):
    photo = tmp_path / "校门.jpg"
    photo.write_bytes(a_photo("red"))
    number = task_of(served.office)

    with a_page(chromium, served, "owner1", width=390, color_scheme="dark") as page:
        page.goto(f"{served.address}/inspections/{number}")
        assert not page.locator("#n-gate").is_visible()
        for answer in page.locator(".seg-normal").all():
            answer.click()
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


def test_a_check_is_kept_on_the_phone_and_sent_once_it_is_connected(chromium, served, tmp_path):
    photo = tmp_path / "校门.jpg"
    photo.write_bytes(a_photo("blue"))
    number = task_of(served.office)

    opened = chromium.new_context(viewport={"width": 390, "height": 844})
    page = opened.new_page()
    page.goto(f"{served.address}/login?next=/inspections/{number}")
    page.fill("[name=code]", "owner1")
    page.fill("[name=password]", PASSWORD)
    page.click("main button")
    page.wait_for_url(f"{served.address}/inspections/{number}")
    for answer in page.locator(".seg-normal").all():
        answer.click()
    page.check("#item-gate .seg-hazard input")
    page.set_input_files("#f-gate", photo)
    opened.set_offline(True)
    page.click("text=提交并签字")
    page.wait_for_selector("text=已存在本机")
    page.goto("about:blank")  # as a phone does that was put away
    opened.set_offline(False)
    page.goto(f"{served.address}/inspections/{number}")

    page.wait_for_selector("text=检查已完成。")
    assert page.locator(".thumbs img").count() == 1
    opened.close()


def test_the_head_signs_with_a_finger_on_the_inspectors_phone(chromium, served):
    planned(served.office, FIRE)
    given(served.office)
    number = task_of(served.office, checklist="fire")
    recorded(served.office, number, told("fire"), by="verifier1a")
    signed(served.office, number)

    with a_page(chromium, served, "verifier1a", width=390) as page:
        page.goto(f"{served.address}/inspections/{number}")
        page.click("text=学校负责人在此签字")
        page.fill("#signer", "张校长")
        page.locator(".sign-here").scroll_into_view_if_needed()
        box = page.locator(".sign-here").bounding_box()
        page.mouse.move(box["x"] + 30, box["y"] + 30)
        page.mouse.down()
        page.mouse.move(box["x"] + 200, box["y"] + 90, steps=5)
        page.mouse.up()
        page.wait_for_function("() => document.getElementById('drawn').files.length === 1")
        found = barriers(page), is_as_wide_as_its_window(page)
        page.click("text=签字确认")

        page.wait_for_selector("text=手签，VERIFIER1A在场")
        assert found == ([], True)
        assert page.locator("img.signed").count() == 1
