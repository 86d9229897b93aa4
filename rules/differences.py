"""What is different after an event, as a person reads it: each fact's name, before and after."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rules.case import Level, Listing, State
from rules.wording import Wording

NONE = Wording("无", "none")
Names = Callable[[str, int], str]
"""Called with "person" or "unit" and an id; returns what it is called."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One fact that an event changed."""

    fact: str
    name: Wording
    before: Wording
    after: Wording

    @property
    def said(self) -> Wording:
        return Wording(
            f"{self.name.zh}：{self.before.zh} → {self.after.zh}",
            f"{self.name.en}: {self.before.en} → {self.after.en}",
        )


def differences(changed: Mapping[str, Any], names: Names) -> tuple[Difference, ...]:
    """Return an event's ``changed`` in words, in the order of the facts' table.

    A fact unknown to this version is told by its key and as it stands.
    """
    known = [name for name in _LABELS if name in changed]
    told = [*known, *(name for name in changed if name not in _LABELS)]
    return tuple(_difference(name, changed[name], names) for name in told)


def people_in(changed: Mapping[str, Any]) -> set[int]:
    """Return the ids of the people that ``changed`` speaks of."""
    ids = {each for name in _PEOPLE & changed.keys() for each in changed[name] if each is not None}
    return ids | {each for hands in changed.get("hands", ()) for each in hands or ()}


def units_in(changed: Mapping[str, Any]) -> set[int]:
    return {each for each in changed.get("unit_id", ()) if each is not None}


def _difference(name: str, values: Sequence[Any], names: Names) -> Difference:
    before, after = (_worded(name, value, names) for value in values)
    return Difference(name, _LABELS.get(name, Wording(name, name)), before, after)


def _worded(name: str, value: Any, names: Names) -> Wording:  # noqa: ANN401 — JSON's own types
    if value is None or value in ("", []):
        return NONE
    if isinstance(value, bool):
        return Wording("是", "yes") if value else Wording("否", "no")
    if name in _ENUMS:
        return _ENUMS[name](value).label
    if name == "hands":
        people = [names("person", each) for each in value]
        return Wording("、".join(people), ", ".join(people))
    if name in _PEOPLE or name == "unit_id":
        called = names("unit" if name == "unit_id" else "person", value)
        return Wording(called, called)
    return Wording(str(value), str(value))


_PEOPLE = frozenset({"plan_author", "verified_by", "extension_asked_by"})
_ENUMS: dict[str, Callable[[Any], State | Level | Listing]] = {
    "state": State,
    "level": Level,
    "listed": Listing,
}
_LABELS = {
    "state": Wording("状态", "state"),
    "claimed": Wording("待验收", "claimed"),
    "voided": Wording("已撤销", "voided"),
    "level": Wording("等级", "level"),
    "listed": Wording("挂牌", "listing"),
    "cycle": Wording("第几轮", "cycle"),
    "unit_id": Wording("责任单位", "responsible unit"),
    "department": Wording("责任处室", "department"),
    "plan_author": Wording("方案报送人", "author of the plan"),
    "plan_by_head": Wording("方案由主要负责人报送", "plan by the head"),
    "plan_deadline": Wording("方案期限", "deadline of the plan"),
    "verified_by": Wording("验收人", "verifier"),
    "extension_asked_by": Wording("延期申请人", "asked for an extension"),
    "extensions": Wording("延期次数", "extensions"),
    "after_evidence": Wording("整改后佐证数", "after-evidence"),
    "hands": Wording("参与整改的人", "people with a hand in it"),
}
