"""Finds code that writes a case, its events, clocks or steps, or assigns a state."""

import ast
import re

from tests.architecture.source import words_of

TABLES = {"CASES", "EVENTS", "CLOCKS", "CLOCK_STEPS"}
MODELS = {"Case", "CaseEvent", "Clock", "ClockStep"}
_VERBS = {"insert", "update", "delete"}
_BUILDS_A_ROW = {"model_validate", "model_construct"}
_SQL = re.compile(
    r"\b(insert\s+(or\s+\w+\s+)?into|replace\s+into|update(\s+or\s+\w+)?|delete\s+from|truncate"
    r"(\s+table)?)\s+[\"`]?(cases|case_event|clock|clock_step)\b",
    re.IGNORECASE,
)


def writes(source: str) -> list[str]:
    """Return what of a module only the one writer may do, each as "line: what"."""
    tree = ast.parse(source)
    guarded = _names_of_guarded(tree)
    found = [(node.lineno, what) for node in ast.walk(tree) if (what := _what(node, guarded))]
    found += [(line, "writes in SQL") for line, words in words_of(tree) if _SQL.search(words)]
    return [f"{line}: {what}" for line, what in sorted(found)]


def _names_of_guarded(tree: ast.Module) -> set[str]:
    """Return the names under which the guarded tables and models are known in a module."""
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "models":
            known = TABLES | MODELS
            names |= {each.asname or each.name for each in node.names if each.name in known}
        if isinstance(node, ast.Assign) and _is_guarded(node.value, names):
            names |= {each.id for each in node.targets if isinstance(each, ast.Name)}
    return names


def _what(node: ast.AST, guarded: set[str]) -> str | None:
    if isinstance(node, ast.Call):
        return _what_call(node, guarded)
    if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        inner = (each for target in targets for each in ast.walk(target))
        if any(isinstance(each, ast.Attribute) and _stores_state(each) for each in inner):
            return "assigns a state"
    return None


def _stores_state(node: ast.Attribute) -> bool:
    return node.attr == "state" and isinstance(node.ctx, ast.Store)


def _what_call(node: ast.Call, guarded: set[str]) -> str | None:
    called, receiver = _called(node.func)
    arguments = [*node.args, *(each.value for each in node.keywords)]
    if called in {"setattr", "__setattr__"} and any(
        isinstance(each, ast.Constant) and each.value == "state" for each in node.args
    ):
        return "assigns a state"
    if called in _VERBS and any(_is_guarded(each, guarded) for each in [receiver, *arguments[:1]]):
        return f"builds a statement: {called}"
    if called in _BUILDS_A_ROW and _is_guarded(receiver, guarded):
        return "builds a row"
    if _is_guarded(node.func, guarded):
        return "builds a row"
    return None


def _called(function: ast.expr) -> tuple[str, ast.expr | None]:
    if isinstance(function, ast.Attribute):
        return function.attr, function.value
    return (function.id if isinstance(function, ast.Name) else ""), None


def _is_guarded(node: ast.expr | None, guarded: set[str]) -> bool:
    match node:
        case ast.Name(id=name):
            return name in guarded
        case ast.Attribute(value=value, attr="__table__"):
            return _is_guarded(value, guarded)
        case ast.Attribute(value=ast.Name(id="models"), attr=name):
            return name in MODELS
        case ast.Attribute(attr=name):
            return name in TABLES
    return False
