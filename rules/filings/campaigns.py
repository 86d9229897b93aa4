"""Campaigns 专项 by schedule as data: which template, from when to when, where, due by when."""

import json
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from functools import partial
from typing import Literal, Self

from pydantic import Field, model_validator

from rules.faults import Unfit
from rules.filings.bounds import FilingBounds
from rules.filings.periods import Period, PeriodKind, read_period
from rules.filings.templates import Template
from rules.filings.tiers import Tier
from rules.parts import KEY, Labelled, Part, Source
from rules.reading import read_part
from rules.wording import Wording

_LONGEST_WAIT = timedelta(days=120)


class Stretch(Part):
    """A period of a campaign, both days in it; ``due_on`` is the units', left out: the policy's."""

    first: date = Field(strict=True)
    last: date = Field(strict=True)
    due_on: date | None = Field(default=None, strict=True)

    @model_validator(mode="after")
    def _is_in_order(self) -> Self:
        read_period(PeriodKind.CAMPAIGN, f"{self.first}..{self.last}")
        if self.due_on and not self.last <= self.due_on <= self.last + _LONGEST_WAIT:
            raise Unfit(
                Wording(f"应报日 {self.due_on} 不合理", f"{self.due_on} is no due day for it"),
                remedy=Wording(
                    f"请填 {self.last} 起 {_LONGEST_WAIT.days} 天内的日期。",
                    f"Give a day within {_LONGEST_WAIT.days} days from {self.last}.",
                ),
            )
        return self

    @property
    def period(self) -> Period:
        return read_period(PeriodKind.CAMPAIGN, f"{self.first}..{self.last}")


class Campaign(Labelled):
    """``places`` are codes of units, or of clusters with all their units; none means everybody."""

    schema_version: Literal[1] = Field(alias="schema")
    template: str = Field(pattern=KEY)
    places: tuple[str, ...] = Field(default=(), max_length=500)
    periods: tuple[Stretch, ...] = Field(min_length=1, max_length=60)
    source: Source

    @model_validator(mode="after")
    def _follows_on(self) -> Self:
        for before, after in zip(self.periods, self.periods[1:], strict=False):
            if after.first <= before.last:
                raise Unfit(
                    Wording(
                        f"{after.first} 起的一期与上一期重叠",
                        f"the period from {after.first} begins before the one before it ends",
                    ),
                    remedy=Wording("各期按先后写，互不重叠。", "Write them in order, apart."),
                )
        if len(set(self.places)) < len(self.places):
            raise Unfit(
                Wording("单位重复", "a place twice"),
                remedy=Wording("每个只写一次。", "Write each once."),
            )
        return self

    @property
    def first(self) -> date:
        return self.periods[0].first

    @property
    def last(self) -> date:
        return self.periods[-1].last

    def stretch(self, period: str) -> Stretch | None:
        return next((each for each in self.periods if each.period.key == period), None)


def read_campaign(text: str, *, where: str = "campaign") -> Campaign:
    """Parse and check a campaign; raise TextTrouble for the first fault found."""
    return read_part(Campaign, text, where=where)


def written_as(
    key: str,
    name: str,
    template: Template,
    days: tuple[date, date, date | None],
    places: Sequence[str],
) -> str:
    """Return the text of a campaign of one period: its first and last day, and when it is due."""
    first, last, due = days
    said = partial(json.dumps, ensure_ascii=False)  # JSON's strings and lists are TOML's
    lines = [
        "schema = 1", f"key = {said(key)}", f"zh = {said(name)}",
        f"en = {said(f'{template.en}, {first} to {last}'[:80])}",
        f"template = {said(template.key)}", f"places = {said(list(places))}",
        f"source = {said('专委会部署')}", "", "[[periods]]", f"first = {first}", f"last = {last}",
        *([f"due_on = {due}"] if due else []),
    ]  # fmt: skip
    return "\n".join(lines) + "\n"


def due_on(stretch: Stretch | None, bounds: FilingBounds, period: Period, level: Tier) -> date:
    """Return when a filing is due; above the unit so many days later as the policy has it."""
    usual = bounds.due_on(period, level)
    if stretch is None or stretch.due_on is None:
        return usual
    return stretch.due_on + (usual - bounds.due_on(period, Tier.UNIT))


def begun(campaign: Campaign, since: date, today: date) -> list[Period]:
    """Return the periods to be opened by ``today`` of a campaign adopted on the day ``since``.

    One that was over by then is asked of nobody; one that began while nobody looked is made up.
    """
    return [each.period for each in campaign.periods if each.first <= today and each.last >= since]


def require_apart(campaign: Campaign, others: Iterable[Campaign]) -> None:
    """Raise Unfit when another campaign asks for the same template and period."""
    mine = {each.period.key for each in campaign.periods}
    for other in others:
        taken = mine & {each.period.key for each in other.periods}
        if other.key != campaign.key and other.template == campaign.template and taken:
            raise Unfit(
                Wording(
                    f"专项“{other.zh}”已有 {min(taken)} 这一期",
                    f"the campaign {other.en} has the period {min(taken)} already",
                ),
                remedy=Wording(
                    "请改日期，或换模板。", "Change its days, or take another template."
                ),
                where="periods",
            )
