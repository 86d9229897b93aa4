"""Set up who there is: places of the organisation, people, and the roles they hold."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import Connection, RowMapping, insert, select

from casework.errors import Invalid
from casework.forms import LONGEST_NAME, clean
from casework.numbering import take_ids
from casework.office import Office
from models import Place
from models.tables import ORGANISATIONS, PEOPLE, ROLE_GRANTS
from rules.access import Role
from rules.wording import Wording


@dataclass(frozen=True, slots=True)
class PlaceEntry:
    """A place to set up; ``parent`` is the code of the place above it, '' for the committee."""

    kind: Place
    code: str
    name: str
    parent: str = ""
    unit_type: str = ""


@dataclass(frozen=True, slots=True)
class PersonEntry:
    """A person to set up, with roles as (role, code of the place)."""

    code: str
    name: str
    roles: Sequence[tuple[Role, str]] = field(default_factory=tuple)


@dataclass(frozen=True, slots=True)
class SetUp:
    """How many rows were new; what was there already is left as it is."""

    places: int
    people: int
    roles: int


_ABOVE = {
    Place.COMMITTEE: None,
    Place.CLUSTER: Place.COMMITTEE,
    Place.UNIT: Place.CLUSTER,
    Place.DEPARTMENT: Place.UNIT,
}


def set_up(office: Office, places: Iterable[PlaceEntry], people: Iterable[PersonEntry]) -> SetUp:
    """Add places and people that are not there yet; repeating it changes nothing.

    Raise Invalid naming the code for a code listed twice, a place without its parent or under the
    wrong kind of parent, a second committee, a role over a place that does not exist, or a text
    that cannot be kept.
    """
    with office.writing() as connection:
        return add_entries(connection, places, people)


def add_entries(
    connection: Connection, places: Iterable[PlaceEntry], people: Iterable[PersonEntry]
) -> SetUp:
    """Do what ``set_up`` does within a transaction that is open; raise as it does."""
    listed, named = _checked_places(places), _checked_people(people)
    known = {row.code: row for row in connection.execute(select(ORGANISATIONS))}
    new_places = _place_rows(connection, listed, known)
    paths = {code: row.id for code, row in known.items()} | {
        row["code"]: row["id"] for row in new_places
    }
    new_people, new_roles = _people_rows(connection, named, paths)
    _add(connection, ORGANISATIONS, new_places)
    _add(connection, PEOPLE, new_people)
    _add(connection, ROLE_GRANTS, new_roles)
    return SetUp(len(new_places), len(new_people), len(new_roles))


def list_places(connection: Connection) -> Sequence[RowMapping]:
    """Return every place in the order of its path."""
    return connection.execute(select(ORGANISATIONS).order_by(ORGANISATIONS.c.path)).mappings().all()


def list_people(connection: Connection) -> Sequence[RowMapping]:
    """Return every person's code, name, role and place, one row for each role."""
    columns = (PEOPLE.c.code, PEOPLE.c.name, ROLE_GRANTS.c.role)
    places = (ORGANISATIONS.c.code.label("place"), ORGANISATIONS.c.name.label("place_name"))
    rows = (
        select(*columns, *places)
        .outerjoin(ROLE_GRANTS, ROLE_GRANTS.c.person_id == PEOPLE.c.id)
        .outerjoin(ORGANISATIONS, ORGANISATIONS.c.id == ROLE_GRANTS.c.organisation_id)
        .order_by(PEOPLE.c.id, ROLE_GRANTS.c.role)
    )
    return connection.execute(rows).mappings().all()


def _checked_places(places: Iterable[PlaceEntry]) -> list[PlaceEntry]:
    checked = [
        replace(
            each,
            code=_text(each.code, each.code, _LONGEST_CODE),
            name=_text(each.name, each.code, LONGEST_NAME),
            unit_type=clean(each.unit_type, where=each.code, longest=_LONGEST_CODE),
        )
        for each in places
    ]
    _refuse_twice([each.code for each in checked])
    return checked


def _checked_people(people: Iterable[PersonEntry]) -> list[PersonEntry]:
    checked = [
        replace(
            each,
            code=_text(each.code, each.code, _LONGEST_CODE),
            name=_text(each.name, each.code, _LONGEST_PERSON),
        )
        for each in people
    ]
    _refuse_twice([each.code for each in checked])
    for each in checked:
        if any(role is Role.LADDER for role, _ in each.roles):
            raise Invalid(
                Wording("系统角色不授予任何人", "nobody is the engine"),
                remedy=Wording("请改为其他角色。", "Give another role."),
                where=each.code,
            )
    return checked


