"""Wordings of notices, templates and schedules of look-backs are kept on pages."""

import pytest

from casework.lookback.example import EXAMPLE
from tests.web.test_web_texts import MARKUP

WORDS = {
    "kind": "overdue",
    "locale": "zh",
    "subject": "催办 {{ number }}",
    "text": "{{ unit }}快改",
}
SCHEDULE = {"name": "每月", "template": "每月", "when": "monthly", "nth": "5", "clusters": ""}


@pytest.mark.parametrize(("code", "looks"), [
    ("owner1", 403), ("cluster1", 403), ("auditor", 403), ("committee1", 200),
])  # fmt: skip
def test_who_may_open_them(sqlite_site, code, looks):
    browser = sqlite_site.as_(code)

    assert browser.get("/admin/wordings").status_code == 403
    assert browser.get("/admin/wording?kind=overdue").status_code == 403
    assert browser.post("/admin/wording/adopt", data=WORDS).status_code == 403
    assert browser.post("/admin/wording/preview", data=WORDS).status_code == 403
    assert browser.get("/lookbacks/templates").status_code == looks
    assert browser.get("/lookbacks/schedules").status_code == looks


def test_a_wording_is_previewed_adopted_and_given_back(sqlite_site):
    admin = sqlite_site.as_("admin")

    seen = admin.post("/admin/wording/preview", data=WORDS).text
    kept = admin.post("/admin/wording/adopt", data=WORDS)
    listed = admin.get("/admin/wordings").text
    admin.post("/admin/wording/give-back", data={"kind": "overdue", "locale": "zh"})

    assert "催办 YH2026-000012" in seen
    assert "第一小学快改" in seen
    assert kept.status_code == 303
    assert "催办 {{ number }}" in listed
    assert "催办 {{ number }}" not in admin.get("/admin/wordings").text


@pytest.mark.parametrize(("changed", "status", "said"), [
    ({"text": "{{ secret }}"}, 422, "没有变量 secret"),
    ({"text": "{% for x in y %}{% endfor %}"}, 422, "不能使用"),
    ({"kind": "nothing"}, 404, "没有"),
    ({"locale": "fr"}, 422, "选项无效"),
])  # fmt: skip
@pytest.mark.parametrize("act", ["preview", "adopt"])
def test_a_wording_that_cannot_be_said_is_refused(sqlite_site, act, changed, status, said):
    answer = sqlite_site.as_("admin").post(f"/admin/wording/{act}", data=WORDS | changed)

    assert (answer.status_code, said in answer.text) == (status, True)


def test_a_template_is_saved_from_the_example_and_retired(sqlite_site):
    browser = sqlite_site.as_("committee1")
    page = browser.get("/lookbacks/templates").text

    saved = browser.post("/lookbacks/templates/save", data={"name": "每月", "text": EXAMPLE})
    listed = browser.get("/lookbacks/templates?name=每月").text
    browser.post("/lookbacks/templates/retire", data={"name": "每月"})

    assert "还没有模板" in page
    assert saved.status_code == 303
    assert "修改 每月" in listed
    assert "还没有模板" in browser.get("/lookbacks/templates").text


def test_a_template_with_a_fault_shows_its_line(sqlite_site):
    text = EXAMPLE.replace('within = "10wd"', 'within = "soon"')

    answer = sqlite_site.as_("admin").post(
        "/lookbacks/templates/save", data={"name": "每月", "text": text}
    )

    assert answer.status_code == 422
    assert "within = &#34;soon&#34;" in answer.text
    assert "此行" in answer.text


def test_a_schedule_is_added_changed_paused_and_removed(sqlite_site):
    browser = sqlite_site.as_("admin")
    browser.post("/lookbacks/templates/save", data={"name": "每月", "text": EXAMPLE})

    added = browser.post("/lookbacks/schedules/add", data=SCHEDULE)
    first = browser.get("/lookbacks/schedules").text
    browser.post("/lookbacks/schedules/change", data=SCHEDULE | {"at-P1": "1"})
    browser.post("/lookbacks/schedules/pause", data={"name": "每月"})
    paused = browser.get("/lookbacks/schedules").text
    browser.post("/lookbacks/schedules/resume", data={"name": "每月"})
    browser.post("/lookbacks/schedules/remove", data={"name": "每月"})

    assert added.status_code == 303
    assert "2026-03-05、2026-04-07" in first
    assert ("第一片区 ·" in paused, "已暂停" in paused) == (True, True)
    assert "还没有排期" in browser.get("/lookbacks/schedules").text


@pytest.mark.parametrize(("changed", "status"), [
    ({"when": "yearly"}, 422), ({"at-P9": "1"}, 404), ({"template": "无"}, 404),
])  # fmt: skip
def test_a_schedule_that_cannot_be_is_refused(sqlite_site, changed, status):
    browser = sqlite_site.as_("admin")
    browser.post("/lookbacks/templates/save", data={"name": "每月", "text": EXAMPLE})

    answer = browser.post("/lookbacks/schedules/add", data=SCHEDULE | changed)

    assert answer.status_code == status


def test_hostile_texts_stay_texts(sqlite_site):
    admin = sqlite_site.as_("admin")

    for text in MARKUP:
        seen = admin.post("/admin/wording/preview", data=WORDS | {"subject": text, "text": text})
        saved = admin.post(
            "/lookbacks/templates/save", data={"name": "x", "text": f"a = 1 # {text}"}
        )

        assert "<script>alert" not in seen.text + saved.text
        assert "<svg onload" not in seen.text + saved.text
        assert "</textarea><b>" not in seen.text + saved.text
