"""Whether a row of a ledger can become a record: its unit, its values, and the person's right."""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, select

from casework.errors import Invalid, Refused
from casework.exporting.delimited import defuse
from casework.ledger.columns import Scheme
from casework.ledger.dates import serial_as_text
from casework.ledger.entries import Problem
from casework.ledger.reader import Row
from casework.people import Unit
from casework.registers import store
from casework.registers.answering import Item, answers_nothing, items_of, no_item
from casework.registers.store import FOUND, Draft, Held
from models import Place, RecordState
from models.tables import ORGANISATIONS, REGISTER_RECORDS
from rules.access import Actor
from rules.registers.acts import RegisterAct
from rules.registers.kinds import FieldType, Kind
from rules.registers.masking import mask
from rules.registers.values import read_values
from rules.wording import Wording

_UNIT = "unit"
_UNIT_NAMES = ("单位", "责任单位", "学校", "学校名称", "单位名称", "所属学校", "unit")
_PLACES = select(
    ORGANISATIONS.c.id, ORGANISATIONS.c.code, ORGANISATIONS.c.name, ORGANISATIONS.c.kind,
    ORGANISATIONS.c.path,
).where(ORGANISATIONS.c.kind == Place.UNIT)  # fmt: skip
_KNOWN = FOUND.where(
    REGISTER_RECORDS.c.kind == bindparam("kind"),
    REGISTER_RECORDS.c.key.in_(bindparam("keys", expanding=True)),
)

Slot = tuple[int, str]
"""Where a key is unique: the unit, or 0 where that is everywhere, and the key."""


class Typed(NamedTuple):
    """A row as it stands: its unit and its cells by field, blank ones of named columns too."""

    row: Row
    unit: Unit
    cells: Mapping[str, str]


def scheme_of(kind: Kind) -> Scheme:
    """Return what a ledger of the kind may call its columns."""
    aliases = {each.key: (each.zh, *each.aliases, each.en, each.key) for each in kind.fields}
    dates = tuple(each.key for each in kind.fields if each.type is FieldType.DATE)
    return Scheme({**aliases, _UNIT: _UNIT_NAMES}, frozenset({kind.unique}), dates)


