"""What is wrong with a value in a file, in both languages, whoever found it: pydantic, the TOML
reader or a check of our own.
"""

import re
from typing import Any

from pydantic_core import ErrorDetails

from rules.wording import NOTHING, Trouble, Wording


class Unfit(Trouble, ValueError):
    """A value our own check refuses; a ValueError too, so that pydantic passes it on."""


def problem_of(fault: ErrorDetails) -> Wording:
    """Return what one of pydantic's errors says, with the value found where that helps."""
    own = _own(fault)
    if own:
        return own.problem
    known = _PROBLEMS.get(fault["type"])
    if known is None:
        return Wording(f"取值不合要求（{fault['msg']}）", fault["msg"])
    found = {**fault.get("ctx", {}), "found": _shown(fault["input"])}
    return Wording(known.zh.format_map(found), known.en.format_map(found))


def remedy_of(fault: ErrorDetails) -> Wording:
    """Return how our own check says it is mended; nothing for pydantic's."""
    own = _own(fault)
    return own.remedy if own else NOTHING


def key_of(fault: ErrorDetails) -> str:
    """Return the dotted key at fault; "(file)" when it is the whole file.

    Tables of a list are counted from 0, as pydantic does: "steps.0.offset". A check of our own that
    looks at a whole table may name the key within it.
    """
    own = _own(fault)
    within = [own.where] if own and own.where else []
    return ".".join([*map(str, fault["loc"]), *within]) or "(file)"


def toml_problem(fault: Exception) -> Wording:
    """Return where a text stops being TOML."""
    at = _POSITION.search(str(fault))
    place = "文件"
    if at:
        place = f"第 {at['line']} 行第 {at['column']} 列" if at["line"] else "文件末尾"
    return Wording(f"{place}不是有效的 TOML", f"not valid TOML: {fault}")


_POSITION = re.compile(r"at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)")
_LONGEST_SHOWN = 40

_PROBLEMS = {
    "missing": Wording("缺少此键", "this key is missing"),
    "extra_forbidden": Wording("没有这个键", "there is no such key"),
    "int_type": Wording("应为整数，不是 {found}", "must be a whole number, not {found}"),
    "string_type": Wording("应为文字，不是 {found}", "must be text, not {found}"),
    "date_type": Wording(
        "应为不带引号的日期，如 2026-09-01，不是 {found}",
        "must be a date without quotes, such as 2026-09-01, not {found}",
    ),
    "tuple_type": Wording("应为列表，不是 {found}", "must be a list, not {found}"),
    "model_type": Wording("应为一个表，不是 {found}", "must be a table, not {found}"),
    "greater_than_equal": Wording(
        "不得小于 {ge}，不是 {found}", "must be at least {ge}, not {found}"
    ),
    "less_than_equal": Wording("不得大于 {le}，不是 {found}", "must be at most {le}, not {found}"),
    "string_pattern_mismatch": Wording(
        "{found} 不符合格式 {pattern}", "{found} does not match {pattern}"
    ),
    "string_too_short": Wording(
        "至少 {min_length} 个字，不是 {found}",
        "must have at least {min_length} characters: {found}",
    ),
    "string_too_long": Wording(
        "至多 {max_length} 个字，不是 {found}", "must have at most {max_length} characters: {found}"
    ),
    "too_short": Wording("至少要有 {min_length} 项", "must have at least {min_length} item(s)"),
    "too_long": Wording("至多 {max_length} 项", "must have at most {max_length} items"),
    "literal_error": Wording("应为 {expected}，不是 {found}", "must be {expected}, not {found}"),
    "enum": Wording("应为 {expected}，不是 {found}", "must be {expected}, not {found}"),
}


def _own(fault: ErrorDetails) -> Trouble | None:
    raised = fault.get("ctx", {}).get("error")
    return raised if isinstance(raised, Trouble) else None


def _shown(value: Any) -> str:  # noqa: ANN401 — whatever stood in the file
    if isinstance(value, bool):
        return str(value).lower()
    return repr(_cut(value)) if isinstance(value, str) else _cut(repr(value))


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST_SHOWN else text[:_LONGEST_SHOWN] + "…"
