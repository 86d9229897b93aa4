"""Finds imports that stand where they should not."""

import ast
from collections.abc import Iterator


def imports(source: str, *names: str, eager: bool = False) -> list[str]:
    """Return each import of the packages or modules, or from them, as "line: name".

    ``eager`` leaves out those inside functions, which cost nothing until the function is called.
    """
    tree = ast.parse(source)
    nodes = _outside_functions(tree) if eager else ast.walk(tree)
    return [
        f"{node.lineno}: {wanted}"
        for node in nodes
        if isinstance(node, ast.Import | ast.ImportFrom)
        for wanted in names
        if any(f"{each}.".startswith(f"{wanted}.") for each in _imported(node))
    ]


def _outside_functions(node: ast.AST) -> Iterator[ast.AST]:
    for each in ast.iter_child_nodes(node):
        yield each
        if not isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            yield from _outside_functions(each)


def _imported(node: ast.Import | ast.ImportFrom) -> list[str]:
    """Return the dotted names that an import may stand for (the house has no relative ones)."""
    if isinstance(node, ast.Import):
        return [each.name for each in node.names]
    return [f"{node.module}.{each.name}" for each in node.names]
