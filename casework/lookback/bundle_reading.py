"""Read a bundle that somebody handed us: a ZIP is not believed, neither its sizes nor its words."""

import io
import json
import zipfile
import zlib
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any, NoReturn

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from casework.errors import Invalid, NotFound
from casework.lookback.parts import Name, Parts
from rules.lookback.plan import LookbackPlan, read_plan
from rules.proof import Sealed, moment
from rules.wording import Wording

# A frame of a million cases is 90 MB of text; a million events are ten times what a look-back has.
LARGEST_FRAME = 1 << 30
LARGEST_PART = 64 << 20
LARGEST_FILE = 1 << 30
# A line of a frame holds two names of at most 60 and 400 characters, and a hash.
LONGEST_LINE = 4_096

_ENTRY_MARK = b"PK\x01\x02"
_MOST_MARKS = 1_000  # of an entry; compressed bytes may look like one now and then
_ENCRYPTED = 0x1
_PLAIN_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_CHUNK = 1 << 20
_NEEDED = (Name.ABOUT, Name.PLAN, Name.EVENTS)
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError)


class Told(BaseModel):
    """An event as the bundle tells it."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    actor: int | None
    alg: str
    at: str
    body: str
    case: str
    door: str
    kind: str
    prev: str
    role: str
    seq: int
    hash: str = Field(pattern="^[0-9a-f]{64}$")

    @cached_property
    def said(self) -> Mapping[str, Any]:
        """Return what the body says; raise ValueError when it is no object of JSON."""
        found = json.loads(self.body)
        if not isinstance(found, dict):
            raise TypeError(self.body[:40])
        return found

    @cached_property
    def moment(self) -> datetime:
        """Return when it happened; raise ValueError unless it is written as the hash covers it."""
        found = datetime.fromisoformat(self.at)
        if moment(found) != self.at:
            raise ValueError(self.at)
        return found

    def sealed(self) -> Sealed:
        return Sealed(
            self.case, self.seq, self.moment, self.kind, self.actor, self.role, self.door,
            self.body, self.prev, self.alg,
        )  # fmt: skip


@dataclass(frozen=True)
class Bundle:
    """A bundle's parts as values; its frame is read as often as it is asked for."""

    archive: zipfile.ZipFile
    parts: Parts
    plan: LookbackPlan
    events: Sequence[Told]

    @property
    def has_frame(self) -> bool:
        return Name.FRAME.value in self.archive.namelist()

    def frame_lines(self) -> Generator[bytes, None, None]:
        """Yield the frame's lines; raise Invalid when the ZIP is damaged there. To be closed."""
        with _readable(Name.FRAME), self.archive.open(Name.FRAME.value) as part:
            file = io.BufferedReader(part, _CHUNK)  # type: ignore[type-var] # it is a BufferedIOBase, whatever typeshed calls it
            while line := file.readline(LONGEST_LINE):
                yield line

    def of_kind(self, kind: str) -> list[Told]:
        return [each for each in self.events if each.kind == kind]


@contextmanager
def open_bundle(path: Path) -> Iterator[Bundle]:
    """Open a bundle; raise NotFound, or Invalid naming the part that cannot be read."""
    _check_file(path)
    with _readable(Name.ABOUT):
        archive = zipfile.ZipFile(path)
    with archive:
        _check_entries(archive)
        yield Bundle(archive, _parts(archive), _plan(archive), _events(archive))


def _check_file(path: Path) -> None:
    if not path.is_file():
        raise NotFound(
            Wording(f"没有文件 {path}", f"there is no file {path}"),
            remedy=Wording("请检查路径。", "Check the path."),
            where="BUNDLE",
        )
    if path.stat().st_size > LARGEST_FILE or _marks(path) > _MOST_MARKS:
        _refuse(Wording("文件太大或条目太多", "too large, or too many entries"), path.name)


def _marks(path: Path) -> int:
    """Count what looks like an entry of the directory, which zipfile would read whole."""
    count, tail = 0, b""
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            count += (tail + chunk).count(_ENTRY_MARK)
            tail = chunk[-len(_ENTRY_MARK) + 1 :]
    return count


def _check_entries(archive: zipfile.ZipFile) -> None:
    names = [each.filename for each in archive.infolist()]
    strange = next((each for each in names if each not in set(Name)), None)
    twice = next((each for each in names if names.count(each) > 1), None)
    if strange or twice:
        told = Wording("有多余或重复的文件", "a file that does not belong, or twice")
        _refuse(told, strange or twice or "")
    for each in archive.infolist():
        most = LARGEST_FRAME if each.filename == Name.FRAME else LARGEST_PART
        if each.flag_bits & _ENCRYPTED or each.compress_type not in _PLAIN_METHODS:
            _refuse(Wording("加密或压缩方式不支持", "it is packed unusually"), each.filename)
        if each.file_size > most:
            _refuse(Wording(f"超过 {most} 字节", f"more than {most} bytes"), each.filename)
    missing = next((each for each in _NEEDED if each not in names), None)
    if missing:
        _refuse(Wording("缺少此文件", "it is missing"), missing)


def _parts(archive: zipfile.ZipFile) -> Parts:
    found: dict[str, Any] = {}
    for field in Parts.model_fields:
        name = Name[field.upper()]
        found[field] = _json(archive, name) if name in archive.namelist() else None
    try:
        return Parts.model_validate(found)
    except ValidationError as fault:
        place = fault.errors(include_url=False)[0]["loc"]
        told = Wording("内容格式不对", "it does not hold what it should")
        _refuse(told, ": ".join([Name[str(place[0]).upper()], "/".join(map(str, place[1:]))]))


def _plan(archive: zipfile.ZipFile) -> LookbackPlan:
    try:
        return read_plan(_read(archive, Name.PLAN).decode())
    except ValueError:  # a ValidationError or text that is none
        _refuse(Wording("不是回头看计划", "it is no plan of a look-back"), Name.PLAN)


def _events(archive: zipfile.ZipFile) -> list[Told]:
    reader = TypeAdapter(Told)
    events = []
    for place, line in enumerate(_read(archive, Name.EVENTS).splitlines(), start=1):
        try:
            events.append(reader.validate_json(line))
        except ValidationError:
            _refuse(Wording("不是一个事件", "it is no event"), f"{Name.EVENTS}: {place}")
    return events


def _json(archive: zipfile.ZipFile, name: Name) -> Any:  # noqa: ANN401 — whatever JSON holds
    try:
        return json.loads(_read(archive, name))
    except (ValueError, RecursionError):
        _refuse(Wording("不是 JSON", "it is not JSON"), name)


def _read(archive: zipfile.ZipFile, name: Name) -> bytes:
    with _readable(name), archive.open(name.value) as part:
        found = part.read(LARGEST_PART + 1)
    if len(found) > LARGEST_PART:
        _refuse(Wording("超过声明的大小", "it is larger than it says"), name)
    return found


@contextmanager
def _readable(name: Name) -> Iterator[None]:
    try:
        yield
    except _DAMAGED:
        _refuse(Wording("文件损坏，无法读取", "it is damaged and cannot be read"), name)


def _refuse(why: Wording, where: str) -> NoReturn:
    raise Invalid(
        Wording(f"不是可核验的文件包：{why.zh}", f"not a bundle that can be checked: {why.en}"),
        remedy=Wording(
            "请向导出方重新索取 bihuan lookback bundle 的文件。",
            "Ask for a file that `bihuan lookback bundle` wrote.",
        ),
        where=where,
    )
