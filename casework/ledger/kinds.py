"""What a file is, by its content; its name proves nothing."""

from typing import Literal

from casework.errors import Invalid
from casework.ledger.limits import MIB
from rules.wording import Wording

Kind = Literal["xlsx", "xls", "text"]

SAVE_AGAIN = Wording(
    "请用 Excel 或 WPS 打开，另存为 .xlsx 后再导入。",
    "Open it in Excel or WPS, save it as .xlsx and import that.",
)
_OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OTHER_MAGIC = (
    (b"%PDF", "PDF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"RIFF", "RIFF"),
    (b"II*\0", "TIFF"),
    (b"MM\0*", "TIFF"),
    (b"{\\rtf", "RTF"),
    (b"Rar!", "RAR"),
    (b"7z\xbc\xaf", "7z"),
    (b"\x1f\x8b", "gzip"),
    (b"SQLite format 3", "SQLite"),
)
_MARKUP = (b"<!doctype", b"<html", b"<?xml", b"<table", b"<head", b"<meta", b"mime-version:")


def tell_kind(head: bytes) -> Kind:
    """Return what the first few hundred bytes show; raise Invalid for what is no ledger."""
    if not head:
        raise Invalid(
            Wording("文件是空的。", "The file is empty."),
            remedy=Wording("请选择填好的台账。", "Choose a ledger that has been filled in."),
        )
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "xlsx"
    if head.startswith(_OLE2):
        return "xls"
    _refuse_others(head)
    return "text"


def check_compound(data: bytes) -> None:
    """Raise Invalid unless an OLE2 file holds an open Excel workbook (.xls)."""
    if _stream("EncryptedPackage") in data:
        raise locked()
    if _stream("Workbook") not in data and _stream("Book") not in data:
        raise not_a_ledger("OLE2")


def locked() -> Invalid:
    return Invalid(
        Wording("文件有密码，无法读取。", "The file is protected by a password."),
        remedy=Wording(
            "请在 Excel 或 WPS 中取消密码后另存，再导入。",
            "Remove the password in Excel or WPS, save and import again.",
        ),
    )


def not_a_ledger(what: str) -> Invalid:
    return Invalid(
        Wording(
            f"这不是台账文件（看到的是 {what}）。", f"This is not a ledger file (it is {what})."
        ),
        remedy=Wording(
            "只接受 .xlsx、.xls、.csv；" + SAVE_AGAIN.zh,
            "Only .xlsx, .xls and .csv are read. " + SAVE_AGAIN.en,
        ),
    )


def too_big(limit_bytes: int) -> Invalid:
    size = limit_bytes // MIB
    return Invalid(
        Wording(f"文件超过 {size} MB。", f"The file is larger than {size} MB."),
        remedy=Wording(
            "请删去图片，或拆成几个文件。", "Remove pictures, or split it into several files."
        ),
    )


def _refuse_others(head: bytes) -> None:
    for magic, what in _OTHER_MAGIC:
        if head.startswith(magic):
            raise not_a_ledger(what)
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if text.startswith(_MARKUP):
        raise not_a_ledger("HTML/XML")


def _stream(name: str) -> bytes:
    return name.encode("utf-16-le")
