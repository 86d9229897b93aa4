"""Checklists 检查表 as data: each item with the clause behind it and the case it would raise."""

from collections.abc import Mapping
from functools import cache, cached_property
from importlib.resources import files
from typing import Literal, Self

from pydantic import Field, model_validator

from rules.case import Level
from rules.faults import Unfit
from rules.inspections.kinds import InspectionKind
from rules.parts import KEY, Labelled, Part, Source
from rules.reading import read_part
from rules.wording import Wording


class Item(Part):
    """One thing to look at. ``zh`` says what is normal, ``hazard_zh`` what it is called when not;
    ``source`` names the clause or says "our choice"; ``help_zh`` how to look.
    """

    key: str = Field(pattern=KEY)
    zh: str = Field(min_length=2, max_length=120)
    en: str = Field(min_length=2, max_length=200)
    hazard_zh: str = Field(min_length=2, max_length=120)
    hazard_en: str = Field(min_length=2, max_length=200)
    category: str = Field(default="", max_length=24)
    level: Level = Level.ORDINARY
    help_zh: str = Field(default="", max_length=300)
    help_en: str = Field(default="", max_length=400)
    measure: str = Field(default="", max_length=200)
    source: Source

    @property
    def label(self) -> Wording:
        return Wording(self.zh, self.en)

    @property
    def hazard(self) -> Wording:
        return Wording(self.hazard_zh, self.hazard_en)

    @property
    def help(self) -> Wording:
        return Wording(self.help_zh, self.help_en)


class Checklist(Labelled):
    """``category`` is that of every item without one of its own; ``kinds`` are the inspections it
    is meant for; ``quick`` ones are made day by day, an item a line on a phone. None begins
    answered: what nobody looked at is not in order.
    """

    schema_version: Literal[1] = Field(alias="schema")
    version: str = Field(pattern=r"^[0-9A-Za-z.\-]{1,24}$")
    category: str = Field(pattern=r"^[a-z_]{2,24}$")
    kinds: tuple[InspectionKind, ...] = Field(min_length=1)
    quick: bool = False
    source: Source
    items: tuple[Item, ...] = Field(min_length=1, max_length=100)

    @model_validator(mode="after")
    def _names_each_item_once(self) -> Self:
        keys = [each.key for each in self.items]
        twice = next((key for key in keys if keys.count(key) > 1), "")
        if twice:
            raise Unfit(
                Wording(f"检查项 {twice} 重复", f"the item {twice} twice"),
                remedy=Wording("每个 key 只能用一次。", "Use each key once."),
            )
        return self

    @cached_property
    def by_key(self) -> Mapping[str, Item]:
        return {each.key: each for each in self.items}

    def category_of(self, item: Item) -> str:
        return item.category or self.category


def read_checklist(text: str, *, where: str = "checklist") -> Checklist:
    """Parse and check a checklist; raise TextTrouble for the first fault found."""
    return read_part(Checklist, text, where=where)


@cache
def shipped() -> Mapping[str, str]:
    """Return the texts that ship with the product, by key, in the order they are offered."""
    folder = files("rules.inspections")
    names = sorted(each.name for each in folder.iterdir() if each.name.endswith(".toml"))
    texts = [(folder / name).read_text(encoding="utf-8") for name in names]
    found = {read_checklist(text).key: text for text in texts}
    first = [key for key in _OFFERED if key in found]
    return {key: found[key] for key in [*first, *(found.keys() - set(first))]}


_OFFERED = ("daily", "fire", "bus", "laboratory", "canteen", "security", "term")