# As models.organisation stores them.
_LONGEST_CODE, _LONGEST_PERSON = 40, 80


def _text(value: str, code: str, longest: int) -> str:
    text = clean(value, where=code, longest=longest)
    if not text:
        raise Invalid(
            Wording("代码和名称都不能为空", "code and name must both be given"),
            remedy=Wording("请填写后重试。", "Fill them in and try again."),
            where=code,
        )
    return text


def _refuse_twice(codes: Sequence[str]) -> None:
    for code, times in Counter(codes).items():
        if times > 1:
            raise Invalid(
                Wording(f"代码 {code} 出现了 {times} 次", f"the code {code} stands {times} times"),
                remedy=Wording("每个代码只能用一次。", "Use each code once."),
                where=code,
            )


def _place_rows(
    connection: Connection, places: Sequence[PlaceEntry], known: Mapping[str, Any]
) -> list[dict[str, Any]]:
    fresh = [each for each in places if each.code not in known]
    ids = take_ids(connection, "places", len(fresh)) if fresh else range(0)
    above = {code: (row.id, Place(row.kind), row.path) for code, row in known.items()}
    rows = []
    for each, number in zip(fresh, ids, strict=True):
        parent_id, path = _under(each, above)
        above[each.code] = (number, each.kind, f"{path}{number}/")
        rows.append(
            {
                "id": number, "kind": each.kind, "parent_id": parent_id, "code": each.code,
                "name": each.name, "unit_type": each.unit_type, "path": f"{path}{number}/",
            }
        )  # fmt: skip
    return rows


def _under(
    entry: PlaceEntry, above: Mapping[str, tuple[int, Place, str]]
) -> tuple[int | None, str]:
    wanted = _ABOVE[entry.kind]
    if wanted is None:
        _refuse_second_root(entry, above)
        return None, "/"
    if entry.parent not in above or above[entry.parent][1] is not wanted:
        raise Invalid(
            Wording(
                f"“{entry.name}”的上级“{entry.parent}”不存在或类别不对",
                f"the parent {entry.parent!r} of {entry.name} is missing or of the wrong kind",
            ),
            remedy=Wording(
                "请先列出上级：专委会、片区、责任单位、责任处室。",
                "List the parent first: committee, cluster, unit, department.",
            ),
            where=entry.code,
        )
    parent_id, _, path = above[entry.parent]
    return parent_id, path


def _refuse_second_root(entry: PlaceEntry, above: Mapping[str, tuple[int, Place, str]]) -> None:
    """Whoever has a role over the committee sees everything: there is one."""
    for code, (_, kind, _) in above.items():
        if kind is Place.COMMITTEE:
            raise Invalid(
                Wording(f"已有专委会 {code}", f"there is a committee already: {code}"),
                remedy=Wording(f"请用代码 {code}。", f"Use the code {code}."),
                where=entry.code,
            )


def _people_rows(
    connection: Connection, people: Sequence[PersonEntry], place_ids: Mapping[str, int]
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    ids = dict(connection.execute(select(PEOPLE.c.code, PEOPLE.c.id)).tuples().all())
    fresh = [each for each in people if each.code not in ids]
    numbers = take_ids(connection, "people", len(fresh)) if fresh else range(0)
    rows = [
        {"id": number, "code": each.code, "name": each.name}
        for each, number in zip(fresh, numbers, strict=True)
    ]
    ids |= {row["code"]: row["id"] for row in rows}
    held = set(connection.execute(select(ROLE_GRANTS)).tuples().all())
    wanted = {
        (ids[each.code], _place_id(place, each, place_ids), role)
        for each in people
        for role, place in each.roles
    }
    granted = [
        {"person_id": person, "organisation_id": place, "role": role}
        for person, place, role in sorted(wanted - held)
    ]
    return rows, granted


def _place_id(code: str, person: PersonEntry, place_ids: Mapping[str, int]) -> int:
    if code not in place_ids:
        raise Invalid(
            Wording(
                f"“{person.name}”的单位“{code}”不存在", f"{person.name}'s place {code!r} is missing"
            ),
            remedy=Wording("请先建立该单位。", "Set the place up first."),
            where=person.code,
        )
    return place_ids[code]


def _add(connection: Connection, table: Any, rows: Sequence[Mapping[str, Any]]) -> None:  # noqa: ANN401 — a Table
    if rows:
        connection.execute(insert(table), rows)
