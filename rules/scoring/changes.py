"""What a version of a sheet changes, item by item, as a person reads it."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from rules.duties.kinds import kinds
from rules.scoring.sheets import Auto, AutoType, Item, Sheet, Worded
from rules.wording import NOTHING, Wording


class Change(NamedTuple):
    """A fact of a sheet before and after; NOTHING where it was not there, or is no more."""

    key: str
    name: Wording
    before: Wording
    after: Wording


def changes(before: Sheet | None, after: Sheet) -> Sequence[Change]:
    """Return what is different, in the order of the new sheet; all of it when it is the first."""
    old, new = _facts(before) if before else {}, _facts(after)
    return [
        Change(key, (new.get(key) or old[key])[0], _value(old, key), _value(new, key))
        for key in dict.fromkeys([*new, *old])
        if old.get(key) != new.get(key)
    ]


def scored(item: Item) -> Wording:
    """Return how an item is scored: its points, and each deduction or what it is reckoned from."""
    how = reckoned_from(item.auto) if item.auto else _deducted(item)
    return Wording(f"{item.points} 分：{how.zh}", f"{item.points}: {how.en}")


def reckoned_from(auto: Auto) -> Wording:
    """Return what an item is reckoned from: its query as it is written, or its kinds of duties."""
    match auto.type:
        case AutoType.SHARE:
            return Wording(
                f"“{auto.query}”中“{auto.good}”的占比", f"share of {auto.good!r} in {auto.query!r}"
            )
        case AutoType.EACH:
            return Wording(
                f"每件扣 {auto.step} 分：{auto.query}", f"{auto.step} less for each: {auto.query}"
            )
        case _:
            known = [kinds()[key].label for key in auto.kinds]
            return Wording(
                "、".join(each.zh for each in known) + "的按期办结率",
                "share done in time of: " + ", ".join(each.en for each in known),
            )


_Facts = Mapping[str, tuple[Wording, Wording]]


def _value(facts: _Facts, key: str) -> Wording:
    return facts[key][1] if key in facts else NOTHING


def _facts(sheet: Sheet) -> _Facts:
    """Return name and value of each fact by its key; items also by where they stand."""
    own = {
        "zh": (Wording("名称", "name"), sheet.label),
        "since": (Wording("适用年度", "applies from"), _plain(sheet.since)),
        "total": (Wording("总分", "all points"), _plain(sheet.total)),
        "passes": (Wording("达标分", "pass mark"), _plain(sheet.passes)),
        "due": (Wording("自评期限", "to be signed by"), _plain(sheet.due)),
        "quota": (Wording("标杆名额", "quota of models"), _plain(f"{sheet.quota.percent}%")),
        "honour": (Wording("荣誉", "honour"), _plain(sheet.honour)),
        "mark": (Wording("编号前缀", "numbers begin with"), _plain(sheet.mark)),
        "source": (Wording("依据", "source"), _plain(sheet.source)),
    }
    items = {
        item.key: (item.label, _joined(level, scored(item)))
        for level in sheet.levels
        for item in level.items
    }
    vetoes = {each.key: (each.label, _vetoes(each.query)) for each in sheet.vetoes}
    return {**own, **items, **vetoes}


def _joined(level: Worded, said: Wording) -> Wording:
    return Wording(f"{level.zh} · {said.zh}", f"{level.en} · {said.en}")


def _vetoes(query: str) -> Wording:
    return Wording(f"一票否决 {query}", f"vetoes {query}")


def _plain(value: object) -> Wording:
    return Wording(f"{value}", f"{value}")


def _deducted(item: Item) -> Wording:
    zh = "；".join(f"{each.zh} −{each.points}" for each in item.deductions)
    return Wording(zh, "; ".join(f"{each.en} −{each.points}" for each in item.deductions))
