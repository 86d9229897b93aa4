"""Templates: how they are found, and the words they may use. Whatever they print is escaped."""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from secrets import token_urlsafe
from typing import Any, Protocol

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context

from notifications.wordings import LABELS
from rules import words
from rules.deadlines import days_left, is_overdue
from rules.wording import Locale, Wording

_FOLDER = Path(__file__).parent
STATIC = _FOLDER / "static"
TEMPLATES = _FOLDER / "templates"
_COUNTED = re.compile(r"\b(?P<n>\d[\d,]*)(?P<what>(?: [a-z-]+)+?)\(s\)")
_SOON_DAYS = 3  # the last three days are marked, as in the command line


class Theme(StrEnum):
    AUTO = "auto"
    LIGHT = "light"
    DARK = "dark"


class Reader(Protocol):
    """Whoever a page is drawn for: a visit, of which templates know more."""

    locale: Locale


def draw(template: str, visit: Reader, shown: Mapping[str, Any]) -> str:
    return _environment().get_template(template).render(visit=visit, **shown)


@lru_cache(maxsize=1)
def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        auto_reload=False,  # else every part of every page is looked for on disk again
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.update(
        t=_say, asset=asset, moment=words.moment, deadline=words.deadline, day=words.day,
        due_words=words.due, due_tone=due_tone, state_words=words.state, one_time_key=_one_time_key,
        labelled=_labelled, state_of=_state_of, kind_words=_kind_words,
    )  # fmt: skip
    made.filters["zip"] = zip
    made.filters["begun"] = _begun
    return made


def _begun(words: str) -> str:
    """Return words that stand alone with a capital: labels are written to stand in a sentence."""
    return words[:1].upper() + words[1:]


@pass_context
def _say(context: Context, zh: str | Wording, en: str = "", **values: object) -> str:
    """Return a text in the page's language: ``t("案件", "Cases")``, or ``t(wording)``.

    Both languages stand in one place, so that neither can be forgotten.
    """
    wording = zh if isinstance(zh, Wording) else Wording(zh, en)
    told = wording.say(context["visit"].locale)
    return _COUNTED.sub(_agree, told.format(**values) if values else told)


def _agree(found: re.Match[str]) -> str:
    """Return "1 case" or "2 cases" for "1 case(s)"."""
    return found["n"] + found["what"] + ("" if found["n"] == "1" else "s")


@pass_context
def _labelled(context: Context, labelled: Iterable[Any]) -> list[tuple[str, str]]:
    """Return choices for a select: enums by value, categories by key, in the page's language."""
    locale = context["visit"].locale
    return [
        (each.value if isinstance(each, StrEnum) else each.key, each.label.say(locale))
        for each in labelled
    ]


@pass_context
def _state_of(context: Context, case: Mapping[str, Any]) -> str:
    """Return a case's state in a word or two; being listed has a chip of its own."""
    return words.state({**case, "listed": None}).say(context["visit"].locale)


@pass_context
def _kind_words(context: Context, kind: str) -> str:
    return LABELS.get(kind, LABELS["other"]).say(context["visit"].locale)


def due_tone(due_at: datetime | None, at: datetime) -> str:
    """Return what the colour of a due date means: late, soon, ok, or none when no clock runs."""
    if due_at is None:
        return "none"
    if is_overdue(due_at, at):
        return "late"
    return "soon" if days_left(due_at, at) <= _SOON_DAYS else "ok"


@lru_cache(maxsize=64)
def asset(name: str) -> str:
    """Return the address of a static file, which changes when the file does."""
    mark = sha256((STATIC / name).read_bytes()).hexdigest()[:12]
    return f"/static/{name}?v={mark}"


def _one_time_key() -> str:
    """Return a key that makes sending the same form twice harmless."""
    return token_urlsafe(16)
