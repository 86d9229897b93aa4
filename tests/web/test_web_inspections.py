"""Inspections on pages: planned, recorded by phone, signed, corrected, printed, published."""

import re

import pytest
from sqlalchemy import insert

from casework.inspections.showing import open_inspection
from models.tables import ACCOUNTS, CASES
from rules.inspections.checklists import shipped
from rules.workdays import china_day
from tests.inspections import (
    DAILY,
    FIRE,
    RANDOM,
    given,
    hazard,
    planned,
    recorded,
    signed,
    task_of,
    tasks,
    told,
)
from tests.lookbacks import with_inspectors
from tests.offices import MONDAY_9AM, a_photo, reported

TODAY = china_day(MONDAY_9AM)
KEYS = [
    "exits", "extinguishers", "wiring", "gate", "surroundings", "buildings", "kitchen", "students",
]  # fmt: skip
NORMAL = {f"r-{key}": "normal" for key in KEYS} | {"participants": "2"}


@pytest.fixture
def daily(sqlite_site):
    planned(sqlite_site.office)
    given(sqlite_site.office)
    return sqlite_site


@pytest.fixture
def fire(sqlite_site):
    planned(sqlite_site.office, FIRE)
    given(sqlite_site.office)
    return sqlite_site


def file_of(site, number):
    return open_inspection(site.office, number, by="admin", today=TODAY)


def test_a_daily_check_begins_with_nothing_chosen_and_is_gone_once_made(daily):
    owner, number = daily.as_("owner1"), task_of(daily.office)

    home = owner.get("/").text
    page = owner.get(f"/inspections/{number}").text
    answer = owner.post(f"/inspections/{number}/record", data=NORMAL)
    after = owner.get(answer.headers["location"]).text

    assert f'href="/inspections/{number}"' in home
    assert (page.count('value="normal"'), page.count(" checked")) == (8, 0)
    assert answer.status_code == 303
    assert "检查已完成。" in after
    assert f'href="/inspections/{number}"' not in owner.get("/").text


def test_a_hazard_with_a_photo_becomes_a_case_that_says_where_it_came_from(daily):
    owner, number = daily.as_("owner1"), task_of(daily.office)
    typed = NORMAL | {"r-gate": "hazard", "n-gate": "无人值守", "p-gate": "西门"}
    photo = {"f-gate": ("门.jpg", a_photo("purple"), "image/jpeg")}

    owner.post(f"/inspections/{number}/record", data=typed, files=photo)
    page = owner.get(f"/inspections/{number}").text
    case = re.search(r'href="/case/(YH[^"]+)"', page)[1]
    shown = owner.get(f"/case/{case}").text
    picture = re.search(r'src="(/inspections/[^"]+/photo/[^"]+)"', page)[1]

    assert "由检查发现" in shown
    assert f'href="/inspections/{number}"' in shown
    assert "校门有保安值守，外来人员登记" in shown
    assert owner.get(picture).headers["content-type"] == "image/jpeg"
    assert daily.as_("owner2").get(picture).status_code == 404


def test_what_is_missing_stands_at_its_item_and_the_photos_are_kept(daily):
    owner, number = daily.as_("owner1"), task_of(daily.office)
    typed = NORMAL | {"r-gate": "hazard", "r-wiring": "hazard", "n-wiring": "插座松动"}
    photo = {"f-wiring": ("插座.jpg", a_photo("orange"), "image/jpeg")}

    refused = owner.post(f"/inspections/{number}/record", data=typed, files=photo)
    again = owner.post(f"/inspections/{number}/record", data=typed | {"w-gate": "天黑", "key": "k"})

    assert refused.status_code == 422
    assert 'id="item-gate-wrong"' in refused.text
    assert "插座松动" in refused.text
    assert "/photo/" in refused.text
    assert again.status_code == 303
    assert len(file_of(daily, number).answers["wiring"]["photos"]) == 1


def test_a_draft_is_gone_on_with_later(daily):
    owner, number = daily.as_("owner1"), task_of(daily.office)

    kept = owner.post(
        f"/inspections/{number}/record",
        data={"draft": "1", "r-gate": "hazard", "n-gate": "先记一下", "participants": "3"},
    )
    page = owner.get(kept.headers["location"]).text

    assert "草稿已保存" in page
    assert 'value="先记一下"' in page
    assert "有草稿" in owner.get("/inspections").text


def test_sending_twice_records_once(daily):
    owner, number = daily.as_("owner1"), task_of(daily.office)

    answers = [
        owner.post(f"/inspections/{number}/record", data=NORMAL | {"key": "once"}).status_code
        for _ in range(2)
    ]

    assert answers == [303, 303]
    assert len(file_of(daily, number).versions) == 1


