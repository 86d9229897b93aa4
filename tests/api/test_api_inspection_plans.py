"""Plans of inspections through the API: given out, drawn again, published, withdrawn."""

import pytest

from tests.inspections import DAILY, FIRE, RANDOM, given, planned
from tests.lookbacks import with_inspectors

DRY = {"dry_run": True}
FOR_REAL = {"dry_run": False}


@pytest.fixture
def drawn(sqlite_api):
    """Half of each cluster's schools drawn by the committee's own call; the draw's number."""
    with_inspectors(sqlite_api.office)
    plan = planned(sqlite_api.office, RANDOM)
    told = sqlite_api.as_("committee1").post("/inspection-plans/give-out", json=FOR_REAL).json()
    return sqlite_api, plan, told


def test_what_is_due_is_rehearsed_given_out_once_and_withdrawn(sqlite_api):
    plan = planned(sqlite_api.office, DAILY)
    committee = sqlite_api.as_("committee1")

    told = [
        committee.post("/inspection-plans/give-out", json=each).json()["tasks"]
        for each in (DRY, FOR_REAL, FOR_REAL)
    ]
    before = len(committee.get("/inspections").json()["items"])
    withdrawn = committee.post(f"/inspection-plans/{plan}/withdraw", json={"reason": "另有安排"})
    after = committee.get("/inspections?state=open").json()["items"]

    assert (told, before, after) == ([3, 3, 0], 3, [])
    assert withdrawn.json()["receipt"].startswith(f"{plan}/")
    assert committee.get(f"/inspection-plans/{plan}").json()["state"] == "withdrawn"
    again = committee.post(f"/inspection-plans/{plan}/withdraw", json={"reason": "再次"})
    assert (again.status_code, again.json()["field"]) == (403, "number")


def test_a_draw_is_listed_and_done_again(drawn):
    api, plan, told = drawn
    committee = api.as_("committee1")

    (draw,) = committee.get(f"/inspection-plans/{plan}/draws").json()
    checks = committee.get("/inspection-draws/checks", params={"draw": draw["number"]}).json()
    early = committee.post("/inspection-draws/publish", json={"draw": draw["number"]})

    assert told["drawn"] == [draw["number"]] == [f"{plan}/1/2026-Q1"]
    assert (draw["frame_size"], draw["drawn"], len(draw["tasks"])) == (3, 2, 2)
    assert [each["holds"] for each in checks] == [True] * 6
    assert (early.status_code, early.json()["detail"]) == (403, "还有 2 家没有检查完")


def test_an_inspector_is_named_in_place_of_another(drawn):
    api, _, _ = drawn
    committee = api.as_("committee1")
    number = committee.get("/inspections").json()["items"][0]["number"]
    team = {"inspectors": ["inspector1", "verifier1a"], "reason": "请假"}

    done = committee.post(f"/inspections/{number}/inspectors", json=team)
    alone = committee.post(
        f"/inspections/{number}/inspectors", json={**team, "inspectors": ["inspector1"]}
    )

    assert (done.status_code, alone.status_code) == (200, 422)
    mine = api.as_("verifier1a").get("/inspections?mine=1").json()["items"]
    assert [each["number"] for each in mine] == [number]


@pytest.mark.parametrize("who", ["head1", "cluster1", "cluster2"])
def test_who_does_not_plan_neither_gives_out_nor_withdraws_nor_sees_a_draw(drawn, who):
    api, plan, _ = drawn
    client = api.as_(who)

    told = [
        client.post("/inspection-plans/give-out", json=DRY),
        client.post(f"/inspection-plans/{plan}/withdraw", json={"reason": "试探"}),
        client.get(f"/inspection-plans/{plan}/draws"),
        client.get("/inspection-draws/checks", params={"draw": f"{plan}/1/2026-Q1"}),
    ]

    assert [each.status_code for each in told] == [403, 404, 404, 404]


def test_plans_leave_as_a_workbook_and_come_in_by_one(sqlite_api):
    plan = planned(sqlite_api.office, FIRE, by="cluster1")
    given(sqlite_api.office)
    cluster = sqlite_api.as_("cluster1")

    paper = cluster.get("/inspection-plans/sheet", params={"plan": plan, "form": "csv"}).content
    another = paper.decode().replace("消防专项检查", "消防复查").replace(plan, "").encode()
    told = [
        cluster.post("/inspection-plans/sheet", params={"dry_run": False}, content=each).json()
        for each in (paper, another)
    ]
    plans = cluster.get("/inspection-plans").json()
    (line,) = cluster.get(f"/inspection-plans/{plan}/progress").json()
    asked = {"waiting": True, "form": "csv"}
    owed = cluster.get("/inspections/sheet", params=asked).text
    elsewhere = sqlite_api.as_("head3").get("/inspections/sheet", params=asked).text

    assert [(each["same"], each["added"], each["problems"]) for each in told] == [
        (1, 0, []), (0, 1, []),
    ]  # fmt: skip
    assert [each["title"] for each in plans] == ["消防复查", "消防专项检查"]
    assert (line["line"], line["given"], line["made"]) == (0, 1, 0)
    assert ("第一小学" in owed, "第一小学" in elsewhere) == (True, False)
    assert cluster.get("/inspection-plans/template").content[:2] == b"PK"
