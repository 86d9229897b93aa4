"""One wording for each thing we tell a person, in Chinese and English, written once.

``Trouble`` is the root of everything we raise on purpose::

    Trouble                    what is wrong, where, and how to mend it
    ├── PolicyTrouble          a policy file that cannot be adopted      (rules.policy)
    ├── CalendarEnds           a date beyond the published calendar      (rules.workdays)
    └── casework.errors        refusals, conflicts, missing things, files
"""

from dataclasses import dataclass
from typing import Literal

Locale = Literal["zh", "en"]


@dataclass(frozen=True, slots=True)
class Wording:
    """The same sentence in both languages."""

    zh: str
    en: str

    def say(self, locale: Locale) -> str:
        return self.zh if locale == "zh" else self.en


NOTHING = Wording("", "")


class Trouble(Exception):
    """Something the person at the door can mend.

    ``problem`` says what is wrong, ``remedy`` what to do about it, ``where`` names the field,
    row, key or file it concerns (empty when the sentence already says so).
    """

    def __init__(self, problem: Wording, *, remedy: Wording = NOTHING, where: str = "") -> None:
        super().__init__(problem.en)
        self.problem = problem
        self.remedy = remedy
        self.where = where

    def say(self, locale: Locale) -> str:
        """Return where, what and the remedy as one line."""
        colon, stop, gap = ("：", "。", "") if locale == "zh" else (": ", ".", " ")
        head = f"{self.where}{colon}" if self.where else ""
        problem, remedy = self.problem.say(locale), self.remedy.say(locale)
        closed = problem if problem[-1:] in _CLOSED else problem + stop
        return head + closed + (gap + remedy if remedy else "")


_CLOSED = tuple("。.!?！？")
