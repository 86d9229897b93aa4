"""Who hears of a rung: roles relative to whoever the case waits for, and who stands in for nobody.

A role that nobody holds over the case's unit falls through to the next superior, and says so.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rules.access import Role
from rules.ladder import Audience

_SUPERIORS = {
    Role.OWNER: Role.HEAD,
    Role.HEAD: Role.CLUSTER,
    Role.VERIFIER: Role.CLUSTER,
    Role.CLUSTER: Role.COMMITTEE,
    Role.COMMITTEE: Role.COMMITTEE,
}
_BY_NAME = {
    Audience.OWNER: Role.OWNER,
    Audience.HEAD: Role.HEAD,
    Audience.CLUSTER: Role.CLUSTER,
    Audience.COMMITTEE: Role.COMMITTEE,
}


_HIGHER = {
    Audience.HOLDER: Audience.SUPERIOR,
    Audience.SUPERIOR: Audience.SECOND_SUPERIOR,
    Audience.SECOND_SUPERIOR: Audience.COMMITTEE,
    Audience.OWNER: Audience.HEAD,
    Audience.HEAD: Audience.CLUSTER,
    Audience.CLUSTER: Audience.COMMITTEE,
    Audience.COMMITTEE: Audience.COMMITTEE,
}


@dataclass(frozen=True, slots=True)
class Told:
    """The people told, in order and once each; ``fell`` names each role that nobody held and the
    one told instead (None when nobody was found up to the top).
    """

    people: tuple[int, ...]
    fell: tuple[tuple[Role, Role | None], ...]


def superior(role: Role) -> Role:
    """Return the role that answers for ``role``; the committee answers for itself."""
    return _SUPERIORS.get(role, Role.COMMITTEE)


def role_meant(audience: Audience, holder: Role) -> Role:
    """Return the role an audience means for a case that waits for ``holder``."""
    match audience:
        case Audience.HOLDER:
            return holder
        case Audience.SUPERIOR:
            return superior(holder)
        case Audience.SECOND_SUPERIOR:
            return superior(superior(holder))
        case _:
            return _BY_NAME[audience]


@lru_cache(maxsize=256)
def heard_by(audiences: tuple[Audience, ...], cycle: int) -> tuple[Audience, ...]:
    """Return whom a rung tells of a case in its ``cycle``.

    A hazard that relapsed (cycle 2 and later) climbs one rung higher: the next level above each
    audience hears of it as well.
    """
    if cycle == 1:
        return audiences
    return tuple(dict.fromkeys((*audiences, *(_HIGHER[each] for each in audiences))))


def find_told(
    audiences: Iterable[Audience], holder: Role, who: Callable[[Role], Sequence[int]]
) -> Told:
    """Return whom to tell; ``who`` gives the people holding a role over the case's unit."""
    people: dict[int, None] = {}
    fell: dict[Role, Role | None] = {}
    for audience in audiences:
        wanted = role_meant(audience, holder)
        found, heard = _up_from(wanted, who)
        people |= dict.fromkeys(heard)
        if found is not wanted:
            fell[wanted] = found
    return Told(tuple(people), tuple(fell.items()))


def _up_from(role: Role, who: Callable[[Role], Sequence[int]]) -> tuple[Role | None, Sequence[int]]:
    while not (heard := who(role)):
        if role is Role.COMMITTEE:
            return None, ()
        role = superior(role)
    return role, heard
