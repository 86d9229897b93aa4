"""The history of an inspection or a plan, told for people; words that may be personal stay out."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection

from casework.people import names_of
from casework.records import read_records
from rules.wording import Wording


def history_of(
    connection: Connection, subject: str, number: int, label: Callable[[str], Wording]
) -> list[dict[str, Any]]:
    """Return what happened, oldest first; ``zh`` and ``en`` say it with who did it."""
    events = [sealed for sealed, _ in read_records(connection, subject, number)]
    names = names_of(connection, (each.actor for each in events))
    return [
        _told(label(each.kind), names.get(each.actor or 0, ""))
        | {"seq": each.seq, "at": each.at, "act": each.kind, "role": each.role,
           "door": each.door, "body": each.body}
        for each in events
    ]  # fmt: skip


def _told(said: Wording, who: str) -> dict[str, Any]:
    by = f" · {who}" if who else ""
    return {"said": said, "who": who, "zh": said.zh + by, "en": said.en + by}
