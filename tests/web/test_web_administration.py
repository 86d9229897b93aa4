"""What administrators set: the policy tried and adopted, the calendar entered, the engine seen."""

from datetime import timedelta

import pytest
from sqlalchemy import insert

from models.tables import ROLE_GRANTS
from rules.policy import default_text, digest
from tests.offices import MONDAY_9AM, ORGANISATION, PERSON, reported
from tests.web.test_web_texts import MARKUP

PAGES = ["/admin/policy", "/admin/policy/diff", "/admin/policy/edit", "/admin/calendar",
         "/admin/engine"]  # fmt: skip
FORMS = ["/admin/policy/try", "/admin/policy/adopt", "/admin/calendar/day",
         "/admin/calendar/term"]  # fmt: skip
SHORTER = default_text().replace('plan = { limit = "3wd"', 'plan = { limit = "1wd"', 1)
BROKEN = default_text().replace('offset = "-3wd"', 'offset = "soon"', 1)
OTHERS = ["reporter1", "owner1", "head1", "cluster1", "verifier1a", "inspector1", "committee1",
          "auditor"]  # fmt: skip


@pytest.mark.parametrize("code", OTHERS)
def test_administration_is_for_administrators(sqlite_site, code):
    browser = sqlite_site.as_(code)

    assert {browser.get(path).status_code for path in PAGES} == {403}
    assert {browser.post(path).status_code for path in FORMS} == {403}
    assert "/admin/" not in browser.get("/more").text


def test_who_administers_one_cluster_sets_nothing_for_all(sqlite_site):
    grant = {"person_id": PERSON["cluster1"], "organisation_id": ORGANISATION["P1"]}
    with sqlite_site.office.writing() as connection:
        connection.execute(insert(ROLE_GRANTS), grant | {"role": "admin"})
    browser = sqlite_site.as_("cluster1")
    day = {"day": "2026-06-08", "how": "off"}

    assert {browser.get(path).status_code for path in PAGES} == {403}
    assert browser.post("/admin/policy/adopt", data={"text": SHORTER}).status_code == 403
    assert browser.post("/admin/calendar/day", data=day).status_code == 403


def test_a_policy_is_tried_and_then_adopted(site):
    reported(site.office)
    admin = site.as_("admin")

    tried = admin.post("/admin/policy/try", data={"text": SHORTER}).text
    before = admin.get("/admin/policy").text
    adopted = admin.post("/admin/policy/adopt", data={"text": SHORTER})
    after = admin.get("/admin/policy?done=adopt").text

    assert "会变化的环节共 1 类，涉及在办案件 1 件" in tried
    assert "正在运行的时限不变" in tried
    assert "− 删除" in tried
    assert "+ 新增" in tried
    assert digest(SHORTER) not in before
    assert adopted.status_code == 303
    assert after.count(digest(SHORTER)) >= 2
    assert "已采用" in after


def test_a_policy_is_sent_as_a_file(sqlite_site):
    admin = sqlite_site.as_("admin")
    file = ("规则.toml", SHORTER.encode("utf-8-sig"), "text/plain")
    noise = ("规则.toml", b"\xff\xfe\x00", "text/plain")

    answer = admin.post("/admin/policy/try", data={"text": ""}, files={"file": file})
    refused = admin.post("/admin/policy/try", data={"text": "x"}, files={"file": noise})

    assert "会变化的环节" in answer.text
    assert (refused.status_code, "UTF-8" in refused.text) == (422, True)


@pytest.mark.parametrize("act", ["try", "adopt"])
def test_a_fault_shows_its_key_and_line(sqlite_site, act):
    answer = sqlite_site.as_("admin").post(f"/admin/policy/{act}", data={"text": BROKEN})

    assert answer.status_code == 422
    assert "ladders.1.rungs.0.offset" in answer.text
    assert "第 88 行" in answer.text
    assert "offset = &#34;soon&#34;" in answer.text


