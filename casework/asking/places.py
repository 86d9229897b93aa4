"""Names in a query looked up: places, people, categories, kinds; unknown ones point at the word."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Table, or_, select

from casework.ledger.columns import WORDS
from casework.ledger.words import look_up
from models import Place
from models.tables import ORGANISATIONS, PEOPLE
from rules.policy import Policy
from rules.query import Clause, QueryTrouble, Value, unknown_value
from rules.wording import NOTHING, Wording

_KINDS = {"unit": Place.UNIT, "cluster": Place.CLUSTER}


def places_called(connection: Connection, clause: Clause) -> set[int]:
    """Return the units or clusters meant: by code, else by name, else by a part of the name."""
    places = select(ORGANISATIONS.c.id).where(ORGANISATIONS.c.kind == _KINDS[clause.name])
    names = select(ORGANISATIONS.c.name).where(ORGANISATIONS.c.kind == _KINDS[clause.name])
    return _called(connection, clause, ORGANISATIONS, (places, names))


def people_called(connection: Connection, clause: Clause) -> set[int]:
    """Return the people meant, as places are."""
    return _called(connection, clause, PEOPLE, (select(PEOPLE.c.id), None))


def units_of_type(connection: Connection, clause: Clause) -> set[int]:
    """Return the units whose type is one of those meant."""
    units = select(ORGANISATIONS.c.id, ORGANISATIONS.c.unit_type)
    rows = connection.execute(units.where(ORGANISATIONS.c.kind == Place.UNIT)).all()
    known = sorted({row.unit_type for row in rows if row.unit_type})
    for value in clause.values:
        if value.meant not in known:
            raise _unknown(clause, value, known)
    meant = {value.meant for value in clause.values}
    return {row.id for row in rows if row.unit_type in meant}


def categories_called(policy: Policy, clause: Clause) -> list[str]:
    """Return the keys of the categories meant, by key, label or alias."""
    known = [name for each in policy.categories for name in (each.zh, each.key)]
    found = [(value, policy.category(str(value.meant))) for value in clause.values]
    for value, category in found:
        if category is None:
            raise _unknown(clause, value, known)
    return [category.key for _, category in found if category]


def inspections_called(clause: Clause) -> list[str]:
    """Return the kinds of inspection meant, by any word a ledger may write."""
    found = [(value, look_up("inspection_kind", str(value.meant))) for value in clause.values]
    known = [words[0] for words in WORDS["inspection_kind"].values()]
    for value, kind in found:
        if not kind:
            raise _unknown(clause, value, known)
    return [kind for _, kind in found]


def _called(
    connection: Connection,
    clause: Clause,
    table: Table,
    selects: tuple[Select[Any], Select[Any] | None],
) -> set[int]:
    ids: set[int] = set()
    for value in clause.values:
        found = _ids(connection, str(value.meant), table, selects[0])
        if not found:
            names = selects[1]
            known = [] if names is None else list(connection.execute(names.limit(1_000)).scalars())
            raise _unknown(clause, value, known)
        ids |= found
    return ids


def _ids(connection: Connection, name: str, table: Table, places: Select[Any]) -> set[int]:
    ways: Sequence[ColumnElement[bool]] = (
        or_(table.c.code == name, table.c.name == name),
        table.c.name.icontains(name, autoescape=True),
    )
    for way in ways:
        if found := set(connection.execute(places.where(way)).scalars()):
            return found
    return set()


def _unknown(clause: Clause, value: Value, known: Sequence[str]) -> QueryTrouble:
    form = _LOOK.get(clause.name, NOTHING)
    return unknown_value(clause.name, str(value.meant), value.column, known, form)


_LOOK = {
    "unit": Wording("bihuan units 列出单位。", "`bihuan units` lists them."),
    "cluster": Wording("bihuan units 列出片区。", "`bihuan units` lists them."),
    "by": Wording("bihuan people 列出人员。", "`bihuan people` lists them."),
}
