"""Documents to test with: cases that give rise to them, and issuing by whoever may."""

from dataclasses import replace
from io import BytesIO

import pytest
from docx import Document
from pypdf import PdfReader

from casework.documents.contents import Content, Section
from casework.documents.fonts import system_fonts
from casework.documents.issuing import Hand, Wanted, issue_document
from casework.events import Door
from rules.actions import Action
from rules.documents import DocumentKind
from tests.offices import MONDAY_9AM, act, after_photo, claimed

NEEDS_A_FONT = pytest.mark.skipif(
    not system_fonts().faces,
    reason="no Chinese font for a PDF: apt-get install fonts-wqy-microhei",
)
"""For what makes a PDF; ``.ci/run`` installs a font and says so when it cannot."""

HOSTILE = (
    "{{ 7 * 7 }}",
    "{% for x in y %}{{ x }}{% endfor %}",
    "{{ cycler.__init__.__globals__ }}",
    '#panic("x") #read("/etc/passwd")',
    "$ a^2 $ *粗* _斜_ `码` @ref <label>",
    "</w:t></w:r></w:p><w:p><w:r><w:t>塞入",
    "<script>alert(1)</script> & ]]> &amp; &#x41;",
    "= 标题 \\ // 注释 /* 注 */",
    '"; drop table cases; --',
)
COMMON = "灭火器压力不足，门口堆物；ABC 123（三楼）“急”——……《条例》〔2026〕"
RARE = "𠮷䶮"

BASE = "https://safe.example"
K = DocumentKind


def hand(by="committee1", at=MONDAY_9AM):
    return Hand(by, at, Door.CLI)


def issued(office, kind, of, *, by="committee1", nth=None, at=MONDAY_9AM):
    return issue_document(office, Wanted(kind, of, nth), hand(by, at), base=BASE)


def failed(office, **told):
    """A case whose first claim was refused; return its number."""
    number = claimed(office, **told)
    act(office, number, Action.FAIL, "verifier1a", finding="未固定", new_due="2026-03-15")
    return number


def listed(office, *, supervisor="cluster", **told):
    """A case that failed and was listed; return its number."""
    number = failed(office, **told)
    typed = {"kind": "supervision", "reason": "久拖不改", "new_due": "2026-03-16"}
    act(office, number, Action.LIST, "committee1", supervisor=supervisor, **typed)
    return number


def released(office, **told):
    """A listed case, passed at last and released; return its number."""
    number = listed(office, **told)
    act(office, number, Action.CLAIM, "owner1", files=[after_photo(office, "blue")])
    act(office, number, Action.PASS, "verifier1a", finding="已固定")
    act(office, number, Action.RELEASE, "committee1", reason="隐患已消除")
    return number


def a_content(*lines, **told):
    """A document's text, with ``lines`` in its only section."""
    content = Content(
        kind="rectification", number="YH2026-000001-整改-1", issuer="学校安全专委会",
        title="安全隐患整改通知书", addressee="第一小学", opening="现通知整改。",
        sections=(Section("一、隐患情况", lines),), table=(), signers=("签收人（签名）：",),
        issued_on="2026-03-02", copies="第一片区", receipt="YH2026-000001/1/0a1b2c3d",
        address=f"{BASE}/verify/{'a' * 32}",
    )  # fmt: skip
    return replace(content, **told)


def words_of(docx):
    document = Document(BytesIO(docx))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return [paragraph.text for paragraph in document.paragraphs] + cells


def text_of(pdf):
    """The text of a PDF without white space: extraction parts Chinese from digits."""
    return "".join("".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages).split())
