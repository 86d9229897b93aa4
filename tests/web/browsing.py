"""A real browser for tests: a page where somebody is signed in, and what bars people from it."""

import os
import re
from contextlib import contextmanager
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe

from tests.web.conftest import PASSWORD

WIDTHS = [1280, 390]
# Level A and AA of WCAG 2.0 to 2.2; the rest is advice.
RULES = {
    "resultTypes": ["violations"],
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
}


@contextmanager
def a_page(chromium, site, code="", *, width=1280, lang="zh", **context):
    """A page where somebody is signed in; fails on anything the console complains of."""
    opened = chromium.new_context(viewport={"width": width, "height": 900}, **context)
    opened.add_cookies([{"name": "lang", "value": lang, "url": site.address}])
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


def barriers(page):
    """Return what axe finds on a page, level A and AA: the rule and the first place."""
    found = Axe().run(page, options=RULES).response["violations"]
    return [(each["id"], each["nodes"][0]["html"]) for each in found]


def is_as_wide_as_its_window(page):
    return page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def keep_picture(page, name):
    """Keep a picture of the whole page, where BIHUAN_TEST_SCREENSHOTS names a folder."""
    folder = os.environ.get("BIHUAN_TEST_SCREENSHOTS")
    if folder:
        path = Path(folder) / f"{re.sub(r'[^0-9A-Za-z_-]+', '-', name).strip('-')}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=path, full_page=True)
