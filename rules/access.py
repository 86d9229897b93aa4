"""Who may do what where: a role, held over a subtree of the organisation.

A grant over a cluster covers its schools; a grant over a school covers its departments. The
subtree is a path of organisation ids, ``/1/4/37/``, so that "covers" is "is a prefix of".
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from rules.wording import Wording


class Role(StrEnum):
    """What a person is to the cases below the place the role is granted over."""

    REPORTER = "reporter"
    OWNER = "owner"
    HEAD = "head"
    CLUSTER = "cluster"
    VERIFIER = "verifier"
    INSPECTOR = "inspector"
    COMMITTEE = "committee"
    ADMIN = "admin"
    AUDITOR = "auditor"
    LADDER = "ladder"
    """The engine itself, when time moves a case. Never granted to a person."""

    @property
    def label(self) -> Wording:
        return _LABELS[self]


_LABELS = {
    Role.REPORTER: Wording("上报人", "reporter"),
    Role.OWNER: Wording("责任人", "owner"),
    Role.HEAD: Wording("主要负责人", "head"),
    Role.CLUSTER: Wording("片区负责人", "cluster lead"),
    Role.VERIFIER: Wording("验收人", "verifier"),
    Role.INSPECTOR: Wording("检查员", "inspector"),
    Role.COMMITTEE: Wording("专委会", "committee"),
    Role.ADMIN: Wording("管理员", "admin"),
    Role.AUDITOR: Wording("审计员", "auditor"),
    Role.LADDER: Wording("系统", "the engine"),
}


class Verb(StrEnum):
    """What can be done besides moving a case (those are the life-cycle table's)."""

    VIEW = "view"
    REPORT = "report"
    IMPORT = "import"
    SWEEP = "sweep"
    REVEAL = "reveal"
    """See personal data that is masked, with a reason that is kept."""
    SEE_NOTICES = "see_notices"
    """See what notices are owed to others, and what became of each."""
    ADMINISTER = "administer"
    LOOK_BACK = "look_back"
    SEE_LOOKBACKS = "see_lookbacks"
    CHECK_GUARDS = "check_guards"
    """See which guards were drawn to be checked; nobody of their school does."""
    LOCATE = "locate"
    """Keep the list of a unit's locations, and print their QR codes."""


_EVERYONE = frozenset(Role) - {Role.LADDER}

PERMITS: dict[Verb, frozenset[Role]] = {
    Verb.VIEW: _EVERYONE,
    Verb.REPORT: _EVERYONE - {Role.AUDITOR},
    Verb.IMPORT: frozenset({Role.HEAD, Role.CLUSTER, Role.COMMITTEE, Role.ADMIN}),
    Verb.SWEEP: frozenset({Role.COMMITTEE, Role.ADMIN}),
    Verb.SEE_NOTICES: frozenset({Role.CLUSTER, Role.COMMITTEE, Role.ADMIN}),
    Verb.REVEAL: frozenset({Role.COMMITTEE, Role.ADMIN, Role.AUDITOR}),
    Verb.ADMINISTER: frozenset({Role.ADMIN}),
    Verb.LOOK_BACK: frozenset({Role.COMMITTEE, Role.ADMIN}),
    # A surprise inspection is none when the cluster or the school can read who was drawn.
    Verb.SEE_LOOKBACKS: frozenset({Role.COMMITTEE, Role.ADMIN, Role.AUDITOR}),
    Verb.CHECK_GUARDS: frozenset({Role.INSPECTOR, Role.COMMITTEE, Role.ADMIN, Role.AUDITOR}),
    Verb.LOCATE: frozenset({Role.OWNER, Role.HEAD, Role.CLUSTER, Role.COMMITTEE, Role.ADMIN}),
}


@dataclass(frozen=True, slots=True)
class Grant:
    role: Role
    path: str


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a person and the roles they hold, and over what."""

    id: int | None
    grants: tuple[Grant, ...]

    def roles_over(self, path: str) -> frozenset[Role]:
        """Return the roles held at or above ``path``."""
        return frozenset(g.role for g in self.grants if path.startswith(g.path))

    def may(self, verb: Verb, path: str) -> bool:
        return not PERMITS[verb].isdisjoint(self.roles_over(path))

    def reach(self, verb: Verb) -> tuple[str, ...]:
        """Return the widest subtrees over which ``verb`` is permitted, none inside another."""
        return widest(g.path for g in self.grants if g.role in PERMITS[verb])


ENGINE = Actor(id=None, grants=(Grant(Role.LADDER, "/"),))
"""The actor of everything that time does."""


def widest(paths: Iterable[str]) -> tuple[str, ...]:
    """Drop every path that lies under another one."""
    kept: list[str] = []
    for path in sorted(set(paths)):
        if not any(path.startswith(wider) for wider in kept):
            kept.append(path)
    return tuple(kept)
