"""The audit on pages: queries, as of a moment, statistics, proofs, who looked."""

import io
import re
from dataclasses import replace
from datetime import timedelta
from zipfile import ZipFile

import pytest

from casework.auditing.access import list_access
from rules.actions import Action
from tests.offices import MONDAY_9AM, act, claimed, closed, rectifying, reported
from tests.sealing import outside_of, sealed

PAGES = [
    "/audit", "/audit?q=灭火器", "/audit/as-of", "/audit/statistics", "/audit/statistics?by=month",
    "/audit/proof", "/audit/conformance?run=1", "/audit/access",
]  # fmt: skip
EVERYBODY = ["reporter1", "owner1", "head1", "cluster1", "verifier1a", "inspector1",
             "committee1", "admin", "auditor"]  # fmt: skip


def looks(site, by="auditor"):
    return [(each["look"], each["door"], each["what"], each["typed"], each["why"])
            for each in list_access(site.office, by=by)]  # fmt: skip


def figures_in(page):
    """The chips and figures of a page with their numbers, as a reader sees them."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


@pytest.mark.parametrize("code", EVERYBODY)
def test_whoever_may_view_may_ask(sqlite_site, code):
    reported(sqlite_site.office)
    browser = sqlite_site.as_(code)

    assert {path: browser.get(path).status_code for path in PAGES} == dict.fromkeys(PAGES, 200)


@pytest.mark.parametrize("code", ["owner2", "cluster2", "head3"])
def test_nothing_of_another_place_shows_anywhere(sqlite_site, tmp_path, code):
    site = sqlite_site
    site.app.state.settings = replace(site.app.state.settings, outside=outside_of(tmp_path))
    number = closed(site.office, description="只在第一小学")
    sealed(site.office, tmp_path)
    browser = site.as_(code)

    told = [browser.get(path).text for path in (*PAGES, "/audit?q=只在第一小学")]
    hidden = [
        browser.get(f"/audit/{page}").status_code
        for page in (f"as-of/{number}", f"case/{number}", f"case/{number}/archive",
                     f"proof/{number}", f"proof/{number}/bundle")
    ]  # fmt: skip
    files = [browser.get(f"/audit/export.{ending}").text for ending in ("csv", "jsonl")]

    assert [page for page in (*told, *files) if number in page] == []
    assert "共 0 件" in told[0]
    assert hidden == [404] * 5


def test_a_query_shows_its_cases_and_is_recorded_as_understood(site):
    late = rectifying(site.office, description="配电箱过热")
    reported(site.office, unit="S3")
    auditor = site.as_("auditor")

    page = auditor.get("/audit", params={"q": "片区:第一片区 配电箱"}).text

    assert late in page
    assert "共 1 件" in page
    assert ("search", "page", {"rows": 1}, "cluster:第一片区 配电箱", "") in looks(site)


@pytest.mark.parametrize(
    ("asked", "word", "remedy"),
    [
        ("片区:第一片区 等纪:重大", "等纪", "是否想用“等级”"),
        ("level:huge", "huge", "可填"),
        ('"不完', "&#34;不完", "请补上后引号"),
        ("unit:<b>x", "&lt;b&gt;x", "可用"),
    ],
)
def test_a_fault_points_at_the_word_and_keeps_what_was_typed(sqlite_site, asked, word, remedy):
    answer = sqlite_site.as_("auditor").get("/audit", params={"q": asked})

    assert answer.status_code == 422
    assert f"<mark>{word}</mark>" in answer.text
    assert remedy in answer.text
    assert looks(sqlite_site) == []


def test_a_facet_leads_to_as_many_cases_as_it_counts(site):
    for unit in ("S1", "S1", "S2", "S3"):
        rectifying(site.office, unit=unit)
    closed(site.office)
    auditor = site.as_("auditor")
    page = auditor.get("/audit").text

    facets = re.findall(
        r'<li><a href="(/audit\?q=[^"]+)"><span>[^<]+</span><span class="number">(\d+)<', page
    )
    totals = [
        re.search(r"共 (\d+) 件", auditor.get(link.replace("&amp;", "&")).text)[1]
        for link, _ in facets
    ]

    assert len(facets) >= 10
    assert totals == [count for _, count in facets]


def test_a_condition_is_taken_away_and_the_order_changed_by_links(sqlite_site):
    reported(sqlite_site.office)

    page = sqlite_site.as_("auditor").get("/audit?q=level:ordinary+-state:closed").text

    assert 'href="/audit?q=-state%3Aclosed"' in page
    assert 'href="/audit?q=level%3Aordinary"' in page
    assert 'href="/audit?q=level%3Aordinary+-state%3Aclosed+sort%3Adue"' in page


def test_pages_follow_one_another_by_key(sqlite_site):
    numbers = {reported(sqlite_site.office) for _ in range(30)}
    auditor, seen, path = sqlite_site.as_("auditor"), [], "/audit?q=sort:oldest"

    for _ in range(2):
        page = auditor.get(path).text
        seen += re.findall(r'class="what"><a href="/case/([^"]+)"', page)
        path = re.findall(r'href="(/audit\?[^"]*after=[^"]*)"', page)[-1:] or [""]
        path = path[0].replace("&amp;", "&")

    assert (len(seen), set(seen), path) == (30, numbers, "")


def test_a_query_is_saved_run_shared_and_removed(site):
    rectifying(site.office)
    auditor = site.as_("auditor")

    kept = auditor.post("/audit/saved", data={"name": "在办", "q": "-状态:已销号", "shared": "1"})
    shared = site.as_("owner1").get("/audit").text
    taken = site.as_("owner1").post("/audit/saved/remove", data={"name": "在办"})
    gone = auditor.post("/audit/saved/remove", data={"name": "在办"})

    assert kept.headers["location"] == "/audit?q=-state%3Aclosed"
    assert '<a href="/audit?q=-state%3Aclosed">在办</a>' in shared
    assert (taken.status_code, gone.status_code) == (404, 303)
    assert "还没有保存的查询" in auditor.get("/audit").text


def test_a_query_that_cannot_be_kept_says_why(sqlite_site):
    answer = sqlite_site.as_("auditor").post("/audit/saved", data={"name": " ", "q": "level:major"})

    assert answer.status_code == 422
    assert "请给查询起个名字" in answer.text


def test_an_export_holds_what_the_query_finds_with_names_masked(site):
    number = closed(site.office, owner="王小明")
    reported(site.office, unit="S3")

    answer = site.as_("auditor").get("/audit/export.csv?q=unit:S1")
    (look, door, what, typed, _), *_ = looks(site)

    assert answer.headers["content-disposition"].endswith('.csv"')
    assert answer.content.startswith(b"\xef\xbb\xbf")
    assert answer.text.count("\n") == 2
    assert number in answer.text
    assert "王小明" not in answer.text
    assert (look, door, what["rows"], typed) == ("export", "page", 1, "unit:S1")


@pytest.mark.parametrize(("ending", "begins"), [("xlsx", b"PK"), ("jsonl", b'{"number"')])
def test_other_formats_are_what_they_say(sqlite_site, ending, begins):
    reported(sqlite_site.office)

    answer = sqlite_site.as_("auditor").get(f"/audit/export.{ending}")

    assert answer.content.startswith(begins)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/audit/export.exe", 404), ("/audit/export.csv?q=nothing:x", 422),
        ("/audit?after=W10", 422), ("/audit/as-of?at=gestern", 422),
        ("/audit/as-of?at=9999-12-31T23:59", 200), ("/audit/as-of?at=9999-12-31", 422),
        ("/audit/as-of?at=0001-01-01T00:00", 422), ("/audit/as-of?at=0001-01-02", 200),
        ("/audit/as-of?level=huge", 422), ("/audit/statistics?by=colour", 422),
        ("/audit/statistics?since=x", 422), ("/audit/access?look=stare", 422),
        ("/audit/case/%00", 422), ("/audit/case/none", 404), ("/audit/proof/none", 503),
        ("/audit/as-of/none", 404), ("/audit?q=" + "长" * 1001, 422),
    ],
)  # fmt: skip
def test_what_cannot_be_answered_is_refused(sqlite_site, path, status):
    assert sqlite_site.as_("auditor").get(path).status_code == status


def test_a_list_is_shown_as_it_was(site):
    number = rectifying(site.office)
    site.clock.at = MONDAY_9AM + timedelta(days=30)
    auditor = site.as_("auditor")

    before = figures_in(auditor.get("/audit/as-of?at=2026-03-01").text)
    then = figures_in(auditor.get("/audit/as-of?at=2026-03-02").text)
    now = figures_in(auditor.get("/audit/as-of?overdue=1&why=专项").text)

    assert "共 0 件" in before
    assert "共 1 件" in then
    assert "0 逾期" in then
    assert "1 逾期" in now
    assert number in now
    assert looks(site)[0][0::4] == ("list", "专项")


def test_a_list_of_the_past_takes_a_query_and_shows_where_it_is_wrong(sqlite_site):
    number = rectifying(sqlite_site.office)
    auditor = sqlite_site.as_("auditor")

    found = auditor.get("/audit/as-of?at=2026-03-02&q=状态:整改中 -火警").text
    wrong = auditor.get("/audit/as-of?q=状态:整改中 huh:1")

    assert number in found
    assert "q=%E7%8A%B6%E6%80%81" in found  # the links beside it keep the query
    assert (wrong.status_code, "<mark>huh</mark>" in wrong.text) == (422, True)


def test_a_case_is_shown_as_it_was_with_who_knew(site):
    number = reported(site.office)
    later = MONDAY_9AM + timedelta(days=1)
    act(site.office, number, Action.LIST, "committee1", at=later, kind="挂牌督办", reason="久拖",
        demands="限期", new_due="2026-03-20")  # fmt: skip
    site.clock.at = MONDAY_9AM + timedelta(days=2)
    auditor = site.as_("auditor")

    found = auditor.get(f"/audit/as-of?number={number}&at=2026-03-02T12:00")
    then = figures_in(auditor.get(found.headers["location"]).text)
    now = figures_in(auditor.get(f"/audit/as-of/{number}").text)
    before = auditor.get(f"/audit/as-of/{number}?at=2026-03-01T12:00").text

    assert "2026-03-02 12:00" in then
    assert "挂牌督办)" not in then
    assert "挂牌督办" in now
    assert "当时未知悉" in now
    assert "当时尚未上报" in before


def test_a_timeline_says_what_each_step_changed_and_links_to_its_moment(site):
    number = claimed(site.office)

    page = site.as_("auditor").get(f"/audit/case/{number}?why=抽查").text

    assert page.count('<li id="e') + page.count('<li class="by-time" id="e') == 4
    assert f"/audit/as-of/{number}?at=2026-03-02T01%3A00%3A00%2B00%3A00" in page
    assert "时限" in page
    assert looks(site)[0] == ("show", "page", {"case": number}, "", "抽查")


def test_a_case_leaves_as_an_archive_that_is_recorded(sqlite_site):
    number = closed(sqlite_site.office)

    answer = sqlite_site.as_("auditor").get(f"/audit/case/{number}/archive")

    assert "manifest.json" in ZipFile(io.BytesIO(answer.content)).namelist()
    assert looks(sqlite_site)[0][:2] == ("export", "page")


def test_each_number_of_the_statistics_leads_to_as_many_cases(site):
    for unit in ("S1", "S1", "S2", "S3"):
        rectifying(site.office, unit=unit)
    closed(site.office)
    auditor = site.as_("auditor")
    paths = [
        f"/audit/statistics?by={by}{more}" for by in
        ("none", "unit", "cluster", "category", "level", "month", "quarter")
        for more in ("", "&place=P1", "&level=ordinary&since=2026-03-01T00:00")
    ]  # fmt: skip

    links = {
        each for path in paths
        for each in re.findall(r'<a href="(/audit\?q=[^"]*)">(\d+)</a>', auditor.get(path).text)
    }  # fmt: skip
    totals = [
        re.search(r"共 (\d+) 件", auditor.get(link.replace("&amp;", "&")).text)[1]
        for link, _ in links
    ]

    assert len(links) >= 20
    assert totals == [count for _, count in links]


def test_a_rate_without_a_denominator_is_blank(sqlite_site):
    reported(sqlite_site.office)

    page = sqlite_site.as_("auditor").get("/audit/statistics?by=none&lang=en").text

    assert "relapse rate = cases opened again" in page
    assert re.search(r'data-word="relapsed">—<', page)
    assert re.search(r'data-word="on time">—<', page)


def test_figures_leave_as_a_workbook(sqlite_site):
    reported(sqlite_site.office)

    answer = sqlite_site.as_("auditor").get("/audit/statistics.xlsx?by=unit")

    assert "xl/workbook.xml" in ZipFile(io.BytesIO(answer.content)).namelist()
    assert looks(sqlite_site)[0][0] == "export"


def test_conformance_is_told_and_its_log_taken(sqlite_site):
    closed(sqlite_site.office)
    auditor = sqlite_site.as_("auditor")

    page = auditor.get("/audit/conformance?run=1&place=P1").text
    log = auditor.get("/audit/conformance/events.xes?place=P1")

    assert "1 个案件中 1 个合乎流程表" in page
    assert log.text.count("<trace>") == 1
    assert [each[0] for each in looks(sqlite_site)][:2] == ["event_log", "conformance"]


def test_the_access_log_shows_everybody_to_an_auditor_and_oneself_to_others(sqlite_site):
    sqlite_site.as_("owner1").get("/audit?q=灭火器")

    seen = sqlite_site.as_("auditor").get("/audit/access").text
    own = sqlite_site.as_("owner2").get("/audit/access").text
    asked = sqlite_site.as_("owner2").get("/audit/access?person=owner1")

    assert "灭火器" in seen
    assert "灭火器" not in own
    assert asked.status_code == 403


def test_the_access_log_goes_on_to_what_is_older(sqlite_site):
    auditor = sqlite_site.as_("auditor")
    for minute in range(55):
        sqlite_site.clock.at = MONDAY_9AM + timedelta(minutes=minute)
        auditor.get("/audit/conformance?run=1")

    page = auditor.get("/audit/access?look=conformance").text
    (earlier,) = re.findall(r'href="(/audit/access\?[^"]*until=[^"]*)"', page)

    assert auditor.get(earlier.replace("&amp;", "&")).text.count('<td class="keep whole">') == 5


def test_hostile_words_stay_words(sqlite_site):
    reported(sqlite_site.office, description="<script>alert(1)</script>")
    auditor = sqlite_site.as_("auditor")

    told = [
        auditor.get(path).text
        for path in ("/audit?q=script", "/audit/as-of", '/audit?q="<script>alert(1)"',
                     "/audit/as-of?why=<script>", "/audit/statistics?why=<script>")
    ]  # fmt: skip

    assert [page for page in told if re.search(r"<script(?! src=)", page)] == []
