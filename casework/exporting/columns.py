"""The columns of an export: how each is read, what it is called, how its codes are said."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Literal

from sqlalchemy import ColumnElement, Integer, String, case, cast, func, literal, type_coerce
from sqlalchemy import Text as SAText

from casework.asking.lateness import days_over
from casework.asking.search import CLUSTERS
from models.tables import CASES, ORGANISATIONS
from rules.access import Role
from rules.case import Level, Listing, State
from rules.deadlines import Stage
from rules.query.fields import FIELDS
from rules.risk import Colour
from rules.wording import Locale, Wording

Kind = Literal["text", "code", "day", "moment", "number", "truth"]


@dataclass(frozen=True, slots=True)
class Column:
    """``words`` say a code; ``typed`` marks what a person wrote, which may look like a formula."""

    key: str
    label: Wording
    kind: Kind
    read: Callable[[str, datetime], ColumnElement[Any]]
    words: type[StrEnum] | None = None
    typed: bool = False
    personal: bool = False


def said(column: Column, locale: Locale, categories: Mapping[str, Wording]) -> Mapping[Any, str]:
    """Return what each code of a column is called."""
    if column.key == "category":
        return {key: label.say(locale) for key, label in categories.items()}
    if column.kind == "truth":
        return {1: _YES.say(locale), 0: _NO.say(locale)}
    if column.words is None:
        return {}
    return {word.value: word.label.say(locale) for word in column.words}  # type: ignore[attr-defined] # each of them has one


def selected(columns: Sequence[Column], dialect: str, as_of: datetime) -> list[ColumnElement[Any]]:
    """Return what to select: texts and whole numbers only, so that no driver converts."""
    return [column.read(dialect, as_of).label(column.key) for column in columns]


def _plain(column: ColumnElement[Any]) -> Callable[[str, datetime], ColumnElement[Any]]:
    return lambda _dialect, _as_of: type_coerce(column, String)


def _number(column: ColumnElement[Any]) -> Callable[[str, datetime], ColumnElement[Any]]:
    return lambda _dialect, _as_of: cast(column, Integer)


def _day(column: ColumnElement[Any]) -> Callable[[str, datetime], ColumnElement[Any]]:
    return lambda _dialect, _as_of: cast(column, SAText)


def _moment(column: ColumnElement[Any]) -> Callable[[str, datetime], ColumnElement[Any]]:
    """Return the moment by China's clock, to the second: ``2026-03-05 09:00:00``."""

    def read(dialect: str, _as_of: datetime) -> ColumnElement[Any]:
        if dialect == "sqlite":
            return func.strftime("%Y-%m-%d %H:%M:%S", column, "+8 hours")
        return func.to_char(func.timezone("Asia/Shanghai", column), "YYYY-MM-DD HH24:MI:SS")

    return read


def _days_late(dialect: str, as_of: datetime) -> ColumnElement[Any]:
    due = CASES.c.due_at
    late = cast(days_over(dialect, due, literal(as_of, due.type)), Integer)
    return case((due <= literal(as_of, due.type), late), else_=0)


def _receipt(_dialect: str, _as_of: datetime) -> ColumnElement[Any]:
    """Return ``case/seq/short hash``, as ``casework.answers.receipt`` writes it."""
    seq = cast(CASES.c.seq, SAText)
    short = func.substr(CASES.c.head, 1, 8)
    return CASES.c.number.op("||")("/").op("||")(seq).op("||")("/").op("||")(short)


def _text(key: str, zh: str, column: Any = None, *, personal: bool = False) -> Column:  # noqa: ANN401 — a column
    source = CASES.c[key] if column is None else column
    label = Wording(zh, key.replace("_", " "))
    return Column(key, label, "text", _plain(source), typed=True, personal=personal)


def _code(key: str, words: type[StrEnum] | None) -> Column:
    return Column(key, FIELDS[key].label, "code", _plain(CASES.c[key]), words)


_YES, _NO = Wording("是", "yes"), Wording("否", "no")
COLUMNS = (
    _text("number", "编号"),
    _text("cluster", "片区", CLUSTERS.c.name),
    _text("unit", "单位", ORGANISATIONS.c.name),
    _code("category", None),
    _code("level", Level),
    _code("risk", Colour),
    _text("location", "部位"),
    _text("description", "隐患描述"),
    _text("measure", "整改措施"),
    _text("department", "责任处室"),
    _text("owner", "责任人", personal=True),
    _text("source", "来源"),
    Column("found_on", Wording("发现日期", "found on"), "day", _day(CASES.c.found_on)),
    Column("reported_at", Wording("上报时间", "reported at"), "moment",
           _moment(CASES.c.reported_at)),
    _code("state", State),
    Column("claimed", Wording("已申请验收", "claimed"), "truth", _number(CASES.c.claimed)),
    _code("listed", Listing),
    _code("stage", Stage),
    _code("holder", Role),
    Column("due_at", Wording("时限", "due at"), "moment", _moment(CASES.c.due_at)),
    Column("days_late", Wording("逾期天数", "days late"), "number", _days_late),
    Column("closed_at", Wording("销号时间", "closed at"), "moment", _moment(CASES.c.closed_at)),
    Column("cycle", Wording("第几轮", "cycle"), "number", _number(CASES.c.cycle)),
    Column("receipt", Wording("凭据", "receipt"), "text", _receipt, typed=True),
)  # fmt: skip
