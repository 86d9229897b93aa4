"""Yearly reviews 年审: asked for by whoever keeps the record, carried out by somebody above them.

When each is due and for which reasons one is not passed is data of the kind of register.
"""

from collections.abc import Collection, Mapping
from datetime import date, timedelta
from typing import NamedTuple

from pydantic import Field

from rules.access import Role
from rules.guardchecks.findings import Identity
from rules.parts import Labelled, Part, Source
from rules.registers.obligations import YearDay, or_later
from rules.registers.outcomes import ReviewOutcome
from rules.wording import Wording

LONGEST_CONDITIONS = timedelta(days=90)
"""Our choice: what is to be mended is mended within three months, or it was not passed."""
SCHOOL = frozenset({Role.OWNER, Role.HEAD})
"""Who reviews nothing at a school of their own."""


class Reason(Labelled):
    """Why a review is not passed as it is, and ``measure``, what mends it.

    One that has the key of a rule of the kind is found by itself where that rule is broken. What
    ``bars`` cannot be passed, with conditions neither.
    """

    measure: str = Field(min_length=1, max_length=200)
    bars: bool = False


class Reviews(Part):
    """Every record is reviewed in every calendar year, asked for from ``opens`` on and there by
    ``by`` ("12-31"); ``field`` holds the day of the last one, and is set by it alone.

    ``asking`` is the kind of duty of whoever keeps the record, ``reviewing`` that of a reviewer,
    who has ``within`` days. ``audience`` is that of the training sessions that count.
    """

    field: str
    asking: str
    reviewing: str
    opens: YearDay
    by: YearDay
    within: int = Field(ge=1, le=365)
    reviewers: frozenset[Role] = Field(min_length=1)
    audience: str
    zh: str = Field(min_length=1, max_length=60)
    en: str = Field(min_length=1, max_length=80)
    source: Source
    reasons: tuple[Reason, ...] = Field(min_length=1)

    @property
    def fields(self) -> tuple[str, ...]:
        return (self.field,)

    @property
    def by_key(self) -> Mapping[str, Reason]:
        return {each.key: each for each in self.reasons}

    def year_on(self, today: date) -> int:
        """Return the year that is asked for on a day: the newest whose asking has begun."""
        begun = today >= date.fromisoformat(f"{today.year}-{self.opens}")
        return today.year if begun else today.year - 1

    def due_on(self, year: int, today: date) -> date:
        """Return the day by which it is asked for, by whoever hears of it ``today``."""
        return or_later(date.fromisoformat(f"{year}-{self.by}"), today)


class Look(NamedTuple):
    """What a check of guards found of somebody, on a day."""

    check: str
    day: date
    identity: Identity
    violations: tuple[str, ...]


class Conduct(NamedTuple):
    """What a reviewer looks at besides the record: the year's checks, the unit's training sessions
    of the year and how many of them were attended, and where the unit is short of people.
    """

    looks: tuple[Look, ...] = ()
    sessions: int = 0
    attended: int = 0
    short: tuple[Wording, ...] = ()


class Verdict(NamedTuple):
    """What a reviewer decides. ``why`` is there when an earlier review of the year is corrected."""

    outcome: ReviewOutcome
    reasons: tuple[str, ...] = ()
    until: date | None = None
    note: str = ""
    why: str = ""


class Unfit(NamedTuple):
    """Why a verdict cannot stand, and which part of it is meant."""

    where: str
    problem: Wording
    remedy: Wording


def speaks_against(reviews: Reviews, broken: Collection[str], conduct: Conduct) -> tuple[str, ...]:
    """Return the reasons that are found by themselves; ``broken`` are rules of the kind."""
    last = conduct.looks[-1].identity if conduct.looks else Identity.MATCH
    found = {
        *broken,
        *({last.value} - {Identity.MATCH.value}),
        *(["violations"] if any(each.violations for each in conduct.looks) else []),
        *(["training"] if conduct.attended < conduct.sessions else []),
    }
    return tuple(each.key for each in reviews.reasons if each.key in found)


