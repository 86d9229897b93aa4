"""PDF read back: its words, hostile text, and characters that no font here has."""

from io import BytesIO
from pathlib import Path

import pytest
import typst
from pypdf import PdfReader

from casework.documents.fonts import FAMILIES, fontbook, system_fonts
from casework.documents.pdf import draw_pdf
from casework.documents.word import draw_docx
from casework.errors import Invalid, Unavailable
from tests.papers import (
    COMMON,
    HOSTILE,
    NEEDS_A_FONT,
    RARE,
    a_content,
    text_of,
    words_of,
)

pytestmark = NEEDS_A_FONT


@pytest.mark.parametrize("line", HOSTILE)
def test_whatever_is_typed_comes_out_of_a_pdf_as_text(line):
    assert "".join(line.split()) in text_of(draw_pdf(a_content(line)))


@pytest.mark.parametrize("field", ["number", "issuer", "title", "addressee", "opening", "copies"])
def test_no_field_is_carried_out(field):
    content = a_content(**{field: "{{ 7 * 7 }} #panic()"})

    assert "49" not in "".join(words_of(draw_docx(content)))
    assert "{{7*7}}#panic()" in text_of(draw_pdf(content))


def test_a_table_comes_out_row_by_row_in_both():
    table = (("编号", "单位", "结果", "日期", "人员"), ("YH2026-000001", "甲校", "复发", "", "乙"))
    content = a_content(COMMON, table=table)

    assert words_of(draw_docx(content))[-10:] == [*table[0], *table[1]]
    assert "YH2026-000001甲校复发乙" in text_of(draw_pdf(content))


def test_a_pdf_holds_the_same_words_and_names_its_document():
    pdf = draw_pdf(a_content(COMMON))

    assert "".join(COMMON.split()) in text_of(pdf)
    assert "回执YH2026-000001/1/0a1b2c3d" in text_of(pdf)
    reader = PdfReader(BytesIO(pdf))
    assert reader.metadata.title == "YH2026-000001-整改-1 安全隐患整改通知书"
    assert [round(float(each) / 72 * 25.4) for each in reader.pages[0].mediabox[2:]] == [210, 297]


def test_a_pdf_of_any_length_numbers_its_pages():
    pdf = draw_pdf(a_content(*[COMMON] * 60))

    pages = PdfReader(BytesIO(pdf)).pages

    assert len(pages) > 2
    assert "—3—" in "".join(pages[2].extract_text().split())


def small_fonts():
    """The one Chinese font that a bare machine is told to install: it lacks rare characters."""
    named = {each.family: each.path for each in system_fonts().fonts.fonts()}
    return fontbook(typst.Fonts(False, False, [Path(named[FAMILIES[-1]]).parent]))


def test_a_character_that_no_font_has_is_refused_by_name():
    with pytest.raises(Invalid) as refused:
        draw_pdf(a_content(f"{RARE[0]}野家门口{RARE[1]}"), small_fonts())

    assert refused.value.problem.zh == ("字体 WenQuanYi Micro Hei 缺这些字：𠮷䶮（U+20BB7 U+4DAE）")
    assert "lacks these characters: 𠮷䶮" in refused.value.problem.en
    assert "DOCX" in refused.value.remedy.en
    assert refused.value.where == "PDF"


def test_a_docx_holds_characters_that_no_font_here_has():
    assert RARE in words_of(draw_docx(a_content(RARE)))


def test_without_a_chinese_font_a_pdf_is_refused_with_the_remedy():
    with pytest.raises(Unavailable) as refused:
        draw_pdf(a_content(COMMON), fontbook(typst.Fonts(False, False, [])))

    assert refused.value.problem.zh == "本机没有中文字体，不能出 PDF"
    assert "fonts-wqy-microhei" in refused.value.remedy.zh
