"""Texts as data through the API: every family alike, read, tried, adopted, and then in force."""

import pytest

from casework.accounts.tokens import Scope
from casework.texts import FAMILIES
from rules.inspections.checklists import shipped
from tests.casework.filings.filed import APRIL
from tests.casework.filings.test_filing_texts import ONE, WIDER, adopt
from tests.casework.scoring.assessed import a_sheet

DAILY = shipped()["daily"]
OTHER = DAILY.replace('zh = "每日自查"', 'zh = "每天自查"', 1)
ANOTHER = {
    "checklist": OTHER,
    "filing_template": WIDER,
    "filing_campaign": ONE,
    "score_sheet": a_sheet(texts={"points = 8\n": "points = 4\n"}),
}


def test_every_family_is_listed_and_each_text_in_force_may_be_sent_back(sqlite_api):
    admin = sqlite_api.as_("admin")

    found = admin.get("/texts").json()
    files = [
        admin.get(f"/texts/{each['family']}/{text['key']}").json()
        for each in found for text in each["texts"]
    ]  # fmt: skip
    tried = [
        admin.post(f"/texts/{file['family']}", json={"text": file["text"], "dry_run": True})
        for file in files
    ]

    assert [each["family"] for each in found] == list(FAMILIES) == list(ANOTHER)
    assert {each["family"] for each in files} == {*FAMILIES} - {"filing_campaign"}
    assert {each.status_code for each in tried} == {200}
    assert [(each.json()["difference"], each.json()["replaces"]) for each in tried] == [
        ([], file["digest"]) for file in files
    ]
    assert admin.get("/texts/checklist").json() == found[0]
    assert admin.get("/texts/nonsense").json()["field"] == "family"


@pytest.mark.parametrize("family", ANOTHER)
def test_a_text_is_tried_adopted_and_read_in_all_its_versions(sqlite_api, family):
    admin, text = sqlite_api.as_("admin", Scope.ADMINISTER, Scope.READ), ANOTHER[family]

    tried = admin.post(f"/texts/{family}", json={"text": text, "dry_run": True}).json()
    before = admin.get(f"/texts/{family}/{tried['key']}")
    done = admin.post(f"/texts/{family}", json={"text": text, "reason": "试行"}).json()
    again = admin.post(f"/texts/{family}", json={"text": text, "reason": "试行"}).json()
    file = admin.get(f"/texts/{family}/{tried['key']}").json()

    assert {each["mark"] for each in tried["difference"]} & {"+", "-"}
    assert (tried["receipt"], again["receipt"], again["replaces"]) == ("", "", done["digest"])
    assert done["receipt"].startswith(f"{family}:{done['key']}/{done['digest']}/1/")
    assert (file["text"], file["in_force"], file["reason"]) == (text, done["digest"], "试行")
    assert [each["digest"] for each in file["versions"]] == [
        each for each in (done["digest"], done["replaces"]) if each
    ]
    assert (before.status_code == 404) is (done["replaces"] == "")


def test_the_version_before_stays_to_be_read_and_says_until_when(sqlite_api):
    adopt(sqlite_api.office, FAMILIES["checklist"], OTHER)
    client = sqlite_api.as_("reporter1")

    now = client.get("/texts/checklist/每天自查")
    old = client.get(
        "/texts/checklist/daily", params={"digest": now.json()["versions"][1]["digest"]}
    )

    assert (old.json()["text"], old.json()["in_force"]) == (DAILY, now.json()["digest"])
    assert old.json()["ended_at"] == now.json()["adopted_at"]
    assert now.headers["etag"] == f'"{now.json()["digest"]}"'
    assert client.get("/texts/checklist/daily?digest=nonsense").json()["field"] == "digest"


def test_a_report_is_compiled_by_the_template_that_was_adopted(sqlite_api):
    sqlite_api.clock.at = APRIL
    admin, committee = sqlite_api.as_("admin"), sqlite_api.as_("committee1")
    admin.post("/texts/filing_template", json={"text": WIDER, "reason": "加演练次数"})

    committee.post("/filings", json={"template": "monthly", "period": "2026-03"})

    rows = sqlite_api.as_("head1").get("/filings/monthly/2026-03/S1").json()["rows"]
    assert "drills" in [each["key"] for each in rows]


def test_who_comes_second_is_told_and_nothing_is_lost(sqlite_api):
    admin = sqlite_api.as_("admin")
    seen = admin.get("/texts/checklist/daily").headers["etag"]
    adopt(sqlite_api.office, FAMILIES["checklist"], OTHER)
    third = {"text": DAILY.replace("每日自查", "天天自查", 1), "reason": "改名"}

    late = admin.post("/texts/checklist", json=third, headers={"If-Match": seen})
    said = admin.post("/texts/checklist", json={**third, "seen": ""})
    new = admin.get("/texts/checklist/daily").headers["etag"]
    done = admin.post("/texts/checklist", json=third, headers={"If-Match": new})

    assert [each.status_code for each in (late, said, done)] == [412, 409, 200]
    assert (late.json()["field"], "请先看现行的" in late.json()["zh"]["remedy"]) == ("seen", True)


@pytest.mark.parametrize(
    ("text", "field", "line"),
    [
        ("schema = 1\nkey = ?", "", 2),
        (OTHER.replace('zh = "每天自查"', 'zh = ""', 1), "zh", 6),
        (OTHER.replace("schema = 1", "schema = 1\ncolour = 1", 1), "colour", 4),
    ],
    ids=["syntax", "value", "key"],
)
def test_what_is_wrong_with_a_draft_is_a_problem_with_its_line(sqlite_api, text, field, line):
    answer = sqlite_api.as_("admin").post("/texts/checklist", json={"text": text, "dry_run": True})

    told = answer.json()
    assert (answer.status_code, told["line"]) == (422, line)
    assert told["field"].endswith(field)
    assert told["detail"]


def test_a_reason_is_needed_and_an_administrator(sqlite_api):
    sent = {"text": OTHER, "reason": "试行"}
    answers = [
        sqlite_api.as_("admin").post("/texts/checklist", json={"text": OTHER}),
        sqlite_api.as_("committee1").post("/texts/checklist", json=sent),
        sqlite_api.as_("admin", Scope.MOVE).post("/texts/checklist", json=sent),
    ]

    assert [each.status_code for each in answers] == [422, 403, 403]
    assert sqlite_api.as_("admin").get("/texts/checklist/daily").json()["text"] == DAILY


def test_a_campaign_of_another_school_is_not_there(sqlite_api):
    adopt(sqlite_api.office, FAMILIES["filing_campaign"], ONE)

    told = {
        by: [len(sqlite_api.as_(by).get("/texts/filing_campaign").json()["texts"]),
             sqlite_api.as_(by).get("/texts/filing_campaign/around").status_code]
        for by in ("head1", "cluster1", "committee1", "head3", "cluster2")
    }  # fmt: skip

    assert told == {
        "head1": [1, 200], "cluster1": [1, 200], "committee1": [1, 200],
        "head3": [0, 404], "cluster2": [0, 404],
    }  # fmt: skip
