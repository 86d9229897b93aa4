"""Assessments through the API: from the year's call to the ranking, the same as everywhere."""

from io import BytesIO

import pytest
from python_calamine import CalamineWorkbook

from casework.scoring.showing import show_assessment
from tests.casework.scoring.assessed import NOVEMBER, a_sheet, opened, signed, which
from tests.offices import a_photo

HERE = "/assessments/safe_campus/2026/S1"
ASKED = "?year=2026&sheet=safe_campus"


@pytest.fixture
def api(sqlite_api):
    sqlite_api.clock.at = NOVEMBER
    return sqlite_api


def item(shown, key):
    rows = (row for level in shown["levels"] for row in level["items"])
    return next(row for row in rows if row["key"] == key)


def book(answer):
    """The rows of a workbook by the name of its sheets."""
    read = CalamineWorkbook.from_filelike(BytesIO(answer.content))
    return {name: read.get_sheet_by_name(name).to_python() for name in read.sheet_names}


def test_a_school_is_called_assesses_itself_and_is_reviewed_signed_and_ranked(api):
    head, cluster, committee = (api.as_(by) for by in ("head1", "cluster1", "committee1"))
    called = committee.post("/assessments", json={"year": 2026}).json()
    handle = head.post("/evidence?name=a.jpg", content=a_photo()).json()["evidence"]
    fields = {"fire.exit": "1", "honour": "yes", "text:fire": "=1+1"}
    sent = [
        head.post(f"{HERE}/open"),
        head.post(f"{HERE}/fill", json={"fields": fields}),
        head.post(f"{HERE}/evidence", json={"item": "fire", "evidence": [handle]}),
        head.post(f"{HERE}/sign", json={"seen": "school"}),
        cluster.post(f"{HERE}/review", json={"values": {"food": "1"}, "reason": "证照不全"}),
        cluster.post(f"{HERE}/sign", json={}),
        committee.post(f"{HERE}/sign", json={"seen": "committee"}),
    ]
    late = committee.post(f"{HERE}/sign", json={"seen": "committee"})
    shown = head.get(HERE).json()
    fire = item(shown, "fire")
    photo = head.get(f"{HERE}/evidence/{fire['evidence'][0]}")
    ranked = committee.get(f"/assessments/ranking{ASKED}").json()
    covered = committee.get(f"/assessments{ASKED}&standing=frozen").json()

    assert called == {"year": 2026, "new": 3, "schools": 3}
    assert [each.status_code for each in sent] == [200] * 7
    assert (late.status_code, sent[-1].json()["number"]) == (409, "创建2026-S1")
    assert (shown["points"], fire["value"], fire["rule"]["zh"][:3]) == (96, 1, "3 分")
    assert photo.headers["content-type"] == "image/jpeg"
    assert [(row["unit_code"], row["chosen"]) for row in ranked["rows"]] == [("S1", True)]
    assert (covered["assessed"], [row["points"] for row in covered["rows"]]) == (1, [96])
    corrected = committee.post(f"{HERE}/correct", json={"reason": "错看"}).json()
    assert (corrected["version"], corrected["stage"]) == (2, "committee")


def test_its_answer_is_that_of_casework(api):
    signed(api.office, fire__exit="1")

    told = api.as_("head1").get(HERE).json()

    shown = show_assessment(api.office, which(), by="head1")
    rows = [row for level in shown["levels"] for row in level["items"]]
    assert [
        (row["key"], row["value"], row["why"]["zh"], [each["link"] for each in row["behind"]])
        for level in told["levels"] for row in level["items"]
    ] == [
        (row["key"], row["value"], row["why"].zh, [each["link"] for each in row["behind"]])
        for row in rows
    ]  # fmt: skip
    assert (told["points"], told["receipt"]) == (shown["points"], shown["receipt"])


def test_an_assessment_leaves_as_a_workbook_that_explains_itself(api):
    signed(api.office, fire__exit="1", **{"text:fire": "=1+1"})

    taken = book(api.as_("head1").get(f"{HERE}/workbook"))
    ranking = book(api.as_("committee1").get(f"/assessments/workbook{ASKED}"))

    assert list(taken) == ["评分", "佐证", "案件", "应办事项"]
    fire = next(row for row in taken["评分"] if "一处堵塞 −2×1" in row[5])
    assert (fire[2:5], fire[12]) == ([3.0, 1.0, 2.0], "=1+1")
    assert taken["评分"][-1][1:5] == ["创建2026-S1", 100.0, 98.0, 2.0]
    assert [row[2] for row in ranking["排名"][1:]] == ["S1"]
    assert len(ranking["全覆盖"]) == 4


def test_a_sheet_is_read_tried_and_adopted(api):
    admin = api.as_("admin")
    text = a_sheet(texts={"points = 8\n": "points = 4\n"})

    before = admin.get("/score-sheets").json()
    tried = admin.post("/score-sheets", json={"text": text, "dry_run": True}).json()
    adopted = admin.post("/score-sheets", json={"text": text, "reason": "新标准"})
    again = admin.post("/score-sheets", json={"text": text, "reason": "新标准"})
    after = admin.get("/score-sheets/safe_campus").json()
    bad = admin.post("/score-sheets", json={"text": text.replace("level:", "lvel:"), "reason": "x"})

    assert [(each["key"], each["total"]) for each in before] == [("safe_campus", 100)]
    assert [each["key"] for each in tried["changes"]] == ["since", "total", "on_time"]
    assert (adopted.status_code, again.status_code, after["total"]) == (200, 200, 96)
    assert [each["version"] for each in after["versions"]] == [2, 1]
    assert (bad.status_code, bad.json()["field"]) == (422, "vetoes.2.query")
    assert admin.get("/score-sheets/safe_campus?version=1").json()["total"] == 100
    assert api.as_("committee1").post("/score-sheets", json={"text": text}).status_code == 403


def test_what_is_another_schools_is_not_there(api):
    opened(api.office)
    bodies = {
        "open": None, "fill": {"fields": {"fire.exit": "1"}}, "sign": {},
        "correct": {"reason": "x"},
        "review": {"values": {"fire": "1"}, "reason": "x"},
    }  # fmt: skip
    for by in ("head2", "cluster2"):
        client = api.as_(by)
        told = [client.post(f"{HERE}/{act}", json=body) for act, body in bodies.items()]
        told += [client.get(HERE), client.get(f"{HERE}/workbook")]
        assert {each.status_code for each in told} == {404}
        assert "第一小学" not in client.get(f"/assessments{ASKED}").text
