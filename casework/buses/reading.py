"""Lines of the platform's file: what each says, or what is wrong with it and in which field."""

import csv
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple, TypeVar

from casework.errors import Invalid
from casework.forms import clean
from rules.buses.sightings import Road, Seen
from rules.wording import Wording
from rules.workdays import CHINA

COLUMNS = {
    "id": "编号", "plate": "车牌", "at": "时间", "kind": "类型", "speed": "速度", "road": "道路",
    "what": "违法行为", "place": "地点", "penalty_on": "处罚日期",
}  # fmt: skip
Word = TypeVar("Word", Seen, Road)
_NEEDED = ("plate", "at")
_AHEAD = timedelta(minutes=10)
"""How far a receiver's clock may run ahead, our choice."""
_FASTEST = 300
_LONGEST = {"id": 80, "plate": 20, "what": 120, "place": 200}
_LONGEST_OTHER = 40


class Sighting(NamedTuple):
    """A line as it was read; ``external_id`` is made of the line where the platform gives none."""

    external_id: str
    plate: str
    at: datetime
    kind: Seen
    road: Road
    speed: int | None
    what: str
    place: str
    penalty_on: date | None


class BadLine(NamedTuple):
    """A line that says nothing that can be kept, and the key of its field; the first is line 1."""

    line: int
    field: str
    problem: Wording

    @property
    def label(self) -> str:
        return COLUMNS.get(self.field, self.field)


def read_lines(lines: Iterable[str], *, now: datetime) -> Iterator[Sighting | BadLine]:
    """Yield each line of a CSV under Chinese or English headings; raise Invalid for those."""
    rows = csv.reader(lines)
    fields = _fields(next(rows, []))
    for row in rows:
        if any(row):
            told = dict(zip(fields, row, strict=False))
            told.pop("", None)  # columns of headings that say nothing to us
            yield _read(told, rows.line_num, now)


def read_events(
    events: Iterable[Mapping[str, Any]], *, now: datetime
) -> Iterator[Sighting | BadLine]:
    """Yield each event of a batch, by the English keys of ``COLUMNS``; another key is refused."""
    for place, event in enumerate(events, 1):
        yield _read(event, place, now)


def _fields(heading: list[str]) -> list[str]:
    known = {zh: key for key, zh in COLUMNS.items()} | {key: key for key in COLUMNS}
    fields = [known.get(each.strip().lstrip("\ufeff"), "") for each in heading]
    missing = [COLUMNS[key] for key in _NEEDED if key not in fields]
    if missing:
        named = "、".join(missing)
        raise Invalid(
            Wording(f"缺少列：{named}", f"columns are missing: {named}"),
            remedy=Wording(
                "表头可用：" + "、".join(COLUMNS.values()) + "。",
                "Headings: " + ", ".join(COLUMNS) + ".",
            ),
            where="FILE",
        )
    return fields


class _Unread(ValueError):
    """A field that cannot be read."""

    def __init__(self, field: str, zh: str, en: str) -> None:
        super().__init__(en)
        self.field, self.problem = field, Wording(zh, en)


def _read(row: Mapping[str, Any], line: int, now: datetime) -> Sighting | BadLine:
    told = {key: value for key, value in row.items() if value not in (None, "")}
    try:
        return _sighting({key: _text(key, value) for key, value in told.items()}, now)
    except _Unread as fault:
        return BadLine(line, fault.field, fault.problem)


def _text(key: str, value: Any) -> str:  # noqa: ANN401 — any JSON
    if key not in COLUMNS:
        raise _Unread(key[:40], "没有这一项", "there is no such field")
    if isinstance(value, str | int | float) and not isinstance(value, bool):
        return _clean(key, str(value))
    raise _Unread(key, "须是文字或数字", "neither a text nor a number")


def _clean(key: str, text: str) -> str:
    longest = _LONGEST.get(key, _LONGEST_OTHER)
    if len(text) <= longest and text.isprintable():  # nearly all of them, and three times as fast
        return text.strip()
    try:
        return clean(text, where=key, longest=longest)
    except Invalid as fault:
        raise _Unread(key, fault.problem.zh, fault.problem.en) from fault


def _sighting(row: Mapping[str, str], now: datetime) -> Sighting:
    plate, at = row.get("plate", "").replace("·", "").upper(), _moment(row.get("at", ""), now)
    if not plate:
        raise _Unread("plate", "没有车牌", "no plate")
    if len(plate) > _LONGEST["plate"]:  # a letter may be two in capitals
        raise _Unread("plate", "不是车牌", "not a plate")
    kind, road = _kind(row.get("kind", "")), _road(row.get("road", ""))
    what = row.get("what", "")
    if kind is Seen.VIOLATION and not what:
        raise _Unread("what", "违法没有写明行为", "a violation must say what")
    made = f"{plate}/{at.isoformat()}/{kind.value}/{what}"[:80]
    return Sighting(
        row.get("id") or made, plate, at, kind, road, _speed(row.get("speed", "")), what,
        row.get("place", ""), _day(row.get("penalty_on", "")),
    )  # fmt: skip


def _moment(text: str, now: datetime) -> datetime:
    try:
        found = datetime.fromisoformat(text.replace("/", "-"))
    except ValueError as fault:
        raise _Unread("at", "不是时刻", "not a moment") from fault
    found = found if found.tzinfo else found.replace(tzinfo=CHINA)
    if not 2000 <= found.year <= 9000:
        raise _Unread("at", "不是时刻", "not a moment")
    if found > now + _AHEAD:
        raise _Unread("at", "时刻尚未到来", "has not come yet")
    return found


@lru_cache(maxsize=64)
def _kind(text: str) -> Seen:
    return _word(Seen, "kind", text, Seen.POSITION)


@lru_cache(maxsize=64)
def _road(text: str) -> Road:
    return _word(Road, "road", text, Road.ORDINARY)


def _word(words: type[Word], field: str, text: str, usual: Word) -> Word:
    if not text:
        return usual
    for each in words:
        if text in {each.value, each.label.zh}:
            return each
    known = "、".join(each.label.zh for each in words)
    raise _Unread(field, f"只能是：{known}", "one of: " + ", ".join(words))


def _speed(text: str) -> int | None:
    if not text:
        return None
    try:
        speed = round(float(text))
    except (ValueError, OverflowError) as fault:
        raise _Unread("speed", "不是速度", "not a speed") from fault
    if not 0 <= speed <= _FASTEST:
        raise _Unread("speed", f"须在 0 到 {_FASTEST} 之间", f"must be 0 to {_FASTEST}")
    return speed


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.replace("/", "-")) if text else None
    except ValueError as fault:
        raise _Unread("penalty_on", "不是日期", "not a date") from fault
