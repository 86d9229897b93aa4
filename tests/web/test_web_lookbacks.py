"""Look-backs on pages: planned, drawn, visited by phone, judged, published."""

import re

import pytest
from sqlalchemy import insert

from casework.lookback.templates import save_template
from models.tables import ACCOUNTS
from tests.lookbacks import (
    MONTHLY,
    assigned_look,
    closed_cases,
    drawn_look,
    found,
    planned_look,
    visits_of,
    with_inspectors,
)
from tests.offices import MONDAY_9AM, a_photo

OUTSIDE = MONTHLY.replace("strata", 'seed = "outside"\nstrata')


@pytest.fixture
def looked(site, hashed):
    """A site with twelve closed cases, a template, and enough inspectors, who have accounts."""
    with_inspectors(site.office)
    account = {"password": hashed, "password_at": MONDAY_9AM, "totp": "", "totp_step": 0}
    with site.office.writing() as connection:
        rows = [account | {"person_id": person} for person in (2101, 2102, 2103)]
        connection.execute(insert(ACCOUNTS), rows)
    closed_cases(site.office)
    save_template(site.office, "每月", MONTHLY, by="admin", at=MONDAY_9AM)
    return site


def do(browser, number, act, **typed):
    return browser.post(f"/lookback/{number}/{act}", data=typed)


def test_a_look_back_is_carried_from_preview_to_draw(looked):
    admin = looked.as_("admin")
    seen = admin.get("/lookbacks/plan?template=每月")

    answer = admin.post("/lookbacks/plan", data={"template": "每月"})
    number = "校安回〔2026〕1号"
    acts = [do(admin, number, act).status_code for act in ("commit", "draw", "assign")]

    shown = admin.get(f"/lookback/{number}").text
    assert "名单内 12 件已销号案件，抽 4 件。" in seen.text
    assert answer.status_code == 303
    assert acts == [303, 303, 303]
    assert shown.count('href="/case/') == 4
    assert "还有 4 件待复查。" in shown


def test_what_the_rules_refuse_is_said_on_the_page(looked):
    number = planned_look(looked.office)

    answer = do(looked.as_("admin"), number, "draw")

    assert answer.status_code == 403
    assert "回头看已计划，不能“抽取案件”" in answer.text


def test_an_outside_value_is_asked_for_and_refused_before_its_day(looked):
    number = planned_look(looked.office, OUTSIDE)
    admin = looked.as_("admin")
    missing = do(admin, number, "commit", source="双色球第2026025期")
    do(admin, number, "commit", source="双色球第2026025期", expected_on="2026-03-04")

    early = do(admin, number, "draw", outside="01 05 09")

    assert (missing.status_code, early.status_code) == (422, 403)
    assert "2026-03-04" in early.text


def test_an_inspector_records_by_phone_and_the_other_signs(looked):
    number = assigned_look(looked.office)
    visit = visits_of(looked.office, number)[0]
    first, second = (looked.as_(each["code"]) for each in visit["team"])
    address = f"/visits/{number}/{visit['number']}"
    photo = {"evidence": ("现场.jpg", a_photo("purple"), "image/jpeg")}

    shown = first.get(address)
    recorded = first.post(
        address, data={"finding": "relapsed", "mode": "surprise", "note": "又坏了"}, files=photo
    )
    asked = second.get(address).text
    signed = second.post(address, data={"sign": "1", "finding": "relapsed"})

    assert "填写并签字" in shown.text
    assert (recorded.status_code, signed.status_code) == (303, 303)
    assert "我看到的相同，签字确认" in asked
    assert visits_of(looked.office, number)[0]["finding"] == "relapsed"


def test_a_finding_without_a_photo_comes_back_with_what_was_typed(looked):
    number = assigned_look(looked.office)
    visit = visits_of(looked.office, number)[0]
    first = looked.as_(visit["team"][0]["code"])

    answer = first.post(
        f"/visits/{number}/{visit['number']}",
        data={"finding": "holds", "mode": "open", "note": "都好"},
    )

    assert answer.status_code == 422
    assert "没有现场照片" in answer.text
    assert "都好" in answer.text


@pytest.mark.parametrize("who", ["head1", "cluster1", "owner1", "verifier1a"])
def test_who_may_be_looked_at_learns_nothing_of_the_draw(looked, who):
    number = drawn_look(looked.office)
    browser = looked.as_(who)

    answers = [
        browser.get(each).status_code
        for each in ("/lookbacks", "/lookbacks/plan", f"/lookback/{number}",
                     f"/lookback/{number}/bundle", f"/visits/{number}/YH2026-000001")
    ]  # fmt: skip

    assert answers == [403, 403, 403, 403, 404]
    assert browser.get("/visits").text.count("/visits/") == 0


def test_an_auditor_sees_and_exports_but_does_not_act(looked):
    number = drawn_look(looked.office)
    auditor = looked.as_("auditor")

    bundle = auditor.get(f"/lookback/{number}/bundle")

    assert auditor.get(f"/lookback/{number}").status_code == 200
    assert bundle.content.startswith(b"PK")
    assert do(auditor, number, "assign").status_code == 403


def test_anybody_reads_what_is_published_and_nobodys_name(looked):
    number = assigned_look(looked.office)
    for visit in visits_of(looked.office, number):
        found(looked.office, number, visit, note="王老师在场")
    admin = looked.as_("admin")
    do(admin, number, "close")
    before = looked.browser().get("/public").text
    do(admin, number, "publish")

    after = looked.browser().get("/public").text

    assert number not in before
    assert number in after
    assert not re.search("王老师|INSPECTOR|ADMIN", after)


def test_it_all_reads_in_english_too(looked):
    number = assigned_look(looked.office)
    admin = looked.as_("admin")

    texts = [
        admin.get(f"{each}?lang=en").text
        for each in ("/lookbacks", f"/lookback/{number}", "/public", "/visits")
    ]

    assert "4 visits are still to be made." in texts[1]
    assert all("Look-back" in text or "visit" in text for text in texts)
