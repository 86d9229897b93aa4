"""Change the organisation: places and people added and renamed, roles, stand-ins.

Each change stands in the history of its place or person, in the same transaction.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, delete, func, select, update

from casework.contacts import require_administrator
from casework.errors import Invalid, NotFound, Refused
from casework.events import Door, Happening
from casework.forms import LONGEST_NAME, clean
from casework.office import Office
from casework.organisations import PersonEntry, PlaceEntry, add_entries
from casework.people import find_actor, find_unit
from casework.records import Subject, last_entry, write_record
from models import Place
from models.tables import ORGANISATIONS, PEOPLE, ROLE_GRANTS
from rules.access import Role
from rules.staffing import StaffAct
from rules.wording import Wording

PLACE, PERSON = "place", "person"
_LONGEST_CODE, _LONGEST_PERSON = 40, 80  # as models.organisation keeps them


class Hand(NamedTuple):
    """Who changes the organisation, when, through which door."""

    by: str
    at: datetime
    door: Door


def add_place(office: Office, entry: PlaceEntry, hand: Hand) -> None:
    """Add a place; raise Invalid as ``set_up`` does, Refused for a code in use."""
    with _administering(office, hand) as desk:
        _refuse_used(desk.connection, ORGANISATIONS, entry.code)
        add_entries(desk.connection, [entry], [])
        said = {"kind": entry.kind.value, "parent": entry.parent, "name": entry.name.strip()}
        desk.remember(StaffAct.ADD_PLACE, _place(desk.connection, entry.code), said)


def rename_place(office: Office, code: str, name: str, hand: Hand) -> None:
    """Call a place by another name; its code stays. Raise NotFound, Invalid, Refused."""
    name = _named(name, LONGEST_NAME)
    with _administering(office, hand) as desk:
        place = _place(desk.connection, code)
        mine = ORGANISATIONS.c.id == place.id
        desk.connection.execute(update(ORGANISATIONS).where(mine).values(name=name))
        desk.remember(StaffAct.RENAME_PLACE, place, {"name": name})


def add_person(office: Office, entry: PersonEntry, hand: Hand) -> None:
    """Add a person with roles; raise Invalid as ``set_up`` does, Refused for a code in use."""
    with _administering(office, hand) as desk:
        _refuse_used(desk.connection, PEOPLE, entry.code)
        add_entries(desk.connection, [], [entry])
        roles = [[role.value, place] for role, place in entry.roles]
        person = _person(desk.connection, entry.code)
        desk.remember(StaffAct.ADD_PERSON, person, {"roles": roles}, name=entry.name)


def rename_person(office: Office, code: str, name: str, hand: Hand) -> None:
    """Call a person by another name; the code stays. Raise NotFound, Invalid, Refused."""
    name = _named(name, _LONGEST_PERSON)
    with _administering(office, hand) as desk:
        person = _person(desk.connection, code)
        mine = PEOPLE.c.id == person.id
        desk.connection.execute(update(PEOPLE).where(mine).values(name=name))
        desk.remember(StaffAct.RENAME_PERSON, person, {}, name=name)


def grant_role(office: Office, code: str, role: Role, place: str, hand: Hand) -> None:
    """Give a role over a place and all below it; raise Refused for one that is held already."""
    with _administering(office, hand) as desk:
        person, unit = _person(desk.connection, code), find_unit(desk.connection, place)
        if desk.connection.execute(_grant(person.id, unit.id, role)).first():
            raise Refused(
                Wording("已有这一角色", "this role is held already"),
                remedy=Wording("无须再次授予。", "There is nothing to do."),
                where="role",
            )
        add_entries(desk.connection, [], [PersonEntry(person.code, person.name,
                                                      [(role, unit.code)])])  # fmt: skip
        desk.remember(StaffAct.GRANT, person, {"role": role.value, "place": unit.code})


def revoke_role(office: Office, code: str, role: Role, place: str, hand: Hand) -> None:
    """Take a role back; raise NotFound for one that is not held, Refused for the last admin's."""
    with _administering(office, hand) as desk:
        person, unit = _person(desk.connection, code), find_unit(desk.connection, place)
        if not desk.connection.execute(_grant(person.id, unit.id, role)).first():
            raise NotFound(
                Wording("没有这一角色", "this role is not held"),
                remedy=Wording("请刷新页面后再看。", "Look at the page again."),
                where="role",
            )
        if role is Role.ADMIN and unit.kind is Place.COMMITTEE:
            _refuse_last_admin(desk.connection, unit.id)
        held = ROLE_GRANTS.c
        mine = (held.person_id == person.id) & (held.organisation_id == unit.id)
        desk.connection.execute(delete(ROLE_GRANTS).where(mine, held.role == role))
        desk.remember(StaffAct.REVOKE, person, {"role": role.value, "place": unit.code})


