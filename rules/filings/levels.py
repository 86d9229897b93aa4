"""Whose filing it is: a school's, a cluster's, or the committee's, which sum up the schools'."""

from enum import StrEnum

from rules.access import Role
from rules.wording import Wording


class Level(StrEnum):
    UNIT = "unit"
    CLUSTER = "cluster"
    COMMITTEE = "committee"

    @property
    def label(self) -> Wording:
        return _LABELS[self]

    @property
    def sums_up(self) -> bool:
        return self is not Level.UNIT


FILLS: dict[Level, frozenset[Role]] = {
    Level.UNIT: frozenset({Role.REPORTER, Role.OWNER, Role.HEAD}),
    Level.CLUSTER: frozenset({Role.CLUSTER}),
    Level.COMMITTEE: frozenset({Role.COMMITTEE, Role.ADMIN}),
}
"""Who fills a filing in."""

SIGNS: dict[Level, frozenset[Role]] = {
    Level.UNIT: frozenset({Role.HEAD}),  # 总局令第16号 Art. 14: 主要负责人签字
    Level.CLUSTER: frozenset({Role.CLUSTER}),
    Level.COMMITTEE: frozenset({Role.COMMITTEE}),
}
"""Who signs it off; a template may let others sign a school's."""

_LABELS = {
    Level.UNIT: Wording("单位", "unit"),
    Level.CLUSTER: Wording("片区", "cluster"),
    Level.COMMITTEE: Wording("专委会", "committee"),
}
