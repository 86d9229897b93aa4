"""Records that answer another register's: a training session names an item of the unit's plan."""

from collections.abc import Collection, Mapping

from sqlalchemy import Connection, select

from casework.errors import Invalid
from casework.registers.store import Held
from models.tables import REGISTER_RECORDS
from rules.registers.kinds import Kind, kinds
from rules.registers.obligations import Answers
from rules.wording import Wording

_RECORDS = REGISTER_RECORDS.c

Item = tuple[int, str]
"""A unit's id, and what an item is called there."""


def items_of(connection: Connection, answers: Answers, keys: Collection[str]) -> frozenset[Item]:
    """Return which units have items called so, retired ones among them."""
    wanted = select(_RECORDS.unit_id, _RECORDS.key).where(
        _RECORDS.kind == answers.kind, _RECORDS.key.in_(keys)
    )
    return frozenset(connection.execute(wanted).tuples())


def answers_nothing(
    kind: Kind, unit: int, values: Mapping[str, str], held: Held | None, items: Collection[Item]
) -> bool:
    """Whether a record names an item that its unit does not have; one it named before may stay."""
    named = values.get(kind.answers.field, "") if kind.answers else ""
    before = held.values.get(kind.answers.field, "") if held and kind.answers else ""
    return bool(named) and named != before and (unit, named) not in items


def require_item(
    connection: Connection, kind: Kind, unit: int, values: Mapping[str, str], held: Held | None
) -> None:
    """Raise Invalid for a record that names an item its unit does not have."""
    if kind.answers is None:
        return
    items = items_of(connection, kind.answers, [values.get(kind.answers.field, "")])
    if answers_nothing(kind, unit, values, held, items):
        problem, remedy = no_item(kind.answers)
        raise Invalid(problem, remedy=remedy, where=kind.answers.field)


def no_item(answers: Answers) -> tuple[Wording, Wording]:
    """Return what is wrong with an item that is not there, and what to do."""
    asked = kinds()[answers.kind]
    unique = asked.by_key[asked.unique]
    return (
        Wording(f"本单位的{asked.zh}没有这一项", f"the unit has no such {asked.en}"),
        Wording(
            f"请填{asked.zh}中的{unique.zh}；计划外的留空。",
            f"Give the {unique.en} of a {asked.en}; leave it blank for what was not planned.",
        ),
    )
