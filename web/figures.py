"""Figures: numbers that lead to their list."""

from typing import NamedTuple

from rules.wording import Wording


class Figure(NamedTuple):
    """A number and the list it counts; ``tone`` colours it when it is not zero."""

    label: Wording
    n: int
    link: str
    tone: str = ""
