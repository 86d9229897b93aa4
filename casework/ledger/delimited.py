"""CSV as it really arrives: UTF-8, UTF-16 or GB18030; comma, semicolon or tab.

Decoding is strict. A file that is none of these is refused; nothing is replaced by U+FFFD.
"""

import codecs
import csv
import io
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from casework.errors import Invalid
from casework.ledger.columns import find_columns
from casework.ledger.limits import Limits
from rules.wording import Wording

_CHUNK = 64 * 1024
_DELIMITERS = (",", ";", "\t")
_SAMPLE_ROWS = 30
_SAMPLE_CHARACTERS = 64 * 1024
_SAVE_AS_UTF8 = Wording(
    "请在 Excel 或 WPS 中另存为“CSV UTF-8”或 .xlsx 后再导入。",
    "Save it as “CSV UTF-8” or .xlsx in Excel or WPS and import that.",
)


@dataclass(frozen=True, slots=True)
class Fault:
    """Where decoding stopped: a byte offset from 0 and a line from 1."""

    offset: int
    line: int
    around: bytes


def read_records(stream: BinaryIO, limits: Limits) -> Iterator[list[str]]:
    """Yield every record as its cells, blank lines as ``[]``; raise Invalid when ill-formed."""
    encoding = tell_encoding(stream)
    csv.field_size_limit(limits.cell_characters)
    delimiter = _delimiter(stream, encoding)
    lines = _lines(stream, encoding, limits)
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    try:
        yield from reader
    except csv.Error as error:
        raise _broken_quotes(reader.line_num) from error


def tell_encoding(stream: BinaryIO) -> str:
    """Return the one encoding the whole stream is well-formed in."""
    stream.seek(0)
    if stream.read(2) in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return _only(stream, "utf-16")
    fault = _first_fault(stream, "utf-8-sig")
    if fault is None:
        return "utf-8-sig"
    if _mostly_utf8(fault.around) or _first_fault(stream, "gb18030") is not None:
        raise _undecodable(fault)
    return "gb18030"


def _lines(stream: BinaryIO, encoding: str, limits: Limits) -> Iterator[str]:
    stream.seek(0)
    # newline="" keeps line ends inside quotes as they were written.
    text = io.TextIOWrapper(stream, encoding=encoding, errors="strict", newline="")
    for number, line in enumerate(text, 1):
        if len(line) > limits.line_characters:
            raise _broken_quotes(number)
        yield line


def _only(stream: BinaryIO, encoding: str) -> str:
    fault = _first_fault(stream, encoding)
    if fault is not None:
        raise _undecodable(fault)
    return encoding


def _first_fault(stream: BinaryIO, encoding: str) -> Fault | None:
    stream.seek(0)
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    offset, line, before = 0, 1, b""
    while True:
        chunk = stream.read(_CHUNK)
        held = len(decoder.getstate()[0])
        try:
            text = decoder.decode(chunk, final=not chunk)
        except UnicodeDecodeError as error:
            lines = error.object[: error.start].count(b"\n")
            return Fault(offset - held + error.start, line + lines, before + chunk)
        if not chunk:
            return None
        _refuse_nul(text, line)
        offset += len(chunk)
        line += text.count("\n")
        before = chunk


def _refuse_nul(text: str, line: int) -> None:
    if "\0" in text:
        raise _holds_nul(line + text[: text.index("\0")].count("\n"))


def _mostly_utf8(around: bytes) -> bool:
    # A UTF-8 file with one bad byte often "is" GB18030, as nonsense. Real GB text read as
    # UTF-8 is nearly all faults; a damaged UTF-8 file is nearly all sense.
    text = around.decode("utf-8", "replace")
    bad = text.count("\ufffd")
    good = sum(character > "\x7f" for character in text) - bad
    return good > bad


def _delimiter(stream: BinaryIO, encoding: str) -> str:
    sample = _sample(stream, encoding)
    return max(_DELIMITERS, key=lambda mark: _promise(sample, mark))


def _sample(stream: BinaryIO, encoding: str) -> str:
    stream.seek(0)
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    return decoder.decode(stream.read(_SAMPLE_CHARACTERS))


def _promise(sample: str, delimiter: str) -> tuple[int, int]:
    """Prefer the delimiter that shows a header we know, then the one that makes most columns."""
    reader = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)
    try:
        rows = list(itertools.islice(reader, _SAMPLE_ROWS))
    except csv.Error:
        return (0, 0)
    return (
        max((len(find_columns(row)) for row in rows), default=0),
        max(map(len, rows), default=0),
    )


def _undecodable(fault: Fault) -> Invalid:
    return Invalid(
        Wording(
            f"第 {fault.line} 行（第 {fault.offset} 字节）既不是 UTF-8 也不是 GB18030 编码。",
            f"Line {fault.line} (byte {fault.offset}) is not UTF-8 nor GB18030.",
        ),
        remedy=_SAVE_AS_UTF8,
    )


def _holds_nul(line: int) -> Invalid:
    return Invalid(
        Wording(
            f"第 {line} 行含有空字符（NUL），这不是文本文件。",
            f"Line {line} holds a NUL; this is not a text file.",
        ),
        remedy=_SAVE_AS_UTF8,
    )


def _broken_quotes(line: int) -> Invalid:
    return Invalid(
        Wording(
            f"第 {line} 行附近的引号不成对，或单元格过长。",
            f"Near line {line} a quotation mark is unpaired, or a cell is too long.",
        ),
        remedy=Wording(
            "请检查该行的引号，或改用 .xlsx。", "Check the quotes there, or use .xlsx instead."
        ),
    )
