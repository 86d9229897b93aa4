"""Inspections as a program sees them: listed, recorded with evidence, signed, refused in words."""

import pytest

from tests.inspections import DAILY, FIRE, given, planned, task_of
from tests.offices import a_photo

DONE = {
    "exits": "normal", "extinguishers": "normal", "wiring": "normal", "gate": "hazard",
    "surroundings": "normal", "buildings": "normal", "kitchen": "not_applicable",
    "students": "normal",
}  # fmt: skip


@pytest.fixture
def daily(sqlite_api):
    planned(sqlite_api.office, DAILY)
    planned(sqlite_api.office, FIRE)
    given(sqlite_api.office)
    return sqlite_api


def record(**gate):
    items = {item: {"result": result} for item, result in DONE.items()}
    return {"items": items | {"gate": {"result": "hazard", **gate}}, "participants": 2}


def test_a_check_is_found_recorded_with_a_photo_and_opened(daily):
    client = daily.as_("owner1")
    (mine,) = client.get("/inspections", params={"mine": "1"}).json()["items"]
    number = mine["number"]
    stored = client.post("/evidence", params={"name": "门.jpg"}, content=a_photo("red")).json()
    body = record(note="无人值守", evidence=[stored["evidence"]])

    told, again = (
        client.post(
            f"/inspections/{number}/records", json=body, headers={"Idempotency-Key": "k"}
        ).json()
        for _ in range(2)
    )
    file = client.get(f"/inspections/{number}").json()

    assert (told["state"], told["hazards"], told["repeated"]) == ("recorded", 1, False)
    assert (again["repeated"], again["cases"]) == (True, told["cases"])
    gate = next(each for each in file["items"] if each["item"] == "gate")
    assert (gate["case"], gate["answer"]["photos"]) == (
        told["cases"][0]["number"], [stored["sha256"]],
    )  # fmt: skip


def test_what_is_missing_is_a_problem_that_names_it(daily):
    client, number = daily.as_("owner1"), task_of(daily.office)

    answer = client.post(f"/inspections/{number}/records", json=record())

    assert (answer.status_code, answer.json()["field"]) == (422, "gate.photo")


def test_two_inspectors_sign_and_the_head_refuses(daily):
    number = next(
        each["number"]
        for each in daily.as_("cluster1").get("/inspections?kind=special").json()["items"]
    )
    first, second = daily.as_("verifier1a"), daily.as_("verifier1b")
    items = first.get(f"/inspections/{number}").json()["items"]
    body = {"items": {each["item"]: {"result": "normal"} for each in items}, "participants": 2}

    recorded = first.post(f"/inspections/{number}/records", json=body).json()
    signed = second.post(f"/inspections/{number}/signatures", json={"version": 1})
    refused = first.post(f"/inspections/{number}/signatures", json={"refused": "不认可"})
    late = daily.as_("head1").post(f"/inspections/{number}/signatures", json={"head": True})

    assert (recorded["state"], recorded["unsigned"]) == ("awaiting", 1)
    assert [each.status_code for each in (signed, refused, late)] == [200, 200, 403]
    words = [each["word"] for each in first.get(f"/inspections/{number}").json()["signatures"]]
    assert words == ["signed", "signed", "refused"]


def test_an_inspection_is_begun_and_plans_are_listed(daily):
    inspector = daily.as_("inspector1")

    begun = inspector.post("/inspections", json={"unit": "S1", "checklist": "security"})
    plans = daily.as_("cluster1").get("/inspection-plans").json()

    assert begun.status_code == 201
    address = begun.headers["location"].removeprefix("/api/v1")
    assert daily.as_("head1").get(address).status_code == 404
    assert [each["title"] for each in plans] == ["消防专项检查"]
    assert daily.nobody().get("/published/inspections").json() == []


@pytest.mark.parametrize("who", ["owner2", "head3", "cluster2"])
def test_another_schools_check_is_not_there(daily, who):
    number = task_of(daily.office)

    answers = [
        daily.as_(who).get(f"/inspections/{number}").status_code,
        daily.as_(who).post(f"/inspections/{number}/records", json=record()).status_code,
    ]

    assert answers == [404, 404]


def test_a_plan_is_made_by_a_program(daily):
    cluster = daily.as_("cluster1")
    line = {"task": "三防", "checklist": "security", "place": "P1", "responsible": "P1",
            "lead": "cluster1", "inspectors": ["verifier1a", "verifier1b"]}  # fmt: skip
    plan = {"title": "三防专项", "place": "P1", "kind": "special", "cadence": "quarterly",
            "first_on": "2026-03-02", "lines": [line]}  # fmt: skip

    made = cluster.post("/inspection-plans", json=plan)
    refused = daily.as_("cluster2").post("/inspection-plans", json=plan)
    lists = cluster.get("/checklists").json()

    assert (made.status_code, refused.status_code) == (201, 403)
    assert made.json()["number"] in {
        each["number"] for each in cluster.get("/inspection-plans").json()
    }
    assert [each["key"] for each in lists][:2] == ["daily", "fire"]


def test_the_head_signs_by_hand_before_an_inspector(daily):
    number = next(
        each["number"]
        for each in daily.as_("cluster1").get("/inspections?kind=special").json()["items"]
    )
    first, second = daily.as_("verifier1a"), daily.as_("verifier1b")
    items = first.get(f"/inspections/{number}").json()["items"]
    body = {"items": {each["item"]: {"result": "normal"} for each in items}, "participants": 2}
    first.post(f"/inspections/{number}/records", json=body)
    second.post(f"/inspections/{number}/signatures", json={"version": 1})
    stored = first.post("/evidence?name=签字.jpg", content=a_photo()).json()
    where = f"/inspections/{number}/signatures"

    nameless = first.post(where, json={"drawn": stored["evidence"]})
    signed = first.post(where, json={"drawn": stored["evidence"], "signer": "张校长"})
    last = first.get(f"/inspections/{number}").json()["signatures"][-1]

    assert (nameless.status_code, nameless.json()["field"]) == (422, "signer")
    assert (signed.status_code, last["drawn"]) == (200, stored["sha256"])
    assert (last["name"], last["code"], last["witness"]) == ("张校长", "", "VERIFIER1A")
    photo = first.get(f"/inspections/{number}/photos/{stored['sha256']}")
    assert photo.headers["content-type"] == "image/jpeg"