def set_stand_in(
    office: Office, code: str, stand_in: str, *, away: tuple[date, date | None], hand: Hand
) -> None:
    """Let somebody hear in another's place from the first to the last day away, or until told.

    Raise NotFound, Invalid for oneself or days that run backwards, Refused without the role.
    """
    since, until = away
    with _administering(office, hand) as desk:
        person, other = _person(desk.connection, code), _person(desk.connection, stand_in)
        if person.id == other.id or (until is not None and until < since):
            raise _no_stand_in()
        values = {"stand_in_id": other.id, "away_from": since, "away_until": until}
        desk.connection.execute(update(PEOPLE).where(PEOPLE.c.id == person.id).values(values))
        last = until.isoformat() if until else None
        said = {"stand_in": other.code, "from": since.isoformat(), "until": last}
        desk.remember(StaffAct.STAND_IN, person, said)


def end_stand_in(office: Office, code: str, hand: Hand) -> None:
    """Let a person hear for themselves again; raise NotFound, Refused."""
    with _administering(office, hand) as desk:
        person = _person(desk.connection, code)
        values = {"stand_in_id": None, "away_from": None, "away_until": None}
        desk.connection.execute(update(PEOPLE).where(PEOPLE.c.id == person.id).values(values))
        desk.remember(StaffAct.RETURN, person, {})


class _Desk(NamedTuple):
    """An open transaction of somebody who administers."""

    connection: Connection
    actor_id: int | None
    hand: Hand

    def remember(
        self, act: StaffAct, row: Row[Any], body: Mapping[str, Any], *, name: str = ""
    ) -> None:
        """Write an act into the history of a row; ``name`` is a person's, and kept apart."""
        kind = PLACE if act in {StaffAct.ADD_PLACE, StaffAct.RENAME_PLACE} else PERSON
        happening = Happening(
            act.value, self.actor_id, Role.ADMIN.value, self.hand.door, self.hand.at, body,
            {"name": name} if name else {},
        )  # fmt: skip
        subject = Subject(kind, row.id, row.code)
        last = last_entry(self.connection, subject.kind, subject.id)
        write_record(self.connection, subject, happening, last)


@contextmanager
def _administering(office: Office, hand: Hand) -> Iterator[_Desk]:
    with office.writing() as connection:
        actor = find_actor(connection, hand.by)
        require_administrator(connection, actor)
        yield _Desk(connection, actor.id, hand)


def _place(connection: Connection, code: str) -> Row[Any]:
    return _by_code(connection, ORGANISATIONS, code, Wording("单位", "place"))


def _person(connection: Connection, code: str) -> Row[Any]:
    return _by_code(connection, PEOPLE, code, Wording("人员", "person"))


def _by_code(connection: Connection, table: Any, code: str, what: Wording) -> Row[Any]:  # noqa: ANN401 — a Table
    """Return a row and hold it, so that its history grows by one at a time."""
    code = clean(code, where="code", longest=_LONGEST_CODE)
    found = connection.execute(select(table).where(table.c.code == code).with_for_update()).first()
    if found is None:
        raise NotFound(
            Wording(f"没有代码为“{code}”的{what.zh}", f"there is no {what.en} {code!r}"),
            remedy=Wording("请核对代码。", "Check the code."),
            where="code",
        )
    return found


def _refuse_used(connection: Connection, table: Any, code: str) -> None:  # noqa: ANN401 — a Table
    code = clean(code, where="code", longest=_LONGEST_CODE)
    if connection.execute(select(table.c.id).where(table.c.code == code)).first():
        raise Refused(
            Wording(f"代码“{code}”已在使用", f"the code {code!r} is in use"),
            remedy=Wording("请另取代码。", "Take another code."),
            where="code",
        )


def _grant(person: int, place: int, role: Role) -> Any:  # noqa: ANN401 — a select
    held = ROLE_GRANTS.c
    mine = (held.person_id == person) & (held.organisation_id == place) & (held.role == role)
    return select(held.person_id).where(mine)


def _refuse_last_admin(connection: Connection, root: int) -> None:
    held = ROLE_GRANTS.c
    admins = select(func.count()).where(held.role == Role.ADMIN, held.organisation_id == root)
    if connection.execute(admins).scalar_one() < 2:
        raise Refused(
            Wording("这是最后一名管理员", "this is the last administrator"),
            remedy=Wording("请先授予另一人管理员角色。", "Make somebody else one first."),
            where="role",
        )


def _named(name: str, longest: int) -> str:
    text = clean(name, where="name", longest=longest)
    if not text:
        raise Invalid(
            Wording("名称不能为空", "a name must be given"),
            remedy=Wording("请填写后重试。", "Fill it in and try again."),
            where="name",
        )
    return text


def _no_stand_in() -> Invalid:
    return Invalid(
        Wording("代理人不能是本人，止日不能早于起日",
                "nobody stands in for oneself, and the last day is not before the first"),
        remedy=Wording("请改正后重试。", "Correct it and try again."),
        where="stand_in",
    )  # fmt: skip
