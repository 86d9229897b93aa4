"""Report a hazard: a new case with its number, first clock and first event."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import Connection, bindparam, select

from casework import attachments, idempotency
from casework.answers import Moved
from casework.attachments import Attachment
from casework.errors import Invalid, Refused
from casework.events import Door, plain
from casework.intake import Arrival, Intake, Report, check_report, fingerprint, new_cases
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
from rules.moves import TABLE
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
    request = _request(told, by, files)
    with office.writing() as connection:
        if key and (answer := idempotency.recall(connection, key, request)):
            return Moved(**answer).again()
        actor = find_actor(connection, by)
        unit = find_unit(connection, told.unit)
        book = office.rulebooks.at(connection, at)
        checked = check_report(told, book, today=china_day(at))
        role = require_reporter(actor, unit, china_day(at))
        if not again:
            _refuse_duplicate(connection, unit, told)
        intake = Intake(book, actor.id, at, door)
        case, *_ = new_cases(connection, intake, [Arrival(unit, checked, role, files)])
        written, *_ = open_cases(connection, [case])
        attachments.keep(connection, case.id, 1, files, by=actor.id, at=at)
        moved = Moved.of(
            case.number, Action.REPORT, case.facts,
            due_at=case.clock.due_at, seq=1, head=written.hash,
        )  # fmt: skip
        if key:
            idempotency.keep(connection, key, request, moved.plain(), at)
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
    return min(roles & TABLE[Action.REPORT].ordinary)


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
                f"该单位已上报过同样的隐患,见 {number}",
                f"the unit has this hazard open already, see {number}",
            ),
            remedy=Wording(
                "如确是另一处,请加 --again 再报。", "If it is another one, report with --again."
            ),
            where="description",
        )


def _request(told: Report, by: str, files: Sequence[Attachment]) -> str:
    return idempotency.request_digest(
        {
            "told": {name: plain(value) for name, value in told._asdict().items()},
            "by": by,
            "files": [each.stored.sha256 for each in files],
        }
    )
