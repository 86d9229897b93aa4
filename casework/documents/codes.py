"""QR codes: an address, as a document carries it or a sheet of a wall."""

from io import BytesIO

import segno

_ERROR = "m"  # 15 % may be lost to a stamp or a fold (ISO/IEC 18004, table 12)
_BORDER = 2


def code_png(address: str) -> bytes:
    out = BytesIO()
    segno.make(address, error=_ERROR, micro=False).save(out, kind="png", scale=6, border=_BORDER)
    return out.getvalue()


def code_svg(address: str) -> str:
    out = BytesIO()
    segno.make(address, error=_ERROR, micro=False).save(out, kind="svg", border=_BORDER)
    return out.getvalue().decode()


def code_inline(address: str) -> str:
    """Return the code as an ``svg`` element to stand in a page, as large as its place."""
    drawn = segno.make(address, error=_ERROR, micro=False)
    return drawn.svg_inline(border=_BORDER, omitsize=True)
