"""What happens to a check of guards, in which order, and who may do it."""

import re
from datetime import date, timedelta
from enum import StrEnum

from rules.access import Role
from rules.lookback.seeds import COMMIT, DRAW, FREEZE, REVEAL
from rules.wording import Wording


class CheckState(StrEnum):
    """``DRAWN`` until every guard drawn was looked for; nothing is ever redrawn."""

    COMMITTED = "committed"
    DRAWN = "drawn"
    DONE = "done"
    PUBLISHED = "published"

    @property
    def label(self) -> Wording:
        return _STATES[self]


_STATES = {
    CheckState.COMMITTED: Wording("已承诺种子", "committed to a seed"),
    CheckState.DRAWN: Wording("抽查中", "being checked"),
    CheckState.DONE: Wording("已查完", "all checked"),
    CheckState.PUBLISHED: Wording("已公开", "published"),
}


class CheckAct(StrEnum):
    """The first four are those of an honest draw (``rules.lookback.seeds``)."""

    COMMIT = COMMIT
    FREEZE = FREEZE
    REVEAL = REVEAL
    DRAW = DRAW
    ASSIGN = "assign"
    RECORD = "record"
    PUBLISH = "publish"

    @property
    def label(self) -> Wording:
        return _ACTS[self]


_ACTS = {
    CheckAct.COMMIT: Wording("承诺种子", "committed to a seed"),
    CheckAct.FREEZE: Wording("冻结名单", "froze the frame"),
    CheckAct.REVEAL: Wording("揭示种子", "revealed the seed"),
    CheckAct.DRAW: Wording("抽取", "drew"),
    CheckAct.ASSIGN: Wording("抽取检查人员", "drew the inspectors"),
    CheckAct.RECORD: Wording("记录结果", "recorded a result"),
    CheckAct.PUBLISH: Wording("公开", "published"),
}
MAY_HOLD = frozenset({Role.COMMITTEE, Role.ADMIN})
"""Who commits, draws and publishes."""
MAY_RECORD = frozenset({Role.INSPECTOR, Role.COMMITTEE})
"""Who looks: nobody of the school, nor of its cluster, which would have to know beforehand."""
USUAL_SHARE = 10
"""Percent of each stratum's guards, our choice; school safety checks draw 5 % a year and more
(双随机抽查, 淄川、冠县)."""
_PERIOD = re.compile(r"20\d{2}-(?:0[1-9]|1[0-2])")


def period_of(day: date) -> str:
    """Return the month a check belongs to, 2026-03: one check a month."""
    return f"{day:%Y-%m}"


def is_period(text: str) -> bool:
    return bool(_PERIOD.fullmatch(text))


def due_on(drawn: date) -> date:
    """Return by when the guards drawn on a day are looked for: the end of that month, or in seven
    days if that is later (our choice).
    """
    following = (drawn.replace(day=1) + timedelta(days=31)).replace(day=1)
    return max(following - timedelta(days=1), drawn + timedelta(days=7))


def sample_size(guards: int, share: int) -> int:
    """Return how many of a stratum are drawn: its share rounded up, at least one."""
    return min(guards, max(1, -(-guards * share // 100))) if guards else 0
