"""Report a hazard: a new case with its number, first clock and first event."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, bindparam, select

from casework import attachments, idempotency
from casework.answers import Moved
from casework.attachments import Attachment
from casework.errors import Invalid, Refused
from casework.events import Door, plain
from casework.forms import LONGEST_NAME, clean
from casework.handing import New, hand_in
from casework.intake import (
    LONGEST_DESCRIPTION,
    Arrival,
    Intake,
    Report,
    check_report,
    fingerprint,
    new_cases,
)
from casework.office import Office
from casework.people import Unit, find_actor, find_unit
from casework.writer import open_cases
from models import Place as PlaceKind
from models.tables import CASES
from rules.access import Actor, Role
from rules.actions import Action
from rules.case import Bounds, Facts, State
from rules.decisions import Refusal
from rules.lifecycle import decide
from rules.wording import Wording
from rules.workdays import china_day

__all__ = ["Report", "report", "require_reporter"]


def report(
    office: Office,
    told: Report,
    *,
    by: str,
    at: datetime,
    door: Door,
    key: str | None = None,
    files: Sequence[Attachment] = (),
    again: bool = False,
) -> Moved:
    """Open a case for a hazard, as the person with the code ``by``.

    Raise Refused when the person may not report there, or when an open case tells the same of
    the same unit (``again`` reports it all the same); Invalid for a field; NotFound for the unit.
    """
    told = _cleaned(told, china_day(at))
    request = _request(told, by, files) if key else ""
    with office.writing() as connection:
        if key and (answer := idempotency.recall(connection, key, request, at)):
            return Moved(**answer).again()
        actor = find_actor(connection, by)
        unit = find_unit(connection, told.unit)
        book = office.rulebooks.at(connection, at)
        checked = check_report(told, book, today=china_day(at))
        role = require_reporter(actor, unit, china_day(at))
        intake = Intake(book, actor.id, at, door)
        case, *_ = new_cases(connection, intake, [Arrival(unit, checked, role, files)])
        if not again:
            # Only now: whoever tells the same at once waits until our number is given out.
            _refuse_duplicate(connection, unit, told)
        written, *_ = open_cases(connection, [case])
        hand_in(connection, [New(case, unit.path, written)], case.happening.at)
        attachments.keep(connection, case.id, 1, files, by=actor.id, at=at)
        moved = Moved.of(
            case.number, Action.REPORT, case.facts,
            due_at=case.clock.due_at, seq=1, head=written.hash,
        )  # fmt: skip
        if key:
            idempotency.keep(connection, key, moved.plain())
    return moved


def require_reporter(actor: Actor, unit: Unit, today: date) -> Role:
    """Return the role in which ``actor`` may report at ``unit``; raise Refused."""
    roles = actor.roles_over(unit.path)
    decision = decide(
        Facts(state=None), Action.REPORT, by=actor.id, roles=roles, given={}, bounds=Bounds(today)
    )
    if isinstance(decision, Refusal):
        raise Refused(decision.wording, remedy=decision.remedy, where=unit.name)
    if unit.kind is not PlaceKind.UNIT:
        raise Invalid(
            Wording(f"“{unit.name}”不是责任单位", f"{unit.name} is not a responsible unit"),
            remedy=Wording("请填学校或其他责任单位。", "Give a school or other unit."),
            where="unit",
        )
    return decision.role


_LONGEST = {
    "unit": LONGEST_NAME, "category": LONGEST_NAME, "description": LONGEST_DESCRIPTION,
    "location": LONGEST_NAME, "measure": LONGEST_DESCRIPTION, "department": LONGEST_NAME,
    "owner": LONGEST_NAME, "source": 500,
}  # fmt: skip


def _cleaned(told: Report, today: date) -> Report:
    """Return the report as it will be stored; raise Invalid naming the field."""
    if told.deadline_asked and told.deadline_asked < today:
        raise Invalid(
            Wording(
                f"期限 {told.deadline_asked} 早于今天", f"{told.deadline_asked} is in the past"
            ),
            remedy=Wording("请填今天或以后的日期。", "Give today or a later date."),
            where="deadline_asked",
        )
    texts: dict[str, Any] = {
        name: clean(getattr(told, name), where=name, longest=longest)
        for name, longest in _LONGEST.items()
    }
    return told._replace(**texts)


_SAME = (
    select(CASES.c.number)
    .where(CASES.c.fingerprint == bindparam("print"), CASES.c.state != State.CLOSED)
    .limit(1)
)


def _refuse_duplicate(connection: Connection, unit: Unit, told: Report) -> None:
    same = fingerprint(unit.id, told.location, told.description)
    number = connection.execute(_SAME, {"print": same}).scalar()
    if number:
        raise Refused(
            Wording(
                f"该单位已上报过同样的隐患，见 {number}",
                f"the unit has this hazard open already, see {number}",
            ),
            remedy=Wording(
                "如确是另一处，请加 --again 再报。", "If it is another one, report with --again."
            ),
            where="description",
        )


def _request(told: Report, by: str, files: Sequence[Attachment]) -> str:
    return idempotency.request_digest(
        {
            "told": {name: plain(value) for name, value in told._asdict().items()},
            "by": clean(by, where="--as"),
            "files": [each.stored.sha256 for each in files],
        }
    )
