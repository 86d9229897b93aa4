"""What the class of a chemical asks for: two signatures, a filing, counts, its own cabinet.

Sources: 危险化学品安全管理条例（2013），易制毒化学品管理条例（2018）; what no regulation fixes is
marked as our choice.
"""

from datetime import date, timedelta
from enum import StrEnum

from rules.wording import Wording


class Danger(StrEnum):
    """The class of a chemical, as the register ``chemical`` keeps it."""

    TOXIC = "toxic"
    EXPLOSIVE = "explosive"
    DRUG_FIRST = "drug_first"
    DRUG = "drug"
    OTHER = "other"

    @property
    def label(self) -> Wording:
        return _LABELS[self]

    @property
    def is_controlled(self) -> bool:
        return self is not Danger.OTHER

    @property
    def needs_two(self) -> bool:
        """Art. 24: two people receive and issue what is highly toxic; for the other controlled
        ones 五双 is what schools and police use (our choice to hold everybody to it).
        """
        return self.is_controlled

    @property
    def is_filed(self) -> bool:
        """Art. 41: purchases of these are filed with the county's police."""
        return self in {Danger.TOXIC, Danger.EXPLOSIVE}


_LABELS = {
    Danger.TOXIC: Wording("剧毒", "highly toxic"),
    Danger.EXPLOSIVE: Wording("易制爆", "explosive precursor"),
    Danger.DRUG_FIRST: Wording("易制毒一类", "drug precursor, first category"),
    Danger.DRUG: Wording("易制毒二三类", "drug precursor, second or third category"),
    Danger.OTHER: Wording("其他", "other"),
}
# A school example of a half-monthly opening of the locks; our choice for everybody.
COUNT_EVERY = timedelta(days=15)
# 危险化学品安全管理条例 Art. 41: within five days of the purchase.
FILE_WITHIN = timedelta(days=5)
APART = ((Danger.EXPLOSIVE, Danger.DRUG_FIRST), (Danger.EXPLOSIVE, Danger.DRUG))
"""Classes that may not share a cabinet: found at schools by the inspections of 2020."""


def count_due(last: date) -> date:
    """Return the day by which what was counted on ``last`` is counted again."""
    return last + COUNT_EVERY


def file_due(bought_on: date) -> date:
    """Return the last day for filing a purchase: bought on the 1st, filed by the 6th."""
    return bought_on + FILE_WITHIN


def clash(held: frozenset[Danger]) -> tuple[Danger, Danger] | None:
    """Return two classes that share a cabinet and may not; None when all may."""
    return next((pair for pair in APART if held >= set(pair)), None)
