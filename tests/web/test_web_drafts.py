"""A report typed without a connection is neither lost nor sent twice, and is nobody else's."""

import pytest
from sqlalchemy import func, select

from models.tables import CASES, EVIDENCE
from tests.offices import a_photo
from tests.web.conftest import PASSWORD, a_site
from web.serving import running_app

TOLD = "二楼东侧灭火器压力不足"
SYNCS = "() => navigator.serviceWorker.getRegistration('/report').then((r) => r.sync.getTags())"
# A browser without Background Sync: else it may send at once, before anybody reads what is said.
NO_SYNC = "delete ServiceWorkerRegistration.prototype.sync"
SENT = 303
BANNER = ".drafts-said"
COUNT_TAPS = """addEventListener("click", (event) => {
    if (event.isTrusted && event.detail)
        sessionStorage.taps = 1 + Number(sessionStorage.taps || 0);
}, true)"""


class Forgetful:
    """Does what the first report asks, and lets its answer get lost on the way back."""

    def __init__(self, app):
        self.app, self.lost = app, False

    async def __call__(self, scope, receive, send):
        if self.lost or (scope["method"], scope["path"]) != ("POST", "/report"):
            await self.app(scope, receive, send)
            return
        self.lost = True
        await self.app(scope, receive, self.nowhere)
        await send({"type": "http.response.start", "status": 502, "headers": []})
        await send({"type": "http.response.body"})

    async def nowhere(self, _message):
        """Take an answer and send it nowhere."""


def a_phone(chromium, site):
    opened = chromium.new_context(viewport={"width": 390, "height": 844})
    page = opened.new_page()
    page.set_default_timeout(10_000)
    return opened, page


def signed_in(page, site, code):
    page.goto(f"{site.address}/login?next=/report")
    page.fill("[name=code]", code)
    page.fill("[name=password]", PASSWORD)
    page.click("main button")
    page.wait_for_selector("#description")
    page.wait_for_function(
        "async () => (await caches.open('bihuan-report')).match('/report/form').then(Boolean)"
    )
    page.wait_for_function("() => navigator.serviceWorker.controller !== null")


def typed(page, photo, told=TOLD):
    page.set_input_files("#photo", photo)
    page.click(".tile:has-text('消防')")
    page.fill("#description", told)
    page.wait_for_timeout(400)  # it is kept a quarter of a second after the last key


def kept(page):
    """How many drafts the browser holds, whoever's."""
    return page.evaluate("""() => new Promise((resolve) => {
        indexedDB.open("bihuan", 1).onsuccess = (event) => {
            const asked = event.target.result.transaction("report").objectStore("report").count();
            asked.onsuccess = () => { event.target.result.close(); resolve(asked.result); };
        };
    })""")


class Listening:
    """Keeps what every report is answered."""

    def __init__(self, app):
        self.app, self.answers = app, []

    async def __call__(self, scope, receive, send):
        async def told(message):
            if message["type"] == "http.response.start":
                self.answers.append(message["status"])
            await send(message)

        is_report = (scope["method"], scope["path"]) == ("POST", "/report")
        await self.app(scope, receive, told if is_report else send)


def until(page, holds):
    """Wait for what no page shows, five seconds at most."""
    for _ in range(50):
        if holds():
            return
        page.wait_for_timeout(100)


class Worker:
    """Tells the worker of the pages that there is a connection, as the browser does by itself."""

    def __init__(self, opened, page, site):
        self.devtools, self.found = opened.new_cdp_session(page), []
        self.devtools.on("ServiceWorker.workerRegistrationUpdated",
                         lambda told: self.found.extend(told["registrations"]))  # fmt: skip
        self.devtools.send("ServiceWorker.enable")
        self.origin = site.address

    def sync(self):
        self.devtools.send("ServiceWorker.dispatchSyncEvent", {
            "origin": self.origin, "registrationId": self.found[-1]["registrationId"],
            "tag": "bihuan-report", "lastChance": False,
        })  # fmt: skip


def signed_cookie(site, code):
    """The cookie of somebody who is signed in."""
    token = site.as_(code).cookies["bihuan"]
    return {"name": "bihuan", "value": token, "url": site.address}


def counted(office, table):
    with office.reading() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()


@pytest.fixture
def served(sqlite_office, hashed):
    """The pages on a port of this machine; yields their site and address."""
    site = a_site(sqlite_office, hashed)
    with running_app(site.app, host="127.0.0.1", port=8880) as site.address:
        yield site


@pytest.fixture
def photo(tmp_path):
    made = tmp_path / "灭火器.jpg"
    made.write_bytes(a_photo("red"))
    return made


def test_a_report_typed_offline_survives_and_is_sent_exactly_once(chromium, served, photo):
    opened, page = a_phone(chromium, served)
    signed_in(page, served, "reporter1")
    opened.set_offline(True)
    typed(page, photo)
    page.reload()

    page.wait_for_selector(f"{BANNER} >> text=已恢复上次没有提交的草稿")
    assert page.input_value("#description") == TOLD
    assert page.is_checked("[name=category][value=fire]")
    assert page.locator("#photo-previews img").count() == 1

    page.click("main form button:has-text('上报')")
    page.wait_for_selector(f"{BANNER} >> text=离线：已存为草稿，联网后自动提交")
    assert (counted(served.office, CASES), page.input_value("#description")) == (0, "")

    opened.set_offline(False)
    page.wait_for_selector(f"{BANNER} >> text=草稿已上报")
    page.reload()
    page.evaluate("window.dispatchEvent(new Event('online'))")
    page.wait_for_timeout(300)
    assert (counted(served.office, CASES), counted(served.office, EVIDENCE)) == (1, 1)
    assert kept(page) == 0
    opened.close()


