"""How many it takes by a number: guards by pupils, and more for those who board."""

from pydantic import Field

from rules.parts import Part


class Band(Part):
    """From this number on, so many at least, and one more for each ``more_every`` above it."""

    start: int = Field(ge=0)
    least: int = Field(ge=0)
    more_every: int = Field(default=0, ge=0)


class Term(Part):
    """How many it takes by the number in field ``of``; the last band that has begun tells."""

    of: str
    bands: tuple[Band, ...] = Field(min_length=1)

    def least(self, number: int) -> int:
        begun = [each for each in self.bands if each.start <= number]
        if not begun:
            return 0
        band = max(begun, key=lambda each: each.start)
        more = (number - band.start) // band.more_every if band.more_every else 0
        return band.least + more
