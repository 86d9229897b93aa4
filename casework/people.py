"""Who acts, and where: people with their grants, units with their place in the organisation."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from sqlalchemy import Connection, bindparam, exists, or_, select

from casework.errors import NotFound, Refused
from casework.forms import LONGEST_NAME, clean
from models import Place
from models.prepared import Prepared
from models.tables import ORGANISATIONS, PEOPLE, ROLE_GRANTS
from rules.access import Actor, Grant, Role, Verb
from rules.wording import Wording

_WITH_GRANTS = Prepared(
    select(PEOPLE.c.id, ROLE_GRANTS.c.role, ORGANISATIONS.c.path)
    .outerjoin(ROLE_GRANTS, ROLE_GRANTS.c.person_id == PEOPLE.c.id)
    .outerjoin(ORGANISATIONS, ORGANISATIONS.c.id == ROLE_GRANTS.c.organisation_id)
    .where(PEOPLE.c.code == bindparam("code"))
)
ANYBODY_AWAY = exists().where(
    PEOPLE.c.stand_in_id.is_not(None), PEOPLE.c.away_from <= bindparam("day")
)
"""A column for a query that reads along, by ``day``, whether ``away_on`` need be asked at all."""
_UNIT = select(
    ORGANISATIONS.c.id,
    ORGANISATIONS.c.code,
    ORGANISATIONS.c.name,
    ORGANISATIONS.c.kind,
    ORGANISATIONS.c.path,
)
_UNIT_BY_CODE = _UNIT.where(ORGANISATIONS.c.code == bindparam("code"))
_UNIT_BY_NAME = _UNIT.where(ORGANISATIONS.c.name == bindparam("name"))


@dataclass(frozen=True, slots=True)
class Unit:
    """A place in the organisation."""

    id: int
    code: str
    name: str
    kind: Place
    path: str

    @property
    def cluster_id(self) -> int | None:
        """Return the cluster it lies in: the second id of its path, if it is not the root."""
        ids = self.path.strip("/").split("/")
        return int(ids[1]) if len(ids) > 1 else None


def find_actor(connection: Connection, code: str) -> Actor:
    """Return the person called ``code`` with their grants; raise NotFound or Invalid."""
    code = clean(code, where="--as", longest=LONGEST_NAME)
    rows = _WITH_GRANTS.rows(connection, {"code": code})
    if not rows:
        raise NotFound(
            Wording(f"没有代码为“{code}”的人员", f"there is nobody with the code {code!r}"),
            remedy=Wording("可用 bihuan people 查看。", "`bihuan people` lists them."),
            where="--as",
        )
    return Actor(rows[0][0], tuple(_grant(role, path) for _, role, path in rows if role))


@lru_cache(maxsize=16_384)
def _grant(role: Role, path: str) -> Grant:
    return Grant(Role(role), path)


def find_unit(connection: Connection, written: str, *, where: str = "unit") -> Unit:
    """Return the unit with this code, else with exactly this name; raise NotFound or Invalid."""
    written = clean(written, where=where, longest=LONGEST_NAME)
    row = (
        connection.execute(_UNIT_BY_CODE, {"code": written}).first()
        or connection.execute(_UNIT_BY_NAME, {"name": written}).first()
    )
    if row is None:
        raise NotFound(
            Wording(f"没有名为“{written}”的单位", f"there is no unit called {written!r}"),
            remedy=Wording("可用 bihuan units 查看。", "`bihuan units` lists them."),
            where=where,
        )
    return Unit(*row)


def names_of(connection: Connection, ids: Iterable[int | None]) -> dict[int, str]:
    """Return people's names by id, for showing."""
    wanted = {each for each in ids if each is not None}
    if not wanted:
        return {}
    statement = select(PEOPLE.c.id, PEOPLE.c.name).where(PEOPLE.c.id.in_(wanted))
    return {person: name for person, name in connection.execute(statement) if person is not None}


def away_on(connection: Connection, day: date) -> dict[int, int]:
    """Return the stand-in of everybody who is away on ``day``."""
    since, until = PEOPLE.c.away_from, PEOPLE.c.away_until
    away = select(PEOPLE.c.id, PEOPLE.c.stand_in_id).where(
        PEOPLE.c.stand_in_id.is_not(None), since <= day, or_(until.is_(None), until >= day)
    )
    return dict(connection.execute(away).tuples().all())


def stand_ins_for(people: Iterable[int], away: Mapping[int, int]) -> tuple[int, ...]:
    """Return the people, each who is away replaced by their stand-in, or that one's in turn."""
    return tuple(dict.fromkeys(_present(each, away) for each in people))


def _present(person: int, away: Mapping[int, int]) -> int:
    seen: set[int] = set()
    while person in away and person not in seen:
        seen.add(person)
        person = away[person]
    return person


def require(actor: Actor, verb: Verb, path: str) -> None:
    """Raise Refused unless ``actor`` may ``verb`` at ``path``."""
    if not actor.may(verb, path):
        raise Refused(
            Wording(f"您无权在此处“{_VERBS[verb].zh}”", f"you may not {_VERBS[verb].en} here"),
            remedy=Wording("请联系管理员授权。", "Ask an administrator for the role."),
        )


_VERBS = {
    Verb.VIEW: Wording("查看", "view"),
    Verb.REPORT: Wording("上报", "report"),
    Verb.IMPORT: Wording("导入台账", "import ledgers"),
    Verb.SWEEP: Wording("催办", "sweep"),
    Verb.SEE_NOTICES: Wording("查看通知记录", "see the log of notices"),
    Verb.ADMINISTER: Wording("管理设置", "administer"),
    Verb.LOCATE: Wording("维护地点", "keep locations"),
    Verb.LOOK_BACK: Wording("组织回头看", "hold look-backs"),
    Verb.SEE_LOOKBACKS: Wording("查看回头看", "see look-backs"),
}
