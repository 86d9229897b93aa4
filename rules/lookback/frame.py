"""The frame: the closed cases a look-back draws from, as one text that can be hashed and kept.

    bihuan-frame-1 LF
    canonical JSON of the filter LF
    number TAB stratum TAB seq TAB head LF      one line a case, numbers ascending by their bytes

``seq`` and ``head`` are the last event of the case's history when the frame was frozen: nobody
changes a case under a frozen frame unseen.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from enum import StrEnum
from hashlib import sha256
from typing import Annotated, NamedTuple, NoReturn, Self

from pydantic import AfterValidator, Field, ValidationError, model_validator

from rules.case import Level
from rules.faults import Unfit
from rules.parts import Part
from rules.proof import canonical
from rules.wording import Trouble, Wording

VERSION = "bihuan-frame-1"
WHOLE = "all"
"""The only stratum of a frame that is not divided."""


class StratumBy(StrEnum):
    """What divides a frame into strata, in the order of a stratum's key."""

    CLUSTER = "cluster"
    CATEGORY = "category"
    LEVEL = "level"
    LISTED = "listed"
    RELAPSED = "relapsed"
    UNIT_TYPE = "unit_type"

    @property
    def label(self) -> Wording:
        return _DIMENSIONS[self]


_DIMENSIONS = {
    StratumBy.CLUSTER: Wording("片区", "cluster"),
    StratumBy.CATEGORY: Wording("品目", "category"),
    StratumBy.LEVEL: Wording("等级", "level"),
    StratumBy.LISTED: Wording("曾挂牌", "listed before"),
    StratumBy.RELAPSED: Wording("曾复发", "relapsed before"),
    StratumBy.UNIT_TYPE: Wording("单位类型", "type of unit"),
}


def _in_one_order(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted(set(names)))


_Name = Annotated[str, Field(min_length=1, max_length=40)]
_Names = Annotated[tuple[_Name, ...], AfterValidator(_in_one_order)]
_Levels = Annotated[tuple[Level, ...], AfterValidator(lambda levels: tuple(sorted(set(levels))))]


class FrameFilter(Part):
    """Which closed cases are looked back at; days are China's, both included; () means any."""

    closed_from: date
    closed_until: date
    clusters: _Names = ()
    categories: _Names = ()
    levels: _Levels = ()
    listed: bool | None = None
    relapsed: bool | None = None
    unit_types: _Names = ()

    @model_validator(mode="after")
    def _begins_before_it_ends(self) -> Self:
        if self.closed_from > self.closed_until:
            raise Unfit(
                Wording(
                    f"销号起日 {self.closed_from} 晚于止日 {self.closed_until}",
                    f"closed from {self.closed_from} is after closed until {self.closed_until}",
                ),
                remedy=Wording("请把两个日期对调。", "Exchange the two days."),
            )
        return self

    def plain(self) -> dict[str, object]:
        """Return plain JSON values; filters that mean the same give the same."""
        return self.model_dump(mode="json")


class FrameRow(NamedTuple):
    """A case in the frame: its number, stratum key, and its last event's number and hash."""

    number: str
    stratum: str
    seq: int
    head: str


class FrameDigest:
    """The hash of a frame as its rows come in, and how many cases each stratum has.

    ``begins`` is what stands before the rows: a filter, or the header of another kind of frame.
    """

    def __init__(self, begins: FrameFilter | bytes) -> None:
        self.counts: dict[str, int] = {}
        self._hash = sha256(begins if isinstance(begins, bytes) else header(begins))
        self._last = ""

    def add(self, row: FrameRow) -> bytes:
        """Take the next row and return its line; raise Trouble for one that cannot follow."""
        line = _line(row)
        # Text compares by code point, which is also the order of its UTF-8 bytes.
        if not line or row[0] <= self._last:
            _refuse(self._last, row[0] if line else "", sum(self.counts.values()) + 3)
        self._hash.update(line)
        self._last = row[0]
        self.counts[row[1]] = self.counts.get(row[1], 0) + 1
        return line

    def hexdigest(self) -> str:
        """Return the SHA-256 of header and rows so far, 64 hexadecimal digits."""
        return self._hash.hexdigest()


def header(wanted: FrameFilter) -> bytes:
    """Return the two lines before the rows."""
    return f"{VERSION}\n{canonical(wanted.plain())}\n".encode()


