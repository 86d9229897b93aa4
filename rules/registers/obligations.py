"""What a register obliges to: a record every year, a record by its own day, and what answers it."""

from collections.abc import Mapping
from datetime import date, timedelta

from pydantic import Field, field_validator

from rules.parts import Part, Source
from rules.wording import Wording

LATECOMERS = timedelta(days=30)
"""Our choice: whoever begins after a year's day has so many days for it."""


class Yearly(Part):
    """Every unit keeps records of this kind for every year, by the day ``by`` of it ("03-31").

    ``field`` holds the year. Each of the year's records fills the fields ``needs``. ``duty`` is the
    kind of duty that whoever lets it slide is chased by, ``zh`` and ``en`` what it asks.
    """

    duty: str
    field: str
    by: str = Field(pattern=r"^\d\d-\d\d$")
    needs: tuple[str, ...] = ()
    zh: str = Field(min_length=1, max_length=60)
    en: str = Field(min_length=1, max_length=80)
    source: Source

    @field_validator("by")
    @classmethod
    def _is_a_day_of_every_year(cls, by: str) -> str:
        date.fromisoformat(f"2001-{by}")
        return by

    @property
    def fields(self) -> tuple[str, ...]:
        return (self.field, *self.needs)

    def due_on(self, year: int, today: date) -> date:
        """Return the day by which it is to be there, for whoever begins ``today``."""
        day = date.fromisoformat(f"{year}-{self.by}")
        return day if today <= day else today + LATECOMERS

    def title(self, year: int) -> Wording:
        return Wording(f"{year} 年{self.zh}", f"{self.en} of {year}")


class Opens(Part):
    """Each record is something to be done by the day in its field ``due``; ``what`` names it."""

    duty: str
    due: str
    what: str

    @property
    def fields(self) -> tuple[str, ...]:
        return (self.due, self.what)


class Answers(Part):
    """A record of this kind does what a record of ``kind`` asks whose name stands in ``field``,
    once the fields ``needs`` are filled, with more than nothing.
    """

    kind: str
    field: str
    needs: tuple[str, ...] = ()

    @property
    def fields(self) -> tuple[str, ...]:
        return (self.field, *self.needs)

    def is_met(self, values: Mapping[str, str]) -> bool:
        return bool(values.get(self.field)) and all(
            values.get(each, "") not in ("", "0") for each in self.needs
        )
