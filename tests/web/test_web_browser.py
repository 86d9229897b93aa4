"""The pages in a real browser: each role's main journey, and what a person without sight meets.

Chromium comes from the operating system. Without one these tests are skipped with the reason, but
not in CI: there they fail.
"""

import os
import shutil
from contextlib import contextmanager

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

from rules.actions import Action
from tests.offices import a_photo, act, claimed, planned, rectifying, reported, verified
from tests.web.conftest import PASSWORD, a_site
from web.serving import running_app

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
WIDTHS = [1280, 390]
# Level A and AA of WCAG 2.0 to 2.2; the rest is advice.
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}

ADMINISTRATION = [
    "/admin/policy", "/admin/calendar", "/admin/organisation", "/admin/people",
    "/admin/person?code=owner1", "/admin/wording?kind=overdue", "/admin/engine",
    "/lookbacks/templates", "/lookbacks/schedules", "/admin/policy/edit",
]  # fmt: skip


@pytest.fixture(scope="module")
def chromium():
    if CHROMIUM is None:
        reason = "no chromium: apt-get install chromium fonts-wqy-microhei"
        if os.environ.get("BIHUAN_TEST_BROWSER"):
            pytest.fail(reason, pytrace=False)
        pytest.skip(reason)
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def served(sqlite_office, hashed):
    """The pages on a port of this machine; yields their site and address."""
    site = a_site(sqlite_office, hashed)
    with running_app(site.app, host="127.0.0.1", port=8800) as address:
        site.address = address
        yield site


@contextmanager
def a_page(chromium, site, code="", *, width=1280, **context):
    """A page where somebody is signed in; fails on anything the console complains of."""
    opened = chromium.new_context(viewport={"width": width, "height": 900}, **context)
    page = opened.new_page()
    page.set_default_timeout(10_000)
    complaints, outside = [], []
    page.on("console", lambda told: complaints.append(told.text))
    page.on("pageerror", lambda fault: complaints.append(str(fault)))
    page.on("request", lambda asked: outside.append(asked.url)
            if not asked.url.startswith((site.address, "data:", "blob:")) else None)  # fmt: skip
    if code:
        page.goto(f"{site.address}/login")
        page.fill("[name=code]", code)
        page.fill("[name=password]", PASSWORD)
        page.click("main button")
    yield page
    opened.close()
    assert (complaints, outside) == ([], [])


@pytest.mark.parametrize("width", WIDTHS)
def test_a_reporter_reports_with_a_photo(chromium, served, tmp_path, width):
    photo = tmp_path / "灭火器.jpg"
    photo.write_bytes(a_photo("red"))

    with a_page(chromium, served, "reporter1", width=width) as page:
        page.click("text=上报隐患")  # 1
        page.set_input_files("#photo", photo)  # 2
        page.click(".tile:has-text('消防')")  # 3
        page.fill("#description", "二楼东侧灭火器压力不足")
        page.click("main form button:has-text('上报')")  # 4

        page.wait_for_selector("text=已办理：上报")
        assert page.locator(".photo img").count() == 1
        assert _is_as_wide_as_its_window(page)


@pytest.mark.parametrize("width", WIDTHS)
def test_an_owner_submits_a_plan(chromium, served, width):
    reported(served.office)

    with a_page(chromium, served, "owner1", width=width) as page:
        page.click(".item")
        for name, text in {"duty": "总务处", "measures": "更换", "funds": "500元",
                           "contingency": "专人看守"}.items():  # fmt: skip
            page.fill(f"#field-{name}", text)
        page.fill("#field-deadline", "2026-03-13")
        page.click("#act form button")

        page.wait_for_selector("text=已办理：报方案")
        assert _is_as_wide_as_its_window(page)


@pytest.mark.parametrize("width", WIDTHS)
def test_a_cluster_lead_sends_a_plan_back_with_a_common_phrase(chromium, served, width):
    number = planned(served.office)

    with a_page(chromium, served, "cluster1", width=width) as page:
        page.goto(f"{served.address}/case/{number}")
        page.click("summary:has-text('其他操作')")
        page.click(".menu-list >> text=退回方案")
        page.select_option("[name=phrase-reason]", index=1)
        page.click("#act form button")

        page.wait_for_selector("text=已办理：退回方案")
        assert page.locator(".timeline >> text=整改措施不具体").count() == 1


@pytest.mark.parametrize("width", WIDTHS)
def test_a_verifier_compares_and_passes(chromium, served, width):
    claimed(served.office)

    with a_page(chromium, served, "verifier1a", width=width) as page:
        page.click(".item")
        assert page.locator(".pair").is_visible()
        page.fill("#field-finding", "现场核查属实")
        page.click("#act form button")

        page.wait_for_selector("text=已办理：验收通过")
        assert _is_as_wide_as_its_window(page)


@pytest.mark.parametrize("width", WIDTHS)
def test_the_committee_lists_a_case_and_finds_it(chromium, served, width):
    number = rectifying(served.office)

    with a_page(chromium, served, "committee1", width=width) as page:
        page.goto(f"{served.address}/case/{number}?do=list")
        page.select_option("[name=kind]", "supervision")
        page.fill("#field-reason", "久拖未改")
        page.click("#act form button")
        page.wait_for_selector("text=已办理：挂牌")
        page.goto(f"{served.address}/cases")
        page.check("[name=listed]")

        page.wait_for_url("**listed=1**")
        assert page.locator("#found >> text=共 1 件").is_visible()
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


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_no_page_bars_anybody(chromium, served, width, scheme):
    """Level A and AA as far as axe can tell, with every tone on the page."""
    number = claimed(served.office)
    listed = rectifying(served.office)
    act(served.office, listed, Action.LIST, "committee1", kind="挂牌督办", reason="久拖")
    faults = {}

    with a_page(chromium, served, "cluster1", width=width, color_scheme=scheme) as page:
        for path in ("/", "/cases", f"/case/{number}", f"/case/{listed}", "/report", "/notices",
                     "/audit?q=level:ordinary", "/audit/as-of", f"/audit/as-of/{listed}",
                     f"/audit/case/{listed}", "/audit/statistics?by=month", "/audit/access",
                     "/account", "/style", "/orders", f"/order/{listed}", "/escalations", "/heat",
                     "/dashboard", "/dashboard?wall=1", f"/documents/{listed}",
                     "/verify/x"):  # fmt: skip
            page.goto(served.address + path)
            found = Axe().run(page, options=RULES).response["violations"]
            if found:
                faults[path] = [(each["id"], each["nodes"][0]["html"]) for each in found]
            assert _is_as_wide_as_its_window(page), path
    with a_page(chromium, served, width=width, color_scheme=scheme) as page:
        page.goto(f"{served.address}/login")
        faults |= {"/login": found} if (found := Axe().run(page, options=RULES)
                                        .response["violations"]) else {}  # fmt: skip

    assert faults == {}


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_an_administrator_tries_a_policy_and_nothing_bars_the_way(chromium, served, width, scheme):
    faults = {}

    with a_page(chromium, served, "admin", width=width, color_scheme=scheme) as page:
        for path in ADMINISTRATION:
            page.goto(served.address + path)
            faults[path] = [each["id"] for each in
                            Axe().run(page, options=RULES).response["violations"]]  # fmt: skip
            assert _is_as_wide_as_its_window(page), path
        page.click("button:has-text('检查并试算')")
        page.wait_for_selector("text=新时限的到期日和催办梯没有变化")

    assert {path: found for path, found in faults.items() if found} == {}


def _is_as_wide_as_its_window(page):
    return page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