def test_versions_are_compared(sqlite_site):
    admin = sqlite_site.as_("admin")
    admin.post("/admin/policy/adopt", data={"text": SHORTER})

    shown = admin.get("/admin/policy/diff?before=0").text
    same = admin.get("/admin/policy/diff").text

    assert (shown.count("− 删除"), shown.count("+ 新增")) == (1, 1)
    assert "两版完全相同" in same
    assert admin.get("/admin/policy/diff?before=999").status_code == 404


def test_a_day_and_a_term_are_entered_and_taken_back(site):
    admin = site.as_("admin")
    term = {"kind": "term", "name": "第一学期", "starts": "2026-09-01", "ends": "2027-01-22"}

    day = admin.post(
        "/admin/calendar/day", data={"day": "2026-06-08", "how": "off", "name": "高考"}
    )
    kept = admin.post("/admin/calendar/term", data=term)
    entered = admin.get("/admin/calendar?year=2026").text
    admin.post("/admin/calendar/day", data={"day": "2026-06-08", "how": "withdraw"})
    admin.post("/admin/calendar/term", data=term | {"withdraw": "1"})
    back = admin.get("/admin/calendar?year=2026").text

    assert day.headers["location"] == "/admin/calendar?year=2026&done=day"
    assert kept.status_code == 303
    assert "高考" in entered
    assert "第一学期" in entered
    assert entered.count('class="work term-of') > 60
    assert "高考考点" in back
    assert 'title="高考"' not in back
    assert "第一学期</span>" not in back


@pytest.mark.parametrize(("path", "sent", "said"), [
    ("day", {"day": "2026-02-30", "how": "off"}, "不是日期"),
    ("term", {"kind": "term", "name": "", "starts": "2026-09-01", "ends": "2026-10-01"},
     "缺少学期名称"),
    ("term", {"kind": "term", "name": "x", "starts": "2026-09-02", "ends": "2026-09-01"}, "早于"),
])  # fmt: skip
def test_what_cannot_be_entered_is_said_beside_the_form(sqlite_site, path, sent, said):
    answer = sqlite_site.as_("admin").post(f"/admin/calendar/{path}", data=sent)

    assert (answer.status_code, said in answer.text) == (422, True)


@pytest.mark.parametrize("year", ["1900", "2200", "x", "２０２６", "9" * 30])
def test_there_is_no_calendar_of_a_year_nobody_plans(sqlite_site, year):
    assert sqlite_site.as_("admin").get(f"/admin/calendar?year={year}").status_code == 422


def test_a_year_without_its_notice_says_so(sqlite_site):
    page = sqlite_site.as_("admin").get("/admin/calendar?year=2027").text

    assert "<small>?</small>" in page
    assert "工作日 0 天" in page


def test_the_home_of_who_administers_says_that_the_engine_needs_somebody(sqlite_site):
    reported(sqlite_site.office, at=MONDAY_9AM - timedelta(days=60))  # late, and no sweep has come

    homes = {each: sqlite_site.as_(each).get("/").text for each in ("admin", "head1", "auditor")}

    assert [code for code, page in homes.items() if 'href="/admin/engine"' in page] == ["admin"]
    assert "引擎有" in homes["admin"]


def test_the_engine_tells_what_is_wrong_and_where_prefect_is(sqlite_site):
    reported(sqlite_site.office)

    page = sqlite_site.as_("admin").get("/admin/engine").text

    assert "从未" in page or "—" in page
    assert "这里没有启动 Prefect" in page


def test_hostile_texts_stay_texts(sqlite_site):
    admin = sqlite_site.as_("admin")

    for text in MARKUP:
        sent = {"text": f"# {text}\n{SHORTER}"}
        tried = admin.post("/admin/policy/try", data=sent).text
        admin.post("/admin/calendar/day", data={"day": "2026-06-08", "how": "off", "name": text})
        year = admin.get("/admin/calendar?year=2026").text

        assert "<script>alert" not in tried + year
        assert "<svg onload" not in tried + year
        assert "<img src=x" not in tried + year
        assert "</textarea><b>" not in tried + year
