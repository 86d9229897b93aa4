"""The PDF of a document, by typst: the preview, in the layout of GB/T 9704-2012.

The text goes in as data and never as markup, so that nothing anybody typed is carried out.
"""

import json
from dataclasses import asdict
from functools import lru_cache
from importlib.resources import files

import typst

from casework.documents.codes import code_svg
from casework.documents.contents import Content
from casework.documents.fonts import Fontbook, system_fonts
from casework.errors import Unavailable
from rules.wording import Wording

TEMPLATE = "notice.typ"


def draw_pdf(content: Content, fonts: Fontbook | None = None) -> bytes:
    """Return the document as PDF. Raise as ``Fontbook.face_for`` does."""
    book = fonts or system_fonts()
    told = json.dumps(
        asdict(content) | {"day": content.day, "foot": content.foot, "words": _words()},
        ensure_ascii=False,
    )
    face = book.face_for(told)
    compiler = typst.Compiler(font_paths=book.fonts, ignore_system_fonts=True)
    made, warnings = compiler.compile_with_warnings(
        input=_template(), format="pdf",
        sys_inputs={"told": told, "code": code_svg(content.address), "font": face.family},
    )  # fmt: skip
    if warnings or not isinstance(made, bytes):
        raise Unavailable(
            Wording("PDF 没有排成", "the PDF could not be set"),
            remedy=Wording("请改出 DOCX。", "Make a DOCX."),
            where="; ".join(each.message for each in warnings),
        )
    return made


@lru_cache(maxsize=1)
def _template() -> bytes:
    return (files("casework.documents") / TEMPLATE).read_bytes()


def _words() -> dict[str, str]:
    """Return the words that the template adds, so that they too are looked up in the font."""
    return {
        "seal": "（印章）", "verify": "扫码核验", "copies": "抄送：", "printed": "印发",
        "colon": "：", "dash": "—", "digits": "0123456789", "stop": "。",
    }  # fmt: skip
