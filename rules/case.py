"""What a case is, to the rules: its state, level and the facts the life-cycle table looks at."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from rules.access import Role
from rules.deadlines import Stage
from rules.wording import Wording


class State(StrEnum):
    REPORTED = "reported"
    PLAN = "plan"
    RECTIFYING = "rectifying"
    VERIFIED = "verified"
    CLOSED = "closed"

    @property
    def label(self) -> Wording:
        return _STATE_LABELS[self]


_STATE_LABELS = {
    State.REPORTED: Wording("已上报", "reported"),
    State.PLAN: Wording("方案待批", "plan awaiting approval"),
    State.RECTIFYING: Wording("整改中", "rectifying"),
    State.VERIFIED: Wording("已验收", "verified"),
    State.CLOSED: Wording("已销号", "closed"),
}


class Level(StrEnum):
    ORDINARY = "ordinary"
    MAJOR = "major"

    @property
    def label(self) -> Wording:
        return Wording("一般", "ordinary") if self is Level.ORDINARY else Wording("重大", "major")


class Listing(StrEnum):
    """挂牌督办 enforces; 挂牌督导 guides what cannot be fixed at once."""

    SUPERVISION = "supervision"
    GUIDANCE = "guidance"

    @property
    def label(self) -> Wording:
        if self is Listing.SUPERVISION:
            return Wording("挂牌督办", "listed supervision")
        return Wording("挂牌督导", "listed guidance")


class Obstacle(StrEnum):
    """Why a unit cannot finish in time for reasons outside itself."""

    FUNDS = "funds"
    PROJECT = "project"
    OTHER_AGENCY = "other_agency"
    INSIDE = "inside"

    @property
    def label(self) -> Wording:
        return _OBSTACLE_LABELS[self]


_OBSTACLE_LABELS = {
    Obstacle.FUNDS: Wording("待资金", "awaiting funds"),
    Obstacle.PROJECT: Wording("待立项", "awaiting project approval"),
    Obstacle.OTHER_AGENCY: Wording("待外部门", "awaiting another agency"),
    Obstacle.INSIDE: Wording("本单位原因", "the unit's own reasons"),
}


@dataclass(frozen=True, slots=True)
class Facts:
    """What we remember of a case that decides its next move.

    ``state`` is None before the case is reported. ``hands`` are the people who planned,
    rectified or claimed in the life of the case; ``plan_by_head`` says that the head wrote the
    plan, who then does not decide on it; ``after_evidence`` counts the after-photos that the unit
    showed since the last verdict on them.
    """

    state: State | None
    claimed: bool = False
    level: Level = Level.ORDINARY
    listed: Listing | None = None
    cycle: int = 1
    hands: frozenset[int] = frozenset()
    plan_author: int | None = None
    plan_by_head: bool = False
    plan_deadline: date | None = None
    verified_by: int | None = None
    extension_asked_by: int | None = None
    extensions: int = 0
    after_evidence: int = 0
    voided: bool = False

    @property
    def stage(self) -> Stage | None:
        """Return the stage whose clock runs now."""
        if self.state is State.RECTIFYING and self.claimed:
            return Stage.VERIFICATION
        return _STAGES.get(self.state) if self.state else None

    @property
    def holder(self) -> Role | None:
        """Return who the case waits for."""
        major = self.level is Level.MAJOR
        match self.stage:
            case Stage.PLAN | Stage.RECTIFICATION:
                return Role.OWNER
            case Stage.APPROVAL:
                return Role.CLUSTER if major or self.plan_by_head else Role.HEAD
            case Stage.VERIFICATION:
                return Role.VERIFIER
            case Stage.CLOSE_OUT:
                return Role.COMMITTEE if major or self.listed else Role.CLUSTER
            case _:
                return None


@dataclass(frozen=True, slots=True)
class Bounds:
    """What the clock and the policy say about a case today.

    ``due_day`` is the last day on which the running stage is on time. ``latest_deadline`` bounds
    a plan's deadline, ``latest_extension`` an extended one, reckoned from the due day that it
    replaces; None means unbounded.
    """

    today: date
    overdue: bool = False
    due_day: date | None = None
    latest_deadline: date | None = None
    latest_extension: date | None = None
    most_extensions: int = 2


_STAGES = {
    State.REPORTED: Stage.PLAN,
    State.PLAN: Stage.APPROVAL,
    State.RECTIFYING: Stage.RECTIFICATION,
    State.VERIFIED: Stage.CLOSE_OUT,
}
