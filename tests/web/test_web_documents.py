"""Documents on pages: issued, taken as files, verified by anybody."""

from io import BytesIO
from urllib.parse import unquote

import pytest
from docx import Document

from casework.documents.making import make_file
from rules.documents import DocumentFormat
from tests.offices import reported
from tests.papers import NEEDS_A_FONT, K, failed, hand, issued, listed


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_document_is_issued_taken_and_verified(site, lang):
    number = failed(site.office, owner="张三")
    verifier = site.as_("verifier1a")

    before = verifier.get(f"/documents/{number}?lang={lang}").text
    answer = verifier.post(f"/documents/{number}", data={"kind": "reinspection", "nth": "1"})
    after = verifier.get(answer.headers["location"]).text
    file = verifier.get("/document/1/docx")
    code = after.partition('href="/verify/')[2].partition('"')[0]
    seen = site.browser().get(f"/verify/{code}").text

    assert ("签发复查意见书" if lang == "zh" else "Issue the re-inspection opinion") in before
    assert f"{number}-复查-1" in after
    assert file.headers["content-type"].endswith("wordprocessingml.document")
    assert unquote(file.headers["content-disposition"]).endswith(
        f"{number}-复查-1 安全隐患复查意见书.docx"
    )
    assert "第一小学：" in [each.text for each in Document(BytesIO(file.content)).paragraphs]
    assert "属实" in seen
    assert f"{number}-复查-1" in seen
    assert not [each for each in ("张三", "VERIFIER1A", "第一小学", "未固定") if each in seen]


def test_the_code_on_a_document_leads_back_to_these_pages(sqlite_site):
    number = reported(sqlite_site.office)
    cluster = sqlite_site.as_("cluster1")

    cluster.post(f"/documents/{number}", data={"kind": "rectification", "nth": "1"})

    paper = issued(sqlite_site.office, K.RECTIFICATION, number)
    assert paper.content.address == f"http://localhost/verify/{paper.token}"


@NEEDS_A_FONT
def test_the_pdf_is_a_pdf_and_never_shown_in_place(sqlite_site):
    paper = issued(sqlite_site.office, K.RECTIFICATION, reported(sqlite_site.office))

    file = sqlite_site.as_("owner1").get(f"/document/{paper.id}/pdf")

    assert file.content.startswith(b"%PDF-")
    assert file.headers["content-disposition"].startswith("attachment;")
    made = make_file(sqlite_site.office, paper.id, DocumentFormat.PDF, hand())
    assert file.content == made.data


@NEEDS_A_FONT
def test_a_glyph_that_is_missing_is_named_on_a_page(sqlite_site):
    number = reported(sqlite_site.office, description="\ue83a野家")
    paper = issued(sqlite_site.office, K.RECTIFICATION, number)

    answer = sqlite_site.as_("owner1").get(f"/document/{paper.id}/pdf")

    assert answer.status_code == 422
    assert "U+E83A" in answer.text


@pytest.mark.parametrize("by", ["reporter1", "owner1", "head1", "admin", "auditor", "inspector1"])
def test_who_may_not_issue_sees_why_and_is_held_to_it(sqlite_site, by):
    number = failed(sqlite_site.office)
    browser = sqlite_site.as_(by)

    shown = browser.get(f"/documents/{number}").text
    answer = browser.post(f"/documents/{number}", data={"kind": "reinspection"})

    assert '<button class="press press-main">' not in shown
    assert "您无权签发复查意见书" in shown
    assert answer.status_code == 403


@pytest.mark.parametrize("by", ["owner2", "head3", "cluster2", "verifier2", "reporter3"])
def test_of_another_cluster_or_school_nothing_is_found(sqlite_site, by):
    number = listed(sqlite_site.office)
    paper = issued(sqlite_site.office, K.SUPERVISION, number)
    browser = sqlite_site.as_(by)

    answers = [
        browser.get(f"/documents/{number}"),
        browser.get("/documents/校安督〔2026〕1号"),
        browser.post(f"/documents/{number}", data={"kind": "supervision"}),
        browser.get(f"/document/{paper.id}/docx"),
        browser.get(f"/document/{paper.id}/pdf"),
    ]

    assert {each.status_code for each in answers} == {404}


@pytest.mark.parametrize(
    ("path", "status"),
    [("/document/9/docx", 404), ("/document/1/exe", 422), ("/document/0/docx", 422),
     ("/document/x/docx", 422), ("/documents/YH2026-999999", 404)],
)  # fmt: skip
def test_what_is_not_there_is_not_found(sqlite_site, path, status):
    issued(sqlite_site.office, K.RECTIFICATION, reported(sqlite_site.office))

    assert sqlite_site.as_("committee1").get(path).status_code == status


@pytest.mark.parametrize("data", [{}, {"kind": "licence"}, {"kind": "release"}])
def test_a_kind_that_there_is_no_ground_for_is_refused(sqlite_site, data):
    number = reported(sqlite_site.office)

    answer = sqlite_site.as_("committee1").post(f"/documents/{number}", data=data)

    assert answer.status_code in {404, 422}


@pytest.mark.parametrize("code", [
    "x", "YH2026-000001/1/00000000", "<script>alert(1)</script>", "%00", "{{ 7 * 7 }}", "a" * 3_000,
])  # fmt: skip
def test_a_code_that_is_not_ours_says_so_and_nothing_else(sqlite_site, code):
    reported(sqlite_site.office)

    answer = sqlite_site.browser().get("/verify", params={"code": code})

    assert answer.status_code == 200
    assert "请勿采信" in answer.text
    assert "<script>alert" not in answer.text


def test_a_receipt_is_verified_as_it_is_printed(site):
    number = reported(site.office)
    paper = issued(site.office, K.RECTIFICATION, number)

    answer = site.browser().get(f"/verify/{paper.receipt}")

    assert "属实" in answer.text


def test_case_order_and_look_back_lead_to_their_documents(sqlite_site):
    number = listed(sqlite_site.office)
    committee = sqlite_site.as_("committee1")

    assert f'href="/documents/{number}"' in committee.get(f"/case/{number}").text
    order = committee.get("/order/校安督〔2026〕1号").text
    assert "校安督〔2026〕1号" in unquote(order.partition('href="/documents/')[2][:80])
    assert "挂牌督办通知书" in committee.get("/documents/校安督〔2026〕1号").text
