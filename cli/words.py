"""Words the command line shares between pages: those of every door, and how they are coloured."""

from datetime import datetime

from rules.case import Level
from rules.deadlines import days_left, is_overdue
from rules.wording import Locale, Wording
from rules.words import CLAIMED, NONE, VOIDED, day, deadline, due, moment, standing, state

__all__ = [
    "CLAIMED", "NONE", "VOIDED", "day", "deadline", "due", "moment", "standing", "state",
    "style_of_due", "style_of_level", "yes_no",
]  # fmt: skip


def style_of_due(due_at: datetime | None, at: datetime) -> str:
    """Return rich's style: red when late, yellow within three days of it."""
    if due_at is None:
        return "dim"
    if is_overdue(due_at, at):
        return "bold red"
    return "yellow" if days_left(due_at, at) <= 3 else ""


def style_of_level(level: str) -> str:
    return "bold red" if level == Level.MAJOR else ""


def yes_no(answer: object, locale: Locale) -> str:
    return (Wording("是", "yes") if answer else Wording("否", "no")).say(locale)
