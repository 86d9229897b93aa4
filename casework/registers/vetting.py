"""Whether a row of a ledger can become a record: its unit, its values, and the person's right."""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection, bindparam

from casework.exporting.delimited import undefuse
from casework.ledger.columns import Scheme
from casework.ledger.entries import Problem
from casework.ledger.reader import Row
from casework.people import Unit
from casework.registers import store
from casework.registers.answering import Item, answers_nothing, items_of, no_item
from casework.registers.placing import UNIT, UNIT_NAMES, Units, problem_of
from casework.registers.store import FOUND, Draft, Held
from casework.stock.keeping import MEASURE, MEASURED, changes_measure, measured
from models import RecordState
from models.tables import REGISTER_RECORDS
from rules.access import Actor
from rules.registers.acts import RegisterAct
from rules.registers.kinds import FieldType, Kind
from rules.registers.masking import mask
from rules.registers.values import read_values, retyped
from rules.wording import Wording

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
    return Scheme({**aliases, UNIT: UNIT_NAMES}, frozenset({kind.unique}), dates)


class Vetting:
    """Knows the units and the records for the time of one import."""

    def __init__(
        self, connection: Connection, kind: Kind, actor: Actor, today: date, default_unit: str
    ) -> None:
        self.kind, self._today = kind, today
        self._units = Units(connection, kind, actor, default_unit)
        self._connection = connection
        self._seen: dict[Slot, int] = {}
        self._items: frozenset[Item] = frozenset()
        self._measured: frozenset[int] = frozenset()

    def place(self, row: Row) -> Typed | list[Problem]:
        """Return the row at its unit, or why it has none here."""
        unit = self._units.of(row)
        if isinstance(unit, list):
            return unit
        fields = row.fields
        cells = {name: undefuse(fields.get(name, "")) for name in row.sheet.columns}
        cells.pop(UNIT, None)
        return Typed(row, unit, cells)

    def vet(self, typed: Typed, known: Mapping[Slot, Held]) -> Draft | list[Problem]:
        """Return what becomes of a row, or every problem it has."""
        kind, row = self.kind, typed.row
        within = store.key_unit(kind, typed.unit)
        held = known.get((within, typed.cells[kind.unique].strip()))
        cells = self._kept(typed.cells, held)
        values, faults = read_values(kind, cells, self._today)
        # Only a record's first ledger may bring in the day of its last review.
        if held and not faults and (fault := retyped(kind, held.values, values)):
            faults = [fault]
        if faults:
            fields = row.fields
            return [
                problem_of(row, each.field, fields.get(each.field, ""), (each.problem, each.remedy))
                for each in faults
            ]
        slot = within, values[kind.unique]
        held = held or known.get(slot)
        if slot in self._seen:
            return [problem_of(row, kind.unique, slot[1], _TWICE)]
        self._seen[slot] = row.number
        if held and held.state is RecordState.RETIRED:
            return [problem_of(row, kind.unique, slot[1], _RETIRED)]
        if held and held.unit.id != typed.unit.id:
            return [problem_of(row, kind.unique, slot[1], _ELSEWHERE)]
        if kind.answers and answers_nothing(kind, typed.unit.id, values, held, self._items):
            field_ = kind.answers.field
            return [problem_of(row, field_, values[field_], no_item(kind.answers))]
        if held and held.id in self._measured and changes_measure(held, values):
            return [problem_of(row, MEASURE, values[MEASURE], MEASURED)]
        act = RegisterAct.CHANGE if held else RegisterAct.ADD
        return Draft(act, typed.unit, values, held)

    def known(self, typed: list[Typed]) -> dict[Slot, Held]:
        """Return the records with these keys, as they are written or as they will be read.

        What the rows answer is looked up with them, and which have a stock ledger.
        """
        if answers := self.kind.answers:
            named = {each.cells.get(answers.field, "").strip() for each in typed}
            self._items = items_of(self._connection, answers, named)
        unique = self.kind.by_key[self.kind.unique]
        written = {each.cells[unique.key].strip() for each in typed}
        keys = written | {"".join(key.upper().split()) for key in written if unique.pattern}
        rows = self._connection.execute(_KNOWN, {"kind": self.kind.key, "keys": sorted(keys)})
        known = {(row.key_unit, row.key): store.read(row) for row in rows}
        if MEASURE in self.kind.by_key:
            self._measured = measured(self._connection, [each.id for each in known.values()])
        return known

    def _kept(self, cells: Mapping[str, str], held: Held | None) -> Mapping[str, str]:
        """Return all fields of the row: known ones it leaves out, or shows masked, as they are."""
        if held is None:
            return cells
        fields, values = self.kind.by_key, held.values
        masked = {
            name
            for name in self.kind.personal & cells.keys() & values.keys()
            if cells[name] == mask(fields[name], values[name])
        }
        left = masked | ({self.kind.reviewed} if not cells.get(self.kind.reviewed) else set())
        return {**values, **{name: text for name, text in cells.items() if name not in left}}


_TWICE = (
    Wording("本表中出现两次", "it stands twice in this ledger"),
    Wording("请只留一行。", "Keep one row."),
)
_RETIRED = (
    Wording("已注销", "it is retired"),
    Wording("已注销的只供查阅，请另编号。", "It can only be read; give another number."),
)
_ELSEWHERE = (
    Wording("已在另一单位登记", "it is registered at another unit"),
    Wording("请先由原单位注销。", "Let that unit retire it first."),
)
