"""Reviews of guards on pages: asked for by schools, carried out by the cluster, names masked."""

import pytest

from tests.casework.registers.buses import GUARD, added
from tests.casework.reviews.reviewing import opened

ONE = "/guard-reviews/guard"
A01 = {"unit": "S1", "guard": "A01"}


def keep(site, *keys, **differs):
    for key in keys:
        added(site.office, "guard", staff_no=key, **differs)


def test_a_school_asks_and_the_cluster_passes_those_picked(site):
    keep(site, "A01", "A02")
    keep(site, "A03", certificate_no="")
    head, cluster = site.as_("head1"), site.as_("cluster1")
    picks = {f"pick-{n}": f"unit=S1&guard=A0{n}" for n in (1, 2, 3)}

    listed = head.get("/guard-reviews").text
    asked = head.post("/guard-reviews/ask", data=picks)
    waiting = cluster.get("/guard-reviews?status=asked").text
    passed = cluster.post("/guard-reviews/pass", data=picks)

    assert 'value="unit=S1&amp;guard=A01"' in listed
    assert (asked.status_code, asked.headers["location"]) == (303, "/guard-reviews?done=ask")
    assert waiting.count(" checked>") == 2  # who has no certificate is not offered with the others
    assert "2 人已通过" in passed.text
    assert "无保安员证" in passed.text
    assert GUARD["name"] not in listed + waiting + passed.text


def test_one_is_asked_for_failed_and_read_as_a_timeline(sqlite_site):
    keep(sqlite_site, "A01")
    head, cluster = sqlite_site.as_("head1"), sqlite_site.as_("cluster1")
    decided = {**A01, "outcome": "failed", "r-disqualified": "1", "note": "有前科"}

    head.post(ONE, data={**A01, "act": "ask"})
    form = cluster.get(ONE, params=A01).text
    done = cluster.post(ONE, data=decided)
    page = head.get(ONE, params=A01).text

    assert "审核要看的" in form
    assert done.status_code == 303
    assert "审核要看的" not in page
    assert "2026 年 未通过 · CLUSTER1" in page
    assert '<a class="number" href="/case/' in page
    assert GUARD["name"] not in form + page


@pytest.mark.parametrize(("sent", "field"), [
    ({"outcome": "failed"}, "reasons"), ({"outcome": "conditional", "r-training": "1"}, "until"),
    ({"outcome": "failed", "r-other": "1"}, "note"),
    ({"outcome": "passed", "r-training": "1"}, "reasons"),
])  # fmt: skip
def test_what_is_missing_stands_beside_its_field(sqlite_site, sent, field):
    keep(sqlite_site, "A01")

    answer = sqlite_site.as_("cluster1").post(ONE, data={**A01, **sent})

    assert answer.status_code == 422
    assert f'id="{field}-wrong"' in answer.text


@pytest.mark.parametrize("sent", [{"outcome": "maybe"}, {}, {"outcome": "failed", "until": "x"}])
def test_a_choice_that_is_none_changes_nothing(sqlite_site, sent):
    keep(sqlite_site, "A01")

    answer = sqlite_site.as_("cluster1").post(ONE, data={**A01, **sent})

    assert answer.status_code == 422
    assert opened(sqlite_site.office)["reviews"] == []


@pytest.mark.parametrize("code", ["head1", "inspector1", "auditor", "cluster2", "head2"])
def test_nobody_else_decides(sqlite_site, code):
    keep(sqlite_site, "A01")
    browser = sqlite_site.as_(code)

    answers = [
        browser.post(ONE, data={**A01, "outcome": "passed"}),
        browser.post("/guard-reviews/pass", data={"pick-1": "unit=S1&guard=A01"}),
    ]

    assert {each.status_code for each in answers} <= {403, 404}
    assert opened(sqlite_site.office)["reviews"] == []


def test_a_list_that_cannot_be_asked_for_says_so(sqlite_site):
    browser = sqlite_site.as_("cluster1")

    told = [browser.get(f"/guard-reviews?{each}") for each in ("status=x", "place=x", "after=x")]

    assert [each.status_code for each in told] == [422, 404, 422]
    assert "先在台账中登记" in browser.get("/guard-reviews").text
