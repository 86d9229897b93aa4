"""Amounts with their unit of measure, which the kind ``chemical`` of the registers names."""

from rules.registers.kinds import kinds
from rules.stock.entries import say_amount
from rules.wording import Wording


def measure_label(measure: str) -> Wording:
    """Return what a unit of measure is called."""
    choices = kinds()["chemical"].by_key["measure"].choices
    return next(each.label for each in choices if each.key == measure)


def say_measured(amount: int, measure: str) -> Wording:
    """Return thousandths with their unit: 1500 gram is "1.5 克", "1.5 g"."""
    label, said = measure_label(measure), say_amount(amount)
    return Wording(f"{said} {label.zh}", f"{said} {label.en}")
