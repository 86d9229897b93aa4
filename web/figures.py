"""Figures: numbers that lead to their list."""

from typing import NamedTuple

from rules.statistics import rate
from rules.wording import Wording


class Share(NamedTuple):
    """So many of so many, and the lists that hold them ('' where there is none)."""

    part: int
    whole: int
    part_link: str = ""
    whole_link: str = ""

    @property
    def rate(self) -> float | None:
        return rate(self.part, self.whole)


class Figure(NamedTuple):
    """A number and the list it counts; ``tone`` colours it when it is not zero."""

    label: Wording
    n: int
    link: str
    tone: str = ""
