"""Looking at the audit is itself recorded, before anything is shown."""

from collections.abc import Mapping
from typing import Any

from casework.auditing.access import record_access
from casework.events import Door
from rules.looking import Look
from web.visits import Visit


def record_look(
    visit: Visit, look: Look, what: Mapping[str, Any] | None = None, *, typed: str = ""
) -> str:
    """Record what is looked at and, if it was given, why; return the receipt."""
    return record_access(
        visit.office, look, by=visit.by, at=visit.at, door=Door.PAGE, what=what, typed=typed,
        why=visit.request.query_params.get("why", ""),
    )  # fmt: skip
