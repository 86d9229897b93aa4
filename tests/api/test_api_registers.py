"""Registers through the API: kept, refused by field, and nothing shown that is masked."""

from tests.casework.registers.buses import BUS, DRIVER, added
from tests.offices import MONDAY_9AM

AT = {"key": "苏E12345"}


def test_a_record_is_added_changed_and_retired(api):
    client = api.as_("head1")

    made = client.post("/registers/bus", json={"unit": "S1", "fields": BUS})
    opened = client.get("/registers/bus/record", params=AT)
    changed = client.post(
        "/registers/bus/change", json={**AT, "fields": {"seats": "40"}, "seen": 1}
    )
    stale = client.post("/registers/bus/change", json={**AT, "fields": {"seats": "41"}, "seen": 1})
    retired = client.post("/registers/bus/retire", json={**AT, "reason": "报废"})

    assert [each.status_code for each in (made, opened, changed, stale, retired)] == [
        201, 200, 200, 409, 200,
    ]  # fmt: skip
    assert (opened.headers["etag"], changed.json()["seq"]) == ('"1"', 2)
    assert [each["rule"] for each in opened.json()["rules"]][:2] == ["inspection", "insurance"]
    file = client.get("/registers/bus/record", params=AT).json()
    assert (file["state"], file["history"][-1]["reason"]) == ("retired", "报废")


def test_lists_are_narrowed_and_follow_each_other(api):
    for number in range(3):
        added(api.office, plate=f"苏E0000{number}", insured_until=f"2026-03-1{number}")
    client = api.as_("head1")

    first = client.get("/registers/bus?order=expiry&size=2").json()
    second = client.get(first["next"].removeprefix("/api/v1")).json()
    counted = client.get("/registers").json()
    expiring = client.get("/registers/expiring?days=9&kind=bus").json()["items"]

    assert [row["key"] for row in (*first["items"], *second["items"])] == [
        "苏E00000", "苏E00001", "苏E00002",
    ]  # fmt: skip
    assert second["next"] is None
    assert {each["kind"]: each["soon"] for each in counted}["bus"] == 3
    assert [row["key"] for row in expiring] == ["苏E00000", "苏E00001"]


def test_a_bad_field_is_named(sqlite_api):
    answer = sqlite_api.as_("head1").post(
        "/registers/bus", json={"unit": "S1", "fields": {**BUS, "seats": "6"}}
    )

    assert answer.status_code == 422
    assert answer.json()["field"] == "seats"


def test_a_reporter_is_told_nothing_of_drivers(sqlite_api):
    added(sqlite_api.office, "driver")
    client = sqlite_api.as_("reporter1")

    assert client.get("/registers/driver").status_code == 403
    assert client.get("/registers/driver/record?key=" + DRIVER["file_no"]).status_code == 403
    assert "driver" not in [each["kind"] for each in client.get("/registers").json()]
    assert sqlite_api.clock.at == MONDAY_9AM
