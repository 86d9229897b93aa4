"""Many cases moved by one request, foreseen or done."""

import pytest

from casework.accounts.tokens import Scope
from tests.offices import reported, verified


def ask(api, by, **wanted):
    return api.as_(by).post("/cases/bulk", json=wanted)


def named(*numbers):
    return [{"number": each} for each in numbers]


def test_many_are_moved_and_each_is_told_of(api):
    ready, early = verified(api.office), reported(api.office)

    foreseen = ask(api, "committee1", action="close", cases=named(ready, early), dry_run=True)
    told = ask(api, "committee1", action="close", cases=named(ready, early))

    assert [each.json()["done"] for each in (foreseen, told)] == [1, 1]
    assert [each.json()["refused"] for each in (foreseen, told)] == [1, 1]
    assert [each["state"] for each in told.json()["items"]] == ["closed", None]
    assert told.json()["items"][1]["detail"] == "案件已上报，不能“销号”"
    assert foreseen.json()["items"][1]["detail"] == told.json()["items"][1]["detail"]
    assert told.json()["items"][0]["receipt"].startswith(ready)


def test_all_that_a_filter_finds_and_again_under_the_same_key(api):
    first = verified(api.office)
    client = api.as_("committee1")
    wanted = {"action": "close", "filter": {"state": "verified"}}

    one = client.post("/cases/bulk", json=wanted, headers={"Idempotency-Key": "k1"})
    verified(api.office)
    again = client.post("/cases/bulk", json=wanted, headers={"Idempotency-Key": "k1"})

    assert [each["number"] for each in one.json()["items"]] == [first]
    assert again.json() == one.json()


@pytest.mark.parametrize(
    ("wanted", "status", "field"),
    [
        ({"action": "close"}, 422, "cases"),
        ({"action": "close", "cases": named("x"), "filter": {}}, 422, "cases"),
        ({"action": "pass", "cases": named("x")}, 403, "action"),
        ({"action": "void", "cases": named("x")}, 403, "reason"),
        ({"action": "grade", "cases": named("x"), "fields": {"level": "?"}}, 422, "level"),
        ({"action": "close", "cases": named(*(f"Y{n}" for n in range(501)))}, 403, "cases"),
        ({"action": "close", "filter": {"nonsense": 1}}, 422, None),
    ],
    ids=["none", "both", "one_by_one", "reason", "level", "many", "filter"],
)
def test_what_cannot_be_asked_is_refused_whole(sqlite_api, wanted, status, field):
    told = ask(sqlite_api, "committee1", **wanted)

    assert told.status_code == status
    assert field is None or told.json()["field"] == field


@pytest.mark.parametrize("by", ["cluster2", "head3"])
def test_elsewhere_there_is_no_case(sqlite_api, by):
    number = reported(sqlite_api.office, description="只在第一小学")

    told = ask(sqlite_api, by, action="assign", fields={"owner": "x"}, cases=named(number))

    assert told.json()["items"][0]["detail"] == f"没有编号为 {number} 的案件"
    assert "只在第一小学" not in told.text


def test_it_takes_a_token_that_may_move(sqlite_api):
    told = sqlite_api.as_("committee1", Scope.READ).post("/cases/bulk", json={"action": "close"})

    assert told.status_code == 403
