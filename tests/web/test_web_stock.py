"""The stock of chemicals on pages: two people, a count, and hostile words."""

import pytest

from casework.stock.listing import list_stock
from tests.casework.stock.stocks import a_chemical, entered


@pytest.fixture
def record(sqlite_site):
    a_chemical(sqlite_site.office, name="<b>酸</b>")
    return list_stock(sqlite_site.office, by="owner1").rows[0].id


def test_a_line_is_written_and_signed_by_another(sqlite_site, record):
    owner, head = sqlite_site.as_("owner1"), sqlite_site.as_("head1")

    written = owner.post(f"/stock/{record}/enter", data={"entry": "purchase", "amount": "5"})
    own = owner.post(f"/stock/{record}/sign", data={"no": "1"})
    signed = head.post(f"/stock/{record}/sign", data={"no": "1"})
    page = head.get(f"/stock/{record}").text

    assert (written.status_code, own.status_code, signed.status_code) == (303, 403, 303)
    assert "OWNER1、HEAD1" in page
    assert "&lt;b&gt;酸" in page


def test_a_fault_stands_at_its_field_and_keeps_what_was_typed(sqlite_site, record):
    typed = {"entry": "issue", "amount": "5", "reason": "高二实验"}

    answer = sqlite_site.as_("owner1").post(f"/stock/{record}/enter", data=typed)

    assert answer.status_code == 403
    assert 'value="高二实验"' in answer.text
    assert "账上只有 0" in answer.text


def test_a_count_that_differs_leads_to_its_case(sqlite_site, record):
    owner = sqlite_site.as_("owner1")

    owner.post(f"/stock/{record}/count", data={"counted": "1"})

    assert 'href="/case/YH2026-000001"' in owner.get(f"/stock/{record}").text


def test_the_list_finds_what_waits_for_a_signature(sqlite_site, record):
    head = sqlite_site.as_("head1")
    before = head.get("/stock?waiting=1").text
    entered(sqlite_site.office, "HX1", "purchase", "1")

    assert ("没有符合条件的药品" in before, "1 笔" in head.get("/stock?waiting=1").text) == (
        True,
        True,
    )


@pytest.mark.parametrize("code", ["reporter1", "owner2", "cluster2"])
def test_whoever_may_not_finds_nothing(sqlite_site, record, code):
    browser = sqlite_site.as_(code)

    assert browser.get(f"/stock/{record}").status_code == 404
    assert browser.post(f"/stock/{record}/count", data={"counted": "1"}).status_code == 404


def test_an_auditor_sees_no_form(sqlite_site, record):
    page = sqlite_site.as_("auditor").get(f"/stock/{record}")

    assert (page.status_code, "记一笔" in page.text) == (200, False)


def test_a_paper_ledger_is_checked_brought_in_and_signed_at_once(sqlite_site, record):
    owner, head = sqlite_site.as_("owner1"), sqlite_site.as_("head1")
    paper = "药品编号,日期,出入库,数量\nHX1,2026-01-05,期初,500\nHX1,2026-01-06,购入,20\n"

    checked = owner.post("/stock/import", files={"file": ("纸.csv", paper.encode(), "text/csv")})
    token = checked.text.partition('name="token" value="')[2].partition('"')[0]
    landed = owner.post("/stock/import", data={"token": token})
    signed = head.post(f"/stock/{record}/sign", data={"no": "1", "to": "2"})

    assert "什么也没有写入" not in checked.text
    assert "新记账" in landed.text
    assert signed.status_code == 303
    assert list_stock(sqlite_site.office, by="owner1").rows[0].balance.here == 520_000


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_the_ledgers_leave_as_a_file(sqlite_site, record, ending):
    entered(sqlite_site.office, "HX1", "purchase", "1")

    answer = sqlite_site.as_("head1").get(f"/stock/export.{ending}?text=HX1")

    assert (answer.status_code, len(answer.content) > 200) == (200, True)
    assert sqlite_site.as_("reporter1").get(f"/stock/export.{ending}").status_code == 403


@pytest.mark.parametrize("path", ["/stock/import", "/stock/import/template.xlsx"])
def test_who_may_not_see_stock_brings_none_in(sqlite_site, path):
    assert sqlite_site.as_("reporter1").get(path).status_code == 403
