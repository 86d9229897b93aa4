"""Names of people in lists and files: whole for whoever deals with them, else an initial."""

from rules.access import Actor, Role

# Who deals with the people of a case; auditors and inspectors judge without their names.
_SEES_NAMES = frozenset({Role.OWNER, Role.HEAD, Role.CLUSTER, Role.COMMITTEE, Role.ADMIN})


def sees_names(actor: Actor) -> bool:
    """Whether the names of owners are shown to ``actor`` in full."""
    return all(grant.role in _SEES_NAMES for grant in actor.grants)


def mask_name(name: str) -> str:
    """Return a name of which the first character is left: 王小明 is 王**."""
    return name[:1] + "*" * (len(name) - 1) if len(name) > 1 else "*" * len(name)
