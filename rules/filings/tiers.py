"""Whose filing it is: a school's, a cluster's, or the committee's, which sum up the schools'."""

from enum import StrEnum

from rules.access import Role
from rules.wording import Wording


class Tier(StrEnum):
    UNIT = "unit"
    CLUSTER = "cluster"
    COMMITTEE = "committee"

    @property
    def label(self) -> Wording:
        return _LABELS[self]

    @property
    def sums_up(self) -> bool:
        return self is not Tier.UNIT


FILLS: dict[Tier, frozenset[Role]] = {
    Tier.UNIT: frozenset({Role.REPORTER, Role.OWNER, Role.HEAD}),
    Tier.CLUSTER: frozenset({Role.CLUSTER}),
    Tier.COMMITTEE: frozenset({Role.COMMITTEE, Role.ADMIN}),
}
"""Who fills a filing in."""

SIGNS: dict[Tier, frozenset[Role]] = {
    Tier.UNIT: frozenset({Role.HEAD}),  # 总局令第16号 Art. 14: 主要负责人签字
    Tier.CLUSTER: frozenset({Role.CLUSTER}),
    Tier.COMMITTEE: frozenset({Role.COMMITTEE}),
}
"""Who signs it off; a template may let others sign a school's."""

_LABELS = {
    Tier.UNIT: Wording("单位", "unit"),
    Tier.CLUSTER: Wording("片区", "cluster"),
    Tier.COMMITTEE: Wording("专委会", "committee"),
}
