"""Filings through the API: the same numbers as everywhere, the same refusals."""

from io import BytesIO

from openpyxl import load_workbook

from casework.filings.campaigns import CAMPAIGNS
from casework.filings.showing import show_filing
from tests.casework.filings.filed import APRIL, compiled, filled, signed, which
from tests.casework.filings.test_filing_texts import ONE, adopt
from tests.offices import reported

HERE = "/filings/monthly/2026-03/S1"


def a_month(api):
    reported(api.office)
    compiled(api.office)
    api.clock.at = APRIL


def test_a_month_is_filled_in_checked_and_signed(sqlite_api):
    a_month(sqlite_api)
    client = sqlite_api.as_("head1")

    fields = {"work": "检查", "plan": "换灯"}
    sent = [
        client.post(f"{HERE}/fill", json={"fields": fields}),
        client.post(f"{HERE}/check"),
        client.post(f"{HERE}/sign"),
    ]
    opened = client.get(HERE).json()

    assert [each.status_code for each in sent] == [200, 200, 200]
    assert sent[1].json()["ready"]
    assert sent[2].json()["number"] == opened["number"] == "月报2026-03-S1"
    assert [each["act"] for each in opened["history"]][-1] == "freeze"


def test_its_numbers_are_those_of_casework(sqlite_api):
    a_month(sqlite_api)

    told = sqlite_api.as_("head1").get(HERE).json()["rows"]

    rows = show_filing(sqlite_api.office, which(), by="head1", at=APRIL)["rows"]
    assert [(each["key"], each["value"], each["query"]) for each in told] == [
        (each["key"], each["value"], each["query"]) for each in rows
    ]


def test_a_check_that_fails_names_what_hinders(sqlite_api):
    a_month(sqlite_api)
    client = sqlite_api.as_("head1")

    checked = client.post(f"{HERE}/check").json()
    refused = client.post(f"{HERE}/sign")

    assert not checked["ready"]
    assert {each["row"] for each in checked["findings"]} == {"work", "plan"}
    assert refused.status_code == 403


def test_lists_boards_sums_and_templates(sqlite_api):
    a_month(sqlite_api)
    signed(sqlite_api.office)
    filled(sqlite_api.office, "ZWH")
    client = sqlite_api.as_("committee1")

    first = client.get("/filings?template=monthly&size=4").json()
    rest = client.get(first["next"].removeprefix("/api/v1")).json()
    board = client.get("/filing-board/monthly/2026-03").json()
    client.post("/filings/monthly/2026-03/ZWH/check")
    figure = client.get("/filings/monthly/2026-03/ZWH/figures/found").json()
    templates = client.get("/filing-templates").json()

    assert len({row["unit_code"] for row in (*first["items"], *rest["items"])}) == 6
    assert board["counts"]["filed"] == 1
    assert (figure["total"], [each["value"] for each in figure["parts"]]) == (1, [1])
    assert [each["key"] for each in templates][:3] == ["daily", "weekly", "monthly"]


def test_a_period_is_compiled_and_a_day_submitted(sqlite_api):
    committee, reporter = sqlite_api.as_("committee1"), sqlite_api.as_("reporter1")

    made = committee.post("/filings", json={"template": "weekly", "period": "2026-W10"})
    fields = {"participants": "3", "checked": "yes", "nil": "yes"}
    day = reporter.post("/filings/daily/2026-03-02/S1/submit", json={"fields": fields})
    corrected = reporter.post("/filings/daily/2026-03-02/S1/correct", json={"reason": "补记"})

    assert (made.status_code, made.json()["new"]) == (201, 6)
    assert day.json()["number"] == "日报2026-03-02-S1"
    assert corrected.json()["version"] == 2
    assert reporter.post("/filings", json={"template": "weekly", "period": "2026-W10"}
                         ).status_code == 403  # fmt: skip


