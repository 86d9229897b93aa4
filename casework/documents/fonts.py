"""The Chinese font a PDF is set in: found on this machine, and known to hold every character.

typst prints a character that its font lacks as a blank, without a word; so each is looked up in
the font's own table first. No font is shipped: 仿宋_GB2312 and 方正小标宋 may be named, not given.
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import typst
from fontTools.ttLib import TTFont

from casework.errors import Invalid, Unavailable
from rules.wording import Wording

# The nearest to what GB/T 9704 asks for first; the last one is Debian's fonts-wqy-microhei.
FAMILIES = (
    "FangSong_GB2312", "FangSong", "STFangsong", "Noto Serif CJK SC", "Source Han Serif SC",
    "Noto Sans CJK SC", "Source Han Sans SC", "WenQuanYi Micro Hei",
)  # fmt: skip
_REGULAR = 400
_NAMED = 20  # of the missing characters, the first


@dataclass(frozen=True, slots=True)
class Face:
    """A font as typst names it, and the code points it has a glyph for."""

    family: str
    holds: frozenset[int]


@dataclass(frozen=True, slots=True)
class Fontbook:
    """What a PDF may be set in: typst's fonts, and the Chinese faces among them, best first."""

    fonts: typst.Fonts
    faces: tuple[Face, ...]

    def face_for(self, text: str) -> Face:
        """Return the best face that holds every character of ``text``.

        Raise Unavailable when there is no Chinese font at all, Invalid naming what all faces lack.
        """
        if not self.faces:
            raise Unavailable(_NO_FONT, remedy=_INSTALL, where="PDF")
        lacking = [(_lacks(face, text), face) for face in self.faces]
        missing, face = min(lacking, key=lambda each: len(each[0]))
        if missing:
            raise _missing(missing, face)
        return next(each for lacks, each in lacking if not lacks)


@lru_cache(maxsize=1)
def system_fonts() -> Fontbook:
    """Return this machine's fonts, looked for once."""
    return fontbook(typst.Fonts(include_system_fonts=True, include_embedded_fonts=False))


def fontbook(fonts: typst.Fonts) -> Fontbook:
    """Return typst's fonts with the Chinese ones among them read."""
    regular = {
        each.family: each for each in fonts.fonts()
        if each.path and each.weight == _REGULAR and each.style == "normal"
    }  # fmt: skip
    found = [regular[family] for family in FAMILIES if family in regular]
    return Fontbook(fonts, tuple(Face(each.family, _holds(each)) for each in found))


def _holds(info: typst.FontInfo) -> frozenset[int]:
    with TTFont(info.path, fontNumber=info.index, lazy=True) as font:
        return frozenset(font.getBestCmap() or {})


def _lacks(face: Face, text: str) -> list[str]:
    return [each for each in dict.fromkeys(text) if not _shown(each, face.holds)]


def _shown(character: str, holds: Iterable[int]) -> bool:
    return ord(character) in holds or unicodedata.category(character) in ("Cc", "Zs")


def _missing(missing: list[str], face: Face) -> Invalid:
    named = "".join(missing[:_NAMED])
    codes = " ".join(f"U+{ord(each):04X}" for each in missing[:_NAMED])
    return Invalid(
        Wording(f"字体 {face.family} 缺这些字：{named}（{codes}）",
                f"the font {face.family} lacks these characters: {named} ({codes})"),
        remedy=Wording(
            "请改出 DOCX，或安装收字更多的字体（Debian：fonts-noto-cjk）后重试。",
            "Make a DOCX, or install a larger font (Debian: fonts-noto-cjk) and try again.",
        ),
        where="PDF",
    )  # fmt: skip


_NO_FONT = Wording("本机没有中文字体，不能出 PDF", "this machine has no Chinese font for a PDF")
_INSTALL = Wording(
    "请安装中文字体（Debian：apt-get install fonts-wqy-microhei 或 fonts-noto-cjk），或改出 DOCX。",
    "Install one (Debian: apt-get install fonts-wqy-microhei, or fonts-noto-cjk), or make a DOCX.",
)
