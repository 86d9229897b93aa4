"""What a policy says of look-backs: numbers, who hears of unfinished visits, what is asked."""

import re
from functools import cached_property
from typing import Self

from pydantic import Field, model_validator

from rules.deadlines import Limit, Unit
from rules.faults import Unfit
from rules.ladder import Audience, Ladder, Offset, Rung
from rules.parts import Part, SourcedCount, SourcedLimit
from rules.wording import Wording

_FIELD = re.compile(r"\{year\}|\{n\}")
_OUR_CHOICE = "our choice"


def _rung(key: str, days: int, *tell: Audience) -> Rung:
    offset = Offset(days, Unit.WORKDAYS)
    return Rung(key=key, offset=offset, tell=tell, source=_OUR_CHOICE)


# An audience's holder is the visit's inspectors; their superior is the committee. A word to the
# school, or to the cluster that answers for it, would warn it of what is to come unannounced.
_WARNED = frozenset({Audience.OWNER, Audience.HEAD, Audience.CLUSTER})
_RUNGS = (
    _rung("visit-remind-3", -3, Audience.HOLDER),
    _rung("visit-overdue", 0, Audience.HOLDER, Audience.COMMITTEE),
    _rung("visit-overdue-5", 5, Audience.HOLDER, Audience.COMMITTEE),
)


class LookbackBounds(Part):
    """Look-backs 回头看. ``confirm_draw`` makes a scheduled draw wait for an admin's word."""

    number: str = Field(default="校安回〔{year}〕{n}号", max_length=40)
    confirm_draw: bool = False
    confirm_within: SourcedLimit = SourcedLimit(
        limit=Limit(24, Unit.HOURS), source="our choice: a day, then the draw is left undone"
    )
    publish_within: SourcedLimit = SourcedLimit(
        limit=Limit(20, Unit.WORKDAYS),
        source="双随机、一公开: 20 个工作日内公示, common local practice",
    )
    least_inspectors: SourcedCount = SourcedCount(
        count=2, source="山东省安全生产条例 Art. 42：检查人员不少于两人"
    )
    rungs: tuple[Rung, ...] = Field(default=_RUNGS, min_length=1, max_length=10)

    @cached_property
    def ladder(self) -> Ladder:
        """Return the ladder that an unfinished visit climbs."""
        return Ladder(name="lookback", rungs=self.rungs)

    @model_validator(mode="after")
    def _nobody_is_warned(self) -> Self:
        warning = next((rung.key for rung in self.rungs if _WARNED & set(rung.tell)), None)
        if warning:
            raise Unfit(
                Wording(
                    f"{warning}：复查前不得告知学校和片区",
                    f"{warning}: neither school nor cluster may hear of a visit",
                ),
                remedy=Wording(
                    "tell 只能填 holder、superior、second_superior、committee。",
                    "Tell holder, superior, second_superior or committee.",
                ),
            )
        return self

    @model_validator(mode="after")
    def _numbers_differ_and_visits_are_not_listed(self) -> Self:
        around = _FIELD.sub("", self.number)
        if sorted(_FIELD.findall(self.number)) != ["{n}", "{year}"] or set("{}/") & set(around):
            raise Unfit(
                Wording(
                    f"编号格式“{self.number}”不可用", f"{self.number!r} cannot number look-backs"
                ),
                remedy=Wording(
                    "须含 {year} 和 {n} 各一次，例如 校安回〔{year}〕{n}号。",
                    "It takes {year} and {n} once each, as in 校安回〔{year}〕{n}号.",
                ),
            )
        listing = next((rung.key for rung in self.rungs if rung.order), None)
        if listing:
            raise Unfit(
                Wording(f"{listing}：复查不能挂牌", f"{listing}: a visit cannot be listed"),
                remedy=Wording("请去掉 order。", "Leave out its order."),
            )
        return self
