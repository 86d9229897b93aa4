"""A ledger from the page: handed in, looked at, imported; how far it is survives a reload."""

import re
from dataclasses import replace
from io import BytesIO
from time import sleep

import pytest
from openpyxl import load_workbook
from sqlalchemy import update

from casework.uploads.running import run_upload
from models import UploadState
from models.tables import LEDGER_UPLOADS
from rules.wording import Trouble
from tests.ledgers import BAD, FIRE, WIRE, a_ledger


@pytest.fixture
def at_once(sqlite_site):
    """Pages whose imports are over before they answer."""
    return settled(sqlite_site)


def settled(site):
    def take(upload):
        try:
            run_upload(site.office, upload.token)
        except Trouble:
            return True
        return True

    site.app.state.settings = replace(site.app.state.settings, start_import=take)
    return site


def hand_in(browser, *rows, name="台账.csv", content=None, **more):
    files = {"file": (name, content or a_ledger(*rows), "text/csv")}
    return browser.post("/import", files=files, data=more)


def test_from_the_file_to_the_cases(site):
    browser = settled(site).as_("committee1")

    sent = hand_in(browser, FIRE, WIRE)
    where = sent.headers["location"]
    checked = browser.get(where).text
    before = browser.get("/cases").text
    browser.post(where, data={"do": "import"})
    landed = browser.get(where).text

    assert sent.status_code == 303
    assert "检查完毕，可以导入，还没有写入" in checked
    assert "灭火器压力不足" in checked
    assert "共 0 件" in before
    assert "已导入：新立 2 件" in landed
    assert "共 2 件" in browser.get("/cases").text


def test_refused_rows_are_told_cell_by_cell_and_given_back(at_once):
    browser = at_once.as_("committee1")
    where = hand_in(browser, FIRE, BAD).headers["location"]

    page = browser.get(where).text
    book = load_workbook(BytesIO(browser.get(f"{where}/errors.xlsx").content))

    assert "1 行须改正" in page
    assert "CSV 第 3 行" in page
    assert "单位</div>" in page
    assert "无此学校" in page
    assert "无此学校" in [cell.value for cell in book.active[2]]


def test_the_rest_is_imported_when_that_is_ticked(at_once):
    browser = at_once.as_("committee1")
    where = hand_in(browser, FIRE, BAD).headers["location"]

    browser.post(where, data={"do": "import"})
    kept_out = browser.get(where).text
    browser.post(where, data={"do": "import", "partial": "1"})

    assert "有退回的行，什么也没有写入" in kept_out
    assert "已导入：新立 1 件" in browser.get(where).text


def test_importing_twice_says_that_it_has_landed(at_once):
    browser = at_once.as_("committee1")
    where = hand_in(browser, FIRE).headers["location"]
    browser.post(where, data={"do": "import"})

    again = browser.post(where, data={"do": "import"})

    assert again.status_code == 409
    assert "这份台账已导入，或正在处理" in again.text


def test_a_file_that_landed_before_is_recognised(at_once):
    browser = at_once.as_("committee1")
    browser.post(hand_in(browser, FIRE).headers["location"], data={"do": "import"})

    page = browser.get(hand_in(browser, FIRE).headers["location"]).text

    assert "同一份文件已在 2026-03-02 09:00 导入过（新立 1 件）" in page
    assert "已有案件，不重复立案" in page


def test_a_unit_and_a_year_stand_for_what_a_ledger_leaves_out(at_once):
    content = "隐患描述,检查日期\n灯不亮,2月27日\n".encode()
    browser = at_once.as_("head1")

    sent = hand_in(browser, content=content, unit="S1", year="2026")

    page = browser.get(sent.headers["location"]).text
    assert "2026-02-27" in page
    assert "第一小学" in page


def test_while_it_runs_the_page_asks_again_and_works_without_javascript(sqlite_site):
    site = sqlite_site
    site.app.state.settings = replace(site.app.state.settings, start_import=lambda _: True)
    browser = site.as_("committee1")

    where = hand_in(browser, FIRE).headers["location"]
    page = browser.get(where).text

    assert 'hx-trigger="every 5s, ended"' in page
    assert '<noscript><meta http-equiv="refresh" content="3">' in page
    assert "排队等待处理" in page
    assert browser.get(f"{where}/errors.xlsx").status_code == 404


