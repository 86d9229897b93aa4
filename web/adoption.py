"""A text adopted as data on a page: tried first, with what it would change, then adopted."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from casework.adopting import Family, Version, adopt_text, try_text
from casework.events import Door
from casework.lookback.looks import Hand
from rules.differing import Line, around, differ
from rules.fault_lines import line_of
from rules.parts import Labelled
from rules.wording import Trouble
from web.forms import Form
from web.troubles import status_of
from web.visits import Visit

T = TypeVar("T", bound=Labelled)


@dataclass(frozen=True, slots=True)
class Edited(Generic[T]):
    """What the editor shows: the text as it was sent, what it changes, or what is wrong with it."""

    text: str
    reason: str = ""
    tried: bool = False
    lines: Sequence[Line] = ()
    trouble: Trouble | None = None
    line: int | None = None
    excerpt: Sequence[tuple[int, str]] = field(default=())
    adopted: Version[T] | None = None

    @property
    def status(self) -> int:
        return status_of(self.trouble) if self.trouble else 200


def edit(visit: Visit, form: Form, family: Family[T]) -> Edited[T]:
    """Try the text that was sent, or adopt it when that button was pressed."""
    text, reason = form.text("text").replace("\r\n", "\n"), form.text("reason")
    try:
        if form.text("then") == "adopt":
            hand = Hand(visit.by, visit.at, Door.PAGE)
            return Edited(text, adopted=adopt_text(visit.office, family, text, reason, hand))
        _, before = try_text(visit.office, family, text)
    except Trouble as trouble:
        line = line_of(text, trouble)
        return Edited(
            text, reason, trouble=trouble, line=line, excerpt=around(text, line) if line else ()
        )
    return Edited(text, reason, tried=True, lines=differ(before, text))