def test_what_is_another_schools_is_not_there(sqlite_api):
    a_month(sqlite_api)
    stranger = sqlite_api.as_("head3")

    answers = [
        stranger.get(HERE),
        stranger.get(f"{HERE}/figures/found"),
        stranger.post(f"{HERE}/check"),
        stranger.post(f"{HERE}/fill", json={"fields": {"work": "x"}}),
    ]

    assert {each.status_code for each in answers} == {404}


def test_a_filing_leaves_as_a_file_in_each_of_its_versions(sqlite_api):
    a_month(sqlite_api)
    signed(sqlite_api.office)
    client = sqlite_api.as_("head1")
    client.post(f"{HERE}/correct", json={"reason": "漏计一件"})

    book = client.get(f"{HERE}/file")
    first = client.get(f"{HERE}/file?form=docx&version=1")

    assert load_workbook(BytesIO(book.content)).active["A1"].value.endswith("（草稿）")
    assert (first.content[:2], "S1.docx" in first.headers["content-disposition"]) == (b"PK", True)
    assert [client.get(f"{HERE}?version={nth}").json()["version"] for nth in (1, 2, 0)] == [1, 2, 2]
    assert sqlite_api.as_("head3").get(f"{HERE}/file").status_code == 404


def test_a_unit_begins_its_own_before_the_engine_does(sqlite_api):
    client = sqlite_api.as_("reporter1")

    begun = [client.post("/filings/daily/2026-03-02/S1/open").json() for _ in range(2)]

    assert [(each["state"], each["version"]) for each in begun] == [("draft", 1)] * 2
    assert sqlite_api.as_("head3").post("/filings/daily/2026-03-02/S1/open").status_code == 404


def test_a_campaign_is_listed_to_whom_it_concerns_and_stopped(sqlite_api):
    adopt(sqlite_api.office, CAMPAIGNS, ONE)
    admin, why = sqlite_api.as_("admin"), {"reason": "提前结束"}

    (seen,) = sqlite_api.as_("head1").get("/filing-campaigns").json()
    elsewhere = sqlite_api.as_("head3").get("/filing-campaigns").json()
    forbidden = sqlite_api.as_("committee1").post("/filing-campaigns/around/stop", json=why)
    stopped = admin.post("/filing-campaigns/around/stop", json=why)
    again = admin.post("/filing-campaigns/around/stop", json=why)

    assert (seen["key"], seen["state"], len(seen["periods"]), elsewhere) == (
        "around", "running", 2, [],
    )  # fmt: skip
    assert [each.status_code for each in (forbidden, stopped, again)] == [403, 200, 404]
    assert admin.get("/filing-campaigns").json()[0]["state"] == "stopped"
    assert admin.get("/texts/filing_campaign/around").json()["in_force"] == ""


def test_a_checked_filing_is_given_back_with_the_reason(sqlite_api):
    a_month(sqlite_api)
    filled(sqlite_api.office)
    head = sqlite_api.as_("head1")
    head.post(f"{HERE}/check")

    back = head.post(f"{HERE}/return", json={"reason": "第3行与台账不符"})
    again = head.post(f"{HERE}/return", json={"reason": "再看"})

    assert (back.status_code, back.json()["state"], again.status_code) == (200, "draft", 403)
    assert head.get(HERE).json()["history"][-1]["reason"] == "第3行与台账不符"
    assert sqlite_api.as_("head3").post(f"{HERE}/return", json={"reason": "x"}).status_code == 404


def test_who_has_not_reported_is_reminded_once_a_day(sqlite_api):
    a_month(sqlite_api)
    cluster, board = sqlite_api.as_("cluster1"), "/filing-board/monthly/2026-03"

    rows = cluster.get(f"{board}?place=S1").json()["rows"]
    told, again = (cluster.post(f"{board}/remind", json={"place": "S1"}).json() for _ in range(2))

    assert [each["unit_code"] for each in rows] == ["S1"]
    assert (told["missing"], told["people"] > 0, again["people"]) == (1, True, 0)
    assert sqlite_api.as_("head1").post(f"{board}/remind", json={}).status_code == 403