class Vetting:
    """Knows the units and the records for the time of one import."""

    def __init__(
        self, connection: Connection, kind: Kind, actor: Actor, today: date, default_unit: str
    ) -> None:
        self.kind, self._actor, self._today = kind, actor, today
        units = [Unit(*row) for row in connection.execute(_PLACES)]
        self._units = {unit.name: unit for unit in units} | {unit.code: unit for unit in units}
        own = [unit for unit in units if actor.roles_over(unit.path) & kind.edit]
        self._own = frozenset(unit.id for unit in own)
        self._default = self._units.get(default_unit) if default_unit else None
        if default_unit and self._default is None:
            raise Invalid(
                Wording(f"没有单位“{default_unit}”", f"there is no unit {default_unit!r}"),
                remedy=Wording("可用 bihuan units 查看。", "`bihuan units` lists them."),
                where="--unit",
            )
        if not own:
            raise Refused(
                Wording(f"您无权登记{kind.zh}", f"you may not edit a {kind.en} anywhere"),
                remedy=Wording("请联系管理员授权。", "Ask an administrator for the role."),
            )
        if len(own) == 1:
            self._default = self._default or own[0]
        self._connection = connection
        self._seen: dict[Slot, int] = {}
        self._items: frozenset[Item] = frozenset()

    def place(self, row: Row) -> Typed | list[Problem]:
        """Return the row at its unit, or why it has none here."""
        name = row.fields.get(_UNIT, "").strip()
        unit = self._units.get(name) if name else self._default
        if unit is None:
            return [_problem(row, _UNIT, name, _NO_UNIT)]
        if unit.id not in self._own:
            return [_problem(row, _UNIT, name, _NOT_THEIRS)]
        cells = {name: row.fields.get(name, "") for name in row.sheet.columns if name != _UNIT}
        return Typed(row, unit, {name: self._dated(name, text) for name, text in cells.items()})

    def vet(self, typed: Typed, known: Mapping[Slot, Held]) -> Draft | list[Problem]:
        """Return what becomes of a row, or every problem it has."""
        kind, row = self.kind, typed.row
        held = known.get((store.key_unit(kind, typed.unit), typed.cells[kind.unique].strip()))
        cells = self._kept(typed.cells, held)
        values, faults = read_values(kind, cells, self._today)
        if faults:
            fields = row.fields
            return [
                _problem(row, each.field, fields.get(each.field, ""), (each.problem, each.remedy))
                for each in faults
            ]
        slot = store.key_unit(kind, typed.unit), values[kind.unique]
        held = held or known.get(slot)
        if slot in self._seen:
            return [_problem(row, kind.unique, slot[1], _TWICE)]
        self._seen[slot] = row.number
        if held and held.state is RecordState.RETIRED:
            return [_problem(row, kind.unique, slot[1], _RETIRED)]
        if held and held.unit.id != typed.unit.id:
            return [_problem(row, kind.unique, slot[1], _ELSEWHERE)]
        if kind.answers and answers_nothing(kind, typed.unit.id, values, held, self._items):
            field_ = kind.answers.field
            return [_problem(row, field_, values[field_], no_item(kind.answers))]
        act = RegisterAct.CHANGE if held else RegisterAct.ADD
        return Draft(act, typed.unit, values, held)

    def known(self, typed: list[Typed]) -> dict[Slot, Held]:
        """Return the records with these keys, as they are written or as they will be read.

        What the rows answer is looked up with them.
        """
        if answers := self.kind.answers:
            named = {each.cells.get(answers.field, "").strip() for each in typed}
            self._items = items_of(self._connection, answers, named)
        unique = self.kind.by_key[self.kind.unique]
        written = {each.cells[unique.key].strip() for each in typed}
        keys = written | {"".join(key.upper().split()) for key in written if unique.pattern}
        rows = self._connection.execute(_KNOWN, {"kind": self.kind.key, "keys": sorted(keys)})
        return {(row.key_unit, row.key): store.read(row) for row in rows}

    def _kept(self, cells: Mapping[str, str], held: Held | None) -> dict[str, str]:
        """Return all fields of the row: known ones it leaves out, or shows masked, as they are."""
        if held is None:
            return dict(cells)
        fields, values = self.kind.by_key, held.values
        masked = {
            name
            for name in self.kind.personal & cells.keys() & values.keys()
            if cells[name] == mask(fields[name], values[name])
        }
        return {**values, **{name: text for name, text in cells.items() if name not in masked}}

    def _dated(self, name: str, text: str) -> str:
        is_date = self.kind.by_key[name].type is FieldType.DATE
        return serial_as_text(text, 0) if is_date else _undefused(text)


def _undefused(text: str) -> str:
    """Take off the apostrophe that an export put before what a spreadsheet would reckon."""
    return text[1:] if text[:1] == "'" and defuse(text[1:]) != text[1:] else text


def _problem(row: Row, field_: str, value: str, told: tuple[Wording, Wording]) -> Problem:
    return Problem(row.sheet.name, row.number, field_, value[:100], *told)


_NO_UNIT = (
    Wording("没有这个单位,或没有填写", "there is no such unit, or it is missing"),
    Wording("请填全称或代码,或用 --unit 指定。", "Write its full name or code, or give --unit."),
)
_NOT_THEIRS = (
    Wording("您无权为此单位登记", "you may not edit this register there"),
    Wording("请由该单位或其片区办理。", "Ask the unit or its cluster."),
)
_TWICE = (
    Wording("本表中出现两次", "it stands twice in this ledger"),
    Wording("请只留一行。", "Keep one row."),
)
_RETIRED = (
    Wording("已注销", "it is retired"),
    Wording("已注销的只供查阅,请另编号。", "It can only be read; give another number."),
)
_ELSEWHERE = (
    Wording("已在另一单位登记", "it is registered at another unit"),
    Wording("请先由原单位注销。", "Let that unit retire it first."),
)
