"""Whose a row of a ledger is: the unit it names, where whoever brings it in may edit."""

from sqlalchemy import Connection, select

from casework.errors import Invalid, Refused
from casework.ledger.entries import Problem
from casework.ledger.reader import Row
from casework.people import Unit
from models import Place
from models.tables import ORGANISATIONS
from rules.access import Actor
from rules.registers.kinds import Kind
from rules.wording import Wording

UNIT = "unit"
UNIT_NAMES = ("单位", "责任单位", "学校", "学校名称", "单位名称", "所属学校", "unit")
"""What a ledger may call the column."""
_PLACES = select(
    ORGANISATIONS.c.id, ORGANISATIONS.c.code, ORGANISATIONS.c.name, ORGANISATIONS.c.kind,
    ORGANISATIONS.c.path,
).where(ORGANISATIONS.c.kind == Place.UNIT)  # fmt: skip


class Units:
    """The units there are, and those where ``actor`` edits the kind, for the time of one import."""

    def __init__(self, connection: Connection, kind: Kind, actor: Actor, default_unit: str) -> None:
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

    def of(self, row: Row) -> Unit | list[Problem]:
        """Return the unit of a row, or why it has none here."""
        name = row.fields.get(UNIT, "").strip()
        unit = self._units.get(name) if name else self._default
        if unit is None:
            return [problem_of(row, UNIT, name, _NO_UNIT)]
        if unit.id not in self._own:
            return [problem_of(row, UNIT, name, _NOT_THEIRS)]
        return unit


def problem_of(row: Row, field: str, value: str, told: tuple[Wording, Wording]) -> Problem:
    return Problem(row.sheet.name, row.number, field, value[:100], *told)


_NO_UNIT = (
    Wording("没有这个单位，或没有填写", "there is no such unit, or it is missing"),
    Wording("请填全称或代码，或用 --unit 指定。", "Write its full name or code, or give --unit."),
)
_NOT_THEIRS = (
    Wording("您无权为此单位登记", "you may not edit this register there"),
    Wording("请由该单位或其片区办理。", "Ask the unit or its cluster."),
)