def test_an_answer_that_got_lost_makes_no_second_case(chromium, sqlite_office, hashed, photo):
    site = a_site(sqlite_office, hashed)
    with running_app(Forgetful(site.app), host="127.0.0.1", port=8880) as site.address:
        opened, page = a_phone(chromium, site)
        page.add_init_script(NO_SYNC)
        signed_in(page, site, "reporter1")
        typed(page, photo)
        page.click("main form button:has-text('上报')")
        page.wait_for_selector(f"{BANNER} >> text=离线：已存为草稿，联网后自动提交")
        assert counted(sqlite_office, CASES) == 1
        page.evaluate("window.dispatchEvent(new Event('online'))")

        page.wait_for_selector(f"{BANNER} >> text=草稿已上报")
        assert (counted(sqlite_office, CASES), kept(page)) == (1, 0)
        opened.close()


def test_the_browser_sends_it_once_with_no_page_open_and_for_its_person_alone(
    chromium, sqlite_office, hashed, photo
):
    site = a_site(sqlite_office, hashed)
    heard = Listening(site.app)
    with running_app(heard, host="127.0.0.1", port=8880) as site.address:
        opened, page = a_phone(chromium, site)
        signed_in(page, site, "reporter1")
        worker, mine = Worker(opened, page, site), opened.cookies()
        opened.set_offline(True)
        typed(page, photo)
        page.click("main form button:has-text('上报')")
        page.wait_for_function(f"async () => (await ({SYNCS})()).length === 1")
        page.goto("about:blank")
        opened.clear_cookies()
        opened.set_offline(False)

        for cookies in ([], [signed_cookie(site, "reporter2")]):
            seen = len(heard.answers)
            opened.add_cookies(cookies)
            worker.sync()
            until(page, lambda seen=seen: len(heard.answers) > seen)
        unsent = counted(sqlite_office, CASES)
        opened.add_cookies(mine)
        worker.sync()
        until(page, lambda: SENT in heard.answers)
        sent = counted(sqlite_office, CASES)
        worker.sync()
        page.goto(f"{site.address}/report")

        page.wait_for_selector(f"{BANNER} >> text=草稿已上报")
        page.click(f"{BANNER} a")
        page.wait_for_selector(f"text={TOLD}")
        assert (unsent, sent, kept(page)) == (0, 1, 0)
        assert (counted(sqlite_office, EVIDENCE), heard.answers.count(SENT)) == (1, 1)
        opened.close()


def test_a_draft_is_shown_to_whoever_typed_it_and_nobody_else(chromium, served, photo):
    opened, page = a_phone(chromium, served)
    signed_in(page, served, "reporter1")
    typed(page, photo)
    opened.clear_cookies()

    page.goto(f"{served.address}/report")  # leads to the sign-in page
    page.wait_for_function("async () => !(await caches.has('bihuan-report'))")
    signed_in(page, served, "reporter2")
    assert (page.input_value("#description"), kept(page)) == ("", 1)
    assert page.locator(f"{BANNER} p").count() == 0

    opened.clear_cookies()
    signed_in(page, served, "reporter1")
    page.wait_for_selector(f"{BANNER} >> text=已恢复上次没有提交的草稿")
    assert page.input_value("#description") == TOLD
    opened.close()


def test_a_hint_while_typing_and_a_question_keep_the_photo(chromium, served, photo):
    opened, page = a_phone(chromium, served)
    signed_in(page, served, "reporter1")
    typed(page, photo)
    page.click("main form button:has-text('上报')")
    page.wait_for_selector("text=已办理：上报")
    page.goto(f"{served.address}/report")

    typed(page, photo, "二楼西侧灭火器压力不足")
    page.wait_for_selector("#similar >> text=可能已有人上报")
    page.click("main form button:has-text('上报')")  # it was shown: nobody is asked again

    page.wait_for_selector("text=已办理：上报")
    assert counted(served.office, CASES) == 2
    opened.close()


def test_from_a_code_on_the_wall_it_takes_three_taps_and_a_few_words(chromium, served, photo):
    opened, page = a_phone(chromium, served)
    signed_in(page, served, "reporter1")
    page.add_init_script(COUNT_TAPS)
    page.goto(f"{served.address}/report?unit=S1&location=二楼")

    with page.expect_file_chooser() as chosen:
        page.click("#photo")
    chosen.value.set_files(photo)
    page.click(".tile:has-text('消防')")
    page.locator("#description").press_sequentially("灭火器压力不足")
    page.click("main form button:has-text('上报')")

    page.wait_for_selector("text=已办理：上报")
    assert page.evaluate("Number(sessionStorage.taps)") == 3
    assert page.locator("text=二楼").count() > 0
    opened.close()