def test_two_inspectors_and_the_head_sign_on_the_page(fire):
    number = task_of(fire.office)
    recorded(fire.office, number, told("fire", {"exits": hazard("后门上锁")}), by="verifier1a")
    second, head = fire.as_("verifier1b"), fire.as_("head1")

    asked = second.get(f"/inspections/{number}").text
    done = second.post(f"/inspections/{number}/sign", data={"version": "1"})
    offered = head.get(f"/inspections/{number}").text
    head.post(f"/inspections/{number}/head")
    paper = head.get(f"/inspections/{number}/paper").text

    assert "我看过，签字确认" in asked
    assert done.status_code == 303
    assert "以学校负责人签字" in offered
    assert "以学校负责人签字" not in head.get(f"/inspections/{number}").text
    assert paper.count("签字</p>") >= 3
    assert "后门上锁" in paper


def test_a_refusal_is_recorded_on_the_page(fire):
    number = task_of(fire.office)
    recorded(fire.office, number, told("fire"), by="verifier1a")
    signed(fire.office, number)
    first = fire.as_("verifier1a")

    empty = first.post(f"/inspections/{number}/refuse", data={"reason": " "})
    first.post(f"/inspections/{number}/refuse", data={"reason": "不认可"})

    assert empty.status_code == 422
    assert "拒绝签字" in fire.as_("head1").get(f"/inspections/{number}").text


def test_a_correction_says_why(daily):
    owner, number = daily.as_("owner1"), task_of(daily.office)
    recorded(daily.office, number)

    form = owner.get(f"/inspections/{number}?edit=1").text
    silent = owner.post(f"/inspections/{number}/record", data=NORMAL)
    done = owner.post(f"/inspections/{number}/record", data=NORMAL | {"reason": "人数写错"})

    assert "更正理由" in form
    assert (silent.status_code, done.status_code) == (409, 303)
    assert "第 2 版" in owner.get(f"/inspections/{number}").text


def test_a_plan_is_made_on_the_page_and_withdrawn(sqlite_site):
    cluster = sqlite_site.as_("cluster1")
    line = {"task-1": "消防检查", "checklist-1": "fire", "place-1": "第一片区",
            "lead-1": "CLUSTER1（cluster1）", "inspector-1-1": "VERIFIER1A",
            "inspector-1-2": "verifier1b"}  # fmt: skip
    typed = {"title": "消防专项", "place": "P1", "kind": "special", "cadence": "quarterly",
             "first_on": "2026-03-02", **line}  # fmt: skip

    form = cluster.get("/inspections/plans/new").text
    refused = cluster.post("/inspections/plans", data=typed | {"inspector-1-1": ""})
    made = cluster.post("/inspections/plans", data=typed)
    given(sqlite_site.office)
    page = cluster.get(made.headers["location"]).text
    number = made.headers["location"].partition("?")[0]
    cluster.post(f"{number}/withdraw", data={"reason": "改期"})

    assert "VERIFIER1A（verifier1a）" in form
    assert 'id="inspectors-1-wrong"' in refused.text
    assert "CLUSTER1（cluster1）" in cluster.get(f"/inspections/plans/new?like={number[-11:]}").text
    assert refused.status_code == 422
    assert "检查人员至少两人" in refused.text
    assert page.count('href="/inspections/JC') == 2
    assert "0 / 2" in page
    assert "制定计划 · CLUSTER1" in page
    assert "已撤回" in cluster.get(number).text


def test_a_draw_is_verified_and_its_results_published(sqlite_site, hashed):
    office = sqlite_site.office
    with_inspectors(office)
    account = {"password": hashed, "password_at": MONDAY_9AM, "totp": "", "totp_step": 0}
    with office.writing() as connection:
        connection.execute(insert(ACCOUNTS), [account | {"person_id": 2101}])
    plan = planned(office, RANDOM)
    given(office)
    admin, number = sqlite_site.as_("admin"), f"{plan}/1/2026-Q1"
    page = admin.get(f"/inspections/plans/{plan}", params={"verify": number}).text
    early = admin.post(f"/inspections/plans/{plan}/publish", data={"draw": number})
    for row in tasks(office):
        team = [each["code"] for each in file_of(sqlite_site, row["number"]).team]
        recorded(office, row["number"], told("security"), by=team[0])
        signed(office, row["number"], by=team[1])
    admin.post(f"/inspections/plans/{plan}/publish", data={"draw": number})
    public = sqlite_site.browser().get("/public").text

    assert page.count("相符</span>") == 6
    assert early.status_code == 403
    assert number in public
    assert not re.search("INSPECTOR|ADMIN", public)


