"""The QR code of a document: the address at which it is verified."""

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
