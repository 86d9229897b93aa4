"""People named in plans: by code, by a name that only one of them has, or as they are offered."""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, or_, select

from casework.errors import Invalid, NotFound
from casework.forms import LONGEST_NAME, clean
from models.tables import ORGANISATIONS, PEOPLE, ROLE_GRANTS
from rules.inspections.kinds import PLANNERS, VISITORS
from rules.wording import Wording

_CODES = select(PEOPLE.c.code, PEOPLE.c.id).where(
    PEOPLE.c.code.in_(bindparam("codes", expanding=True))
)
_CALLED = select(PEOPLE.c.code, PEOPLE.c.name).where(
    or_(PEOPLE.c.code.in_(bindparam("codes", expanding=True)), PEOPLE.c.name == bindparam("name"))
)
_LISTED = (
    select(PEOPLE.c.code, PEOPLE.c.name, ORGANISATIONS.c.name.label("place"))
    .join(ROLE_GRANTS, ROLE_GRANTS.c.person_id == PEOPLE.c.id)
    .join(ORGANISATIONS, ORGANISATIONS.c.id == ROLE_GRANTS.c.organisation_id)
    .where(ROLE_GRANTS.c.role.in_(PLANNERS | VISITORS))
    .order_by(ORGANISATIONS.c.path, PEOPLE.c.code)
)
_OFFERED = re.compile(r"(?P<name>.+)[(（](?P<code>[^()（）]+)[)）]")


class Choice(NamedTuple):
    """Somebody who may lead or inspect, and where they hold their first role for it."""

    code: str
    name: str
    place: str

    @property
    def called(self) -> str:
        """Return how they are offered, which ``find_person`` reads again."""
        return called(self.name, self.code)


def called(name: str, code: str) -> str:
    return f"{name}（{code}）"


def list_people(connection: Connection, paths: Iterable[str]) -> Sequence[Choice]:
    """Return who leads or inspects at or below one of the paths, or over one of them."""
    among = [*paths]
    below = [ORGANISATIONS.c.path.startswith(path, autoescape=True) for path in among]
    above = {path[: end + 1] for path in among for end, sign in enumerate(path) if sign == "/"}
    wanted = _LISTED.where(or_(*below, ORGANISATIONS.c.path.in_(above)))
    found: dict[str, Choice] = {}
    for row in connection.execute(wanted) if among else ():
        found.setdefault(row.code, Choice(*row))
    return list(found.values())


def find_person(connection: Connection, written: str, *, where: str) -> str:
    """Return the code of who is meant; raise NotFound for nobody, Invalid for several."""
    text = clean(written, where=where, longest=LONGEST_NAME)
    offered = _OFFERED.fullmatch(text)
    codes = [text, *([offered["code"].strip()] if offered else [])]
    rows = connection.execute(_CALLED, {"codes": codes, "name": text}).all()
    by_code = [row.code for row in rows if row.code in codes]
    found = by_code or [row.code for row in rows]
    if len(found) == 1:
        return str(found[0])
    raise _several(text, found, where) if found else _nobody(text, where)


def people_ids(connection: Connection, codes: Sequence[str]) -> dict[str, int]:
    """Return people's ids by code."""
    return dict(connection.execute(_CODES, {"codes": codes}).tuples().all())


def split_names(text: str) -> list[str]:
    """Return the names of a text that puts commas, 、 or semicolons between them."""
    return [each.strip() for each in re.split("[,，、;；\n]", text) if each.strip()]


def _nobody(written: str, where: str) -> NotFound:
    return NotFound(
        Wording(f"没有“{written}”这个人", f"there is nobody called {written!r}"),
        remedy=Wording(
            "请填姓名或人员代码。", "Write a name or a code; `bihuan people` lists them."
        ),
        where=where,
    )


def _several(written: str, codes: Sequence[str], where: str) -> Invalid:
    shown = "、".join(codes[:5])
    return Invalid(
        Wording(
            f"有 {len(codes)} 个人叫“{written}”", f"{len(codes)} people are called {written!r}"
        ),
        remedy=Wording(f"请填人员代码：{shown}。", f"Give the code of one: {shown}."),
        where=where,
    )