def unfit(
    reviews: Reviews, verdict: Verdict, found: Collection[str], today: date, *, again: bool
) -> Unfit | None:
    """Return why a verdict cannot stand, None when it can. ``found`` speaks against passing;
    ``again`` says that the year has a review already that nobody asked to repeat.
    """
    named = {*found, *verdict.reasons}
    barred = [each for each in reviews.reasons if each.bars and each.key in named]
    if barred and verdict.outcome is not ReviewOutcome.FAILED:
        said = barred[0].label
        return Unfit("outcome", Wording(f"{said.zh}，不能通过", f"{said.en}: this cannot pass"),
                     Wording(f"选“未通过”；{barred[0].measure}。", "Fail it."))  # fmt: skip
    return (
        _of_reasons(reviews, verdict) or _of_days(verdict, today) or _of_words(verdict, found)
        or (_NO_WHY if again and not verdict.why else None)
    )  # fmt: skip


def attends(name: str, attendees: str) -> bool:
    """Whether a name stands in a list of attendees, whole: 王伟 is not 王伟民."""
    listed = "".join(each if each.isalnum() else " " for each in attendees).split()
    return bool(name) and "".join(filter(str.isalnum, name)) in listed


def _of_reasons(reviews: Reviews, verdict: Verdict) -> Unfit | None:
    if unknown := set(verdict.reasons) - reviews.by_key.keys():
        said = ", ".join(sorted(unknown))[:80]
        known = ", ".join(reviews.by_key)
        return Unfit("reasons", Wording(f"没有原因“{said}”", f"no such reason: {said}"),
                     Wording(f"可填：{known}。", f"Choose from: {known}."))  # fmt: skip
    if bool(verdict.reasons) is (verdict.outcome is ReviewOutcome.PASSED):
        return _REASONLESS if verdict.reasons == () else _NEEDLESS
    return None


def _of_days(verdict: Verdict, today: date) -> Unfit | None:
    conditional = verdict.outcome is ReviewOutcome.CONDITIONAL
    if conditional is (verdict.until is None):
        return _NO_DAY if conditional else _DAY_FOR_NOTHING
    if verdict.until and not today < verdict.until <= today + LONGEST_CONDITIONS:
        return _NO_DAY
    return None


def _of_words(verdict: Verdict, found: Collection[str]) -> Unfit | None:
    overruled = bool(found) and verdict.outcome is ReviewOutcome.PASSED
    if not verdict.note and (overruled or "other" in verdict.reasons):
        return _NO_NOTE
    return None


_REASONLESS = Unfit(
    "reasons",
    Wording("没有选原因", "no reason is given"),
    Wording("请选至少一项。", "Choose at least one."),
)
_NEEDLESS = Unfit(
    "reasons",
    Wording("通过的不写原因", "what is passed has no reasons"),
    Wording("请改选结论，或去掉原因。", "Choose another outcome, or leave them out."),
)
_NO_DAY = Unfit(
    "until",
    Wording("有条件通过须写明整改到哪一天，90 天以内", "say by when, within 90 days"),
    Wording("请填今天以后 90 天以内的日期。", "Give a day after today, within 90 days."),
)
_DAY_FOR_NOTHING = Unfit(
    "until",
    Wording("只有“有条件通过”才写期限", "only conditions have a day"),
    Wording("请留空。", "Leave it blank."),
)
_NO_NOTE = Unfit(
    "note",
    Wording("没有写明审核情况", "nothing is said of what was found"),
    Wording("有问题仍予通过的，或选“其他”的，请写明。", "Say why it passes all the same."),
)
_NO_WHY = Unfit(
    "why",
    Wording("今年已有年审结论，没有写更正原因", "the year has its review: why another?"),
    Wording("请写明为何更正。", "Say why it is corrected."),
)
