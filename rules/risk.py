"""Graded risk, red to blue: published scoring schemes, kept as data and reckoned exactly."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from rules.deadlines import Threshold, band
from rules.wording import Trouble, Wording

Value = int | float | str | Decimal


class Colour(StrEnum):
    RED = "red"
    ORANGE = "orange"
    YELLOW = "yellow"
    BLUE = "blue"

    @property
    def label(self) -> Wording:
        return _COLOURS[self]

    @property
    def level(self) -> Wording:
        """What the colour stands for: 重大, 较大, 一般 or 低风险."""
        return _LEVELS[self]


@dataclass(frozen=True, slots=True)
class Factor:
    """One thing to be judged, and the only values the scheme allows for it."""

    letter: str
    label: Wording
    values: tuple[Decimal, ...]


@dataclass(frozen=True, slots=True)
class Scheme:
    """A way to grade: the score is the product of the factors, the bands give its colour."""

    name: str
    label: Wording
    factors: tuple[Factor, ...]
    bands: tuple[Threshold[Colour], ...]
    source: str


@dataclass(frozen=True, slots=True)
class Risk:
    scheme: str
    score: Decimal
    colour: Colour

    @property
    def shown(self) -> str:
        """The score as people write it: 450, 4.5, 0.05."""
        return f"{self.score.normalize():f}"


def assess(scheme: Scheme, judged: Mapping[str, Value]) -> Risk:
    """Score what was judged by factor letter, such as {"L": 3, "E": 10, "C": 15} for LEC.

    Raises Trouble naming the factor that is missing, unknown or not a value of the scheme.
    """
    _refuse_unknown(scheme, judged)
    score = Decimal(1)
    for factor in scheme.factors:
        score *= _allowed(factor, judged.get(factor.letter))
    return Risk(scheme.name, score, band(score, scheme.bands))


def _refuse_unknown(scheme: Scheme, judged: Mapping[str, Value]) -> None:
    known = [factor.letter for factor in scheme.factors]
    for letter in judged:
        if letter not in known:
            raise Trouble(
                Wording(f"{scheme.label.zh}没有“{letter}”项。", f"{scheme.name} has no {letter}."),
                remedy=Wording(f"可用：{'、'.join(known)}。", f"It has {', '.join(known)}."),
                where=letter,
            )


def _allowed(factor: Factor, given: Value | None) -> Decimal:
    for value in factor.values:
        if _exact(given) == value:
            return value
    choices = [str(value) for value in factor.values]
    raise Trouble(
        Wording(
            f"{factor.label.zh}没有取值“{'' if given is None else given}”。",
            f"{given!r} is not a value of {factor.label.en}.",
        ),
        remedy=Wording(f"可取：{'、'.join(choices)}。", f"Choose one of {', '.join(choices)}."),
        where=factor.letter,
    )


def _exact(given: Value | None) -> Decimal | None:
    try:
        number = Decimal(str(given).strip())  # the shortest digits: 0.1 is a tenth
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _values(*written: str) -> tuple[Decimal, ...]:
    return tuple(Decimal(each) for each in written)


def _bands(red: int, orange: int, yellow: int) -> tuple[Threshold[Colour], ...]:
    return (
        Threshold(red, Colour.RED),
        Threshold(orange, Colour.ORANGE),
        Threshold(yellow, Colour.YELLOW),
        Threshold(0, Colour.BLUE),
    )


_COLOURS = {
    Colour.RED: Wording("红", "red"),
    Colour.ORANGE: Wording("橙", "orange"),
    Colour.YELLOW: Wording("黄", "yellow"),
    Colour.BLUE: Wording("蓝", "blue"),
}
_LEVELS = {
    Colour.RED: Wording("重大风险", "major risk"),
    Colour.ORANGE: Wording("较大风险", "considerable risk"),
    Colour.YELLOW: Wording("一般风险", "moderate risk"),
    Colour.BLUE: Wording("低风险", "low risk"),
}

LEC = Scheme(
    name="lec",
    label=Wording("作业条件危险性评价法", "LEC method"),
    factors=(
        Factor(
            "L", Wording("可能性", "likelihood"), _values("10", "6", "3", "1", "0.5", "0.2", "0.1")
        ),
        Factor("E", Wording("暴露频率", "exposure"), _values("10", "6", "3", "2", "1", "0.5")),
        Factor("C", Wording("后果", "consequence"), _values("100", "40", "15", "7", "3", "1")),
    ),
    bands=_bands(red=320, orange=160, yellow=70),
    source="Graham & Kinney 1976 (D = L·E·C); the four colours of 安委办〔2016〕11号",
)

LS = Scheme(
    name="ls",
    label=Wording("风险矩阵法", "risk matrix"),
    factors=(
        Factor("L", Wording("可能性", "likelihood"), _values("1", "2", "3", "4", "5")),
        Factor("S", Wording("严重性", "severity"), _values("1", "2", "3", "4", "5")),
    ),
    bands=_bands(red=20, orange=15, yellow=9),
    source="R = L·S: 20–25, 15–16, 9–12, 1–8; the four colours of 安委办〔2016〕11号",
)

SCHEMES: Mapping[str, Scheme] = {scheme.name: scheme for scheme in (LEC, LS)}
