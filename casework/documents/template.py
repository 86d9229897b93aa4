"""Draws ``notice.docx``, the template of every document, in the layout of GB/T 9704-2012.

Run ``python -m casework.documents.template`` after a change; a test compares. Fonts are named, not
shipped: where 方正小标宋 or 仿宋_GB2312 is missing, the reader takes the alternative named beside.
"""

import re
from datetime import datetime
from io import BytesIO
from pathlib import Path

from docx import Document
from docx.document import Document as Docx
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING, WD_TAB_ALIGNMENT
from docx.opc.part import Part
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from casework.documents.word import TEMPLATE, settled

BANNER, SONG, BODY, BLACK = "方正小标宋简体", "宋体", "仿宋_GB2312", "黑体"
# What a reader without the font takes instead (fontTable.xml, w:altName).
INSTEAD = {BANNER: "宋体", BODY: "仿宋", BLACK: "SimHei", SONG: "SimSun"}
RED = RGBColor(0xD0, 0x02, 0x1B)
THREE, TWO, FOUR = Pt(16), Pt(22), Pt(14)  # 三号, 二号, 四号
SMALL, NOTE = Pt(10.5), Pt(9)
LEADING = Pt(28)  # 22 lines on a page, 5.2.2
INDENT = Pt(32)  # two characters of 三号
_MARGINS = {"top": Mm(37), "bottom": Mm(35), "left": Mm(28), "right": Mm(26)}  # 5.2.1
_LONG_AGO = datetime(2000, 1, 1)  # noqa: DTZ001 — a DOCX keeps moments without a zone
_CENTRE, _RIGHT = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT


def draw_template() -> bytes:
    """Return the template as DOCX; the same bytes each time."""
    made = Document()
    _lay_out(made)
    _name_fonts(made)
    _head(made)
    _body(made)
    _foot(made)
    said = made.core_properties
    said.author = said.title = said.comments = said.last_modified_by = ""
    said.created = said.modified = _LONG_AGO
    out = BytesIO()
    made.save(out)
    return settled(out.getvalue())


def _lay_out(made: Docx) -> None:
    section = made.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = _MARGINS["top"], _MARGINS["bottom"]
    section.left_margin, section.right_margin = _MARGINS["left"], _MARGINS["right"]
    normal = made.styles["Normal"]
    normal.font.size = THREE
    _set_font(normal.element.get_or_add_rPr(), BODY)
    spacing = normal.paragraph_format
    spacing.space_before = spacing.space_after = Pt(0)
    spacing.line_spacing_rule, spacing.line_spacing = WD_LINE_SPACING.EXACTLY, LEADING
    number = section.footer.paragraphs[0]
    number.alignment = _CENTRE
    _say(number, "— ", SONG, FOUR)
    _page_number(_say(number, "", SONG, FOUR))
    _say(number, " —", SONG, FOUR)


def _head(made: Docx) -> None:
    banner = _line(made, "{{ issuer }}", BANNER, Pt(30), centred=True)
    banner.runs[0].font.color.rgb = RED
    banner.paragraph_format.line_spacing = Pt(44)
    number = _line(made, "{{ number }}", BODY, THREE, centred=True)
    _rule(number, "bottom", 12, "D0021B")
    title = _line(made, "{{ title }}", BANNER, TWO, centred=True)
    title.paragraph_format.space_before = title.paragraph_format.space_after = LEADING
    title.paragraph_format.line_spacing = Pt(35)


def _body(made: Docx) -> None:
    _line(made, "{%p if addressee %}")
    _line(made, "{{ addressee }}：")
    _line(made, "{%p endif %}")
    _line(made, "{{ opening }}", indented=True)
    _line(made, "{%p for section in sections %}")
    _line(made, "{{ section.heading }}", BLACK, indented=True)
    _line(made, "{%p for words in section.lines %}")
    _line(made, "{{ words }}", indented=True)
    _line(made, "{%p endfor %}")
    _line(made, "{%p endfor %}")
    _line(made, "{%p if rows %}")
    _table(made)
    _line(made, "{%p endif %}")


def _table(made: Docx) -> None:
    """Add a table of five columns: its heading repeats on each page, its rows are a loop."""
    table = made.add_table(rows=4, cols=5)
    table.style, table.alignment = "Table Grid", WD_TABLE_ALIGNMENT.CENTER
    rows = (
        [f"{{{{ heading[0][{n}] }}}}" for n in range(5)],
        ["{%tr for row in rows %}", "", "", "", ""],
        [f"{{{{ row[{n}] }}}}" for n in range(5)],
        ["{%tr endfor %}", "", "", "", ""],
    )
    for row, texts in zip(table.rows, rows, strict=True):
        for cell, words in zip(row.cells, texts, strict=True):
            _say(cell.paragraphs[0], words, BODY, SMALL)
            cell.paragraphs[0].paragraph_format.line_spacing = Pt(16)
    repeated = OxmlElement("w:tblHeader")
    table.rows[0]._tr.get_or_add_trPr().append(repeated)  # noqa: SLF001 — python-docx has no other way


