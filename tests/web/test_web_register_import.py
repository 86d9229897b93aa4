"""A ledger is checked before it lands, row by row, and nobody finds another's."""

from datetime import timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest

from casework.registers.listing import list_records
from rules.workdays import china_day
from tests.offices import MONDAY_9AM

HEADER = "工号,姓名,出生日期,保安员证编号,资质证编号,年审日期"
GOOD = f"{HEADER}\nA01,李大力,1985-01-01,苏保123,园教45,2026-01-01\n"
BAD = GOOD + "A02,,1985-02-30,,,\n"


def sent(text, name="保安.csv"):
    return {"file": (name, BytesIO(text.encode()), "text/csv")}


def token_in(page):
    return page.split('name="token" value="')[1].split('"')[0]


def stored(site):
    return list_records(site.office, "guard", by="head1", today=china_day(MONDAY_9AM)).rows


def test_a_ledger_is_checked_first_and_lands_when_told(site):
    browser = site.as_("head1")

    checked = browser.post("/registers/guard/import", files=sent(GOOD))
    before = stored(site)
    landed = browser.post("/registers/guard/import", data={"token": token_in(checked.text)})

    assert "检查结果（未写入）" in checked.text
    assert (before, len(stored(site))) == ([], 1)
    assert "已导入" in landed.text


def test_bad_rows_are_told_and_come_back_as_a_workbook(sqlite_site):
    browser = sqlite_site.as_("head1")

    checked = browser.post("/registers/guard/import", files=sent(BAD))
    token = token_in(checked.text)
    book = browser.get(f"/registers/guard/import/errors.xlsx?token={token}")
    refused = browser.post("/registers/guard/import", data={"token": token})
    partial = browser.post("/registers/guard/import", data={"token": token, "partial": "1"})

    assert "缺少姓名" in checked.text
    assert "1985-02-30" not in checked.text  # what is personal is not told, not even when it is bad
    assert ZipFile(BytesIO(book.content)).testzip() is None
    assert "什么也没有写入" in refused.text
    assert "已导入" in partial.text
    assert len(stored(sqlite_site)) == 1


def test_what_waits_is_its_senders_alone_and_not_for_long(sqlite_site):
    checked = sqlite_site.as_("head1").post("/registers/guard/import", files=sent(GOOD))
    token = token_in(checked.text)

    other = sqlite_site.as_("committee1").post("/registers/guard/import", data={"token": token})
    errors = sqlite_site.as_("committee1").get(f"/registers/guard/import/errors.xlsx?token={token}")
    sqlite_site.clock.at = MONDAY_9AM + timedelta(minutes=31)
    late = sqlite_site.as_("head1").post("/registers/guard/import", data={"token": token})

    assert (other.status_code, errors.status_code, late.status_code) == (404, 404, 404)
    assert stored(sqlite_site) == []


@pytest.mark.parametrize(("files", "told"), [
    ({}, "没有选择文件"), (sent("甲,乙\n1,2\n"), "表头"), (sent("x", "x.exe"), ""),
])  # fmt: skip
def test_what_is_no_ledger_is_refused_with_the_reason(sqlite_site, files, told):
    answer = sqlite_site.as_("head1").post("/registers/guard/import", files=files, data={"x": "1"})

    assert answer.status_code in (403, 422)
    assert told in answer.text


def test_who_edits_nowhere_may_not_import(sqlite_site):
    answer = sqlite_site.as_("auditor").post("/registers/guard/import", files=sent(GOOD))

    assert answer.status_code == 403
