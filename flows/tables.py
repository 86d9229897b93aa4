"""Tables in Markdown, as Prefect's pages show them."""

from collections.abc import Iterable, Sequence


def table(*headings: str, rows: Iterable[Sequence[object]]) -> str:
    """Return a Markdown table; what is in a cell stays in that cell."""
    lines = [headings, ["---"] * len(headings), *rows]
    return "\n".join(f"| {' | '.join(map(_cell, line))} |" for line in lines)


def _cell(value: object) -> str:
    return " ".join(str(value).split()).replace("\\", "\\\\").replace("|", "\\|")
