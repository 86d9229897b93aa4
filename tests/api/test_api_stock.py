"""Stock through the API: the same verbs, amounts as texts."""

import pytest

from tests.casework.stock.stocks import a_chemical


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
