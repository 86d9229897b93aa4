"""Notices of duties: what they say, and whether it is still to be done when they are sent."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select

from casework.duties.store import Held
from models import DutyState
from models.tables import DUTIES
from notifications.wordings import Said
from rules.duties.kinds import kinds
from rules.duties.ladder import days_late
from rules.wording import Locale, Wording
from rules.workdays import china_day

NOTICE = "duty"
"""The kind of notice that a step of a duty's ladder owes."""
REASONS = {
    "fulfilled": Wording("已办结", "it is done"),
    "waived": Wording("已免办", "it was waived"),
}
_DUTIES = select(DUTIES.c.id, DUTIES.c.kind, DUTIES.c.due_on, DUTIES.c.state).where(
    DUTIES.c.id.in_(bindparam("duties", expanding=True))
)


@dataclass(frozen=True, slots=True)
class DutyNow:
    """A duty as it is told; ``void`` says why it is not told any more, '' when it is."""

    kind: str
    due_on: date
    void: str


@dataclass(frozen=True, slots=True)
class Duties:
    """The duties that some notices speak of, as they stand now."""

    _rows: Mapping[int, Row[Any]]

    def of(self, body: Mapping[str, Any], locale: Locale) -> DutyNow:
        """Return the duty that a notice's ``body`` speaks of."""
        row = self._rows[body["duty"]]
        kind = kinds().get(row.kind)
        return DutyNow(
            kind.label.say(locale) if kind else row.kind,
            row.due_on,
            "" if row.state is DutyState.OPEN else row.state.value,
        )


def said_of(held: Held, missed: int) -> dict[str, Any]:
    """Return what a notice of a duty needs; ``missed`` steps went before it untold."""
    return {
        "duty": held.id, "key": held.key, "missed": missed, **about(held.title, held.link),
    }  # fmt: skip


def about(title: Wording, link: str) -> dict[str, Any]:
    """Return what the body of a notice holds that is about no case."""
    return {"title": {"zh": title.zh, "en": title.en}, "link": link}


def said(
    body: Mapping[str, Any], place: str, duty: DutyNow | None, at: datetime, locale: Locale
) -> Said:
    """Return what may be said of a notice that is about no case but about ``place``."""
    late = days_late(duty.due_on, china_day(at)) if duty else 0
    return Said(
        number="", unit=place, category=duty.kind if duty else "", description="", level="",
        stage="", holder="", due=duty.due_on.isoformat() if duty else "", days_late=late,
        late=late > 0, words=str(body.get("text", "")), order="", term="",
        missed=int(body.get("missed", 0)), title=Wording(**body["title"]).say(locale),
        link=body["link"],
    )  # fmt: skip


def read_duties(connection: Connection, notices: Iterable[tuple[str, str]]) -> Duties:
    """Return the duties of ``notices``, (kind, body) each; other kinds are passed over."""
    wanted = {json.loads(body)["duty"] for kind, body in notices if kind == NOTICE}
    if not wanted:
        return Duties({})
    rows = connection.execute(_DUTIES, {"duties": list(wanted)})
    return Duties({row.id: row for row in rows})
