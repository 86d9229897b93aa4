"""What is wrong with a query, pointing at the word, with the nearest thing that is known."""

from collections.abc import Iterable
from difflib import get_close_matches

from rules.wording import NOTHING, Trouble, Wording

_MOST_SHOWN = 12


class QueryTrouble(Trouble):
    """A query that cannot be read. ``column`` counts characters from 1, ``word`` stands there."""

    def __init__(
        self, problem: Wording, *, column: int, word: str, remedy: Wording = NOTHING
    ) -> None:
        placed = Wording(f"第 {column} 字处{problem.zh}", f"column {column}: {problem.en}")
        super().__init__(placed, remedy=remedy, where=word)
        self.column = column
        self.word = word


def unknown_field(name: str, column: int, known: Iterable[str]) -> QueryTrouble:
    """Return that there is no such field, with the nearest one and how to search for a colon."""
    quote = Wording("要查找冒号本身，请加引号。", "To look for a colon itself, quote the word.")
    return QueryTrouble(
        Wording(f"没有字段“{name}”", f"there is no field {name!r}"),
        column=column, word=name, remedy=_joined(_nearest(name, list(known)), quote),
    )  # fmt: skip


def unknown_value(
    field: str, written: str, column: int, known: Iterable[str], form: Wording = NOTHING
) -> QueryTrouble:
    """Return that ``field`` takes no such value, with the nearest, and the ``form`` it takes."""
    return QueryTrouble(
        Wording(f"“{field}”没有取值“{written}”", f"{field!r} takes no value {written!r}"),
        column=column, word=written, remedy=_joined(_nearest(written, list(known)), form),
    )  # fmt: skip


def misread(what: Wording, column: int, word: str, remedy: Wording) -> QueryTrouble:
    """Return any other fault of a word."""
    return QueryTrouble(what, column=column, word=word, remedy=remedy)


def _nearest(written: str, known: list[str]) -> Wording:
    close = get_close_matches(written.casefold(), known, n=1, cutoff=0.5)
    # One shared character tells most about a Chinese word of two.
    close = close or [each for each in known if written and written[0] == each[0]][:1]
    if close:
        return Wording(f"是否想用“{close[0]}”？", f"Did you mean {close[0]}?")
    if not known:
        return NOTHING
    shown = known[:_MOST_SHOWN]
    return Wording(f"可用：{'、'.join(shown)}。", f"Known: {', '.join(shown)}.")


def _joined(first: Wording, second: Wording) -> Wording:
    return Wording(first.zh + second.zh, f"{first.en} {second.en}".strip())
