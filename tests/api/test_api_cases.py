"""Lists, files, reports and moves as a program sees them."""

from datetime import timedelta

import pytest

from tests.offices import MONDAY_9AM, a_photo, claimed, reported, verified

HAZARD = {"unit": "S1", "category": "fire", "description": "走廊灭火器压力不足", "location": "二楼"}


def test_pages_follow_one_another_to_the_end(api):
    numbers = [reported(api.office) for _ in range(5)]
    client = api.as_("committee1")

    first = client.get("/cases", params={"size": 2, "state": "reported"})
    second = client.get("http://localhost" + first.json()["next"])
    third = client.get("http://localhost" + second.json()["next"])

    pages = [first.json(), second.json(), third.json()]
    assert [row["number"] for page in pages for row in page["items"]] == numbers[::-1]
    assert third.json()["next"] is None
    assert first.headers["link"] == f'<{first.json()["next"]}>; rel="next"'


def test_a_list_takes_the_filters_of_the_pages_and_the_grammar(api):
    late, other = reported(api.office, description="灭火器"), verified(api.office, unit="S3")
    client = api.as_("committee1")
    api.clock.at = MONDAY_9AM + timedelta(days=20)

    assert _numbers(client.get("/cases", params={"state": "reported", "overdue": "1"})) == [late]
    assert _numbers(client.get("/cases", params={"place": "S3"})) == [other]
    assert _numbers(client.get("/search", params={"query": "灭火器 state:reported"})) == [late]
    assert client.get("/cases/count", params={"place": "S3"}).json()["number"] == 1
    assert client.get("/search/count", params={"query": "state:reported"}).json()["number"] == 1


@pytest.mark.parametrize(("query", "field"), [
    ("nonsense=1", "nonsense"), ("state=open", "state"), ("after=x", "after"), ("size=0", "size"),
    ("size=501", "size"), ("found_from=tomorrow", "found_from"), ("place=S9", "place"),
    ("text=%00", "text"),
])  # fmt: skip
def test_a_filter_that_cannot_be_read_is_named(sqlite_api, query, field):
    answer = sqlite_api.as_("committee1").get(f"/cases?{query}")

    assert answer.status_code in (404, 422)
    assert answer.json()["field"] == field


def test_a_hazard_is_reported_with_a_photo(api):
    client = api.as_("reporter1")
    stored = client.post("/evidence", params={"name": "红.jpg"}, content=a_photo("red")).json()

    told = client.post("/cases", json={**HAZARD, "evidence": [stored["evidence"]]})

    file = client.get(told.headers["location"].removeprefix("/api/v1")).json()
    assert (told.status_code, told.json()["state"]) == (201, "reported")
    assert [(each["sha256"], each["shows"]) for each in file["evidence"]] == [
        (stored["sha256"], "before")
    ]
    shown = client.get(file["evidence"][0]["href"].removeprefix("/api/v1"))
    assert shown.headers["content-type"] == "image/jpeg"
    assert shown.headers["x-content-type-options"] == "nosniff"


def test_a_handle_is_good_for_its_own_person_and_for_a_day(sqlite_api):
    handle = _stored(sqlite_api.as_("reporter1"))
    report = {**HAZARD, "evidence": [handle]}

    other = sqlite_api.as_("owner1").post("/cases", json=report)
    sqlite_api.clock.at = MONDAY_9AM + timedelta(days=1)
    late = sqlite_api.as_("reporter1").post("/cases", json=report)

    assert (other.status_code, other.json()["pointer"]) == (422, "#/evidence")
    assert (late.status_code, late.json()["pointer"]) == (422, "#/evidence")


@pytest.mark.parametrize("handle", ["", "x", "Bearer", "é", "a" * 2000])
def test_a_handle_that_is_not_ours_is_refused(sqlite_api, handle):
    answer = sqlite_api.as_("reporter1").post("/cases", json={**HAZARD, "evidence": [handle]})

    assert answer.status_code == 422


