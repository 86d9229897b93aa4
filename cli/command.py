"""How a command is made: its own options, those all commands share, and examples in its help."""

import inspect
import os
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Annotated, Any, Literal, TypeVar

import typer

from casework import clock
from cli import reading
from cli.desk import Desk
from cli.help import Command, Group
from cli.locale import choose_locale
from cli.printing import Answer, give

Work = TypeVar("Work", bound=Callable[..., Answer])

_Json = Annotated[bool, typer.Option("--json", help="输出一个 JSON 值 / print one JSON value.")]
_Lang = Annotated[
    Literal["zh", "en"] | None,
    typer.Option("--lang", help="语言 / language (BIHUAN_LANG)."),
]
_Who = Annotated[
    str,
    typer.Option("--as", envvar="BIHUAN_AS", metavar="CODE", help="您的人员代码 / who you are."),
]
_At = Annotated[
    datetime | None,
    typer.Option(
        "--at",
        parser=reading.moment("--at"),
        metavar="ISO",
        help="办理时刻，默认现在 / when it is done, by default now.",
    ),
]
_AsOf = Annotated[
    datetime | None,
    typer.Option(
        "--as-of",
        parser=reading.moment("--as-of"),
        metavar="ISO",
        help="以何时为准，默认现在 / seen from this moment, by default now.",
    ),
]
_MOMENTS = {"at": _At, "as_of": _AsOf}


def noun(help_text: str) -> typer.Typer:
    """Return a group of commands."""
    return typer.Typer(cls=Group, help=help_text, no_args_is_help=True, add_completion=False)


def command(
    app: typer.Typer,
    name: str,
    *,
    examples: tuple[str, ...],
    who: bool = False,
    when: Literal["at", "as_of"] | None = None,
) -> Callable[[Work], Work]:
    """Make a command of a function that takes a Desk and its own options, and gives an Answer.

    ``who`` adds ``--as``; ``when`` adds ``--at`` or ``--as-of``. Its docstring is its help.
    """

    def register(work: Work) -> Work:
        run = _runner(work, who=who, when=when)
        app.command(name, cls=Command, help=inspect.getdoc(work), epilog=_epilog(examples))(run)
        return work

    return register


def _runner(work: Callable[..., Answer], *, who: bool, when: str | None) -> Callable[..., None]:
    @wraps(work)
    def run(
        *,
        as_json: bool,
        lang: str | None,
        moment: datetime | None = None,
        who: str = "",
        **typed: Any,  # noqa: ANN401 — each command's own
    ) -> None:
        locale = choose_locale(["--lang", lang] if lang else [], os.environ)
        desk = Desk(locale, as_json, os.environ, moment or clock.now(), who)
        answer = work(desk, **typed)
        give(answer, locale, as_json=as_json)
        if answer.exit_code:
            raise typer.Exit(answer.exit_code)

    run.__signature__ = _signature(work, who=who, when=when)  # type: ignore[attr-defined] # inspect reads it
    return run


def _signature(work: Callable[..., Answer], *, who: bool, when: str | None) -> inspect.Signature:
    own = list(inspect.signature(work).parameters.values())[1:]
    shared = [_shared("who", _Who, "")] if who else []
    shared += [_shared("moment", _MOMENTS[when], None)] if when else []
    shared += [_shared("as_json", _Json, default=False), _shared("lang", _Lang, None)]
    return inspect.Signature([*own, *shared])


def _shared(name: str, annotation: object, default: object) -> inspect.Parameter:
    kind = inspect.Parameter.KEYWORD_ONLY
    return inspect.Parameter(name, kind, default=default, annotation=annotation)


def _epilog(examples: tuple[str, ...]) -> str:
    """Return the examples a line each: typer makes a line of what blank lines part."""
    return "\n\n".join(["示例 / examples:", *(f"  {each}" for each in examples)])
