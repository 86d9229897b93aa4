"""Webhooks through the API: administrators with a token for it, and nobody's address comes back."""

import pytest

from casework.accounts.tokens import Scope

NEW = {"name": "系统", "url": "https://example.cn/hook?token=canary", "kinds": ["close"]}


def test_a_webhook_is_added_listed_paused_and_removed(api):
    admin = api.as_("admin")

    added = admin.post("/webhooks", json=NEW)
    acted = [
        admin.post("/webhooks/系统/acts", json={"act": each}).status_code
        for each in ("pause", "resume")
    ]
    changed = admin.post("/webhooks/系统/secret", json={"hours": 1})
    (listed,) = admin.get("/webhooks").json()
    receipts = admin.get("/webhooks/系统/receipts")
    removed = admin.post("/webhooks/系统/acts", json={"act": "remove"})

    assert added.json()["secret"].startswith("whsec_")
    assert acted == [200, 200]
    assert changed.json()["secret"].startswith("whsec_")
    assert (listed["state"], listed["kinds"], listed["behind"]) == ("active", ["close"], 0)
    assert (listed["shown"], "canary" in str(listed)) == ("example.cn …", False)
    assert (receipts.json(), removed.status_code) == ([], 200)
    assert admin.get("/webhooks").json() == []


def test_a_test_says_why_an_inner_address_is_not_gone_to(sqlite_api):
    admin = sqlite_api.as_("admin")
    admin.post("/webhooks", json={**NEW, "url": "http://127.0.0.1:1/hook"})

    told = admin.post("/webhooks/系统/acts", json={"act": "test"}).json()

    assert told["sent"] is False
    assert "公网" in told["detail"]


@pytest.mark.parametrize(("changed", "field"), [
    ({"url": "ftp://example.cn"}, "address"),
    ({"url": "https://user:pass@example.cn/"}, "address"),
    ({"kinds": ["nonsense"]}, "kinds"),
    ({"place": "没有"}, "place"),
    ({"name": "two words"}, "name"),
])  # fmt: skip
def test_what_cannot_be_is_refused_at_its_field(sqlite_api, changed, field):
    answer = sqlite_api.as_("admin").post("/webhooks", json={**NEW, **changed})

    assert (answer.status_code // 100, answer.json()["field"]) == (4, field)


def test_a_name_in_use_is_refused(sqlite_api):
    admin = sqlite_api.as_("admin")
    first, second = (admin.post("/webhooks", json=NEW) for _ in range(2))

    assert (first.status_code, second.status_code) == (200, 403)


@pytest.mark.parametrize("code", ["committee1", "head1", "auditor", "cluster1"])
def test_only_administrators_open_a_door(sqlite_api, code):
    asked = sqlite_api.as_(code)

    assert asked.get("/webhooks").status_code == 403
    assert asked.post("/webhooks", json=NEW).status_code == 403


def test_a_token_for_other_work_opens_none(sqlite_api):
    asked = sqlite_api.as_("admin", Scope.READ, Scope.REPORT, Scope.MOVE, Scope.AUDIT)

    assert asked.post("/webhooks", json=NEW).status_code == 403
