"""Help whose Chinese is all there.

A Chinese clause has no spaces: rich takes it for one long word, and a table of typer's ends a word
that is wider than its column with an ellipsis. Here such a word goes on in the next line.
"""

from typing import Any

from typer.core import TyperCommand, TyperGroup


class Command(TyperCommand):
    """A command whose help folds long words."""

    def format_help(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401 — typer vendors click and hides its classes
        _fold()
        super().format_help(ctx, formatter)


class Group(TyperGroup):
    """A group whose help folds long words."""

    def format_help(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401 — typer vendors click and hides its classes
        _fold()
        super().format_help(ctx, formatter)


def _fold() -> None:
    """Let every text of a help fold; typer passes them all through one highlighter."""
    from rich.text import Text  # noqa: PLC0415 — only help draws tables of typer's
    from typer import rich_utils  # noqa: PLC0415 — only help draws tables of typer's

    class Folding(rich_utils.OptionHighlighter):
        def highlight(self, text: Text) -> None:
            super().highlight(text)
            text.overflow = "fold"

    rich_utils.highlighter = Folding()
