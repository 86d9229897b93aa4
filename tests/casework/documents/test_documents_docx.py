"""DOCX read back: the layout of GB/T 9704, its fonts, hostile text, the same bytes."""

from io import BytesIO
from zipfile import ZipFile

import pytest
import segno
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Pt

from casework.documents.codes import code_png
from casework.documents.contents import Content
from casework.documents.template import BANNER, BLACK, BODY, draw_template
from casework.documents.word import TEMPLATE, draw_docx
from tests.architecture.source import ROOT
from tests.papers import (
    COMMON,
    HOSTILE,
    a_content,
    words_of,
)


@pytest.mark.parametrize("line", HOSTILE)
def test_whatever_is_typed_comes_out_of_a_docx_as_text(line):
    assert line in words_of(draw_docx(a_content(line, addressee=line)))


def test_a_docx_lies_as_the_standard_says():
    document = Document(BytesIO(draw_docx(a_content(COMMON))))
    section = document.sections[0]

    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    assert (round(section.top_margin.mm), round(section.bottom_margin.mm)) == (37, 35)
    assert (round(section.left_margin.mm), round(section.right_margin.mm)) == (28, 26)
    assert document.styles["Normal"].paragraph_format.line_spacing == Pt(28)


@pytest.mark.parametrize(
    ("words", "font", "size"),
    [
        ("学校安全专委会", BANNER, 30),
        ("安全隐患整改通知书", BANNER, 22),
        ("一、隐患情况", BLACK, 16),
        (COMMON, BODY, 16),
        ("第一小学：", BODY, 16),
    ],
)
def test_a_docx_names_the_fonts_of_the_standard(words, font, size):
    document = Document(BytesIO(draw_docx(a_content(COMMON))))
    run = next(each for each in document.paragraphs if each.text == words).runs[0]

    assert run.font.size == Pt(size)
    assert run._r.rPr.rFonts.get(qn("w:eastAsia")) == font


def test_a_docx_says_what_to_take_for_a_missing_font_and_that_it_is_chinese():
    parts = ZipFile(BytesIO(draw_docx(a_content(COMMON))))

    fonts = parts.read("word/fontTable.xml").decode()
    assert '<w:font w:name="仿宋_GB2312"><w:altName w:val="仿宋"/>' in fonts
    styles = parts.read("word/styles.xml").decode()
    assert 'w:eastAsia="zh-CN"' in styles
    assert "MS Mincho" not in styles


def test_a_docx_holds_the_code_as_a_picture_of_the_address():
    content = a_content(COMMON)
    parts = ZipFile(BytesIO(draw_docx(content)))

    pictures = [parts.read(each) for each in parts.namelist() if each.startswith("word/media/")]

    assert pictures == [code_png(content.address)]


def test_the_code_holds_the_whole_address_and_stands_a_stamp():
    address = a_content().address

    code = segno.make(address, error="m", micro=False)

    assert code.error in ("M", "Q", "H")
    assert code_png(address).startswith(b"\x89PNG")


def test_the_order_of_the_parts_is_that_of_the_standard():
    written = words_of(draw_docx(a_content(COMMON)))
    parts = ["学校安全专委会", "YH2026-000001-整改-1", "安全隐患整改通知书",
             "第一小学：", "一、隐患情况", COMMON, "签收人（签名）：", "2026年3月2日",
             "抄送：第一片区。"]  # fmt: skip

    places = [written.index(each) for each in parts]

    assert places == sorted(places)
    assert "扫码核验 回执 YH2026-000001/1/0a1b2c3d" in written


def test_what_is_empty_leaves_no_line():
    written = words_of(draw_docx(a_content(COMMON, addressee="", copies="")))

    assert not [each for each in written if each == "：" or each.startswith("抄送")]


def test_the_template_is_what_its_script_draws():
    assert (ROOT / "casework/documents" / TEMPLATE).read_bytes() == draw_template()


@pytest.mark.parametrize("draw", [draw_docx, draw_template])
def test_the_same_text_gives_the_same_bytes(draw):
    given = [a_content(COMMON)] if draw is draw_docx else []

    assert draw(*given) == draw(*given)


def test_a_content_is_read_as_it_was_written():
    content = a_content(COMMON, table=(("甲", "乙"),))

    assert Content.read(content.written()) == content
