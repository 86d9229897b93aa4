"""The closed loop of a batch of waste: produced, stored, handed over, disposed of."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from rules.wording import Wording


class Disposal(StrEnum):
    PRODUCED = "produced"
    STORED = "stored"
    HANDED = "handed"
    DISPOSED = "disposed"

    @property
    def label(self) -> Wording:
        return _LABELS[self]


_LABELS = {
    Disposal.PRODUCED: Wording("产生", "produced"),
    Disposal.STORED: Wording("暂存", "stored"),
    Disposal.HANDED: Wording("移交", "handed over"),
    Disposal.DISPOSED: Wording("处置完成", "disposed of"),
}
_TOLD_BY = {
    Disposal.PRODUCED: "produced_on", Disposal.STORED: "stored_in", Disposal.HANDED: "handed_on",
    Disposal.DISPOSED: "disposed_on",
}  # fmt: skip
"""The field of the register ``waste`` that says that a stage is reached."""


class Reached(NamedTuple):
    """A stage; ``stands`` is done, now or ahead, ``told`` the day or place that says so."""

    stage: Disposal
    stands: str
    told: str

    @property
    def label(self) -> Wording:
        return self.stage.label

    @property
    def at(self) -> date | None:
        """Return the day it was reached; where it is stored is no day."""
        is_day = self.told and self.stage is not Disposal.STORED
        return date.fromisoformat(self.told) if is_day else None


def stages(values: Mapping[str, str]) -> list[Reached]:
    """Return every stage of a batch: a later one that is reached has the earlier ones behind it."""
    told = [values.get(_TOLD_BY[each], "") for each in Disposal]
    last = max((place for place, text in enumerate(told) if text), default=-1)
    stands = ["done" if place <= last else "ahead" for place in range(len(told))]
    if last + 1 < len(stands):
        stands[last + 1] = "now"
    return [Reached(*each) for each in zip(Disposal, stands, told, strict=True)]
