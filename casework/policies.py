"""The policies that were ever adopted, for administrators to read and compare."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from casework.contacts import require_administrator
from casework.errors import NotFound
from casework.office import Office
from casework.people import find_actor
from models.tables import PEOPLE, POLICY_VERSIONS
from rules.policy import default_text, digest, read_policy
from rules.wording import Wording

SHIPPED = 0
"""The id under which the policy that ships with the product is read."""

_ROWS = (
    select(
        POLICY_VERSIONS.c.id, POLICY_VERSIONS.c.digest, POLICY_VERSIONS.c.text,
        POLICY_VERSIONS.c.effective_from, POLICY_VERSIONS.c.adopted_at, PEOPLE.c.name,
    )
    .outerjoin(PEOPLE, PEOPLE.c.id == POLICY_VERSIONS.c.adopted_by_id)
    .order_by(POLICY_VERSIONS.c.id.desc())
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Version:
    """A policy text; ``adopted_by`` is '' for the set-up, ``adopted_at`` None for the shipped."""

    id: int
    digest: str
    title: str
    text: str
    effective_from: date
    adopted_at: datetime | None
    adopted_by: str
    in_force: bool


def list_versions(office: Office, *, by: str, at: datetime) -> Sequence[Version]:
    """Return every version, the newest adoption first and the shipped one last; raise Refused."""
    with office.reading() as connection:
        require_administrator(connection, find_actor(connection, by))
        now = office.rulebooks.at(connection, at).version
        rows = connection.execute(_ROWS).all()
    said = [(*row[:5], row.name or "") for row in rows]
    shipped = default_text()
    said.append((SHIPPED, digest(shipped), shipped, read_policy(shipped).effective_from, None, ""))
    found, seen = [], False
    for number, version, text, since, adopted_at, name in said:
        in_force = version == now and not seen
        seen = seen or in_force
        title = read_policy(text).title
        found.append(Version(number, version, title, text, since, adopted_at, name, in_force))
    return found


def find_version(versions: Sequence[Version], number: int | None) -> Version:
    """Return the version with this id, by default the one in force; raise NotFound."""
    for each in versions:
        if each.in_force if number is None else each.id == number:
            return each
    raise NotFound(
        Wording("没有这一版规则", "there is no such version of the policy"),
        remedy=Wording("请从历史版本中选择。", "Choose one of the versions."),
        where="version",
    )
