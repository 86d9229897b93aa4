"""What stands in a filing: numbers computed and typed, texts, the next plan, the last one's end.

Numbers are whole: cases, people, yuan. Rates follow from them, exact to a tenth of a per cent.
"""

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from rules.filings.acts import Outcome
from rules.filings.templates import Figure, FigureType, Measure, Template
from rules.wording import Locale, Wording

_TENTH = Decimal("0.1")
_WAN = 10_000


class Cell(NamedTuple):
    """A number as the cases give it and as a person typed it over; the typed one counts."""

    computed: int | None = None
    typed: int | None = None

    @property
    def value(self) -> int | None:
        return self.computed if self.typed is None else self.typed


class Progress(NamedTuple):
    """How far an item of an earlier plan got; ``outcome`` is None until it is answered."""

    item: str
    outcome: Outcome | None = None
    why: str = ""


class Sheet(NamedTuple):
    """``plan`` are the next period's items; ``reasons`` say by row why something stands as it does;
    ``nil`` is the explicit word that there was nothing.
    """

    cells: Mapping[str, Cell]
    texts: Mapping[str, str] = {}
    plan: Sequence[str] = ()
    progress: Sequence[Progress] = ()
    reasons: Mapping[str, str] = {}
    nil: bool = False

    def value(self, key: str) -> int | None:
        cell = self.cells.get(key)
        return cell.value if cell else None


def rate_of(figure: Figure, sheet: Sheet) -> Decimal | None:
    """Return a rate in per cent; None where the denominator is 0 or blank."""
    part, whole = (sheet.value(key) for key in figure.share)
    if part is None or not whole:
        return None
    return (Decimal(100 * part) / whole).quantize(_TENTH, ROUND_HALF_UP)


def shown(figure: Figure, value: int | None, locale: Locale) -> str:
    """Return a number as a reader sees it; '' for none."""
    if value is None:
        return ""
    match figure.measure:
        case Measure.YUAN:
            return f"{(Decimal(value) / _WAN).normalize():f}"
        case Measure.YES:
            yes, no = ("是", "否") if locale == "zh" else ("yes", "no")
            return yes if value else no
        case Measure.COUNT:
            return str(value)


def said(figure: Figure, sheet: Sheet) -> Wording:
    """Return a figure as a reader sees it, rates in per cent; blank where there is none."""
    if figure.type is FigureType.RATE:
        rate = rate_of(figure, sheet)
        text = "" if rate is None else f"{rate}%"
        return Wording(text, text)
    value = sheet.value(figure.key)
    return Wording(shown(figure, value, "zh"), shown(figure, value, "en"))


def is_nil(template: Template, sheet: Sheet) -> bool:
    """Return whether there was nothing to tell: all that a nil return 零报告 is about is 0."""
    return bool(template.nil) and all(sheet.value(key) == 0 for key in template.nil)


def carried_on(previous: Sheet | None) -> list[Progress]:
    """Return what must be answered for: the last plan, and what was late already then."""
    if previous is None:
        return []
    late = [each.item for each in previous.progress if each.outcome is Outcome.LATE]
    return [Progress(item) for item in dict.fromkeys([*late, *previous.plan])]
