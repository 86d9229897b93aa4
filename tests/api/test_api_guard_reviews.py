"""Reviews of guards through the API: the same verbs, names masked, others' guards not there."""

from tests.casework.registers.buses import GUARD, added

A01 = {"unit": "S1", "guard": "A01"}


def test_a_review_is_asked_for_passed_corrected_and_read(sqlite_api):
    added(sqlite_api.office, "guard")
    added(sqlite_api.office, "guard", staff_no="A02", certificate_no="")
    head, cluster = sqlite_api.as_("head1"), sqlite_api.as_("cluster1")
    both = {"guards": [A01, {**A01, "guard": "A02"}]}
    failed = {**A01, "outcome": "failed", "reasons": ["disqualified"]}

    asked = head.post("/guard-reviews/ask", json=both)
    passed = cluster.post("/guard-reviews/pass", json=both).json()
    unsaid = cluster.post("/guard-reviews/decide", json=failed)
    corrected = cluster.post("/guard-reviews/decide", json={**failed, "why": "漏看"}).json()
    listed = cluster.get("/guard-reviews?status=asked").json()
    opened = head.get("/guard-reviews/guard", params=A01).json()

    assert [each["year"] for each in asked.json()] == [2026, 2026]
    assert [each["key"] for each in passed["passed"]] == ["A01"]
    assert [each["problem"]["zh"] for each in passed["left"]] == ["无保安员证"]
    assert (unsaid.status_code, "why" in unsaid.text) == (422, True)
    assert corrected["case"]
    assert [each["key"] for each in listed["items"]] == ["A02"]
    assert listed["counts"]["failed"] == 1
    assert [each["outcome"] for each in opened["reviews"]] == ["failed", "passed"]
    assert opened["seen"] is None
    assert GUARD["name"] not in str((listed, opened))


def test_others_find_nothing_and_decide_nothing(sqlite_api):
    added(sqlite_api.office, "guard")
    decided = {**A01, "outcome": "passed"}

    for code, status in (("head1", 403), ("auditor", 403), ("cluster2", 404), ("head2", 404)):
        answer = sqlite_api.as_(code).post("/guard-reviews/decide", json=decided)
        assert (code, answer.status_code) == (code, status)
    assert sqlite_api.as_("cluster2").get("/guard-reviews").json()["items"] == []
    assert sqlite_api.as_("head2").get("/guard-reviews/guard", params=A01).status_code == 404
