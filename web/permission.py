"""Every route says who may ask for it. A test walks the routes and fails for one that does not."""

from enum import StrEnum

from fastapi import Request

from casework.errors import Refused
from rules.access import PERMITS, Actor, Verb
from rules.wording import Wording
from web.troubles import NotSignedIn
from web.visits import Visit, visit_of


class Anyone(StrEnum):
    """Permissions besides the verbs: for anybody, or for whoever is signed in."""

    ANYBODY = "anybody"
    SIGNED_IN = "signed in"


Permission = Verb | Anyone


class Permit:
    """The dependency that a route's permission becomes.

    A verb asks for a role that has it anywhere; over which places is casework's to decide.
    """

    def __init__(self, permission: Permission) -> None:
        self.permission = permission

    def __call__(self, request: Request) -> Visit:
        visit = visit_of(request)
        if self.permission is Anyone.ANYBODY:
            return visit
        if visit.session is None or visit.session.pending:
            raise NotSignedIn
        if not is_permitted(self.permission, visit.actor):
            raise Refused(
                Wording("您无权打开此页", "this page is not for your role"),
                remedy=Wording("请联系管理员授权。", "Ask an administrator for the role."),
            )
        return visit


def is_permitted(permission: Permission, actor: Actor) -> bool:
    """Whether somebody signed in may open what asks for ``permission``."""
    if isinstance(permission, Anyone):
        return True
    return any(grant.role in PERMITS[permission] for grant in actor.grants)
