"""Registers in from ledgers: every row checked first, then all land in one transaction, or none."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, select
from xlsxwriter.exceptions import XlsxWriterException

from casework.errors import Invalid, Refused
from casework.events import Door
from casework.exporting.delimited import defuse
from casework.ledger.columns import Scheme
from casework.ledger.corrections import write_error_workbook
from casework.ledger.dates import serial_as_text
from casework.ledger.entries import Problem
from casework.ledger.reader import Row, open_ledger
from casework.office import Office
from casework.people import Unit, find_actor
from casework.registers import store
from casework.registers.places import find_kind
from casework.registers.store import FOUND, Draft, Hand, Held
from models import Place, RecordState
from models.tables import ORGANISATIONS, REGISTER_RECORDS
from rules.access import Actor, Role
from rules.registers.acts import RegisterAct
from rules.registers.kinds import FieldType, Kind
from rules.registers.masking import mask
from rules.registers.values import read_values
from rules.wording import Wording
from rules.workdays import china_day

MOST_SHOWN = 200
_CHUNK = 1_000
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


@dataclass(slots=True)
class Imported:
    """What came of a ledger. ``problems`` are the first ``MOST_SHOWN``."""

    file: str
    kind: str
    dry_run: bool
    landed: bool = False
    rows: int = 0
    added: int = 0
    changed: int = 0
    same: int = 0
    rejected: int = 0
    problems: list[Problem] = field(default_factory=list)
    error_workbook: str = ""


class _Typed(NamedTuple):
    """A row as it stands: its unit and its cells by field, blank ones of named columns too."""

    row: Row
    unit: Unit
    cells: Mapping[str, str]


def scheme_of(kind: Kind) -> Scheme:
    """Return what a ledger of the kind may call its columns."""
    aliases = {each.key: (each.zh, *each.aliases, each.en, each.key) for each in kind.fields}
    dates = tuple(each.key for each in kind.fields if each.type is FieldType.DATE)
    return Scheme({**aliases, _UNIT: _UNIT_NAMES}, frozenset({kind.unique}), dates)


def import_register(
    office: Office,
    path: Path,
    written: str,
    *,
    by: str,
    at: datetime,
    dry_run: bool = False,
    partial: bool = False,
    default_unit: str = "",
    errors_to: Path | None = None,
) -> Imported:
    """Import a ledger of one kind: a known key is changed, a new one added.

    Columns that are missing leave their fields alone, a blank cell clears its field, a masked
    value that is the known one stays. With a bad row nothing is written unless ``partial``; bad
    rows go to ``errors_to``. Raise Invalid for the file, Refused or NotFound for the person.
    """
    kind = find_kind(written)
    imported = Imported(path.name.encode(errors="replace").decode(), kind.key, dry_run)
    bad: list[tuple[Row, list[Problem]]] = []
    with office.writing() as connection:
        actor = find_actor(connection, by)
        vetting = _Vetting(connection, kind, actor, china_day(at), default_unit)
        drafts = _read(path, vetting, imported, bad)
        lands = not dry_run and (partial or not bad)
        for start in range(0, len(drafts) if lands else 0, _CHUNK):
            for role, group in _by_role(actor, kind, drafts[start : start + _CHUNK]).items():
                store.write(connection, kind, Hand(actor.id, role, at, Door.IMPORT), group)
        imported.landed = lands
    if bad and errors_to:
        _give_back(bad, errors_to)
        imported.error_workbook = str(errors_to)
    return imported


class _Vetting:
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

    def place(self, row: Row) -> _Typed | list[Problem]:
        """Return the row at its unit, or why it has none here."""
        name = row.fields.get(_UNIT, "").strip()
        unit = self._units.get(name) if name else self._default
        if unit is None:
            return [_problem(row, _UNIT, name, _NO_UNIT)]
        if unit.id not in self._own:
            return [_problem(row, _UNIT, name, _NOT_THEIRS)]
        cells = {name: row.fields.get(name, "") for name in row.sheet.columns if name != _UNIT}
        return _Typed(row, unit, {name: self._dated(name, text) for name, text in cells.items()})

    def vet(self, typed: _Typed, known: Mapping[Slot, Held]) -> Draft | list[Problem]:
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
        act = RegisterAct.CHANGE if held else RegisterAct.ADD
        return Draft(act, typed.unit, values, held)

    def known(self, typed: list[_Typed]) -> dict[Slot, Held]:
        """Return the records with these keys, as they are written or as they will be read."""
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


def _read(
    path: Path,
    vetting: _Vetting,
    imported: Imported,
    bad: list[tuple[Row, list[Problem]]],
) -> list[Draft]:
    drafts: list[Draft] = []
    with open_ledger(path, scheme=scheme_of(vetting.kind)) as rows:
        waiting: list[_Typed] = []
        for row in rows:
            imported.rows += 1
            placed = vetting.place(row)
            if isinstance(placed, list):
                _reject(row, placed, imported, bad)
                continue
            waiting.append(placed)
            if len(waiting) == _CHUNK:
                _settle(waiting, vetting, drafts, imported, bad)
                waiting = []
        _settle(waiting, vetting, drafts, imported, bad)
    return drafts


def _settle(
    waiting: list[_Typed],
    vetting: _Vetting,
    drafts: list[Draft],
    imported: Imported,
    bad: list[tuple[Row, list[Problem]]],
) -> None:
    known = vetting.known(waiting) if waiting else {}
    for typed in waiting:
        draft = vetting.vet(typed, known)
        if isinstance(draft, list):
            _reject(typed.row, draft, imported, bad)
        elif draft.held and draft.held.values == draft.values:
            imported.same += 1
        else:
            imported.added += draft.held is None
            imported.changed += draft.held is not None
            drafts.append(draft)


def _reject(
    row: Row, problems: list[Problem], imported: Imported, bad: list[tuple[Row, list[Problem]]]
) -> None:
    imported.rejected += 1
    imported.problems.extend(problems[: MOST_SHOWN - len(imported.problems)])
    bad.append((row, problems))


def _by_role(actor: Actor, kind: Kind, drafts: list[Draft]) -> dict[Role, list[Draft]]:
    found: dict[Role, list[Draft]] = {}
    for draft in drafts:
        role = min(actor.roles_over(draft.unit.path) & kind.edit)
        found.setdefault(role, []).append(draft)
    return found


def _undefused(text: str) -> str:
    """Take off the apostrophe that an export put before what a spreadsheet would reckon."""
    return text[1:] if text[:1] == "'" and defuse(text[1:]) != text[1:] else text


def _give_back(bad: list[tuple[Row, list[Problem]]], errors_to: Path) -> None:
    try:
        with errors_to.open("ab"):
            pass
        write_error_workbook(errors_to, bad[0][0].sheet.header, bad)
    except (OSError, XlsxWriterException) as fault:
        raise Invalid(
            Wording("错误工作簿写不进去", "the workbook of refused rows cannot be written"),
            remedy=Wording("请关闭同名文件,或换一个路径。", "Close the file, or choose another."),
            where=str(errors_to),
        ) from fault


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
