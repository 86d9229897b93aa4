"""Ledgers through the API: handed in, rehearsed, asked after, landed, given back."""

from dataclasses import replace
from io import BytesIO

import pytest
from openpyxl import load_workbook

from casework.accounts.tokens import Scope
from casework.uploads.running import run_upload
from rules.wording import Trouble
from tests.ledgers import BAD, FIRE, WIRE, a_ledger


@pytest.fixture
def at_once(sqlite_api):
    """An API whose imports are over before it answers."""

    def take(upload):
        try:
            run_upload(sqlite_api.office, upload.token)
        except Trouble:
            return True
        return True

    state = sqlite_api.served.state
    state.settings = replace(state.settings, start_import=take)
    return sqlite_api


def hand_in(client, *rows, **wanted):
    answer = client.post("/imports", params=wanted, content=a_ledger(*rows))
    return client.get(f"/imports/{answer.json()['upload']}").json()


def test_a_ledger_is_rehearsed_and_then_landed(at_once):
    client = at_once.as_("committee1")

    checked = hand_in(client, FIRE, WIRE, name="台账.csv")
    client.post(f"/imports/{checked['upload']}/run", json={"dry_run": False})
    landed = client.get(f"/imports/{checked['upload']}").json()

    assert (checked["state"], checked["dry_run"], checked["cases"]) == ("ended", True, 2)
    assert (landed["landed"], landed["cases"], landed["name"]) == (True, 2, "台账.csv")
    assert client.get("/cases/count").json()["number"] == 2


def test_a_ledger_may_land_at_once(at_once):
    told = hand_in(at_once.as_("committee1"), FIRE, BAD, dry_run=False, partial=True)

    assert (told["landed"], told["cases"], told["rejected"]) == (True, 1, 1)


def test_refused_rows_are_told_and_given_back(at_once):
    client = at_once.as_("committee1")

    told = hand_in(client, BAD)
    book = load_workbook(BytesIO(client.get(f"/imports/{told['upload']}/errors").content))

    assert [(each["row"], each["field"]) for each in told["problems"]] == [(2, "unit")]
    assert "无此学校" in [cell.value for cell in book.active[2]]


def test_a_file_that_is_no_ledger_says_why(at_once):
    client = at_once.as_("committee1")
    answer = client.post("/imports", content=b"%PDF-1.7")

    told = client.get(f"/imports/{answer.json()['upload']}").json()

    assert (answer.status_code, told["state"]) == (202, "failed")
    assert "PDF" in told["detail"]
    assert told["remedy"]


def test_what_landed_is_not_run_again(at_once):
    client = at_once.as_("committee1")
    told = hand_in(client, FIRE, dry_run=False)

    again = client.post(f"/imports/{told['upload']}/run", json={"dry_run": False})

    assert again.status_code == 409


@pytest.mark.parametrize(
    ("by", "scopes", "status"),
    [
        ("owner1", (), 403), ("auditor", (), 403), ("head1", (Scope.READ,), 403),
        ("head1", (Scope.REPORT,), 202),
    ],
)  # fmt: skip
def test_it_takes_a_role_and_a_token_for_it(at_once, by, scopes, status):
    assert at_once.as_(by, *scopes).post("/imports", content=a_ledger(FIRE)).status_code == status


@pytest.mark.parametrize("by", ["head2", "admin"])
def test_an_import_is_told_to_its_owner_alone(at_once, by):
    token = hand_in(at_once.as_("head1"), FIRE)["upload"]
    client = at_once.as_(by)

    asked = [
        client.get(f"/imports/{token}"), client.get(f"/imports/{token}/errors"),
        client.post(f"/imports/{token}/run", json={}),
    ]  # fmt: skip

    assert [each.status_code for each in asked] == [404, 404, 404]
