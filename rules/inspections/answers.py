"""What inspectors found at each item, and what a record of it must hold before it stands."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple

from rules.inspections.checklists import Checklist, Item
from rules.wording import Wording

MOST_PARTICIPANTS = 9_999  # a bound against slips of the finger, our choice


class Result(StrEnum):
    NORMAL = "normal"
    HAZARD = "hazard"
    NOT_APPLICABLE = "not_applicable"

    @property
    def label(self) -> Wording:
        return _LABELS[self]


_LABELS = {
    Result.NORMAL: Wording("正常", "in order"),
    Result.HAZARD: Wording("隐患", "hazard"),
    Result.NOT_APPLICABLE: Wording("不适用", "not applicable"),
}


class Answer(NamedTuple):
    """What was found at an item: in words, where, with how many photos, or why without any.

    ``another`` says that it is not the hazard an open case tells of already.
    """

    result: Result
    note: str = ""
    place: str = ""
    photos: int = 0
    no_photo: str = ""
    another: bool = False


class Fault(NamedTuple):
    """What is missing or wrong; ``field`` is the item's key and the part of its answer."""

    field: str
    problem: Wording
    remedy: Wording


def check_answers(checklist: Checklist, answers: Mapping[str, Answer]) -> Sequence[Fault]:
    """Return every fault, in the order of the checklist; none means that it may be recorded."""
    strange = sorted(answers.keys() - checklist.by_key.keys())
    faults = [
        Fault(
            key,
            Wording(f"检查表里没有“{key}”", f"the checklist has no item {key!r}"),
            Wording("请按检查表填写。", "Answer the items of the checklist."),
        )
        for key in strange
    ]
    for item in checklist.items:
        faults += _check_one(item, answers.get(item.key))
    return faults


def hazard_words(item: Item, answer: Answer) -> str:
    """Return what a case of it is described as: the item's words, then the inspector's."""
    return f"{item.hazard_zh}：{answer.note}" if answer.note else item.hazard_zh


def tally(answers: Mapping[str, Answer]) -> dict[Result, int]:
    """Return how many items had each result."""
    found = [each.result for each in answers.values()]
    return {result: found.count(result) for result in Result}


def _check_one(item: Item, answer: Answer | None) -> list[Fault]:
    if answer is None:
        return [
            Fault(
                item.key,
                Wording(f"“{item.zh}”没有填写结果", f"no result for: {item.en}"),
                Wording("请选正常、隐患或不适用。", "Say in order, hazard or not applicable."),
            )
        ]
    if answer.result is Result.HAZARD and not (answer.photos or answer.no_photo):
        return [
            Fault(
                f"{item.key}.photo",
                Wording(f"“{item.zh}”有隐患但没有照片", f"no photo of the hazard at: {item.en}"),
                Wording("请拍照，或写明为何不能拍照。", "Take one, or say why there is none."),
            )
        ]
    return []
