"""What an inspector found when looking back at a closed case, and how the visit was made."""

from enum import StrEnum

from rules.wording import Wording


class Finding(StrEnum):
    HOLDS = "holds"
    RELAPSED = "relapsed"
    NO_ACCESS = "no_access"
    NOT_APPLICABLE = "not_applicable"

    @property
    def label(self) -> Wording:
        return _FINDINGS[self]


class InspectionMode(StrEnum):
    """How the visit was made: unannounced, announced, or without saying who one is."""

    SURPRISE = "surprise"
    OPEN = "open"
    COVERT = "covert"

    @property
    def label(self) -> Wording:
        return _MODES[self]


_FINDINGS = {
    Finding.HOLDS: Wording("未复发", "holds"),
    Finding.RELAPSED: Wording("复发", "relapsed"),
    Finding.NO_ACCESS: Wording("未能入校", "no access"),
    Finding.NOT_APPLICABLE: Wording("不适用", "not applicable"),
}
_MODES = {
    InspectionMode.SURPRISE: Wording("突击检查", "surprise inspection"),
    InspectionMode.OPEN: Wording("明察", "open inspection"),
    InspectionMode.COVERT: Wording("暗访", "covert inspection"),
}
