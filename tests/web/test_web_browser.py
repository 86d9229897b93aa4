"""The pages in a real browser: each role's main journey, in four ways of looking.

At both widths, in both languages, with and without JavaScript. Chromium comes from the operating
system. Without one these tests are skipped with the reason, but not in CI: there they fail.
"""

import pytest

from tests.offices import a_photo, claimed, planned, rectifying, reported, verified
from tests.web.browsing import a_page, barriers, is_as_wide_as_its_window
from tests.web.conftest import a_site
from web.serving import running_app

WAYS = pytest.mark.parametrize(
    "way",
    [
        {"width": 1280, "lang": "zh"},
        {"width": 390, "lang": "zh"},
        {"width": 390, "lang": "en"},
        {"width": 1280, "lang": "en", "java_script_enabled": False},
        {"width": 390, "lang": "zh", "java_script_enabled": False},
    ],
    ids=["1280-zh", "390-zh", "390-en", "1280-en-plain", "390-zh-plain"],
)


@pytest.fixture
def served(sqlite_office, hashed):
    """The pages on a port of this machine; yields their site and address."""
    site = a_site(sqlite_office, hashed)
    with running_app(site.app, host="127.0.0.1", port=8800) as address:
        site.address = address
        yield site


@WAYS
def test_a_reporter_reports_with_a_photo(chromium, served, tmp_path, way):
    photo = tmp_path / "灭火器.jpg"
    photo.write_bytes(a_photo("red"))

    with a_page(chromium, served, "reporter1", **way) as page:
        page.click("main a[href='/report']")  # 1
        page.set_input_files("#photo", photo)  # 2
        page.click(".tile:has([value=fire])")  # 3
        page.fill("#description", "二楼东侧灭火器压力不足")
        page.click("main form .press-main")  # 4

        page.wait_for_url("**done=report")
        assert page.locator(".photo img").count() == 1
        assert is_as_wide_as_its_window(page)


@WAYS
def test_an_owner_submits_a_plan(chromium, served, way):
    reported(served.office)

    with a_page(chromium, served, "owner1", **way) as page:
        page.click(".item")
        for name, text in {"duty": "总务处", "measures": "更换", "funds": "500元",
                           "contingency": "专人看守"}.items():  # fmt: skip
            page.fill(f"#field-{name}", text)
        page.fill("#field-deadline", "2026-03-13")
        page.click("#act form button")

        page.wait_for_url("**done=submit_plan")
        assert is_as_wide_as_its_window(page)


@WAYS
def test_a_cluster_lead_sends_a_plan_back_with_a_common_phrase(chromium, served, way):
    number = planned(served.office)

    with a_page(chromium, served, "cluster1", **way) as page:
        page.goto(f"{served.address}/case/{number}")
        page.click("details:has(.menu-list) summary")
        page.click(".menu-list a[href*='do=return_plan']")
        page.select_option("[name=phrase-reason]", index=1)
        page.click("#act form button")

        page.wait_for_url("**done=return_plan")
        assert page.locator(".timeline >> text=/整改措施不具体|measures do not say/i").count() == 1


@WAYS
def test_a_verifier_compares_and_passes(chromium, served, way):
    claimed(served.office)

    with a_page(chromium, served, "verifier1a", **way) as page:
        page.click(".item")
        page.wait_for_selector(".pair")
        page.fill("#field-finding", "现场核查属实")
        page.click("#act form button")

        page.wait_for_url("**done=pass")
        assert is_as_wide_as_its_window(page)


@WAYS
def test_the_committee_lists_a_case_and_finds_it(chromium, served, way):
    number = rectifying(served.office)

    with a_page(chromium, served, "committee1", **way) as page:
        page.goto(f"{served.address}/case/{number}?do=list")
        page.select_option("[name=kind]", "supervision")
        page.fill("#field-reason", "久拖未改")
        page.click("#act form button")
        page.wait_for_url("**done=list")
        page.goto(f"{served.address}/cases?listed=1")

        assert page.locator("#found .what").count() == 1


@pytest.mark.parametrize("width", [1280, 390])
def test_a_filter_is_in_the_address_and_goes_back(chromium, served, width):
    reported(served.office)

    with a_page(chromium, served, "committee1", width=width) as page:
        page.goto(f"{served.address}/cases")
        page.check("[name=listed]")

        page.wait_for_url("**listed=1**")
        assert page.locator("#found >> text=共 0 件").is_visible()
        page.go_back()
        assert "listed" not in page.url


def test_an_auditor_looks_and_may_do_nothing(chromium, served):
    number = verified(served.office)

    with a_page(chromium, served, "auditor") as page:
        page.goto(f"{served.address}/case/{number}")

        assert page.locator("text=历史链完整").is_visible()
        assert page.locator("#act").count() == 0


def test_all_of_it_works_without_javascript(chromium, served):
    number = claimed(served.office)

    with a_page(chromium, served, "verifier1a", java_script_enabled=False) as page:
        page.goto(f"{served.address}/cases?text={number}")
        page.click(f"a[href='/case/{number}']")
        page.select_option("[name=phrase-finding]", index=1)
        page.click("#act form button")

        page.wait_for_selector("text=已办理：验收通过")
        assert page.locator(".timeline >> text=现场核查属实").count() == 1


def test_language_and_theme_are_kept(chromium, served):
    with a_page(chromium, served, "owner1", color_scheme="light") as page:
        page.click("button[name=lang]")
        page.wait_for_selector("h1:has-text('My work')")
        page.click("button[name=theme]")
        page.goto(f"{served.address}/cases")

        assert page.locator("h1").inner_text() == "Cases"
        dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert dark == "rgb(20, 24, 26)"


def test_an_administrator_tries_a_policy(chromium, served):
    with a_page(chromium, served, "admin", width=390) as page:
        page.goto(f"{served.address}/admin/policy/edit")
        page.click("button:has-text('检查并试算')")

        page.wait_for_selector("text=新时限的到期日和催办梯没有变化")


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_the_door_bars_nobody(chromium, served, width, scheme):
    with a_page(chromium, served, width=width, color_scheme=scheme) as page:
        page.goto(f"{served.address}/login")

        assert (barriers(page), is_as_wide_as_its_window(page)) == ([], True)