def test_the_same_key_does_nothing_twice_and_answers_the_same(api):
    client = api.as_("reporter1")
    keyed = {"Idempotency-Key": '"5f0b-1"'}

    first = client.post("/cases", json=HAZARD, headers=keyed)
    again = client.post("/cases", json=HAZARD, headers={"Idempotency-Key": "5f0b-1"})
    other = client.post("/cases", json={**HAZARD, "location": "三楼"}, headers=keyed)

    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == {**first.json(), "repeated": True}
    assert (other.status_code, other.json()["field"]) == (403, "key")
    assert client.get("/cases/count").json()["number"] == 1


def test_a_move_with_a_key_is_done_once(api):
    number, client = claimed(api.office), api.as_("verifier1a")
    wanted = {"action": "pass", "fields": {"finding": "好"}}

    told = [
        client.post(f"/cases/{number}/moves", json=wanted, headers={"Idempotency-Key": "k"}).json()
        for _ in range(2)
    ]

    assert told[1] == {**told[0], "repeated": True}


def test_who_has_not_seen_the_latest_is_told_what_happened(api):
    number, client = claimed(api.office), api.as_("verifier1a")
    wanted = {"action": "pass", "fields": {"finding": "好"}}
    tag = client.get(f"/cases/{number}").headers["etag"]

    stale = client.post(f"/cases/{number}/moves", json=wanted, headers={"If-Match": '"1"'})
    said = client.post(f"/cases/{number}/moves", json={**wanted, "seen": 1})
    fresh = client.post(f"/cases/{number}/moves", json=wanted, headers={"If-Match": tag})

    assert [stale.status_code, said.status_code, fresh.status_code] == [412, 409, 200]
    assert "申请验收" in said.json()["detail"] + said.json()["remedy"]


@pytest.mark.parametrize(("asked", "language"), [
    ("zh-CN,zh;q=0.9", "zh"), ("en-GB,en;q=0.9", "en"), ("fr", "zh"), ("en;q=0, zh", "zh"),
    ("zh;q=0.2, en;q=0.3", "en"), ("en;q=x", "zh"), ("", "zh"),
])  # fmt: skip
def test_a_refusal_is_said_in_the_language_asked_for(sqlite_api, asked, language):
    number = reported(sqlite_api.office)

    answer = sqlite_api.as_("owner1").post(
        f"/cases/{number}/moves", json={"action": "void"}, headers={"Accept-Language": asked}
    )

    told = answer.json()
    assert (answer.status_code, answer.headers["content-language"]) == (403, language)
    assert told["detail"] == told[language]["problem"]
    assert told["remedy"] == told[language]["remedy"]


def test_a_fault_in_a_field_points_into_the_body(sqlite_api):
    number = reported(sqlite_api.office)
    fields = {
        "duty": "总务处", "measures": "更换", "funds": "0", "contingency": "看守",
        "deadline": "明天",
    }  # fmt: skip

    answer = sqlite_api.as_("owner1").post(
        f"/cases/{number}/moves", json={"action": "submit_plan", "fields": fields}
    )

    assert (answer.status_code, answer.json()["pointer"]) == (422, "#/fields/deadline")


def test_offers_are_those_of_the_rules(api):
    number = reported(api.office)

    offers = api.as_("owner1").get(f"/cases/{number}/offers").json()

    assert {each["action"] for each in offers} >= {"submit_plan", "fix_on_spot"}
    plan = next(each for each in offers if each["action"] == "submit_plan")
    assert [each["name"] for each in plan["needs"]] == [
        "duty", "measures", "funds", "deadline", "contingency",
    ]  # fmt: skip


def _stored(client):
    return client.post("/evidence", content=a_photo("red")).json()["evidence"]


def _numbers(answer):
    return [row["number"] for row in answer.json()["items"]]
