"""The manual of the commands, docs/cli.md, written from the commands themselves.

``python -m cli.manual > docs/cli.md``; a test says when it is stale.
"""

import sys
from collections.abc import Iterator
from typing import Any

from typer.main import get_command

from cli.main import app

_TOP = """\
# `bihuan`

Written by `python -m cli.manual > docs/cli.md` from the commands themselves; do not edit.

Every command takes `--json` (one JSON value on stdout, messages and errors on stderr) and
`--lang zh|en`; without it the language is `BIHUAN_LANG`'s, else the system's, else Chinese.
Codes and labels are both understood: `--state 整改中` is `--state rectifying`.

| variable | meaning |
|---|---|
| `BIHUAN_HOME` | folder of the database, evidence and logs; `.bihuan` by default |
| `BIHUAN_DATABASE_URL` | `postgresql://…` instead of the SQLite database in `BIHUAN_HOME` |
| `BIHUAN_AS` | who acts, when `--as` is not given |
| `BIHUAN_LANG` | `zh` or `en` |
| `NO_COLOR` | any value: no colours |

| exit code | meaning |
|---|---|
| 0 | done |
| 1 | refused: a rule says no, or a field, row or file cannot be accepted |
| 2 | the command line is not understood |
| 3 | not found |
| 4 | unavailable: database, disk, or a fault of ours (its traceback is in `BIHUAN_HOME/log`) |
| 130 | interrupted |
| 141 | nobody read the output |

With `--json` an error is `{"error": {"where": …, "problem": …, "remedy": …}}` on stderr, and
stdout stays empty.
"""


def manual() -> str:
    """Return the manual as Markdown."""
    parts = [_TOP, *(_section(path, command) for path, command in commands())]
    return "\n".join(parts)


def commands() -> Iterator[tuple[str, Any]]:
    """Yield every command with the words that call it."""
    yield from _below("bihuan", get_command(app))


def _below(path: str, command: Any) -> Iterator[tuple[str, Any]]:  # noqa: ANN401 — typer vendors click
    for name, each in getattr(command, "commands", {}).items():
        if hasattr(each, "commands"):
            yield from _below(f"{path} {name}", each)
        else:
            yield f"{path} {name}", each


def _section(path: str, command: Any) -> str:  # noqa: ANN401 — typer vendors click
    said = (command.help or "").replace("\n\n", "\n").strip()
    rows = [_row(each) for each in command.params if each.name not in ("as_json", "lang", "help")]
    table = ["| option | meaning |", "|---|---|", *rows, ""] if rows else []
    examples = [line.strip() for line in command.epilog.split("\n\n")[1:]]
    return "\n".join([f"## {path}", "", said, "", *table, "```sh", *examples, "```", ""])


def _row(param: Any) -> str:  # noqa: ANN401 — typer vendors click
    options = [each for each in param.opts if each.startswith("-")]
    name = options[0] if options else (param.metavar or param.name.upper())
    value = "" if not options or getattr(param, "is_flag", False) else f" {_value_of(param)}"
    needed = " (required)" if param.required and options else ""
    return f"| `{_escaped(name + value)}` | {_escaped(param.help or '')}{needed} |"


def _escaped(text: str) -> str:
    """Return text on one line that may stand in a cell of a Markdown table."""
    return " ".join(text.split()).replace("|", "\\|")


def _value_of(param: Any) -> str:  # noqa: ANN401 — typer vendors click
    return str(param.metavar or param.name.upper())


if __name__ == "__main__":
    sys.stdout.write(manual())
