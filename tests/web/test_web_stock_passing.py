"""Transfers and waste on pages: both ends see them, each does what is theirs, strangers nothing."""

import pytest

from casework.stock.batches import batches_of
from casework.stock.listing import list_stock
from tests.casework.registers.buses import added
from tests.casework.stock.stocks import SALT, a_chemical, entered, sent


@pytest.fixture
def transfer(sqlite_site):
    a_chemical(sqlite_site.office, name="<b>酸</b>")
    a_chemical(sqlite_site.office, unit="S2", by="owner2", code="B1")
    return sent(sqlite_site.office)


@pytest.fixture
def batch(sqlite_site):
    office = sqlite_site.office
    a_chemical(office, **SALT)
    entered(office, "HX2", "purchase", "10")
    entered(office, "HX2", "issue", "4")
    added(office, "waste")
    page = sqlite_site.as_("owner1").get("/registers/waste/record?key=F1&unit=S1").text
    return int(page.partition('href="/stock/waste/')[2].partition('"')[0])


def test_what_is_sent_is_received_on_a_page_by_the_other_school(sqlite_site, transfer):
    taker, giver = sqlite_site.as_("owner2"), sqlite_site.as_("owner1")
    offered = taker.get(f"/stock/transfers/{transfer}").text
    received = taker.post(f"/stock/transfers/{transfer}/receive", data={"key": "B1", "amount": "3"})
    page = giver.get(f"/stock/transfers/{transfer}").text

    assert ("接收入账" in offered, "&lt;b&gt;酸" in offered, received.status_code) == (
        True,
        True,
        303,
    )
    assert 'href="/case/YH2026-000001"' in page
    assert "待接收方签字" in giver.get("/stock/transfers").text
    assert "/case/" not in taker.get(f"/stock/transfers/{transfer}").text.partition("<main")[2]


def test_a_transfer_is_written_on_the_ledgers_page(sqlite_site):
    a_chemical(sqlite_site.office, **SALT)
    entered(sqlite_site.office, "HX2", "purchase", "10")
    owner, (stock,) = sqlite_site.as_("owner1"), list_stock(sqlite_site.office, by="owner1").rows
    told = {"to": "第二中学", "amount": "4", "reason": "多余"}

    wrong = owner.post(f"/stock/{stock.id}/send", data={**told, "to": "没有的学校"})
    done = owner.post(f"/stock/{stock.id}/send", data=told)

    assert (wrong.status_code, 'value="没有的学校"' in wrong.text) == (404, True)
    assert done.headers["location"] == "/stock/transfers/1?done=send"
    assert "调拨：第一小学 → 第二中学" in owner.get(f"/stock/{stock.id}").text


def test_it_is_declined_with_a_reason(sqlite_site, transfer):
    taker = sqlite_site.as_("owner2")

    blank = taker.post(f"/stock/transfers/{transfer}/decline", data={"reason": ""})
    done = taker.post(f"/stock/transfers/{transfer}/decline", data={"reason": "标签不符"})

    assert (blank.status_code, done.status_code) == (422, 303)
    assert "拒收：标签不符" in taker.get(f"/stock/transfers/{transfer}").text


@pytest.mark.parametrize("code", ["owner3", "cluster2", "reporter1"])
def test_strangers_of_a_transfer_find_nothing(sqlite_site, transfer, code):
    browser = sqlite_site.as_(code)
    told = {"key": "B1", "amount": "4"}

    assert browser.get(f"/stock/transfers/{transfer}").status_code in (403, 404)
    answer = browser.post(f"/stock/transfers/{transfer}/receive", data=told)
    assert answer.status_code in (403, 404)


def test_a_batch_and_its_lines_lead_to_each_other(sqlite_site, batch):
    owner = sqlite_site.as_("owner1")
    told = {"line": "2 HX2", "amount": "4.5"}

    over = owner.post(f"/stock/waste/{batch}/source", data=told)
    named = owner.post(f"/stock/waste/{batch}/source", data={**told, "amount": "1.5"})
    page = owner.get(f"/stock/waste/{batch}").text

    assert (over.status_code, named.status_code) == (403, 303)
    assert "可归入废弃物的只有 4 克" in over.text
    assert "来源：氯化钠 1.5 克" in page
    (stock,) = list_stock(sqlite_site.office, by="owner1").rows
    assert f'href="/stock/waste/{batch}"' in owner.get(f"/stock/{stock.id}").text


def test_a_source_is_taken_back(sqlite_site, batch):
    owner = sqlite_site.as_("owner1")
    for amount in ("1.5", "0"):
        owner.post(f"/stock/waste/{batch}/source", data={"line": "2 HX2", "amount": amount})

    (stock,) = list_stock(sqlite_site.office, by="owner1").rows
    with sqlite_site.office.reading() as connection:
        assert batches_of(connection, [stock.id]) == {}


@pytest.mark.parametrize(("code", "status"), [
    ("owner2", 404), ("cluster2", 404), ("auditor", 404), ("reporter1", 404),
])  # fmt: skip
def test_who_may_not_names_no_source(sqlite_site, batch, code, status):
    told = {"line": "2 HX2", "amount": "1"}

    answer = sqlite_site.as_(code).post(f"/stock/waste/{batch}/source", data=told)

    assert answer.status_code in {status, 403}