def _foot(made: Docx) -> None:
    _line(made, "{%p for words in signers %}")
    _line(made, "{{ words }}", indented=True)
    _line(made, "{%p endfor %}")
    issuer = _line(made, "{{ issuer }}")
    issuer.paragraph_format.space_before = LEADING
    for signed in (issuer, _line(made, "{{ day }}"), _line(made, "（印章）")):
        signed.alignment = _RIGHT
        signed.paragraph_format.right_indent = 2 * INDENT  # four characters, 7.3.5.1
        signed.paragraph_format.keep_with_next = True
    code = _line(made, "{{ code }}")
    code.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
    _line(made, "扫码核验 {{ foot }}", BODY, NOTE)
    _line(made, "{%p if copies %}")
    _rule(_line(made, "抄送：{{ copies }}。", BODY, FOUR), "top", 8, "000000")
    _line(made, "{%p endif %}")
    printed = _line(made, "{{ issuer }}\t{{ day }}印发", BODY, FOUR)
    printed.paragraph_format.tab_stops.add_tab_stop(Mm(156), WD_TAB_ALIGNMENT.RIGHT)
    _rule(printed, "top", 4, "000000")
    _rule(printed, "bottom", 8, "000000")


def _line(
    made: Docx,
    words: str,
    font: str = BODY,
    size: Pt = THREE,
    *,
    centred: bool = False,
    indented: bool = False,
) -> Paragraph:
    paragraph = made.add_paragraph()
    if centred:
        paragraph.alignment = _CENTRE
    if indented:
        paragraph.paragraph_format.first_line_indent = INDENT
    _say(paragraph, words, font, size)
    return paragraph


def _say(paragraph: Paragraph, words: str, font: str, size: Pt) -> Run:
    run = paragraph.add_run(words)
    run.font.size = size
    _set_font(run._r.get_or_add_rPr(), font)  # noqa: SLF001 — ``font.name`` leaves Chinese text as it was
    return run


def _set_font(properties: BaseOxmlElement, font: str) -> None:
    """Name the font of Latin and of Chinese text; the theme's fonts would win over both."""
    for old in properties.findall(qn("w:rFonts")):
        properties.remove(old)
    fonts = OxmlElement("w:rFonts")
    for script in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{script}"), font)
    properties.insert(0, fonts)


def _rule(paragraph: Paragraph, side: str, eighths: int, colour: str) -> None:
    """Draw a line above or below a paragraph, in eighths of a point."""
    properties = paragraph._p.get_or_add_pPr()  # noqa: SLF001 — python-docx has no borders
    borders = properties.find(qn("w:pBdr"))
    if borders is None:
        borders = OxmlElement("w:pBdr")
        properties.insert_element_before(borders, *_AFTER_BORDERS)
    edge = OxmlElement(f"w:{side}")
    told = {"val": "single", "sz": str(eighths), "space": "4", "color": colour}
    for name, value in told.items():
        edge.set(qn(f"w:{name}"), value)
    borders.append(edge)


def _page_number(run: Run) -> None:
    for kind, words in (("begin", ""), ("", " PAGE "), ("end", "")):
        if words:
            part = OxmlElement("w:instrText")
            part.text = words
        else:
            part = OxmlElement("w:fldChar")
            part.set(qn("w:fldCharType"), kind)
        run._r.append(part)  # noqa: SLF001 — python-docx has no fields


def _name_fonts(made: Docx) -> None:
    """Say what to take for a font that is missing, and that the text is Chinese."""
    table = _part(made, "/word/fontTable.xml")
    named = "".join(
        f'<w:font w:name="{font}"><w:altName w:val="{instead}"/><w:charset w:val="86"/></w:font>'
        for font, instead in INSTEAD.items()
    )
    table._blob = re.sub(rb"(<w:fonts\b[^>]*>).*", rb"\1", table.blob, flags=re.DOTALL) + (  # noqa: SLF001 — a part without a model
        f"{named}</w:fonts>".encode()
    )
    defaults = made.styles.element.find(qn("w:docDefaults")).find(f".//{qn('w:rPr')}")
    _set_font(defaults, BODY)
    for old in defaults.findall(qn("w:lang")):
        defaults.remove(old)
    defaults.append(
        parse_xml(f'<w:lang {nsdecls("w")} w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/>')
    )


def _part(made: Docx, name: str) -> Part:
    found: Part = next(each for each in made.part.package.iter_parts() if each.partname == name)
    return found


# What follows w:pBdr in a paragraph's properties (ECMA-376, part 1, 17.3.1.26).
_AFTER_BORDERS = (
    "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:kinsoku", "w:wordWrap", "w:overflowPunct",
    "w:topLinePunct", "w:autoSpaceDE", "w:autoSpaceDN", "w:bidi", "w:adjustRightInd",
    "w:snapToGrid", "w:spacing", "w:ind", "w:contextualSpacing", "w:mirrorIndents", "w:jc",
    "w:rPr", "w:sectPr",
)  # fmt: skip


if __name__ == "__main__":
    Path(__file__).with_name(TEMPLATE).write_bytes(draw_template())
