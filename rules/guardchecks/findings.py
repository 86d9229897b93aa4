"""What is found of a guard: whether the card shown is the register's, and what else is seen."""

import unicodedata
from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

from rules.wording import Wording


class Identity(StrEnum):
    """人证比对: reckoned from what the card shows; nobody is shown what the register holds."""

    MATCH = "match"
    MISMATCH = "mismatch"
    ABSENT = "absent"

    @property
    def label(self) -> Wording:
        return _IDENTITIES[self]


_IDENTITIES = {
    Identity.MATCH: Wording("人证相符", "is who the register says"),
    Identity.MISMATCH: Wording("人证不符", "is not who the register says"),
    Identity.ABSENT: Wording("不在岗", "not at the post"),
}


class Violation(StrEnum):
    """What inspectors met: 泉州 2020 (21 schools), 萧山 2019 (350); uniform: our choice."""

    GEAR_NOT_CARRIED = "gear_not_carried"
    GEAR_EXPIRED = "gear_expired"
    REGISTER_EMPTY = "register_empty"
    NO_UNIFORM = "no_uniform"
    OTHER = "other"

    @property
    def label(self) -> Wording:
        return _VIOLATIONS[self]


_VIOLATIONS = {
    Violation.GEAR_NOT_CARRIED: Wording("未携带防卫器械", "gear not carried"),
    Violation.GEAR_EXPIRED: Wording("器械过期", "gear expired"),
    Violation.REGISTER_EMPTY: Wording("门卫登记空缺", "gate register not kept"),
    Violation.NO_UNIFORM: Wording("未着保安制服", "not in uniform"),
    Violation.OTHER: Wording("其他", "something else"),
}


class Card(NamedTuple):
    """What somebody showed: the name and, if it was read, the number of the identity card."""

    name: str
    number: str = ""


def compare(held: Mapping[str, str], shown: Card) -> Identity:
    """Return whether the card is that of the record ``held``.

    The numbers tell where both are known; otherwise the names alone do.
    """
    if held.get("id_card") and shown.number:
        numbers_agree = _code(held["id_card"]) == _code(shown.number)
        return Identity.MATCH if numbers_agree and _same_name(held, shown) else Identity.MISMATCH
    return Identity.MATCH if _same_name(held, shown) else Identity.MISMATCH


def _same_name(held: Mapping[str, str], shown: Card) -> bool:
    return _code(held.get("name", "")) == _code(shown.name)


def _code(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).upper().split())
