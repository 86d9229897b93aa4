"""Looks at the audit are recorded by whichever command they are taken with."""

from collections.abc import Mapping
from typing import Any

from casework import clock
from casework.auditing.access import record_access
from casework.events import Door
from casework.office import Office
from cli.desk import Desk
from rules.looking import Look


def record_look(
    office: Office,
    desk: Desk,
    look: Look,
    what: Mapping[str, Any],
    why: str = "",
    *,
    typed: str = "",
) -> None:
    """Record a look before anything is shown, as of now and not of the moment looked at."""
    record_access(
        office, look, by=desk.by, at=clock.now(), door=Door.CLI, what=what, typed=typed, why=why
    )
