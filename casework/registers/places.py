"""Which kind is meant, and where a person may see or edit its records."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, false, or_, select, true

from casework.errors import Invalid, NotFound, Refused
from casework.people import Unit, find_unit
from models import Place
from models.tables import ORGANISATIONS, REGISTER_RECORDS
from rules.access import Actor, Role, widest
from rules.registers.kinds import Kind, kinds
from rules.wording import Wording


def find_kind(written: str) -> Kind:
    """Return the kind with this key or label; raise NotFound."""
    for kind in kinds().values():
        if kind.is_called(written):
            return kind
    known = kinds().values()
    raise NotFound(
        Wording(f"没有“{written[:40]}”这种台账", f"there is no register {written[:40]!r}"),
        remedy=Wording(
            "可填：" + "、".join(f"{each.key}({each.zh})" for each in known) + "。",
            "Choose from: " + ", ".join(each.key for each in known) + ".",
        ),
        where="kind",
    )


def kinds_for(actor: Actor) -> list[Kind]:
    """Return the kinds of which ``actor`` may see records anywhere."""
    roles = {grant.role for grant in actor.grants}
    return [kind for kind in kinds().values() if roles & kind.see]


def require_seer(actor: Actor, kind: Kind) -> None:
    """Raise Refused unless ``actor`` may see records of the kind anywhere."""
    if kind not in kinds_for(actor):
        raise Refused(
            Wording(f"您无权查看{kind.zh}台账", f"you may not see the register {kind.en}"),
            remedy=Wording("请联系管理员授权。", "Ask an administrator for the role."),
            where="kind",
        )


def places_for(connection: Connection, actor: Actor, roles: Collection[Role]) -> Sequence[Any]:
    """Return clusters and units over which ``actor`` holds one of the roles: code, name, kind."""
    places = ORGANISATIONS.c
    wanted = (
        select(places.code, places.name, places.kind)
        .where(lies_inside(places.path, actor, roles), places.kind.in_([Place.CLUSTER, Place.UNIT]))
        .order_by(places.path)
    )
    return connection.execute(wanted).all()


def lies_inside(
    path: ColumnElement[str], actor: Actor, roles: Collection[Role]
) -> ColumnElement[bool]:
    """Return the condition that a place's path lies where ``actor`` holds one of the roles."""
    paths = widest(grant.path for grant in actor.grants if grant.role in roles)
    return or_(false(), *(path.startswith(each, autoescape=True) for each in paths))


def find_school(connection: Connection, written: str) -> Unit:
    """Return the responsible unit; raise NotFound or Invalid."""
    unit = find_unit(connection, written)
    if unit.kind is Place.UNIT:
        return unit
    raise Invalid(
        Wording(f"“{unit.name}”不是责任单位", f"{unit.name} is not a responsible unit"),
        remedy=Wording("请填学校或其他责任单位。", "Give a school or other unit."),
        where="unit",
    )


def require_editor(actor: Actor, kind: Kind, unit: Unit) -> Role:
    """Return the role in which ``actor`` edits the kind at ``unit``; raise Refused."""
    roles = actor.roles_over(unit.path) & kind.edit
    if roles:
        return min(roles)
    raise Refused(
        Wording(f"您无权登记“{unit.name}”的{kind.zh}", f"you may not edit a {kind.en} there"),
        remedy=Wording(
            "须由" + "、".join(each.label.zh for each in sorted(kind.edit)) + "办理。",
            "It takes " + ", ".join(each.label.en for each in sorted(kind.edit)) + ".",
        ),
        where=unit.name,
    )


def seen_by(connection: Connection, actor: Actor, kind: Kind) -> ColumnElement[bool]:
    """Return the condition that a record of the kind lies where ``actor`` may see it."""
    records = REGISTER_RECORDS.c
    return (records.kind == kind.key) & held_under(connection, actor, kind.see)


def held_under(
    connection: Connection, actor: Actor, roles: Collection[Role]
) -> ColumnElement[bool]:
    """Return the condition that a record lies where ``actor`` holds one of the roles."""
    paths = widest(grant.path for grant in actor.grants if grant.role in roles)
    places = ORGANISATIONS.c
    rows = connection.execute(select(places.id, places.kind).where(places.path.in_(paths))).all()
    if any(row.kind is Place.COMMITTEE for row in rows):
        return true()
    records = REGISTER_RECORDS.c
    clusters = [row.id for row in rows if row.kind is Place.CLUSTER]
    units = [row.id for row in rows if row.kind is Place.UNIT]
    if not clusters and not units:
        return false()
    return or_(records.cluster_id.in_(clusters), records.unit_id.in_(units))


def under(connection: Connection, place: str) -> ColumnElement[bool]:
    """Return the condition that a record is of this cluster or unit; raise NotFound."""
    unit = find_unit(connection, place, where="place")
    records = REGISTER_RECORDS.c
    if unit.kind is Place.COMMITTEE:
        return true()
    return (records.cluster_id if unit.kind is Place.CLUSTER else records.unit_id) == unit.id
