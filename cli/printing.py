"""How an answer is printed: one JSON value for machines, tables and lines for people."""

import json
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, is_dataclass
from datetime import date, datetime
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cli.troubles import Unread
from rules.wording import Locale, Wording
from rules.workdays import CHINA

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.table import Table


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command found: plain ``data`` for ``--json``, and how to ``show`` it to a person."""

    data: Any
    show: Callable[["Console"], None]
    exit_code: int = 0


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table. ``ratio`` > 0 takes a share of the width that is left."""

    title: Wording
    ratio: int = 0
    keep: bool = False
    right: bool = False


def give(answer: Answer, locale: Locale, *, as_json: bool) -> None:
    """Print an answer to stdout; raise Unread when nobody reads it."""
    try:
        if as_json:
            sys.stdout.write(to_json(answer.data, locale) + "\n")
        else:
            answer.show(console())
        sys.stdout.flush()
    except BrokenPipeError as fault:
        raise Unread from fault


def to_json(data: Any, locale: Locale) -> str:  # noqa: ANN401 — any answer
    """Return JSON: moments by China's clock, wordings in the language spoken."""

    def plain(value: object) -> object:
        return _plain(value, locale)

    return json.dumps(data, ensure_ascii=False, default=plain)


def console(*, stderr: bool = False) -> "Console":
    """Return a console that lets a closed pipe end the command quietly."""
    from rich.console import Console  # noqa: PLC0415 — --json does without rich

    class Quiet(Console):
        def on_broken_pipe(self) -> None:
            raise Unread

    return Quiet(stderr=stderr, highlight=False, soft_wrap=False)


def table(columns: Sequence[Column], locale: Locale, title: str = "") -> "Table":
    """Return an empty table that folds its text rather than cutting it."""
    from rich import box  # noqa: PLC0415 — --json does without rich
    from rich.table import Table  # noqa: PLC0415 — --json does without rich

    made = Table(
        title=title or None, box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0),
        title_justify="left", expand=any(column.ratio for column in columns),
    )  # fmt: skip
    for column in columns:
        made.add_column(
            column.title.say(locale),
            ratio=column.ratio or None,
            no_wrap=column.keep,
            justify="right" if column.right else "left",
            overflow="fold",
        )
    return made


def facts(pairs: Iterable[tuple[Wording, "RenderableType"]], locale: Locale) -> "Table":
    """Return labels with their values, one a line; empty values are left out."""
    from rich.table import Table  # noqa: PLC0415 — --json does without rich

    made = Table.grid(padding=(0, 2, 0, 0))
    made.add_column(no_wrap=True, style="dim")
    made.add_column(overflow="fold")
    for label, value in pairs:
        if value not in ("", None):
            made.add_row(label.say(locale), value)
    return made


def plain_text(text: str) -> "RenderableType":
    """Return what somebody typed, so that brackets in it are not taken for styles."""
    from rich.text import Text  # noqa: PLC0415 — --json does without rich

    return Text(text)


def styled(text: str, style: str) -> "RenderableType":
    from rich.text import Text  # noqa: PLC0415 — --json does without rich

    return Text(text, style=style)


def heading(text: str) -> "RenderableType":
    return styled(f"\n{text}", "bold")


def lines(*said: "str | RenderableType") -> Callable[["Console"], None]:
    """Return a way to show plain lines."""

    def show(out: "Console") -> None:
        for each in said:
            out.print(plain_text(each) if isinstance(each, str) else each)

    return show


def line(text: str) -> None:
    """Say a line of an answer that takes long to come."""
    try:
        sys.stdout.write(text + "\n")
        sys.stdout.flush()
    except BrokenPipeError as fault:
        raise Unread from fault


def note(text: str) -> None:
    """Say something to a person that is not part of the answer."""
    sys.stderr.write(text + "\n")


def _plain(value: object, locale: Locale) -> object:
    match value:
        case Wording():
            return value.say(locale)
        case datetime():
            return value.astimezone(CHINA).isoformat()
        case date():
            return value.isoformat()
        case Enum():
            return value.value
        case Path():
            return str(value)
        case Mapping():
            return dict(value)
        case set() | frozenset():
            return sorted(value)
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    message = f"{type(value).__name__} has no JSON form"
    raise TypeError(message)
