"""Who may see personal data of a record, and why they look."""

from casework.errors import Invalid, Refused
from rules.access import Actor, Role
from rules.registers.kinds import Kind
from rules.wording import Wording


def require_reason(why: str) -> None:
    if not why.strip():
        raise Invalid(
            Wording("没有写明查看个人信息的事由", "the reason for seeing personal data is missing"),
            remedy=Wording("请写明事由，它会被记录。", "Say why; it is recorded."),
            where="why",
        )


def require_revealer(kind: Kind, actor: Actor, path: str) -> Role:
    """Return the role that lets ``actor`` see personal data there; raise Refused."""
    roles = actor.roles_over(path) & kind.reveal
    if roles:
        return min(roles)
    raise Refused(
        Wording("您无权查看个人信息", "you may not see personal data"),
        remedy=Wording(
            "须由" + "、".join(each.label.zh for each in sorted(kind.reveal)) + "查看。",
            "It takes " + ", ".join(each.label.en for each in sorted(kind.reveal)) + ".",
        ),
        where=kind.key,
    )
