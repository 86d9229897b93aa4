"""What a verification found: how much it looked at, what it proves, and what does not hold."""

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from rules.wording import Wording

MOST = 100
"""Faults that are told; what was rewritten once may show at many places."""


class Fault(NamedTuple):
    """Something that does not hold, and where: an event, a column of it, a leaf of the tree."""

    what: Wording
    name: str = ""
    seq: int | None = None
    column: str = ""
    leaf: int | None = None

    def plain(self) -> dict[str, Any]:
        return {**self._asdict(), "what": {"zh": self.what.zh, "en": self.what.en}}


@dataclass(slots=True)
class Verified:
    """``proven`` of ``size`` leaves are under a head that lies outside, ``outside`` such heads.

    What is newer than that head may have been rewritten by whoever has the database and the key.
    ``lost``: the tree could not be grown to its end.
    """

    since: int = 0
    size: int = 0
    events: int = 0
    waiting: int = 0
    heads: int = 0
    outside: int = 0
    proven: int = 0
    proven_at: str = ""
    faults: list[Fault] = field(default_factory=list)
    remarks: list[Wording] = field(default_factory=list)
    lost: bool = False

    @property
    def ok(self) -> bool:
        return not self.faults

    def blame(self, what: Wording, **where: Any) -> None:  # noqa: ANN401 — Fault's own fields
        if len(self.faults) < MOST:
            self.faults.append(Fault(what, **where))

    def take(self, part: "Verified") -> None:
        """Add what a part of the work found."""
        self.heads, self.outside = self.heads + part.heads, self.outside + part.outside
        if part.proven > self.proven:
            self.proven, self.proven_at = part.proven, part.proven_at
        self.faults.extend(part.faults[: MOST - len(self.faults)])
        self.lost = self.lost or part.lost
