"""How far an import is, told live: to its owner alone, holding nothing while it waits."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest

from casework.uploads.keeping import folder_of
from casework.uploads.running import run_upload
from models import UploadState
from models.tables import LEDGER_UPLOADS
from tests.ledgers import FIRE, a_ledger
from tests.web.browsing import a_page
from web.serving import running_app

STREAMS = 60  # more than the 40 threads that answer pages


@pytest.fixture
def waiting(sqlite_site):
    """Pages whose imports wait until a test runs them."""
    settings = sqlite_site.app.state.settings
    sqlite_site.app.state.settings = replace(settings, start_import=lambda _: True)
    return sqlite_site


def handed_in(browser):
    files = {"file": ("台账.csv", a_ledger(FIRE), "text/csv")}
    return browser.post("/import", files=files).headers["location"]


def test_it_is_told_while_it_waits_and_when_it_ended(waiting):
    browser = waiting.as_("head1")
    where = handed_in(browser)
    waiting.app.state.leaving.set()  # one look, then the stream ends
    first = browser.get(f"{where}/progress")
    waiting.app.state.leaving.clear()
    run_upload(waiting.office, where.rpartition("/")[2])

    last = browser.get(f"{where}/progress")

    assert first.headers["content-type"].startswith("text/event-stream")
    assert "event: moved\ndata: <section" in first.text
    assert "排队等待处理" in first.text
    assert last.text.endswith("event: ended\ndata: ended\n\n")
    assert "检查完毕" in browser.get(where).text


def test_nobody_else_is_told_and_pages_that_leave_let_everybody_go(waiting):
    where = handed_in(waiting.as_("head1"))
    waiting.app.state.leaving.set()

    assert waiting.as_("head2").get(f"{where}/progress").status_code == 404
    assert "ended" not in waiting.as_("head1").get(f"{where}/progress").text


def test_many_who_watch_keep_no_page_waiting(waiting):
    browser = waiting.as_("head1")
    where = handed_in(browser)
    cookie = {"Cookie": f"bihuan={browser.cookies['bihuan']}"}
    with running_app(waiting.app, host="127.0.0.1", port=8880) as address:
        host = urlsplit(address).netloc

        def watch(_):
            asked = HTTPConnection(host, timeout=10)
            asked.request("GET", f"{where}/progress", headers=cookie)
            return asked, asked.getresponse().read(12)

        with ThreadPoolExecutor(STREAMS) as crowd:
            streams = list(crowd.map(watch, range(STREAMS)))
        page = HTTPConnection(host, timeout=5)
        page.request("GET", "/cases", headers=cookie)
        status = page.getresponse().status
        waiting.app.state.leaving.set()
        for each in [*(stream for stream, _ in streams), page]:
            each.close()

    assert (status, {begun for _, begun in streams}) == (200, {b"retry: 500\n\n"})


def test_the_page_shows_it_without_asking(chromium, waiting):
    with running_app(waiting.app, host="127.0.0.1", port=8880) as waiting.address:
        where = handed_in(waiting.as_("head1"))
        token = where.rpartition("/")[2]
        with a_page(chromium, waiting, "head1", width=390) as page:
            page.goto(waiting.address + where)
            page.wait_for_selector("text=排队等待处理")
            asked = []
            page.on("request", lambda request: asked.append(request.url))
            with waiting.office.writing() as connection:
                connection.execute(LEDGER_UPLOADS.update().values(state=UploadState.RUNNING))
            written = folder_of(waiting.office, token) / "progress.json"
            written.write_text('{"doing": "write", "done": 7, "total": 9}')
            page.wait_for_selector("text=正在写入：7 / 9 行")
            silent = not asked
            with waiting.office.writing() as connection:
                connection.execute(LEDGER_UPLOADS.update().values(state=UploadState.WAITING))
            run_upload(waiting.office, token)
            page.wait_for_selector("text=检查完毕，可以导入")

    assert silent
