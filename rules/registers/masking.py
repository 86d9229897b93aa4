"""Personal data as it is shown to whoever has not given a reason: enough to tell rows apart."""

from collections.abc import Mapping
from datetime import date

from rules.registers.kinds import FieldKind, FieldType, Kind

_HIDDEN = "***"


def mask(field: FieldKind, value: str) -> str:
    """Return 张** for a name, 138****5678, 3****************X, 1980-**-**; *** for the rest."""
    if not value:
        return ""
    match field.type:
        case FieldType.ID_CARD:
            return value[0] + "*" * (len(value) - 2) + value[-1]
        case FieldType.PHONE:
            return value[:3] + "****" + value[-4:]
        case FieldType.DATE:
            return _year(value)
        case FieldType.TEXT:
            return value[0] + "**"
    return _HIDDEN


def mask_day(day: date) -> str:
    """Return 2040-**-**: a day that would tell another one that is masked."""
    return _year(day.isoformat())


def masked(kind: Kind, values: Mapping[str, str]) -> dict[str, str]:
    """Return the values with every personal one masked."""
    fields = kind.by_key
    return {
        name: mask(fields[name], value) if fields[name].personal else value
        for name, value in values.items()
    }


def _year(day: str) -> str:
    return day[:4] + "-**-**"
