"""Duties through the API: what one may see, a page at a time."""

from datetime import datetime

from tests.casework.duties.duties import FRIDAY, chased, opened, wanted
from tests.casework.registers.buses import added


def test_duties_are_listed_a_page_at_a_time(api):
    opened(api.office, wanted(key="a"), wanted(key="b"), wanted(key="c", unit="S3"))
    client = api.as_("owner1")

    first = client.get("/duties", params={"size": 1}).json()
    second = client.get(first["next"].removeprefix("/api/v1")).json()

    assert [each["key"] for each in first["items"] + second["items"]] == ["a", "b"]
    assert second["next"] is None
    assert first["items"][0]["title"] == {"zh": "每周安全汇总", "en": "weekly summary"}
    assert client.get("/duties", params={"mine": True, "kind": "report"}).status_code == 200
    assert client.get("/duties", params={"kind": "none"}).status_code == 422
    assert client.get("/duties", params={"unknown": "1"}).status_code == 422


def test_a_notice_of_a_duty_says_what_it_is_about(sqlite_api):
    opened(sqlite_api.office, wanted())
    chased(sqlite_api.office, FRIDAY)

    notice = sqlite_api.as_("owner1").get("/notices").json()["items"][0]

    assert (notice["case"], notice["link"]) == ("", "/reports/weekly")
    assert notice["title"]["en"] == "weekly summary"


def test_coverage_of_responsibility_is_told(sqlite_api):
    added(sqlite_api.office, "responsibility")

    found = sqlite_api.as_("committee1").get("/responsibility", params={"missing": True}).json()

    assert (found["total"], found["covered"]) == (3, 1)
    assert [each["code"] for each in found["units"]] == ["S2", "S3"]
    assert found["units"][0]["feedback"] == {"first": 0, "second": 0}


def test_a_duty_is_opened_chased_and_waived(sqlite_api):
    opened(sqlite_api.office, wanted())
    sqlite_api.clock.at = datetime.fromisoformat("2026-03-09T09:00+08:00")
    committee, head = sqlite_api.as_("committee1"), sqlite_api.as_("head1")
    named = {"kind": "report", "key": "weekly/2026-W10/S1"}

    dry = committee.post("/duties/chase", json={}).json()
    chased_ = committee.post("/duties/chase", json={"dry_run": False}).json()
    forbidden = head.post("/duties/waivers", json={**named, "reason": "已撤并"})
    waived = committee.post("/duties/waivers", json={**named, "reason": "已撤并"})
    again = committee.post("/duties/waivers", json={**named, "reason": "已撤并"})
    shown = head.get("/duty", params=named).json()

    assert (dry["told"], dry["dry_run"]) == (chased_["told"], True)
    assert [each.status_code for each in (forbidden, waived, again)] == [403, 200, 403]
    assert shown["state"] == "waived"
    assert [each["act"] for each in shown["history"]] == ["open", "chase", "waive"]
    assert sqlite_api.as_("head3").get("/duty", params=named).status_code == 404


def test_the_kinds_of_duty_say_how_each_is_chased(sqlite_api):
    kinds = {each["key"]: each for each in sqlite_api.as_("head1").get("/duty-kinds").json()}

    assert kinds["report"]["steps"][0]["tell"]
    assert {"daily_check", "training", "letter"} <= kinds.keys()
