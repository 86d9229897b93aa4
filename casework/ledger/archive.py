"""The look at an .xlsx file's zip before anything parses it.

Python before 3.11.8 reads overlapping entries (CVE-2024-0450), so an 11 KB file can unpack to
200 MiB; sizes are therefore counted, not believed.
"""

import io
import struct
import zipfile
import zlib

from casework.errors import Invalid
from casework.ledger.kinds import SAVE_AGAIN, locked, not_a_ledger
from casework.ledger.limits import MIB, Limits
from rules.wording import Wording

_ENTRY_MARK = b"PK\x01\x02"
_LOCAL_HEADER = struct.Struct("<4s22xHH")  # mark, …, length of name, length of extra
_ENCRYPTED_FLAG = 0x1
_PLAIN_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_DOCTYPES = tuple("<!DOCTYPE".encode(code) for code in ("ascii", "utf-16-le", "utf-16-be"))
_CHUNK = 256 * 1024


def check_archive(data: bytes, limits: Limits) -> None:
    """Raise Invalid unless ``data`` is a workbook that is safe to unpack."""
    if data.count(_ENTRY_MARK) > limits.entries:
        raise _bomb(f"> {limits.entries} 个条目", f"> {limits.entries} entries")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check_entries(archive, data, limits)
    except (zipfile.BadZipFile, zlib.error, EOFError, struct.error, ValueError, KeyError) as error:
        raise damaged() from error


def damaged() -> Invalid:
    return Invalid(
        Wording("文件已损坏，无法按工作簿读取。", "The file is damaged; no workbook can be read."),
        remedy=SAVE_AGAIN,
    )


def _check_entries(archive: zipfile.ZipFile, data: bytes, limits: Limits) -> None:
    entries = archive.infolist()
    _check_declared(entries, limits)
    _check_overlap(entries, data, archive.start_dir)
    left = limits.unpacked_bytes
    for entry in entries:
        left -= _unpacked(archive, entry, limits, left)
    _check_kind({entry.filename.replace("\\", "/").lower() for entry in entries})


def _check_declared(entries: list[zipfile.ZipInfo], limits: Limits) -> None:
    if any(entry.flag_bits & _ENCRYPTED_FLAG for entry in entries):
        raise locked()
    if any(entry.compress_type not in _PLAIN_METHODS for entry in entries):
        raise damaged()
    if len(entries) > limits.entries:
        raise _bomb(f"> {limits.entries} 个条目", f"> {limits.entries} entries")
    if sum(entry.file_size for entry in entries) > limits.unpacked_bytes:
        raise _too_large(limits)


def _check_overlap(entries: list[zipfile.ZipInfo], data: bytes, directory_at: int) -> None:
    reached = 0
    for entry in sorted(entries, key=lambda entry: entry.header_offset):
        if entry.header_offset < reached:
            raise _bomb("条目互相重叠", "overlapping entries")
        mark, name, extra = _LOCAL_HEADER.unpack_from(data, entry.header_offset)
        if mark != b"PK\x03\x04":
            raise damaged()
        start = entry.header_offset + _LOCAL_HEADER.size
        reached = start + name + extra + entry.compress_size
    if reached > directory_at:
        raise _bomb("条目互相重叠", "overlapping entries")


def _unpacked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, limits: Limits, left: int) -> int:
    size, tail = 0, b""
    with archive.open(entry) as part:
        while chunk := part.read(_CHUNK):
            size += len(chunk)
            if size > left:
                raise _too_large(limits)
            if any(mark in tail + chunk for mark in _DOCTYPES):
                raise _bomb("含有 DTD", "a document type declaration")
            tail = chunk[-18:]
    if size > limits.ratio_from_bytes and size > limits.ratio * max(1, entry.compress_size):
        raise _bomb(f"压缩比超过 {limits.ratio}", f"a packing ratio over {limits.ratio}")
    return size


def _check_kind(names: set[str]) -> None:
    if "xl/workbook.xml" in names or any(name.endswith("workbook.xml") for name in names):
        return
    if "xl/workbook.bin" in names:
        raise not_a_ledger("XLSB")
    raise not_a_ledger(_other_package(names))


def _other_package(names: set[str]) -> str:
    if any(name.startswith("word/") for name in names):
        return "DOCX"
    if any(name.startswith("ppt/") for name in names):
        return "PPTX"
    return "ODS/ODT" if "content.xml" in names else "ZIP"


def _too_large(limits: Limits) -> Invalid:
    size = limits.unpacked_bytes // MIB
    return Invalid(
        Wording(f"工作簿解压后超过 {size} MB。", f"The workbook unpacks to more than {size} MB."),
        remedy=Wording(
            "请删去图片和多余的工作表，或拆成几个文件。",
            "Remove pictures and spare sheets, or split it into several files.",
        ),
    )


def _bomb(zh: str, en: str) -> Invalid:
    return Invalid(
        Wording(f"工作簿的压缩包不安全：{zh}。", f"The workbook's archive is unsafe: {en}."),
        remedy=SAVE_AGAIN,
    )
