"""The wording of every kind of notice: what ships with us, and what an administrator puts over it.

A wording is a subject and a text with ``{{ names }}`` and ``{% if %}``, nothing more; it is run in
a sandbox, and what it is given can neither end a line nor pose as a link.
"""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from jinja2 import StrictUndefined, Template, TemplateError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from rules.wording import Locale, Trouble, Wording

FOLDER = Path(__file__).with_name("templates")
LABELS = {
    "remind": Wording("到期提醒", "reminder"),
    "overdue": Wording("逾期催办", "overdue"),
    "handed": Wording("待办", "to do"),
    "no_access": Wording("未能进入", "no access"),
    "list": Wording("挂牌", "listed"),
    "release": Wording("摘牌", "released"),
    "ask_extension": Wording("延期申请", "extension asked"),
    "grant_extension": Wording("延期同意", "extension granted"),
    "refuse_extension": Wording("延期不同意", "extension refused"),
    "demand": Wording("要求报进展", "report demanded"),
    "miss_report": Wording("逾期未报", "report missed"),
    "order_overdue": Wording("督办逾期", "order overdue"),
    "ask_order_extension": Wording("督办延期申请", "order: extension asked"),
    "grant_order_extension": Wording("督办延期同意", "order: granted"),
    "refuse_order_extension": Wording("督办延期不同意", "order: refused"),
    "late_decision": Wording("督办延期未答复", "order: unanswered"),
    "late_publication": Wording("督办未公布", "order: unpublished"),
    "visit": Wording("回头看复查", "look-back visit"),
    "visit_remind": Wording("复查提醒", "visit: reminder"),
    "visit_overdue": Wording("复查逾期", "visit overdue"),
    "duty": Wording("应办事项", "duty"),
    "filing": Wording("报告签发", "report signed"),
    "filing_asked": Wording("报告待办", "report to do"),
    "guard_check": Wording("保安抽查", "check of guards"),
    "bus_bulletin": Wording("校车违法通报", "school bus bulletin"),
    "head": Wording("检查点", "head"),
    "closed": Wording("销号", "closed out"),
    "voided": Wording("撤销", "void"),
    "other": Wording("通知", "notice"),
}
"""Each kind of notice that has a wording of its own, as lists name it."""
KINDS = tuple(LABELS)
"""Any other kind is worded as ``other``."""

_LONGEST_VALUE = 200
_LONGEST_SUBJECT = 120
# Controls, and characters that turn the direction of writing or have no width.
_UNSEEN = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]+"
)
# As their full-width twins they look the same and mean nothing to mail, chat and Markdown.
_INERT = str.maketrans({each: chr(ord(each) + 0xFEE0) for each in "<>[]*_`#@~|\\"})
_ALLOWED = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.If, nodes.CondExpr,
    nodes.Const, nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not,
)  # fmt: skip


class BadWording(Trouble):
    """A wording that cannot be adopted."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a wording may say of a notice, all of it for people to read.

    ``words`` is what somebody wrote (a reason, a finding, demands), ``due`` the last day on time,
    ``order`` and ``term`` the supervision order's number and its own last day; '' where none is.
    ``missed`` counts the earlier steps of the clock that are told with this one, late. Of a
    look-back's visit ``lookback`` is its number, ``planned`` the day and ``mode`` how it is made.
    What is about no case has no ``number`` but a ``title``, and the ``link`` of the page to go to.
    """

    number: str
    unit: str
    category: str
    description: str
    level: str
    stage: str
    holder: str
    due: str
    days_late: int
    late: bool
    words: str
    order: str
    term: str
    missed: int
    lookback: str = ""
    planned: str = ""
    mode: str = ""
    title: str = ""
    link: str = ""


class Worded(NamedTuple):
    """A subject of one line, and a text."""

    subject: str
    text: str


