"""The bounds a policy sets: numbers of cases and orders, extensions, sending, sweeping, files."""

import re
from typing import Self

from pydantic import Field, model_validator

from rules.faults import Unfit
from rules.parts import Part, Source, SourcedCount, SourcedLimit
from rules.wording import Wording

_ORDER_FIELD = re.compile(r"\{year\}|\{n\}")
_NUMBER_FIELD = re.compile(r"\{year\}|\{n(?::0[1-9]d)?\}")
# A case's number stands in addresses and file names.
_UNFIT_FOR_NUMBERS = re.compile(r"""[\s\x00-\x1f\x7f{}/\\?#%:*"'<>|&]""")


class Numbering(Part):
    """How a case's number is written: "{year}", "{n}" or, with leading zeros, "{n:06d}"."""

    case: str = Field(default="YH{year}-{n:06d}", max_length=30)

    @model_validator(mode="after")
    def _numbers_differ_and_fit_an_address(self) -> Self:
        fields = _NUMBER_FIELD.findall(self.case)
        around = _NUMBER_FIELD.sub("", self.case)
        if sorted(field[1] for field in fields) != ["n", "y"] or _UNFIT_FOR_NUMBERS.search(around):
            raise Unfit(
                Wording(f"编号格式“{self.case}”不可用", f"{self.case!r} cannot number cases"),
                remedy=Wording(
                    "须含 {year} 和 {n}（可写 {n:06d}）各一次，不得含空格和 / \\ ? # % 等符号。",
                    r"It takes {year} and {n} (or {n:06d}) once each, no spaces and no / \ ? # %.",
                ),
            )
        return self


class PlanBounds(Part):
    longest_ordinary: SourcedLimit
    longest_major: SourcedLimit


class ExtensionBounds(Part):
    most: SourcedCount
    longest: SourcedLimit


class SweepBounds(Part):
    """How far business time may jump between two sweeps before a person must agree."""

    longest_jump: SourcedLimit


_OUR_TERM_ORDINARY = SourcedLimit.model_validate({"limit": "30d", "source": "our choice"})
_OUR_TERM_MAJOR = SourcedLimit.model_validate({"limit": "90d", "source": "our choice"})
_OUR_DEMANDS = "按期完成整改，整改期间落实临时管控措施，定期报告进展。"


class OrderBounds(Part):
    """Supervision orders 挂牌督办: numbering, terms and what is demanded meanwhile.

    ``term_…`` and ``demands`` are those of an order listed by hand that names none of its own.
    """

    number: str = Field(max_length=40)
    progress_every: SourcedLimit
    longest: SourcedLimit
    extension_before: SourcedLimit
    decision_within: SourcedLimit
    publish_within: SourcedLimit
    # Adopted texts from before these keys go without them.
    term_ordinary: SourcedLimit = _OUR_TERM_ORDINARY
    term_major: SourcedLimit = _OUR_TERM_MAJOR
    demands: str = Field(default=_OUR_DEMANDS, min_length=1, max_length=500)

    @model_validator(mode="after")
    def _numbers_differ(self) -> Self:
        fields = _ORDER_FIELD.findall(self.number)
        if sorted(fields) != ["{n}", "{year}"] or set("{}") & set(
            _ORDER_FIELD.sub("", self.number)
        ):
            raise Unfit(
                Wording(f"文号格式“{self.number}”不可用", f"{self.number!r} cannot number orders"),
                remedy=Wording(
                    "须含 {year} 和 {n} 各一次，例如 校安督〔{year}〕{n}号。",
                    "It takes {year} and {n} once each, as in 校安督〔{year}〕{n}号.",
                ),
            )
        return self


class Sending(Part):
    """When notices may be sent, and how hard we try. Hours are those of China."""

    from_hour: int = Field(strict=True, ge=0, le=23)
    to_hour: int = Field(strict=True, ge=1, le=24)
    workdays_only: bool = Field(strict=True)
    most_per_hour: SourcedCount
    tries: SourcedCount
    source: Source

    @model_validator(mode="after")
    def _opens_before_it_closes(self) -> Self:
        if self.from_hour >= self.to_hour:
            raise Unfit(
                Wording("from_hour 不早于 to_hour", "from_hour is not before to_hour"),
                remedy=Wording("例如 7 和 21。", "For example 7 and 21."),
            )
        return self


class EvidenceBounds(Part):
    most_megabytes: SourcedCount
