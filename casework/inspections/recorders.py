"""Who may record and sign an inspection."""

from casework.errors import Refused
from casework.inspections.tasks import Held
from rules.access import Actor, Role
from rules.wording import Wording


def require_recorder(held: Held, actor: Actor) -> Role:
    """Return the role in which ``actor`` inspects there; raise Refused.

    The named inspectors only, where there are any; else the kind's own people over the unit.
    """
    role = recorder_role(held, actor)
    if role:
        return role
    names = "、".join(each.name for each in held.team)
    raise Refused(
        Wording("该检查不由您填写", "this inspection is not yours to record"),
        remedy=Wording(
            f"由 {names} 填写。" if names else "由有权的检查人员填写。",
            f"It is for {names}." if names else "It is for those who inspect there.",
        ),
        where="number",
    )


def recorder_role(held: Held, actor: Actor) -> Role | None:
    """Return the role in which ``actor`` inspects there, None for whoever does not."""
    roles = actor.roles_over(held.row.unit_path)
    mine = roles & held.row.kind.made_by
    if not held.team:
        return min(mine, default=None)
    if actor.id not in {each.id for each in held.team}:
        return None
    return min(mine or roles or frozenset({Role.INSPECTOR}))


def signatures_needed(held: Held) -> int:
    """Return how many inspectors sign: all who were named, two or one else, by the kind."""
    return len(held.team) or int(held.row.kind.signatures)
