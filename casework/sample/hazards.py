"""The 80 real hazards, and what we read into them where the source says enough."""

import csv
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from rules.case import Level, Obstacle

# Many pupils at risk at once, and no work for a day. Our reading: the pages give no level.
_MAJOR = frozenset({"H033", "H048", "H069", "H095", "H096", "H099", "H103"})

# What the source says the rectification waits for. 待资金 is our reading of costly repairs that a
# village school could only report upwards.
_OBSTACLES = {
    "待立项": Obstacle.PROJECT,
    "待外部门": Obstacle.OTHER_AGENCY,
    "延期": Obstacle.OTHER_AGENCY,
    "已上报": Obstacle.FUNDS,
    "待拆除": Obstacle.FUNDS,
    "两年未解决": Obstacle.FUNDS,
}
_QUICK = frozenset({"管理", "制度", "校车", "安防-人防", "安防-物防", "体育设施", "用电"})

# Which schools of the sample can have the hazard found at a source's kind of unit.
_FITTING = {
    "中学": ("初中", "高中"),
    "中小学": ("小学", "初中", "高中", "实验学校"),
    "中小学幼儿园": ("小学", "初中", "高中", "幼儿园"),
    "实验室": ("高中", "职业学校", "实验学校"),
    "校车": ("幼儿园", "农村小学"),
    "学校": ("小学", "初中", "高中", "实验学校", "职业学校", "农村小学"),
}


@dataclass(frozen=True, slots=True)
class Hazard:
    """A row of school_hazards.csv as it stands there; '' where the page gave nothing."""

    id: str
    source_url: str
    source_date: str
    unit_type: str
    location: str
    hazard: str
    category: str
    measure: str
    status_in_source: str
    date_or_deadline: str

    @property
    def level(self) -> Level:
        return Level.MAJOR if self.id in _MAJOR else Level.ORDINARY

    @property
    def obstacle(self) -> Obstacle | None:
        return _OBSTACLES.get(self.status_in_source)

    @property
    def is_quick(self) -> bool:
        """Return whether it can be put right on the spot."""
        return self.level is Level.ORDINARY and not self.obstacle and self.category in _QUICK

    @property
    def fitting_types(self) -> tuple[str, ...]:
        return _FITTING.get(self.unit_type, (self.unit_type,))


@lru_cache(maxsize=1)
def read_hazards() -> tuple[Hazard, ...]:
    text = files("casework.sample").joinpath("school_hazards.csv").read_text(encoding="utf-8")
    return tuple(Hazard(**row) for row in csv.DictReader(text.splitlines()))


def hazard_described(description: str) -> Hazard | None:
    """Return the hazard with these words; no two share theirs."""
    return next((each for each in read_hazards() if each.hazard == description), None)
