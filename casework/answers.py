"""What a door is told after a move or a report; the same for a repeat of the same request."""

from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any, Self

from rules.actions import Action
from rules.case import Facts


@dataclass(frozen=True, slots=True)
class Moved:
    """What became of a case. ``due_at`` is ISO 8601; ``repeated`` marks an answer given before."""

    number: str
    action: str
    state: str
    claimed: bool
    stage: str | None
    holder: str | None
    due_at: str | None
    seq: int
    receipt: str
    repeated: bool = False

    @classmethod
    def of(
        cls,
        number: str,
        action: Action,
        facts: Facts,
        *,
        due_at: datetime | None,
        seq: int,
        head: str,
    ) -> Self:
        return cls(
            number=number,
            action=action.value,
            state=str(facts.state),
            claimed=facts.claimed,
            stage=facts.stage.value if facts.stage else None,
            holder=facts.holder.value if facts.holder else None,
            due_at=due_at.isoformat() if due_at else None,
            seq=seq,
            receipt=receipt(number, seq, head),
        )

    def plain(self) -> dict[str, Any]:
        return asdict(self)

    def again(self) -> Self:
        return replace(self, repeated=True)


def receipt(number: str, seq: int, head: str) -> str:
    """Return ``case/seq/short hash``, which goes onto everything that leaves us."""
    return f"{number}/{seq}/{head[:8]}"
