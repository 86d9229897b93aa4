"""Finds code that asks a clock for the time, in Python or in SQL."""

import ast
import re

from tests.architecture.source import words_of

# perf_counter and monotonic measure how long something took and are free to all.
_READS = {
    *(f"datetime.datetime.{name}" for name in ("now", "utcnow", "today")),
    "datetime.date.today",
    *(f"time.{name}" for name in ("time", "time_ns", "localtime", "gmtime", "ctime")),
    *(f"pendulum.{name}" for name in ("now", "today", "tomorrow", "yesterday")),
    *(
        f"sqlalchemy.func.{name}"
        for name in ("now", "current_timestamp", "current_date", "current_time", "localtime")
    ),
}
_SQL = re.compile(
    r"\bnow\s*\(\s*\)|\bcurrent_(timestamp|date|time)\b|\bclock_timestamp\b"
    r"|\b(datetime|date|time|julianday|unixepoch|strftime)\s*\([^)]*'now'",
    re.IGNORECASE,
)


def readings(source: str) -> list[str]:
    """Return each place where a module reads a clock, as "line: what"."""
    tree = ast.parse(source)
    known = _imported(tree)
    found = [
        (node.lineno, name)
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute | ast.Name) and (name := _dotted(node, known)) in _READS
    ]
    found += [(line, "SQL's clock") for line, words in words_of(tree) if _SQL.search(words)]
    return [f"{line}: {what}" for line, what in sorted(found)]


def _imported(tree: ast.Module) -> dict[str, str]:
    """Return what the names that a module imports stand for."""
    known = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            known |= {each.asname or each.name: each.name for each in node.names}
        if isinstance(node, ast.ImportFrom):
            known |= {each.asname or each.name: f"{node.module}.{each.name}" for each in node.names}
    return known


def _dotted(node: ast.expr, known: dict[str, str]) -> str:
    match node:
        case ast.Name(id=name):
            return known.get(name, name)
        case ast.Attribute(value=value, attr=name):
            return f"{_dotted(value, known)}.{name}"
    return ""