def read_filter(lines: Iterable[bytes]) -> FrameFilter:
    """Return the filter of a frame's first two lines, and read no further.

    Raise Trouble when they are not a frame's, or not in the one form that is hashed.
    """
    reading = iter(lines)
    version, said = next(reading, b""), next(reading, b"")
    try:
        wanted = FrameFilter.model_validate_json(said)
    except ValidationError:
        _refuse_header()
    if version + said != header(wanted):
        _refuse_header()
    return wanted


def read_frame(lines: Iterable[bytes]) -> Iterator[FrameRow]:
    """Yield the rows of a frame's lines, header first.

    Raise Trouble naming the line that is malformed, repeated or out of order.
    """
    reading = iter(lines)
    read_filter(reading)
    yield from read_rows(reading)


def read_rows(lines: Iterable[bytes]) -> Iterator[FrameRow]:
    """Yield the rows that follow a frame's two lines of header. Raise Trouble as ``read_frame``."""
    last = ""
    for place, line in enumerate(lines, start=3):
        row = _row(line)
        if row is None or row.number <= last:
            _refuse(last, row.number if row else "", place)
        last = row.number
        yield row


def stratum_key(values: Mapping[StratumBy, str]) -> str:
    """Return a stratum's name in one form, ``cluster=C03;level=major``; ``all`` for no values.

    Separators within a value are written as in a URL (``%3B`` for a semicolon).
    """
    said = [f"{by}={_RESERVED.sub(_escaped, values[by])}" for by in StratumBy if by in values]
    return ";".join(said) or WHOLE


def read_stratum(key: str) -> dict[StratumBy, str]:
    """Return what a stratum's key says; raise Trouble unless `stratum_key` writes it like that."""
    try:
        pairs = (each.partition("=") for each in key.split(";") if key != WHOLE)
        values = {StratumBy(name): _ESCAPE.sub(_plain, said) for name, _, said in pairs}
    except ValueError:
        values = {}
    if stratum_key(values) != key:
        raise Trouble(
            Wording(f"不是层的名称：“{key}”", f"not the key of a stratum: {key!r}"),
            remedy=Wording("请写成 cluster=C03;level=major。", "Write cluster=C03;level=major."),
        )
    return values


_RESERVED = re.compile(r"[%;=\x00-\x1f\x7f]")
_ESCAPE = re.compile("%([0-9A-F]{2})")
_ROW = re.compile(r"([^\t\n\r]+)\t([^\t\n\r]+)\t([1-9][0-9]*)\t([0-9a-f]{64})\n")
_fits = _ROW.fullmatch


def _escaped(found: re.Match[str]) -> str:
    return f"%{ord(found[0]):02X}"


def _plain(found: re.Match[str]) -> str:
    return chr(int(found[1], 16))


def _line(row: FrameRow) -> bytes:
    """Return the row's line; nothing when it would not read back as this row."""
    line = f"{row[0]}\t{row[1]}\t{row[2]}\t{row[3]}\n"
    try:
        return line.encode() if _fits(line) else b""
    except UnicodeEncodeError:
        return b""


def _row(line: bytes) -> FrameRow | None:
    try:
        found = _fits(line.decode())
    except UnicodeDecodeError:
        return None
    return FrameRow(found[1], found[2], int(found[3]), found[4]) if found else None


def _refuse(last: str, number: str, place: int) -> NoReturn:
    where = f"line {place}"
    if not number:
        raise Trouble(
            Wording("不是抽样框的一行", "not a row of a frame"),
            remedy=Wording(
                "应为编号、层、事件序号、64 位哈希，以制表符分隔。",
                "Expected number, stratum, event number and 64-digit hash, separated by tabs.",
            ),
            where=where,
        )
    problem = Wording(f"编号 {number} 不应排在 {last} 之后", f"the number {number} after {last}")
    if number == last:
        problem = Wording(f"编号 {number} 重复", f"the number {number} twice")
    raise Trouble(
        problem,
        remedy=Wording(
            "每案一行，按编号的字节升序排列。",
            "One row a case, in the order of the numbers' bytes.",
        ),
        where=where,
    )


def _refuse_header() -> NoReturn:
    raise Trouble(
        Wording("不是抽样框的开头两行", "not the first two lines of a frame"),
        remedy=Wording(
            f"应为 {VERSION}，以及规范格式的筛选条件。",
            f"Expected {VERSION} and the filter in canonical form.",
        ),
        where="line 1",
    )
