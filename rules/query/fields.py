"""The fields a query may name: one table, from which parser, help and errors are derived."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from rules.access import Role
from rules.case import Level, State
from rules.deadlines import Stage
from rules.query.meanings import Listed, Sort
from rules.query.reading import (
    Reader,
    names_of,
    read_name,
    read_period,
    read_truth,
    span_reader,
    word_reader,
)
from rules.risk import Colour
from rules.wording import Wording


@dataclass(frozen=True, slots=True)
class Field:
    """``readers`` are asked in order what a value means; ``form`` says what may be written."""

    key: str
    label: Wording
    aliases: tuple[str, ...]
    readers: tuple[Reader, ...]
    form: Wording
    known: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        return (self.key, self.label.zh, *self.aliases)


_NAME = Wording("请写代码或名称。", "Write a code or a name.")
_DATES = Wording(
    "请写 2026-03-05、2026-03、2026Q1、2026-03..2026-05 或 >2026-03-05。",
    "Write 2026-03-05, 2026-03, 2026Q1, 2026-03..2026-05 or >2026-03-05.",
)
_DAYS = Wording("请写 是、否、>10天 或 3..10天。", "Write yes, no, >10d or 3..10d.")
_COUNTS = Wording("请写 是、否、2 或 >1。", "Write yes, no, 2 or >1.")
_TRUTH = Wording("请写 是 或 否。", "Write yes or no.")


def _words(
    key: str,
    label: Wording,
    aliases: tuple[str, ...],
    words: type[StrEnum],
    also: Mapping[str, StrEnum] = MappingProxyType({}),
) -> Field:
    each = [names_of(word) for word in words]
    form = Wording(
        f"可填：{'、'.join(zh for _, zh, _ in each)}。",
        f"Choose from: {', '.join(value for value, _, _ in each)}.",
    )
    known = tuple(name for names in each for name in names[:2])
    return Field(key, label, aliases, (word_reader(words, also),), form, known)


def _named(key: str, zh: str, en: str, *aliases: str) -> Field:
    return Field(key, Wording(zh, en), aliases, (read_name,), _NAME)


def _dated(key: str, zh: str, en: str, *aliases: str) -> Field:
    return Field(key, Wording(zh, en), aliases, (read_period,), _DATES)


_DAY_SPAN = span_reader("d", "天", "日")
_COUNT_SPAN = span_reader()
_LISTED_ALSO = {
    "yes": Listed.NOW, "是": Listed.NOW, "no": Listed.NEVER, "否": Listed.NEVER,
    "督办": Listed.SUPERVISION, "督导": Listed.GUIDANCE,
}  # fmt: skip
_LEVELS_ALSO = {"一般隐患": Level.ORDINARY, "重大隐患": Level.MAJOR}
_COLOURS_ALSO = {f"{colour.label.zh}色": colour for colour in Colour}

_ALL = (
    _named("unit", "单位", "responsible unit", "责任单位", "学校"),
    _named("cluster", "片区", "safety cluster"),
    _named("type", "单位类型", "type of unit", "类型"),
    _named("category", "品目", "category", "类别"),
    _words("level", Wording("等级", "level"), ("级别",), Level, _LEVELS_ALSO),
    _words("risk", Wording("风险", "graded risk"), ("颜色",), Colour, _COLOURS_ALSO),
    _words("state", Wording("状态", "state"), (), State),
    _words("stage", Wording("环节", "stage"), ("阶段",), Stage),
    _words("holder", Wording("在等", "who it waits for"), ("待办",), Role),
    _named("number", "编号", "number, or how it begins"),
    _dated("found", "发现", "day it was found", "发现日期"),
    _dated("reported", "上报", "day it was reported", "上报日期"),
    _dated("closed", "销号", "day it was closed", "销号日期"),
    _dated("due", "时限", "day it is due, open cases", "到期"),
    Field("overdue", Wording("逾期", "late now, days"), (), (read_truth, _DAY_SPAN), _DAYS),
    Field("late", Wording("曾逾期", "days late at worst, any stage"), ("最长逾期",),
          (read_truth, _DAY_SPAN), _DAYS),
    Field("extended", Wording("延期", "times extended"), (), (read_truth, _COUNT_SPAN), _COUNTS),
    Field("relapsed", Wording("复发", "times reopened"), (), (read_truth, _COUNT_SPAN), _COUNTS),
    Field("finished", Wording("办结过", "ever verified or closed"), ("曾验收",), (read_truth,),
          _TRUTH),
    _words("listed", Wording("挂牌", "under a supervision order"), (), Listed, _LISTED_ALSO),
    Field("drawn", Wording("回头看", "looked back at"), ("抽查",),
          (read_truth, _COUNT_SPAN), _COUNTS),
    Field("voided", Wording("撤销", "voided"), (), (read_truth,), _TRUTH),
    Field("claimed", Wording("申请验收", "claimed done"), ("待验收",), (read_truth,), _TRUTH),
    _named("by", "经办", "who acted", "办理人"),
    _named("inspection", "检查", "kind of inspection", "检查类型"),
    _named("source", "来源", "text of its source"),
)  # fmt: skip
FIELDS: Mapping[str, Field] = MappingProxyType({each.key: each for each in _ALL})
SORT = _words("sort", Wording("排序", "order"), (), Sort)
BY_NAME: Mapping[str, Field] = MappingProxyType(
    {name: each for each in (*_ALL, SORT) for name in each.names}
)