def test_without_an_engine_a_thread_does_it(sqlite_site):
    browser = sqlite_site.as_("committee1")

    where = hand_in(browser, FIRE).headers["location"]

    assert "检查完毕" in waited(browser, where)


def test_what_the_engine_leaves_lying_is_taken_on(sqlite_site):
    site = sqlite_site
    site.app.state.settings = replace(site.app.state.settings, start_import=lambda _: True)
    browser = site.as_("committee1")
    where = hand_in(browser, FIRE).headers["location"]

    site.clock.at = site.clock.at.replace(minute=1)

    assert "检查完毕" in waited(browser, where)


@pytest.mark.parametrize(("minutes", "told"), [(2, "排队等待处理"), (4, "处理中断")])
def test_a_run_that_fell_silent_may_be_tried_again(sqlite_site, minutes, told):
    site = sqlite_site
    site.app.state.settings = replace(site.app.state.settings, start_import=lambda _: True)
    browser = site.as_("committee1")
    where = hand_in(browser, FIRE).headers["location"]
    with site.office.writing() as connection:
        connection.execute(update(LEDGER_UPLOADS).values(state=UploadState.RUNNING))

    site.clock.at = site.clock.at.replace(minute=minutes)

    assert told in browser.get(where).text


def waited(browser, where):
    """Return the page once nothing is under way any more, within ten seconds."""
    for _ in range(100):
        page = browser.get(where).text
        if "every 5s" not in page:
            return page
        sleep(0.1)
    return page


@pytest.mark.parametrize("by", ["owner1", "reporter1", "auditor", "verifier1a", "inspector1"])
def test_whoever_may_not_import_is_not_asked_to(sqlite_site, by):
    browser = sqlite_site.as_(by)

    assert browser.get("/import").status_code == 403
    assert hand_in(browser, FIRE).status_code == 403
    assert 'href="/import"' not in browser.get("/more").text


def test_nobody_else_sees_an_upload(at_once):
    where = hand_in(at_once.as_("head1"), FIRE).headers["location"]

    for by in ("committee1", "head2", "admin"):
        browser = at_once.as_(by)
        assert browser.get(where).status_code == 404
        assert browser.post(where, data={"do": "import"}).status_code == 404
        assert browser.get(f"{where}/errors.xlsx").status_code == 404


def test_a_head_imports_for_the_own_school_only(at_once):
    browser = at_once.as_("head1")

    page = browser.get(hand_in(browser, FIRE, WIRE).headers["location"]).text

    assert "1 行须改正" in page


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.xlsx", b"PK\x03\x04broken", "工作簿"),
        ("a.xls", b"<html><table></table></html>", ""),
        ("a.csv", b"%PDF-1.7 nothing", "PDF"),
        ("a.csv", "无表头\n只有字\n".encode(), "表头"),
        ("a.csv", b"\xff\xd8\xff\xe0 picture", ""),
    ],
)
def test_what_is_no_ledger_is_refused_with_a_remedy(at_once, name, content, said):
    browser = at_once.as_("committee1")

    page = browser.get(hand_in(browser, name=name, content=content).headers["location"]).text

    assert 'role="alert"' in page
    assert said in page
    assert "换一份文件" in page


@pytest.mark.parametrize("year", ["99", "x", "2101"])
def test_a_year_that_is_none_is_told_at_its_field(at_once, year):
    answer = hand_in(at_once.as_("head1"), FIRE, year=year)

    assert answer.status_code == 422
    assert "年份须在" in answer.text


def test_nothing_chosen_is_told(at_once):
    answer = at_once.as_("head1").post("/import", data={"unit": ""})

    assert answer.status_code == 422
    assert "没有选择文件" in answer.text


def test_the_empty_ledger_offers_ones_own_units(at_once):
    book = load_workbook(BytesIO(at_once.as_("head1").get("/import/template.xlsx").content))

    units = [cell.value for cell in book["字典"]["A"][1:] if cell.value]

    assert units == ["第一小学"]


def test_names_and_cells_stay_text(at_once):
    browser = at_once.as_("committee1")
    hostile = FIRE.replace("灭火器压力不足", "<script>alert(1)</script>")

    where = hand_in(browser, hostile, name="<img src=x onerror=alert(1)>.csv").headers["location"]
    pages = browser.get(where).text + browser.get("/import").text

    assert re.search(r"<script>alert|<img src=x", pages) is None
