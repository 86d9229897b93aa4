"""What a register obliges to: a record every year, a record by its own day, and what answers it."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Annotated, NamedTuple

from pydantic import AfterValidator, Field

from rules.parts import KEY, Labelled, Part, Source
from rules.wording import Wording

LATECOMERS = timedelta(days=30)
"""Our choice: whoever begins after a year's day has so many days for it."""


def _is_a_day_of_every_year(day: str) -> str:
    date.fromisoformat(f"2001-{day}")
    return day


YearDay = Annotated[str, Field(pattern=r"^\d\d-\d\d$"), AfterValidator(_is_a_day_of_every_year)]
"""A day of every year, as "03-31"."""


class Yearly(Part):
    """Every unit keeps records of this kind for every year, by the day ``by`` of it ("03-31").

    ``field`` holds the year. Each of the year's records fills the fields ``needs``. ``duty`` is the
    kind of duty that whoever lets it slide is chased by, ``zh`` and ``en`` what it asks.
    """

    duty: str
    field: str
    by: YearDay
    needs: tuple[str, ...] = ()
    zh: str = Field(min_length=1, max_length=60)
    en: str = Field(min_length=1, max_length=80)
    source: Source

    @property
    def fields(self) -> tuple[str, ...]:
        return (self.field, *self.needs)

    def due_on(self, year: int, today: date) -> date:
        """Return the day by which it is to be there, for whoever begins ``today``."""
        return or_later(date.fromisoformat(f"{year}-{self.by}"), today)

    def title(self, year: int) -> Wording:
        return Wording(f"{year} 年{self.zh}", f"{self.en} of {year}")


class Turn(NamedTuple):
    """A period of one year: asked for from ``opens_on``, there by ``due_on``."""

    key: str
    label: Wording
    year: int
    opens_on: date
    due_on: date


class Period(Labelled):
    """A part of a year: its feedback is asked for from ``opens`` on and there by ``by``, a day of
    the year after where that is the earlier one.
    """

    opens: YearDay
    by: YearDay

    def of(self, year: int) -> Turn:
        opens_on = date.fromisoformat(f"{year}-{self.opens}")
        due_on = date.fromisoformat(f"{year + (self.by < self.opens)}-{self.by}")
        return Turn(self.key, self.label, year, opens_on, due_on)


class Periodic(Part):
    """Every unit that keeps records of the kind ``of`` for a year answers for each of them in each
    period of it: by a record of this kind that names it in the field ``names``.

    ``year`` is a field of both kinds, ``period`` the field of this one that holds a period's key.
    """

    duty: str
    of: str = Field(pattern=KEY)
    names: str
    year: str
    period: str
    periods: tuple[Period, ...] = Field(min_length=1)
    zh: str = Field(min_length=1, max_length=60)
    en: str = Field(min_length=1, max_length=80)
    source: Source

    @property
    def fields(self) -> tuple[str, ...]:
        return (self.names, self.year, self.period)

    def turns(self, year: int) -> list[Turn]:
        return [each.of(year) for each in self.periods]

    def turn_on(self, today: date) -> Turn:
        """Return the turn that is asked for on a day: the newest that has begun."""
        begun = [
            turn for year in (today.year - 1, today.year) for turn in self.turns(year)
            if turn.opens_on <= today
        ]  # fmt: skip
        return max(begun, key=lambda turn: turn.opens_on)

    def due_on(self, turn: Turn, today: date) -> date:
        """Return the day by which it is to be there, for whoever begins ``today``."""
        return or_later(turn.due_on, today)

    def title(self, turn: Turn) -> Wording:
        return Wording(
            f"{turn.year} 年{turn.label.zh}{self.zh}",
            f"{self.en} of {turn.year}, {turn.label.en}",
        )


def or_later(day: date, today: date) -> date:
    """Return the day, or a later one for whoever begins when it is over."""
    return day if today <= day else today + LATECOMERS


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
