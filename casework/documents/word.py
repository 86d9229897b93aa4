"""The DOCX of a document, by docxtpl: the official form, to be edited, sealed and signed."""

from dataclasses import asdict
from datetime import datetime
from importlib.resources import as_file, files
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from docx.shared import Mm
from docxtpl import DocxTemplate, InlineImage

from casework.documents.codes import code_png
from casework.documents.contents import Content
from rules.workdays import CHINA

TEMPLATE = "notice.docx"
_CODE_WIDTH = Mm(24)
_ALWAYS = (1980, 1, 1, 0, 0, 0)  # the first moment a ZIP can name: equal parts are equal bytes


def draw_docx(content: Content) -> bytes:
    """Return the document as DOCX. Whatever was typed comes out as text, whatever it looks like."""
    with as_file(files("casework.documents") / TEMPLATE) as path:
        template = DocxTemplate(path)
        template.init_docx()
    shown = asdict(content) | {
        "day": content.day, "foot": content.foot, "heading": content.table[:1],
        "rows": content.table[1:],
        "code": InlineImage(template, BytesIO(code_png(content.address)), width=_CODE_WIDTH),
    }  # fmt: skip
    template.render(shown, autoescape=True)
    _describe(template, content)
    out = BytesIO()
    template.save(out)
    return settled(out.getvalue())


def settled(docx: bytes) -> bytes:
    """Return a DOCX without the moment it was packed at: the same content, the same bytes."""
    out = BytesIO()
    with ZipFile(BytesIO(docx)) as made, ZipFile(out, "w") as kept:
        for each in made.infolist():
            info = ZipInfo(each.filename, _ALWAYS)
            info.compress_type = ZIP_DEFLATED
            kept.writestr(info, made.read(each))
    return out.getvalue()


def _describe(template: DocxTemplate, content: Content) -> None:
    said = template.docx.core_properties
    said.title, said.author = f"{content.number} {content.title}"[:255], content.issuer[:255]
    issued = datetime.fromisoformat(content.issued_on).replace(tzinfo=CHINA)
    said.created = said.modified = issued.replace(tzinfo=None)
    said.last_modified_by = content.issuer[:255]
