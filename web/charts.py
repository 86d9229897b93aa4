"""Charts as plain geometry, for SVG in a template. Every chart stands over a table of the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

_WIDTH, _LEFT, _RIGHT = 420, 112, 66  # units of the picture, which grows with its place
_SPAN = _WIDTH - _LEFT - _RIGHT
_ROW, _THICK = 28, 14
_HEIGHT, _FLOOR, _TOP = 220, 190, 14
_LONGEST_NAME = 7  # characters of Chinese that fit before a bar
_MOST_NAMES = 5  # under a line


@dataclass(frozen=True, slots=True)
class Bars:
    """Horizontal bars, each over the whole that it could have been."""

    bars: Sequence[dict[str, Any]]
    height: int
    width: int = _WIDTH
    left: int = _LEFT
    span: int = _SPAN
    thick: int = _THICK


@dataclass(frozen=True, slots=True)
class Line:
    """Lines over a common floor; a value that is None has no dot."""

    lines: Sequence[dict[str, Any]]
    names: Sequence[dict[str, Any]]
    ticks: Sequence[dict[str, Any]]
    width: int = _WIDTH
    height: int = _HEIGHT
    left: int = 46
    right: int = _WIDTH - 12
    floor: int = _FLOOR


def draw_bars(
    rows: Sequence[tuple[str, float | None, str]], *, most: float = 0, tone: str = ""
) -> Bars:
    """Return bars of (name, value, value in words) up to ``most``, by default the largest."""
    whole = most or max((value or 0 for _, value, _ in rows), default=0) or 1
    bars = [
        {
            "name": _short(name), "said": said, "tone": tone,
            "top": nth * _ROW + 4, "middle": nth * _ROW + 15,
            "length": round((value or 0) / whole * _SPAN, 1),
        }
        for nth, (name, value, said) in enumerate(rows)
    ]  # fmt: skip
    return Bars(bars, max(len(rows), 1) * _ROW)


def draw_lines(names: Sequence[str], rows: Sequence[tuple[str, Sequence[float | None]]]) -> Line:
    """Return a line for each (tone, values), as many values as ``names``."""
    most = max((value or 0 for _, values in rows for value in values), default=0) or 1
    places = [_across(nth, len(names)) for nth in range(len(names))]
    lines = [
        {"tone": tone, **_line(places, [_up(value, most) for value in values])}
        for tone, values in rows
    ]
    step = -(-len(names) // _MOST_NAMES) or 1
    under = [{"at": at, "said": name} for at, name in list(zip(places, names, strict=True))[::step]]
    ticks = [{"at": _up(share * most, most), "said": f"{share * most:g}"} for share in (0.5, 1)]
    return Line(lines, under, ticks)


def _line(places: Sequence[float], heights: Sequence[float | None]) -> dict[str, Any]:
    dots = [{"x": x, "y": y} for x, y in zip(places, heights, strict=True) if y is not None]
    return {"dots": dots, "points": " ".join(f"{dot['x']},{dot['y']}" for dot in dots)}


def _across(nth: int, count: int) -> float:
    left, right = 64, _WIDTH - 36
    return round(left + (right - left) * (nth / (count - 1) if count > 1 else 0.5), 1)


def _up(value: float | None, most: float) -> float | None:
    return None if value is None else round(_FLOOR - (_FLOOR - _TOP) * value / most, 1)


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST_NAME else name[: _LONGEST_NAME - 1] + "…"
