"""Saved queries and views of the list: kept under a name, for oneself or for everybody."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Delete, delete, insert, or_, select

from casework.errors import Invalid, NotFound, Refused
from casework.forms import clean
from casework.office import Office
from casework.people import find_actor
from models.tables import PEOPLE, SAVED_QUERIES
from rules.access import Verb
from rules.query import parse
from rules.wording import Wording

LONGEST = 80
LONGEST_VIEW = 2_000
_AUDIT, _CASES = "audit", "cases"

_SAVED = SAVED_QUERIES.c


@dataclass(frozen=True, slots=True)
class Saved:
    """A query as it was understood; ``owner`` is a person's code."""

    name: str
    query: str
    owner: str
    shared: bool
    saved_at: datetime


def save_query(
    office: Office, name: str, text: str, *, by: str, at: datetime, shared: bool = False
) -> Saved:
    """Keep a query under a name of one's own, replacing what was under it.

    Raise QueryTrouble for a query that cannot be read, Invalid for a name that cannot be kept.
    """
    kept = Saved(_name(name), str(parse(text)), by, shared, at)
    with office.writing() as connection:
        _put(connection, _AUDIT, kept, _owner(connection, by))
    return kept


def save_view(
    office: Office, name: str, address: str, *, by: str, at: datetime, shared: bool = False
) -> Saved:
    """Keep a view of the list of cases, the query of its address, as ``save_query`` does.

    Raise Refused when somebody but an administrator shares one, Invalid for name or address.
    """
    query = clean(address, where="view", longest=LONGEST_VIEW)
    kept = Saved(_name(name), query, by, shared, at)
    with office.writing() as connection:
        if shared and not find_actor(connection, by).reach(Verb.ADMINISTER):
            raise _shared_by_admins()
        _put(connection, _CASES, kept, _owner(connection, by))
    return kept


def list_saved(office: Office, *, by: str) -> Sequence[Saved]:
    """Return one's own queries and everybody's shared ones, by name."""
    with office.auditing() as connection:
        return _visible(connection, _AUDIT, _owner(connection, by))


def list_views(office: Office, *, by: str) -> Sequence[Saved]:
    """Return one's own views of the list of cases and the shared ones, by name."""
    with office.auditing() as connection:
        return _visible(connection, _CASES, _owner(connection, by))


def find_saved(office: Office, name: str, *, by: str) -> Saved:
    """Return one's own query of that name, else the first that somebody shared."""
    called = _name(name)
    found = [each for each in list_saved(office, by=by) if each.name == called]
    if not found:
        raise _nothing_called(called)
    return min(found, key=lambda each: (each.owner != by, each.owner))


def remove_saved(office: Office, name: str, *, by: str) -> None:
    """Forget a query of one's own; raise NotFound."""
    _remove(office, _AUDIT, name, by)


def remove_view(office: Office, name: str, *, by: str) -> None:
    """Forget a view of one's own; raise NotFound."""
    _remove(office, _CASES, name, by)


def _remove(office: Office, page: str, name: str, by: str) -> None:
    called = _name(name)
    with office.writing() as connection:
        if not connection.execute(_own(page, _owner(connection, by), called)).rowcount:
            raise _nothing_called(called)


def _put(connection: Connection, page: str, kept: Saved, owner: int) -> None:
    connection.execute(_own(page, owner, kept.name))
    row = {
        "owner_id": owner, "page": page, "name": kept.name, "query": kept.query,
        "shared": kept.shared, "saved_at": kept.saved_at,
    }  # fmt: skip
    connection.execute(insert(SAVED_QUERIES), row)


def _visible(connection: Connection, page: str, owner: int) -> list[Saved]:
    statement = (
        select(_SAVED.name, _SAVED.query, PEOPLE.c.code, _SAVED.shared, _SAVED.saved_at)
        .join(PEOPLE, PEOPLE.c.id == _SAVED.owner_id)
        .where(_SAVED.page == page, or_(_SAVED.owner_id == owner, _SAVED.shared.is_(True)))
        .order_by(_SAVED.name, PEOPLE.c.code)
    )
    return [Saved(*row) for row in connection.execute(statement)]


def _owner(connection: Connection, by: str) -> int:
    actor = find_actor(connection, by)
    if actor.id is None:
        raise Refused(Wording("系统不保存查询", "the engine keeps no queries"), where=by)
    return actor.id


def _own(page: str, owner: int, name: str) -> Delete:
    return delete(SAVED_QUERIES).where(
        _SAVED.page == page, _SAVED.owner_id == owner, _SAVED.name == name
    )


def _name(name: str) -> str:
    called = clean(name, where="name", longest=LONGEST)
    if not called:
        raise Invalid(
            Wording("缺少名称", "the name is missing"),
            remedy=Wording("请给查询起个名字。", "Give the query a name."),
            where="name",
        )
    return called


def _nothing_called(name: str) -> NotFound:
    return NotFound(
        Wording(f"没有名为“{name}”的查询", f"there is no saved query {name!r}"),
        remedy=Wording(
            "bihuan audit saved list 列出您可用的查询。", "`bihuan audit saved list` lists them."
        ),
        where="name",
    )


def _shared_by_admins() -> Refused:
    return Refused(
        Wording("只有管理员可以把视图给所有人用", "only an administrator may share a view"),
        remedy=Wording("请存为自己的视图，或请管理员保存。", "Keep it as your own, or ask one."),
        where="shared",
    )
