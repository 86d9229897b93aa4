"""Two journeys in a real browser: many cases closed from the list, and a ledger imported."""

import pytest

from tests.conftest import opened
from tests.ledgers import BAD, FIRE, WIRE, a_ledger
from tests.offices import an_office, reported, verified
from tests.web.browsing import WIDTHS, a_page, barriers, is_as_wide_as_its_window
from tests.web.conftest import a_site
from web.serving import running_app


@pytest.fixture(params=WIDTHS)
def way(request, chromium, tmp_path, sqlite_template, hashed):
    """A page of the committee's at each width, and what it is served from."""
    path = tmp_path / "bihuan.db"
    path.write_bytes(sqlite_template.read_bytes())
    with opened(f"sqlite:///{path}") as engine:
        site = a_site(an_office(engine, tmp_path), hashed)
        with (
            running_app(site.app, host="127.0.0.1", port=8870) as site.address,
            a_page(chromium, site, "committee1", width=request.param) as page,
        ):
            yield site, page


def fine(page):
    return (barriers(page), is_as_wide_as_its_window(page)) == ([], True)


def test_many_are_closed_from_the_list(way):
    site, page = way
    verified(site.office)
    verified(site.office, unit="S3")
    reported(site.office)

    page.goto(f"{site.address}/cases")
    page.check("text=全选本页")
    page.select_option("#action", "close")
    page.click("text=批量办理所选")
    page.wait_for_selector("text=这是预览")
    previewed = fine(page)
    page.click("text=确认：对 2 件“销号”")
    page.wait_for_selector("text=已办理 2 件，1 件没有办理")
    told = fine(page)
    page.click("main >> text=案件 >> nth=0")

    assert (previewed, told) == (True, True)
    assert page.locator(".chip", has_text="已销号").count() == 2


def test_a_ledger_is_imported_and_its_bad_row_comes_back(way, tmp_path):
    site, page = way
    ledger = tmp_path / "台账.csv"
    ledger.write_bytes(a_ledger(FIRE, WIRE, BAD))

    page.goto(f"{site.address}/import")
    asked = fine(page)
    page.set_input_files("#file", ledger)
    page.click("text=上传并检查")
    page.wait_for_selector("text=检查完毕，还没有写入：1 行须改正")
    checked = fine(page)
    with page.expect_download() as given_back:
        page.click("text=下载退回的行")
    page.check("[name=partial]")
    page.click("button:has-text('导入 2 件')")
    page.wait_for_selector("text=已导入：新立 2 件")

    assert (asked, checked, fine(page)) == (True, True, True)
    assert given_back.value.suggested_filename == "台账.错误.xlsx"


def test_columns_are_ticked_and_the_view_is_kept(way):
    site, page = way
    reported(site.office, owner="王小明")

    page.goto(f"{site.address}/cases")
    page.click("summary:has-text('显示的列')")
    page.check("[name=column][value=owner]")
    page.wait_for_selector("td:has-text('王小明')")
    page.click("summary:has-text('保存或删除视图')")
    page.fill("#name", "带责任人")
    page.click("text=保存视图")
    page.wait_for_selector("a[aria-current=true]:has-text('带责任人')")

    assert "columns=" in page.url
    assert fine(page)
