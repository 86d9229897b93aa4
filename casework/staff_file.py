"""People as administrators see them: found by name or code, with roles, stand-in and account."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, RowMapping, or_, select

from casework.accounts.register import find_account
from casework.contacts import require_administrator
from casework.office import Office
from casework.organisations import list_places
from casework.people import find_actor
from casework.reach import Post, list_posts
from models import Place
from models.tables import ORGANISATIONS, PEOPLE, ROLE_GRANTS

PAGE = 50


class Staff(NamedTuple):
    """Some people, each with (role, place's name); ``after`` leads on to the next, if any."""

    people: Sequence[Mapping[str, Any]]
    after: int | None


@dataclass(frozen=True, slots=True)
class PersonFile:
    """A person; ``account`` has password_at, totp_at, disabled_at, all None without one."""

    code: str
    name: str
    posts: Sequence[Post]
    stand_in: str
    stand_in_code: str
    away_from: date | None
    away_until: date | None
    has_account: bool
    disabled_at: datetime | None
    totp_at: datetime | None


def list_organisation(office: Office, *, by: str) -> Sequence[RowMapping]:
    """Return every place in the order of its path; raise Refused."""
    with office.reading() as connection:
        require_administrator(connection, find_actor(connection, by))
        return list_places(connection)


def list_clusters(office: Office) -> Sequence[RowMapping]:
    """Return the clusters' codes and names."""
    with office.reading() as connection:
        return connection.execute(_CLUSTERS).mappings().all()


def list_staff(
    office: Office, *, by: str, text: str = "", place: str = "", after: int = 0
) -> Staff:
    """Return people by id, found by a part of code or name, and by a place they hold a role at."""
    found = select(PEOPLE.c.id, PEOPLE.c.code, PEOPLE.c.name).where(PEOPLE.c.id > after)
    if text:
        found = found.where(
            or_(
                PEOPLE.c.code.contains(text, autoescape=True),
                PEOPLE.c.name.contains(text, autoescape=True),
            )
        )
    if place:
        found = found.where(PEOPLE.c.id.in_(_HOLDERS.where(ORGANISATIONS.c.code == place)))
    with office.reading() as connection:
        require_administrator(connection, find_actor(connection, by))
        rows = connection.execute(found.order_by(PEOPLE.c.id).limit(PAGE + 1)).mappings().all()
        roles = _roles(connection, [row["id"] for row in rows])
    people = [{**row, "roles": roles.get(row["id"], [])} for row in rows[:PAGE]]
    return Staff(people, people[-1]["id"] if len(rows) > PAGE else None)


def open_person(office: Office, code: str, *, by: str) -> PersonFile:
    """Return a person's file; raise NotFound, Refused."""
    with office.reading() as connection:
        require_administrator(connection, find_actor(connection, by))
        account = find_account(connection, code)
        row = connection.execute(_PERSON.where(PEOPLE.c.id == account.id)).one()
        posts = list_posts(connection, row.code)
    return PersonFile(
        row.code, row.name, posts, row.stand_in or "", row.stand_in_code or "", row.away_from,
        row.away_until, account.person_id is not None, account.disabled_at, account.totp_at,
    )  # fmt: skip


_CLUSTERS = (
    select(ORGANISATIONS.c.code, ORGANISATIONS.c.name)
    .where(ORGANISATIONS.c.kind == Place.CLUSTER)
    .order_by(ORGANISATIONS.c.path)
)
_OTHERS = PEOPLE.alias("stand_in")
_PERSON = select(
    PEOPLE.c.code, PEOPLE.c.name, PEOPLE.c.away_from, PEOPLE.c.away_until,
    _OTHERS.c.name.label("stand_in"), _OTHERS.c.code.label("stand_in_code"),
).outerjoin(_OTHERS, _OTHERS.c.id == PEOPLE.c.stand_in_id)  # fmt: skip
_HOLDERS = select(ROLE_GRANTS.c.person_id).join(
    ORGANISATIONS, ORGANISATIONS.c.id == ROLE_GRANTS.c.organisation_id
)


def _roles(connection: Connection, people: Sequence[int]) -> dict[int, list[tuple[Any, str]]]:
    rows = connection.execute(
        select(ROLE_GRANTS.c.person_id, ROLE_GRANTS.c.role, ORGANISATIONS.c.name)
        .join(ORGANISATIONS, ORGANISATIONS.c.id == ROLE_GRANTS.c.organisation_id)
        .where(ROLE_GRANTS.c.person_id.in_(people))
        .order_by(ROLE_GRANTS.c.person_id, ORGANISATIONS.c.path)
    )
    found: dict[int, list[tuple[Any, str]]] = {}
    for person, role, place in rows:
        found.setdefault(person, []).append((role, place))
    return found
