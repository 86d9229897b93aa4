"""A case on paper 一案一档: set by typst as documents are, every word and photo given as data."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from importlib.resources import files

import typst

from casework.documents.fonts import Fontbook, system_fonts
from casework.errors import Unavailable
from rules.wording import Wording

_SIGNS = "0123456789 /"  # what the template adds: page numbers


@dataclass(frozen=True, slots=True)
class Part:
    """A table under a heading. ``columns`` are "auto", or "rest" for what shares the width."""

    heading: str
    columns: Sequence[str]
    head: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo as JPEG (b'' for one that is gone) and what stands under it."""

    jpeg: bytes
    caption: str


@dataclass(frozen=True, slots=True)
class CasePaper:
    """``facts`` are pairs of label and value, two a row; ``wide`` one a row."""

    title: str
    number: str
    warnings: Sequence[str]
    facts: Sequence[tuple[str, str, str, str]]
    wide: Sequence[tuple[str, str]]
    parts: Sequence[Part]
    photos_heading: str
    photos: Sequence[Photo]
    foot: str


def draw_case(paper: CasePaper, fonts: Fontbook | None = None) -> bytes:
    """Return the paper as PDF. Raise as ``Fontbook.face_for`` does, Unavailable when it fails."""
    book = fonts or system_fonts()
    told = json.dumps(_told(paper), ensure_ascii=False)
    face = book.face_for(told + _SIGNS)
    compiler = typst.Compiler(font_paths=book.fonts, ignore_system_fonts=True)
    photos = json.dumps([list(each.jpeg) for each in paper.photos])  # typst reads no base64
    made, warnings = compiler.compile_with_warnings(
        input=_template(), format="pdf",
        sys_inputs={"told": told, "photos": photos, "font": face.family},
    )  # fmt: skip
    if warnings or not isinstance(made, bytes):
        raise Unavailable(
            Wording("PDF 没有排成", "the PDF could not be set"),
            remedy=Wording("请看压缩包内的 index.html。", "See index.html in the archive."),
            where="; ".join(each.message for each in warnings),
        )
    return made


def _told(paper: CasePaper) -> Mapping[str, object]:
    return {
        "title": paper.title, "number": paper.number, "warnings": paper.warnings,
        "facts": paper.facts, "wide": paper.wide, "foot": paper.foot,
        "parts": [asdict(each) for each in paper.parts],
        "photos-heading": paper.photos_heading,
        "captions": [each.caption for each in paper.photos],
    }  # fmt: skip


@lru_cache(maxsize=1)
def _template() -> bytes:
    return (files("casework.documents") / "case.typ").read_bytes()
