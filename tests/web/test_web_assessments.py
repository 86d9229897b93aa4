"""标准化创建 on pages: a school fills in and signs, reviewers change points, the best lead."""

import pytest

from tests.casework.scoring.assessed import a_sheet, opened, signed
from tests.offices import MONDAY_9AM, a_photo

S1 = "/assessments/safe_campus/2026/S1"


def test_a_school_begins_fills_in_attaches_and_signs(sqlite_site):
    head = sqlite_site.as_("head1")

    assert f'action="{S1}/open"' in head.get("/assessments").text
    head.post(f"{S1}/open")
    head.post(f"{S1}/fill", data={"fire.exit": "1", "text:fire": "<b>已清理", "honour": "yes"})
    photo = {"files": ("走廊.jpg", a_photo(), "image/jpeg")}
    head.post(f"{S1}/attach", data={"item": "fire"}, files=photo)
    before = head.get(S1).text
    head.post(f"{S1}/sign", data={"stage": "school"})
    after = head.get(S1).text

    assert "&lt;b&gt;已清理" in before
    assert "一处堵塞 −2×1" in before
    digest = before.partition(f"{S1}/evidence/")[2][:64]
    assert head.get(f"{S1}/evidence/{digest}").headers["content-type"] == "image/jpeg"
    assert f'action="{S1}/fill"' not in after
    assert "片区复评" in after


def test_reviewers_change_points_and_the_last_signature_freezes(sqlite_site):
    signed(sqlite_site.office, times=1)
    cluster, committee = sqlite_site.as_("cluster1"), sqlite_site.as_("committee1")

    cluster.post(f"{S1}/review", data={"v:fire": "1", "v:food": "", "reason": "通道堵塞"})
    refused = cluster.post(f"{S1}/review", data={"v:fire": "9", "reason": "通道堵塞"})
    cluster.post(f"{S1}/sign", data={"stage": "cluster"})
    committee.post(f"{S1}/sign", data={"stage": "committee"})
    again = committee.post(f"{S1}/sign", data={"stage": "committee"})
    page = committee.get(S1).text

    assert refused.status_code == 422
    assert again.status_code == 409
    assert "片区改为 1：通道堵塞" in page
    assert "创建2026-S1" in page
    committee.post(f"{S1}/correct", data={"reason": "错看"})
    assert "更正原因：错看" in committee.get(S1).text


@pytest.mark.parametrize("by", ["head2", "head3", "cluster2"])
def test_what_is_another_schools_is_not_there(sqlite_site, by):
    opened(sqlite_site.office, at=MONDAY_9AM)
    browser = sqlite_site.as_(by)

    assert browser.get(S1).status_code == 404
    assert browser.post(f"{S1}/sign", data={"stage": "school"}).status_code == 404
    assert "第一小学" not in browser.get("/assessments").text


def test_the_ranking_shows_the_models_to_each_their_own(sqlite_site):
    signed(sqlite_site.office, honour="是")

    assert "标杆</span>" in sqlite_site.as_("committee1").get("/assessments/ranking?year=2026").text
    assert "第一小学" not in sqlite_site.as_("head2").get("/assessments/ranking?year=2026").text


@pytest.mark.parametrize(
    ("query", "status"),
    [("?year=2025", 200), ("?year=1999", 422), ("?year=x", 422), ("?place=nowhere", 404),
     ("?sheet=none", 404)],
)  # fmt: skip
def test_what_may_be_asked(sqlite_site, query, status):
    assert sqlite_site.as_("cluster1").get(f"/assessments{query}").status_code == status


def test_a_sheet_is_tried_compared_and_adopted(sqlite_site):
    admin, here = sqlite_site.as_("admin"), "/assessments/sheets/safe_campus"
    text = a_sheet(texts={"points = 8\n": "points = 4\n"})

    bad = admin.post(here, data={"then": "try", "text": text.replace("level:", "lvel:")})
    tried = admin.post(here, data={"then": "try", "text": text})
    adopted = admin.post(here, data={"then": "adopt", "text": text, "reason": "新标准"})
    compared = admin.get(f"{here}?version=2&against=1").text

    assert (bad.status_code, "第 34 行" in bad.text) == (422, True)
    assert (tried.status_code, "points = 4" in tried.text) == (200, True)
    assert adopted.status_code in {200, 303}
    assert "与第 1 版比较" in compared
    assert "隐患排查治理 · 8 分" in compared
    school = sqlite_site.as_("head1")
    assert "采用新版本" not in school.get(here).text
    assert school.post(here, data={"then": "adopt", "text": text, "reason": "x"}).status_code == 403
    assert school.get("/assessments/sheets").status_code == 200
    assert school.get(f"{here}?version=9").status_code == 404


def test_an_assessment_and_the_ranking_are_downloads_to_who_may_see_them(sqlite_site):
    signed(sqlite_site.office)
    head = sqlite_site.as_("head1")

    assert head.get(f"{S1}/file.xlsx").content[:2] == b"PK"
    assert head.get("/assessments/ranking.xlsx?year=2026").content[:2] == b"PK"
    assert sqlite_site.as_("head2").get(f"{S1}/file.xlsx").status_code == 404
