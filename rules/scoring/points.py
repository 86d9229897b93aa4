"""What marks are worth: never below 0, never above an item's points; a veto overrides them all."""

from collections.abc import Mapping
from typing import NamedTuple

from rules.scoring.acts import ScoringResult, ScoringStage
from rules.scoring.sheets import HONOUR, AutoType, Item, Sheet
from rules.wording import Wording


class Evidence(NamedTuple):
    """A stored photo or document: its digest, that of the view without metadata ('' for a
    document), and its media type.
    """

    sha256: str
    view: str
    media_type: str


class Mark(NamedTuple):
    """One item's (or veto's) values: the school's, then what each reviewer made of it.

    ``taken`` are the deductions and how often; ``figures`` what it was reckoned from: good of all.
    """

    school: int
    cluster: int | None = None
    committee: int | None = None
    cluster_why: str = ""
    committee_why: str = ""
    taken: Mapping[str, int] = {}
    text: str = ""
    evidence: tuple[Evidence, ...] = ()
    figures: tuple[int, int] | None = None

    @property
    def value(self) -> int:
        """Return the value that counts: the last one given."""
        if self.committee is not None:
            return self.committee
        return self.school if self.cluster is None else self.cluster


def until(mark: Mark, stage: ScoringStage) -> Mark:
    """Return a mark without what those gave whose turn came after ``stage``."""
    if stage is ScoringStage.SCHOOL:
        mark = mark._replace(cluster=None, cluster_why="")
    if stage in {ScoringStage.SCHOOL, ScoringStage.CLUSTER}:
        mark = mark._replace(committee=None, committee_why="")
    return mark


class Score(NamedTuple):
    points: int
    automatic: int
    result: ScoringResult
    vetoes: tuple[str, ...]
    honoured: bool


def deducted(item: Item, taken: Mapping[str, int]) -> int:
    """Return an item's points after its deductions."""
    less = sum(each.points * taken.get(each.key, 0) for each in item.deductions)
    return max(0, item.points - less)


def reckoned(item: Item, figures: tuple[int, int]) -> int:
    """Return the points of an item that is reckoned, rounded down.

    ``figures`` are the good ones and all; for what counts each, 0 and how many. Where there was
    nothing to do, all points are given.
    """
    good, every = figures
    auto = item.auto
    if auto is not None and auto.type is AutoType.EACH:
        return max(0, item.points - auto.step * every)
    return item.points if every == 0 else item.points * good // every


def reason_of(item: Item, mark: Mark) -> Wording:
    """Return why the school's value of an item is what it is, with its figures."""
    if item.auto is None or mark.figures is None:
        return _deductions(item, mark)
    good, every = mark.figures
    if item.auto.type is AutoType.EACH:
        step = item.auto.step
        return Wording(
            f"{every} 件，每件扣 {step} 分：{item.points} − {every}×{step}，不低于 0",
            f"{every} cases, {step} points each: {item.points} − {every}×{step}, not below 0",
        )
    if every == 0:
        return Wording("应办 0 项，得满分", "nothing was to be done: all points")
    return Wording(
        f"{good}/{every} 按期：{item.points}×{good}÷{every}，舍去小数",
        f"{good} of {every} in time: {item.points}×{good}÷{every}, rounded down",
    )


def score(sheet: Sheet, marks: Mapping[str, Mark]) -> Score:
    """Return what an assessment comes to."""
    points = sum(marks[each.key].value for each in sheet.items)
    automatic = sum(marks[each.key].value for each in sheet.items if each.auto)
    vetoes = tuple(each.key for each in sheet.vetoes if marks[each.key].value)
    result = ScoringResult.PASSED if points >= sheet.passes else ScoringResult.FAILED
    result = ScoringResult.VETOED if vetoes else result
    return Score(points, automatic, result, vetoes, bool(marks[HONOUR].value))


def _deductions(item: Item, mark: Mark) -> Wording:
    taken = [each for each in item.deductions if mark.taken.get(each.key)]
    if not taken:
        return Wording("未扣分", "nothing deducted")
    zh = [f"{each.zh} −{each.points}×{mark.taken[each.key]}" for each in taken]
    en = [f"{each.en} −{each.points}×{mark.taken[each.key]}" for each in taken]
    return Wording("；".join(zh), "; ".join(en))
