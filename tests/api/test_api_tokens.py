"""Whose token may ask for what, until when, how often."""

from datetime import timedelta

import pytest
from limits import RateLimitItemPerMinute

from casework.accounts.register import disable_account
from casework.accounts.tokens import Scope, drop_token, list_tokens
from casework.events import Door
from models.tables import ACCESS_TOKENS
from tests.offices import MONDAY_9AM, reported
from web.api.rates import Rates

DAY = timedelta(days=1)


def test_without_a_token_the_answer_says_how_to_get_one(sqlite_api):
    answer = sqlite_api.nobody().get("/cases")

    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert answer.headers["content-type"] == "application/problem+json"
    assert "账号" in answer.json()["remedy"]


@pytest.mark.parametrize("header", [
    "Bearer", "Bearer ", "Bearer bihuan_nonsense", "Basic eDp5", "bihuan_x", "Bearer \u00e9",
])  # fmt: skip
def test_what_is_no_token_opens_nothing(sqlite_api, header):
    answer = sqlite_api.nobody().get("/cases", headers={"Authorization": header.encode("latin-1")})

    assert answer.status_code == 401


def test_a_token_ends_on_its_day(api):
    client = api.as_("owner1")

    api.clock.at = MONDAY_9AM + 30 * DAY - timedelta(seconds=1)
    assert client.get("/cases").status_code == 200

    api.clock.at = MONDAY_9AM + 30 * DAY
    assert client.get("/cases").status_code == 401


def test_a_revoked_token_opens_nothing_more(sqlite_api):
    client = sqlite_api.as_("owner1")
    assert client.get("/cases").status_code == 200

    drop_token(sqlite_api.office, "owner1", 1, at=MONDAY_9AM, door=Door.PAGE)

    assert client.get("/cases").status_code == 401


def test_the_token_of_a_disabled_account_opens_nothing(sqlite_api):
    client = sqlite_api.as_("owner1")

    disable_account(sqlite_api.office, "owner1", by="admin", at=MONDAY_9AM, door=Door.CLI)

    assert client.get("/cases").status_code == 401


@pytest.mark.parametrize(("scope", "method", "path", "status"), [
    (Scope.READ, "GET", "/cases", 200),
    (Scope.READ, "POST", "/cases", 403),
    (Scope.READ, "GET", "/audit/search", 403),
    (Scope.REPORT, "GET", "/cases", 403),
    (Scope.REPORT, "POST", "/evidence", 422),
    (Scope.MOVE, "POST", "/evidence", 422),
    (Scope.MOVE, "POST", "/cases", 403),
    (Scope.AUDIT, "GET", "/audit/search", 200),
    (Scope.AUDIT, "GET", "/cases", 403),
    (Scope.AUDIT, "POST", "/evidence", 403),
])  # fmt: skip
def test_a_token_does_what_its_scope_says(sqlite_api, scope, method, path, status):
    answer = sqlite_api.as_("head1", scope).request(method, path, json={
        "unit": "S1", "category": "fire", "description": "灯不亮",
    })  # fmt: skip

    assert answer.status_code == status


def test_a_token_of_before_there_were_scopes_reads_and_works_but_does_not_audit(sqlite_api):
    client = sqlite_api.as_("owner1", Scope.READ)
    with sqlite_api.office.writing() as connection:
        connection.execute(ACCESS_TOKENS.update().values(scope="work"))

    assert client.get("/cases").status_code == 200
    assert client.get("/audit/search").status_code == 403


def test_a_session_of_the_pages_counts_for_nothing_here(sqlite_api):
    client = sqlite_api.nobody(cookies={"bihuan": "whatever"})

    assert client.get("/cases").status_code == 401


def test_when_a_token_was_used_is_kept(sqlite_api):
    sqlite_api.as_("owner1").get("/cases")

    assert list_tokens(sqlite_api.office, "owner1")[0]["used_at"] == MONDAY_9AM


def test_who_asks_too_often_is_told_to_wait(sqlite_api):
    sqlite_api.served.state.rates = Rates(RateLimitItemPerMinute(3), RateLimitItemPerMinute(1))
    client, other = sqlite_api.as_("owner1"), sqlite_api.as_("owner1")

    assert [client.get("/cases").status_code for _ in range(4)] == [200, 200, 200, 429]
    assert client.get("/cases").headers["retry-after"] == "60"
    assert other.get("/cases").status_code == 200


def test_who_changes_too_often_is_told_to_wait_and_may_still_read(sqlite_api):
    sqlite_api.served.state.rates = Rates(RateLimitItemPerMinute(9), RateLimitItemPerMinute(1))
    number, client = reported(sqlite_api.office), sqlite_api.as_("owner1")
    step = {"action": "progress", "fields": {"text": "已订货"}}

    assert client.post(f"/cases/{number}/moves", json=step).status_code != 429
    assert client.post(f"/cases/{number}/moves", json=step).status_code == 429
    assert client.get("/cases").status_code == 200
