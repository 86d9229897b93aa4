"""What went wrong, said once: one line for a person, one object for a machine, and an exit code.

0 done, 1 refused, 2 not understood, 3 not found, 4 unavailable; 130 interrupted, 141 nobody reads.
"""

import json
import re
import sys
from typing import Any, ClassVar

from rules.wording import Locale, Trouble, Wording

REFUSED, USAGE, UNAVAILABLE = 1, 2, 4
INTERRUPTED = 130
UNREAD = 141
"""128 + SIGPIPE, as the shell counts it."""
_VALUE_FAULTS = (
    (r"greater than or equal to (\S+)", r"须不小于 \1"),
    (r"less than or equal to (\S+)", r"须不大于 \1"),
    (r"valid integer", "须为整数"),
    (r"valid boolean", "须为 true 或 false"),
    (r"is not one of (.+?)\.?$", r"可填 \1"),
)
"""What the parser of command lines says of a value, and how we say it."""


class Usage(Trouble):
    """The command line itself cannot be understood."""

    exit_code: ClassVar[int] = USAGE


class Unable(Trouble):
    """The system, or we ourselves, could not do it."""

    exit_code: ClassVar[int] = UNAVAILABLE


class Unread(Exception):
    """Whoever read our output has gone."""


def tell(trouble: Trouble, locale: Locale, *, as_json: bool) -> int:
    """Say the trouble on stderr; return its exit code."""
    sys.stderr.write(_object(trouble, locale) if as_json else _line(trouble, locale))
    return int(getattr(trouble, "exit_code", REFUSED))


def misunderstood(fault: Any) -> Usage:  # noqa: ANN401 — typer vendors click and hides its classes
    """Return what typer found wrong with a command line, in our words."""
    ctx = getattr(fault, "ctx", None)
    path = ctx.command_path if ctx else "bihuan"
    remedy = Wording(f"请看 {path} --help。", f"See `{path} --help`.")
    return Usage(_usage_wording(fault), remedy=remedy)


def unavailable(fault: OSError) -> Unable:
    """Return what the operating system refused."""
    why = fault.strerror or str(fault)
    return Unable(
        Wording(f"系统拒绝：{why}", f"the system refuses: {why}"),
        remedy=Wording("请检查路径、权限和磁盘空间。", "Check path, permissions and disk space."),
        where=str(fault.filename or ""),
    )


def unexpected(fault: Exception, log: str) -> Unable:
    """Return a fault of ours, naming where its traceback was written."""
    return Unable(
        Wording(f"程序出错：{_brief(fault)}", f"something broke: {_brief(fault)}"),
        remedy=Wording(f"详情已记入 {log}，请附上它联系维护者。", f"{log} has the details."),
    )


def _line(trouble: Trouble, locale: Locale) -> str:
    label = Wording("错误：", "error: ").say(locale)
    return f"{label}{trouble.say(locale)}\n"


def _object(trouble: Trouble, locale: Locale) -> str:
    error = {
        "where": trouble.where,
        "problem": trouble.problem.say(locale),
        "remedy": trouble.remedy.say(locale),
    }
    return json.dumps({"error": error}, ensure_ascii=False) + "\n"


def _usage_wording(fault: Any) -> Wording:  # noqa: ANN401 — typer vendors click and hides its classes
    said = " ".join(fault.format_message().split())
    name = _named(fault)
    match type(fault).__name__:
        case "MissingParameter":
            return Wording(f"缺少 {name}", f"{name} is missing")
        case "NoSuchOption":
            known = "、".join(sorted(fault.possibilities or ()))
            return Wording(f"没有选项 {name}" + (f"，是否想用 {known}" if known else ""), said)
        case "BadOptionUsage":
            needs = "不带值" if "does not take" in said else "需要一个值"
            return Wording(f"选项 {name} {needs}", said)
        case "BadParameter":
            return Wording(f"{name} 的值无效：{_in_chinese(fault.message)}", said)
        case _ if said.startswith("No such command"):
            asked, *others = re.findall("'[^']*'", said)
            meant = f"，是否想用 {'、'.join(others)}" if others else ""
            return Wording(f"没有命令 {asked}{meant}", said)
        case _ if said.startswith("Got unexpected extra"):
            return Wording(f"多余的参数{said.partition('argument(s)')[2]}", said)
    return Wording(f"命令有误：{said}", said)


def _in_chinese(fault: str) -> str:
    """Return what is wrong with a value, as far as the parser's words are known."""
    for pattern, words in _VALUE_FAULTS:
        if found := re.search(pattern, fault):
            return found.expand(words)
    return fault


def _named(fault: Any) -> str:  # noqa: ANN401 — typer vendors click and hides its classes
    if option := getattr(fault, "option_name", ""):
        return str(option)
    param = getattr(fault, "param", None)
    if param is None:
        return ""
    opts = [each for each in param.opts if each.startswith("-")]
    return opts[0] if opts else str(param.metavar or param.name).upper()


def _brief(fault: Exception) -> str:
    text = " ".join(str(fault).split())
    return f"{type(fault).__name__}: {text[:200]}" if text else type(fault).__name__