def test_an_inspection_is_begun_on_the_spot_and_inspectors_named(sqlite_site):
    inspector, admin = sqlite_site.as_("inspector1"), sqlite_site.as_("admin")

    form = inspector.get("/inspections/begin").text
    begun = inspector.post(
        "/inspections/begin", data={"unit": "S1", "kind": "spot", "checklist": "security"}
    )
    address = begun.headers["location"]
    named = admin.post(
        f"{address}/name",
        data={"inspector-1": "inspector1", "inspector-2": "COMMITTEE2", "reason": "同行"},
    )

    assert "第一小学" in form
    assert named.status_code == 303
    assert "COMMITTEE2" in admin.get(address).text
    assert sqlite_site.as_("head1").get(address).status_code == 404


@pytest.mark.parametrize(
    ("who", "status"),
    [("head1", 200), ("cluster1", 200), ("auditor", 200), ("owner2", 404), ("cluster2", 404),
     ("head3", 404)],
)  # fmt: skip
def test_who_sees_a_schools_check(daily, who, status):
    number, browser = task_of(daily.office), daily.as_(who)

    found = [
        browser.get(f"/inspections/{number}{each}").status_code
        for each in ("", "/paper", "?edit=1")
    ]

    assert found == [status] * 3
    assert (number in browser.get("/inspections?show=waiting").text) is (status == 200)


@pytest.mark.parametrize("who", ["owner2", "cluster1", "auditor", "inspector1"])
def test_who_may_not_record_it(daily, who):
    number = task_of(daily.office)

    answer = daily.as_(who).post(f"/inspections/{number}/record", data=NORMAL)

    assert answer.status_code in (403, 404)
    assert file_of(daily, number).record is None


def test_hostile_text_stays_text(daily):
    owner, number = daily.as_("owner1"), task_of(daily.office)
    bad = '"><script>alert(1)</script>'
    typed = NORMAL | {"r-gate": "hazard", "n-gate": bad, "p-gate": bad, "w-gate": bad, "note": bad}

    refused = owner.post(f"/inspections/{number}/record", data=typed | {"participants": "x"})
    owner.post(f"/inspections/{number}/record", data=typed)
    pages = [owner.get(f"/inspections/{number}{each}").text for each in ("", "/paper", "?edit=1")]

    assert refused.status_code == 422
    assert not any("<script>alert" in each for each in [refused.text, *pages])


@pytest.mark.parametrize(
    "path",
    ["/inspections?show=nonsense&kind=x&after=9", "/inspections/JC%00", "/inspections/plans/x",
     "/inspections/checklists/x", "/inspections/x/photo/..%2F..", "/inspections?place=%00"],
)  # fmt: skip
def test_no_address_makes_it_fail(sqlite_site, path):
    assert sqlite_site.as_("admin").get(path).status_code < 500


def test_it_all_reads_in_english_too(daily):
    number = task_of(daily.office)
    recorded(daily.office, number, told(hazards={"gate": hazard()}))
    plan = planned(daily.office, DAILY, title="another")
    admin = daily.as_("admin")

    texts = [
        admin.get(f"{each}?lang=en").text
        for each in ("/inspections", "/inspections/plans", f"/inspections/plans/{plan}",
                     "/inspections/plans/new", "/inspections/checklists",
                     "/inspections/checklists/fire", f"/inspections/{number}",
                     f"/inspections/{number}/paper", "/inspections/begin")
    ]  # fmt: skip

    assert all("nspection" in each for each in texts)
    assert "the gate is guarded" in texts[6]


def test_a_case_of_no_inspection_says_nothing_of_one(daily):
    number = reported(daily.office)

    assert "由检查发现" not in daily.as_("head1").get(f"/case/{number}").text
    with daily.office.reading() as connection:
        assert connection.execute(CASES.select()).one().inspection_id is None


def test_an_administrator_adopts_a_checklist_on_the_page(sqlite_site):
    admin = sqlite_site.as_("admin")
    text = shipped()["daily"].replace('version = "2026.1"', 'version = "2026.9"')

    sent = {"text": text, "reason": "增加一项", "then": "adopt"}
    tried = admin.post("/inspections/checklists/daily", data={**sent, "then": "try"})
    bad = admin.post("/inspections/checklists/daily", data={**sent, "text": "schema = 7"})
    why = admin.post("/inspections/checklists/daily", data={**sent, "reason": ""})
    refused = sqlite_site.as_("head1").post("/inspections/checklists/daily", data=sent)
    before = admin.get("/inspections/checklists").text
    done = admin.post("/inspections/checklists/daily", data=sent)

    assert [each.status_code for each in (tried, bad, why, refused, done)] == [
        200, 422, 422, 403, 303,
    ]  # fmt: skip
    assert "+ 新增" in tried.text
    assert "2026.9" not in before
    assert "增加一项" in admin.get("/inspections/checklists/daily").text
    assert "2026.9" in admin.get("/inspections/checklists").text
    assert "采用新版本" not in sqlite_site.as_("head1").get("/inspections/checklists/daily").text