SAMPLES = tuple(
    Said(
        "YH2026-000012", "第一小学", "消防", "三楼走廊灭火器压力不足", "一般隐患", "整改", "责任人",
        "2026-03-20", late, late > 0, words, order, "2026-04-10" if order else "", late,
        *(look or ("", "", "")), "每周安全汇总",
    )
    for late, words, order, look in (
        (0, "", "", ()),
        (3, "配件未到货", "校安督〔2026〕12号", ("校安回〔2026〕3号", "2026-03-18", "突击检查")),
    )
)  # fmt: skip
"""Notices to try a wording on: in time and late, with and without words, order and look-back."""


def label_of(kind: str) -> Wording:
    """Return what lists call a kind of notice."""
    return LABELS.get(kind, LABELS["other"])


def word(kind: str, said: Said, locale: Locale, changed: Worded | None = None) -> Worded:
    """Return a notice in words: the administrator's wording when there is one, else ours."""
    worded = changed or shipped(kind, locale)
    values = {name: inert(value) for name, value in asdict(said).items()}
    subject, text = (_compiled(each).render(values) for each in worded)
    return Worded(one_line(subject)[:_LONGEST_SUBJECT], text.strip())


@lru_cache
def shipped(kind: str, locale: Locale) -> Worded:
    """Return our wording of a kind: its file's first line is the subject."""
    known = kind if kind in KINDS else "other"
    subject, _, text = (
        (FOLDER / locale / f"{known}.txt").read_text(encoding="utf-8").partition("\n")
    )
    return Worded(subject, text.strip())


def check(worded: Worded) -> None:
    """Raise BadWording for a wording that could not be said of every notice."""
    for name, text in worded._asdict().items():
        _check_grammar(name, text)
        try:
            said = [_compiled(text).render(asdict(sample)) for sample in SAMPLES]
        except (TemplateError, TypeError, ValueError) as fault:
            raise _bad(
                name, Wording(f"无法套用：{fault}", f"it cannot be filled in: {fault}")
            ) from fault
        if not all(each.strip() for each in said):
            raise _bad(name, Wording("有时为空", "it is sometimes empty"))


def inert(value: object) -> object:
    """Return text on one line of bounded length that is no markup, link or mention anywhere."""
    if not isinstance(value, str):
        return value
    line = one_line(value).translate(_INERT).replace("://", "：//")
    return line if len(line) <= _LONGEST_VALUE else line[: _LONGEST_VALUE - 1] + "…"


def one_line(text: str) -> str:
    return " ".join(_UNSEEN.sub(" ", text).split())


def _check_grammar(where: str, text: str) -> None:
    try:
        tree = _ENVIRONMENT.parse(text)
    except TemplateError as fault:
        raise _bad(where, Wording(f"模板有误：{fault}", f"malformed: {fault}")) from fault
    for node in tree.find_all(nodes.Node):
        if not isinstance(node, _ALLOWED):
            what = type(node).__name__
            raise _bad(where, Wording(f"不能使用 {what}", f"{what} cannot be used"))
        if isinstance(node, nodes.Name) and node.name not in _NAMES:
            raise _bad(where, Wording(f"没有变量 {node.name}", f"there is no {node.name}"))


def _bad(where: str, problem: Wording) -> BadWording:
    names = ", ".join(_NAMES)
    return BadWording(
        problem,
        remedy=Wording(
            f"只能用 {{{{ 变量 }}}} 和 {{% if 变量 %}}；变量：{names}。",
            f"Use {{{{ name }}}} and {{% if name %}} only, with these names: {names}.",
        ),
        where=where,
    )


_NAMES = tuple(each.name for each in fields(Said))
_ENVIRONMENT = ImmutableSandboxedEnvironment(
    undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
    autoescape=False,  # it makes plain text; messages.py escapes what becomes HTML
)  # fmt: skip
_REMEMBERED = 256


@lru_cache(_REMEMBERED)
def _compiled(text: str) -> Template:
    return _ENVIRONMENT.from_string(text)


Changed = Mapping[str, Worded]
"""An administrator's wordings by kind, in one language."""
