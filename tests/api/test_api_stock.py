"""Stock through the API: the same verbs, amounts as texts."""

from io import BytesIO

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from casework.exporting.sheet import write_sheet
from models.tables import REGISTER_RECORDS
from tests.casework.registers.buses import added
from tests.casework.stock.stocks import SALT, a_chemical, entered


@pytest.fixture
def record(sqlite_api):
    a_chemical(sqlite_api.office)
    return sqlite_api.as_("owner1").get("/stock").json()["items"][0]["id"]


def test_a_line_is_written_signed_and_counted(sqlite_api, record):
    owner, head = sqlite_api.as_("owner1"), sqlite_api.as_("head1")

    written = owner.post(f"/stock/{record}/lines", json={"act": "purchase", "amount": "2.5"})
    signed = head.post(f"/stock/{record}/acts", json={"act": "sign", "no": 1})
    counted = owner.post(f"/stock/{record}/counts", json={"counted": "2"})
    ledger = owner.get(f"/stock/{record}").json()

    assert (written.status_code, written.json()["stand"]) == (201, "waiting")
    assert (signed.json()["here"], counted.json()["cases"]) == ("2.5", ["YH2026-000001"])
    assert ledger["counts"][0]["case"] == "YH2026-000001"
    assert (ledger["stock"]["here"], ledger["lines"][0]["second"]) == ("2.5", "HEAD1")


@pytest.mark.parametrize(("path", "body", "status"), [
    ("lines", {"act": "issue", "amount": "1"}, 403),
    ("lines", {"act": "issue", "amount": "x"}, 422),
    ("lines", {"act": "steal", "amount": "1"}, 422),
    ("acts", {"act": "sign", "no": 9}, 404),
    ("acts", {"act": "cancel", "no": 1}, 422),
    ("counts", {"counted": "-1"}, 422),
])  # fmt: skip
def test_what_cannot_be_is_a_problem(sqlite_api, record, path, body, status):
    answer = sqlite_api.as_("owner1").post(f"/stock/{record}/{path}", json=body)

    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"


SOURCE = {"key": "HX2", "no": 2}
PAPER = ("药品编号", "日期", "出入库", "数量")


@pytest.fixture
def paper(tmp_path):
    """The bytes of a workbook with these lines."""

    def write(*rows):
        path = tmp_path / "纸质台账.xlsx"
        write_sheet(path, PAPER, rows)
        return path.read_bytes()

    return write


def test_a_workbook_is_checked_and_then_brought_in_once(sqlite_api, paper):
    a_chemical(sqlite_api.office, **SALT)
    owner, lines = sqlite_api.as_("owner1"), paper(("HX2", "2026-01-05", "期初", "5"))

    checked = owner.post("/stock/sheet", content=lines).json()
    before = owner.get("/stock").json()["items"][0]["here"]
    landed = owner.post("/stock/sheet", params={"dry_run": False}, content=lines).json()
    again = owner.post("/stock/sheet", params={"dry_run": False}, content=lines).json()

    assert (checked["landed"], checked["added"], before) == (False, 1, "0")
    assert (landed["landed"], landed["added"], again["same"]) == (True, 1, 1)
    assert owner.get("/stock").json()["items"][0]["here"] == "5"


def test_each_bad_row_of_a_workbook_is_told_with_its_remedy(sqlite_api, paper):
    a_chemical(sqlite_api.office, **SALT)
    lines = paper(("HX2", "2026-01-05", "期初", "5"), ("HX2", "2026-01-06", "领用", "6"))

    told = sqlite_api.as_("owner1").post("/stock/sheet", content=lines).json()

    (problem,) = told["problems"]
    assert (told["rejected"], problem["row"], problem["field"]) == (1, 3, "amount")
    assert (problem["detail"], problem["remedy"] != "") == ("账上只有 5 克，不够", True)


def test_a_workbook_leaves_with_what_one_sees(sqlite_api):
    a_chemical(sqlite_api.office, **SALT)
    entered(sqlite_api.office, "HX2", "purchase", "5")

    answer = sqlite_api.as_("head1").get("/stock/sheet")
    elsewhere = sqlite_api.as_("owner2").get("/stock/sheet", params={"form": "csv"})

    assert load_workbook(BytesIO(answer.content))["结存"]["G2"].value == 5
    assert elsewhere.text.count("\n") == 1
    assert sqlite_api.as_("reporter1").get("/stock/sheet").status_code == 403


@pytest.mark.parametrize(("by", "content", "status"), [
    ("auditor", b"x", 403), ("owner1", b"%PDF-1.7", 422),
])  # fmt: skip
def test_what_is_no_workbook_or_not_theirs_is_a_problem(sqlite_api, by, content, status):
    answer = sqlite_api.as_(by).post("/stock/sheet", content=content)

    assert (answer.status_code, answer.json()["detail"] != "") == (status, True), answer.text


def test_what_is_sent_is_received_by_the_other_school(sqlite_api):
    a_chemical(sqlite_api.office, **SALT)
    a_chemical(sqlite_api.office, unit="S2", by="owner2", **{**SALT, "code": "B1"})
    entered(sqlite_api.office, "HX2", "purchase", "10")
    owner, taker = sqlite_api.as_("owner1"), sqlite_api.as_("owner2")
    chemical = owner.get("/stock").json()["items"][0]["id"]
    told = {"to": "S2", "amount": "4", "reason": "多余"}

    sent = owner.post(f"/stock/{chemical}/transfers", json=told)
    address = f"/stock/transfers/{sent.json()['transfer']}"
    early = taker.post(f"{address}/acts", json={"act": "receive", "key": "B1", "amount": "4"})
    sqlite_api.as_("head1").post(f"/stock/{chemical}/acts", json={"act": "sign", "no": 2})
    came = taker.post(f"{address}/acts", json={"act": "receive", "key": "B1", "amount": "3.5"})
    seen = taker.get("/stock/transfers").json()["items"]

    assert (sent.status_code, early.status_code, came.status_code) == (201, 403, 200), came.text
    assert (len(came.json()["cases"]), owner.get(address).json()["received"]) == (1, "3.5")
    assert [(each["amount"], each["state"]) for each in seen] == [("4", "arriving")]
    assert sqlite_api.as_("owner3").get(address).status_code == 404


def test_a_batch_of_waste_says_what_it_came_from(sqlite_api):
    a_chemical(sqlite_api.office, **SALT)
    entered(sqlite_api.office, "HX2", "purchase", "10")
    entered(sqlite_api.office, "HX2", "issue", "4")
    added(sqlite_api.office, "waste")
    owner, batch = sqlite_api.as_("owner1"), _batch(sqlite_api.office)

    over = owner.post(f"/stock/waste/{batch}/sources", json={**SOURCE, "amount": "4.001"})
    named = owner.post(f"/stock/waste/{batch}/sources", json={**SOURCE, "amount": "4"}).json()

    assert (over.status_code, named) == (403, owner.get(f"/stock/waste/{batch}").json())
    assert [(each["name"], each["amount"]) for each in named["sources"]] == [("氯化钠", "4")]
    assert [each["reached"] for each in named["stages"]] == [True, False, False, False]


def _batch(office):
    with office.reading() as connection:
        wanted = select(REGISTER_RECORDS.c.id).where(REGISTER_RECORDS.c.kind == "waste")
        return connection.execute(wanted).scalar_one()
