"""Finds checks that were switched off without saying why."""

import re
from collections.abc import Iterator

_NOQA = re.compile(r"#\s*(?:ruff:\s*)?noqa\b(?P<rest>.*)", re.IGNORECASE)
_NOQA_CODES = re.compile(r":\s*[A-Z]+[0-9]+(?:,\s*[A-Z]+[0-9]+)*(?P<reason>.*)")
_TYPE_IGNORE = re.compile(r"#\s*type:\s*ignore(?P<rest>.*)")
_TYPE_CODES = re.compile(r"\[[a-z, -]+\](?P<reason>.*)")
_PRAGMA = re.compile(r"#\s*pragma:\s*no cover(?P<rest>.*)")
# Two words at least: "trusted" alone says no more than the switch itself.
_REASON = re.compile(r"\w+\W+\w+|\blikewise\b")
# Of pyproject.toml: what switches a check off, each to be followed by its reason.
_LIST = re.compile(r'^(ignore|filterwarnings|"[^"]+") = \[')
_ENTRY = re.compile(r'^\s+["\'](?P<word>[^"\']+)["\']')
_OFF = re.compile(
    r"^(ignore_missing_imports|ignore_errors|disable_error_code|allow_\w+|warn_\w+)\b"
)


def unreasoned(source: str) -> list[str]:
    """Return each noqa, type: ignore and no cover of a module without code or reason."""
    return [
        f"{number}: {line.strip()}"
        for number, line in enumerate(source.splitlines(), 1)
        if any(not _REASON.search(reason) for reason in _reasons(line))
    ]


def unreasoned_settings(toml: str) -> list[str]:
    """Return each line of pyproject.toml that switches off a check and says no reason."""
    return [
        f"{number}: {line.strip()}"
        for number, line in _switches(toml)
        if not _REASON.search(line.rpartition("#")[2] if "#" in line else "")
    ]


def _reasons(line: str) -> Iterator[str]:
    """Yield the reason of each switch on a line, '' when it names no code."""
    for switch, codes in ((_NOQA, _NOQA_CODES), (_TYPE_IGNORE, _TYPE_CODES)):
        if found := switch.search(line):
            named = codes.match(found["rest"])
            yield named["reason"] if named else ""
    if found := _PRAGMA.search(line):
        yield found["rest"]


def _switches(toml: str) -> Iterator[tuple[int, str]]:
    section, inside = "", False
    for number, line in enumerate(toml.splitlines(), 1):
        if line.startswith("["):
            section, inside = line, False
        elif _LIST.match(line) and section.startswith(("[tool.ruff", "[tool.pytest")):
            inside = True
        elif line.startswith("]"):
            inside = False
        elif (inside and (entry := _ENTRY.match(line)) and entry["word"] != "error") or (
            section.startswith("[[tool.mypy") and _OFF.match(line)
        ):
            yield number, line
