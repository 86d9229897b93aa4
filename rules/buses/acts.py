"""What happens to a daily bulletin, and what bulletins are called."""

from datetime import date
from enum import StrEnum

from rules.wording import Wording


class BulletinAct(StrEnum):
    FREEZE = "freeze"

    @property
    def label(self) -> Wording:
        return Wording("生成并冻结", "made and frozen")


def number_of(day: date, nth: int) -> str:
    """Return the number of a year's nth bulletin: 校车通报〔2026〕12号."""
    return f"校车通报〔{day.year}〕{nth}号"
