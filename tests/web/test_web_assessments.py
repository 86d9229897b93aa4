"""标准化创建 on pages: a school fills in and signs, reviewers change points, the best lead."""

import pytest

from tests.casework.scoring.assessed import opened, signed
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
