"""Kinds of inspection 自查 专查 抽查 互查 督查, and what each asks of those who make it."""

from enum import StrEnum

from rules.access import Role
from rules.wording import Wording


class InspectionKind(StrEnum):
    """自查 专查 抽查 互查 督查, and by who comes: 联检 外检 (自检 is 自查, 专检 is 专查)."""

    SELF = "self"
    SPECIAL = "special"
    SPOT = "spot"
    MUTUAL = "mutual"
    SUPERVISORY = "supervisory"
    JOINT = "joint"
    EXTERNAL = "external"

    @property
    def label(self) -> Wording:
        return _LABELS[self]

    @property
    def signatures(self) -> int:
        """Return how many inspectors sign.

        Two for those who come to inspect: 《山东省安全生产条例》 Art. 42. One for a self-check, and
        for an outside body, whose own record is the one that counts: our choice.
        """
        return 1 if self in {InspectionKind.SELF, InspectionKind.EXTERNAL} else 2

    @property
    def head_signs(self) -> bool:
        """Whether the school's head signs or refuses: 《安全生产法》 (2021) Art. 68."""
        return self is not InspectionKind.SELF

    @property
    def made_by(self) -> frozenset[Role]:
        """Return the roles over the unit that may make one to which nobody is assigned."""
        return OWN_PEOPLE if self is InspectionKind.SELF else VISITORS


OWN_PEOPLE = frozenset({Role.REPORTER, Role.OWNER, Role.HEAD})
VISITORS = frozenset({Role.INSPECTOR, Role.VERIFIER, Role.CLUSTER, Role.COMMITTEE})
PLANNERS = frozenset({Role.HEAD, Role.CLUSTER, Role.COMMITTEE, Role.ADMIN})
UNDECEIVED = frozenset({Role.COMMITTEE, Role.ADMIN, Role.AUDITOR})
"""Who may see an unannounced inspection before it was made, besides its inspectors."""

_LABELS = {
    InspectionKind.SELF: Wording("自查", "self-check"),
    InspectionKind.SPECIAL: Wording("专查", "special inspection"),
    InspectionKind.SPOT: Wording("抽查", "spot inspection"),
    InspectionKind.MUTUAL: Wording("互查", "mutual inspection"),
    InspectionKind.SUPERVISORY: Wording("督查", "supervisory inspection"),
    InspectionKind.JOINT: Wording("联检", "joint inspection"),
    InspectionKind.EXTERNAL: Wording("外检", "external inspection"),
}
