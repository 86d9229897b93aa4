"""Every operation says who may ask, and nothing of elsewhere comes out, by whatever id."""

import re

import pytest

from casework.accounts.tokens import Scope
from rules.actions import Action
from rules.orders import OrderCause
from tests.offices import act, claimed, rectifying
from web.api.app import NOUNS
from web.api.calls import Bearing
from web.permission import Anyone

FOREIGN = ["owner2", "reporter3", "head3", "cluster2", "verifier2"]


def _operations():
    for noun in NOUNS:
        for route in noun.operations.router.routes:
            called = [each.call for each in route.dependant.dependencies]
            found = [each for each in called if isinstance(each, Bearing)]
            yield min(route.methods), route.path, found


ROUTES = list(_operations())
CLOSED = [(method, path) for method, path, found in ROUTES
          if found[0].permission is not Anyone.ANYBODY]  # fmt: skip


@pytest.mark.parametrize(("method", "path", "found"), ROUTES)
def test_every_operation_declares_one_permission_and_its_scope(method, path, found):
    assert len(found) == 1, f"{method} {path}"
    assert bool(found[0].scopes) is (found[0].permission is not Anyone.ANYBODY)


def test_only_what_is_published_is_open_to_anybody():
    assert {path for _, path, found in ROUTES if found[0].permission is Anyone.ANYBODY} == {
        "/published/orders", "/published/lookbacks", "/published/inspections",
    }  # fmt: skip


def test_a_token_that_only_reads_changes_nothing():
    changing = [found[0].scopes for method, _, found in ROUTES if method == "POST"]

    assert all(Scope.READ not in scopes and Scope.AUDIT not in scopes for scopes in changing)


@pytest.mark.parametrize(("method", "path"), CLOSED)
def test_without_a_token_every_operation_is_closed(sqlite_api, method, path):
    asked = re.sub(r"\{\w+\}", "1", path)

    answer = sqlite_api.nobody().request(method, asked, content=b"{" * 10)

    assert answer.status_code in (401, 400)
    if method == "GET":
        assert answer.status_code == 401


@pytest.mark.parametrize("code", FOREIGN)
def test_what_lies_elsewhere_is_in_no_list_count_search_or_file(sqlite_api, code):
    number, order = _listed(sqlite_api.office)
    client = sqlite_api.as_(code)
    asked = [
        "/cases", "/cases?text=只在第一小学", "/cases?place=S1", "/search?query=只在第一小学",
        f"/search?query=编号:{number}", "/audit/search?query=只在第一小学", "/notices", "/orders",
        "/audit/as-of?at=2030-01-01&query=只在第一小学",
        f"/orders?case={number}", f"/notices?case={number}", "/notices?person=owner1",
        f"/cases/{number}", f"/cases/{number}/offers", f"/cases/{number}/evidence/1",
        f"/orders/{number}", f"/orders/{order}",
    ]  # fmt: skip

    told = [client.get(path) for path in asked]

    assert [path for path, each in zip(asked, told, strict=True)
            if "第一小学" in each.text.replace(path, "") and each.status_code == 200
            and 'items":[]' not in each.text] == []  # fmt: skip
    assert {each.status_code for each in told} <= {200, 404, 422}
    assert [each.status_code for each in told[-5:]] == [404] * 5
    for path in ("/cases/count?place=S1", "/search/count?query=只在第一小学"):
        assert client.get(path).json()["number"] == 0
    assert client.get("/audit/as-of/count?at=2030-01-01&query=unit:S1").json()["total"] == 0


@pytest.mark.parametrize("code", FOREIGN)
def test_nobody_from_elsewhere_changes_anything(sqlite_api, code):
    number, order = _listed(sqlite_api.office)
    client, seen = sqlite_api.as_(code), sqlite_api.as_("committee1")
    before = seen.get(f"/cases/{number}").json()["case"]["seq"]

    told = [
        client.post(f"/cases/{number}/moves", json={"action": action.value, "fields": {}})
        for action in Action
    ]
    told += [
        client.post(f"/orders/{order}/acts", json=wanted)
        for wanted in (
            {"act": "serve", "how": "signed"}, {"act": "acknowledge"}, {"act": "publish"},
            {"act": "ask_extension", "until": "2026-04-30", "reason": "x"},
            {"act": "grant_extension"}, {"act": "refuse_extension", "reason": "x"},
        )
    ]  # fmt: skip
    told.append(client.post("/notices/acknowledgements", json={"notices": [1]}))
    told.append(client.post("/cases", json={
        "unit": "S1", "category": "fire", "description": "他校上报",
    }))  # fmt: skip

    assert {each.status_code for each in told} <= {403, 404, 422}
    assert seen.get(f"/cases/{number}").json()["case"]["seq"] == before


@pytest.mark.parametrize(("code", "status"), [
    ("reporter1", 403), ("owner1", 403), ("head1", 403), ("cluster1", 403), ("verifier1a", 403),
    ("inspector1", 403), ("committee1", 200), ("admin", 200), ("auditor", 200),
])  # fmt: skip
def test_only_the_offices_read_look_backs(sqlite_api, code, status):
    assert sqlite_api.as_(code).get("/lookbacks").status_code == status


def test_an_auditor_may_not_report(sqlite_api):
    wanted = {"unit": "S1", "category": "fire", "description": "灯不亮"}

    assert sqlite_api.as_("auditor").post("/cases", json=wanted).status_code == 403


def _listed(office):
    number = claimed(office, description="只在第一小学")
    rectifying(office, unit="S3")
    act(office, number, Action.LIST, "committee1", kind="挂牌督办", reason="久拖",
        cause=OrderCause.SERIOUS.value)  # fmt: skip
    with office.reading() as connection:
        order = connection.exec_driver_sql("SELECT number FROM supervision_order").scalar()
    return number, order
