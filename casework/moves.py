"""Move a case: the rules decide; state, history, clock and answer are written together."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import Connection

from casework import attachments, idempotency, orders, plans
from casework.answers import Moved
from casework.attachments import Attachment
from casework.cases import Stored, find_case
from casework.clocks import clock_after
from casework.errors import Conflict, Refused
from casework.events import Door
from casework.forms import clean, read_form
from casework.handing import Handed, hand_over
from casework.office import Office
from casework.people import find_actor, find_unit
from casework.recent import what_happened_since
from casework.rulebook import Rulebook
from casework.telling import Errand, Started, tell_move
from casework.writer import Place, change_case
from models import Place as PlaceKind
from rules.access import ENGINE
from rules.actions import Action, Given
from rules.case import Bounds, Facts, State
from rules.consequences import evolve
from rules.deadlines import Limit, Stage, due, is_overdue
from rules.decisions import Filled, Move, Refusal
from rules.lifecycle import decide
from rules.wording import Wording
from rules.workdays import china_day, day_due


def move(
    office: Office,
    number: str,
    action: Action,
    typed: Mapping[str, str] | None = None,
    *,
    by: str | None,
    at: datetime,
    door: Door,
    key: str | None = None,
    seen: int | None = None,
    files: Sequence[Attachment] = (),
) -> Moved:
    """Do ``action`` to a case, as the person with the code ``by`` (None: the engine).

    ``typed`` holds the fields of the action as text; ``seen`` the number of events the mover
    knew of. Raise Invalid for a field, Refused with the rule's wording, Conflict with what
    happened meanwhile, NotFound. Nothing is written unless Moved is returned.
    """
    given = read_form(action, typed or {})
    request = _request(number, action, typed or {}, by, files) if key else ""
    with office.writing() as connection:
        if key and (answer := idempotency.recall(connection, key, request, at)):
            return Moved(**answer).again()
        actor = ENGINE if by is None else find_actor(connection, by)
        stored = find_case(connection, number, to_move=True)
        if seen is not None and seen != stored.seq:
            raise overtaken(connection, stored, seen)
        book = office.rulebooks.at(connection, at, stored.stamps)
        errand = Errand(actor, at, door, files)
        moved = carry_out(connection, stored, action, given, errand, book)
        if key:
            idempotency.keep(connection, key, moved.plain())
    return moved


def bounds_of(facts: Facts, due_at: datetime | None, book: Rulebook, at: datetime) -> Bounds:
    """Return what clock and policy say about a case at a moment.

    ``extension.longest`` bounds each extension from the due day that it replaces, not all together.
    """
    today = china_day(at)
    running = due_at if facts.stage is Stage.RECTIFICATION else None
    longest = book.policy.extension.longest.limit
    return Bounds(
        today,
        overdue=running is not None and is_overdue(running, at),
        due_day=day_due(running) if running else None,
        latest_deadline=day_due(due(at, book.policy.longest_plan(facts.level), book.calendar).at),
        latest_extension=_days_after(running, longest, book) if running else None,
        most_extensions=book.policy.extension.most.count,
    )


def _days_after(due_at: datetime, longest: Limit, book: Rulebook) -> date:
    """Return the day ``longest`` after the due day, which ends an instant before ``due_at``."""
    return day_due(due(due_at - datetime.resolution, longest, book.calendar).at)


def foresee(
    connection: Connection,
    stored: Stored,
    action: Action,
    given: Filled,
    errand: Errand,
    book: Rulebook,
) -> Facts:
    """Return the facts a move would leave, writing nothing; raise Refused as ``move`` does."""
    decision = _decide(connection, stored, action, given, errand, book)
    _place_after(connection, stored, decision)
    return evolve(stored.facts, decision)


def carry_out(
    connection: Connection,
    stored: Stored,
    action: Action,
    given: Filled,
    errand: Errand,
    book: Rulebook,
) -> Moved:
    """Do a move inside a transaction that holds ``stored``; raise Refused as ``move`` does."""
    decision = _decide(connection, stored, action, given, errand, book)
    facts = evolve(stored.facts, decision)
    place = _place_after(connection, stored, decision)
    clock = clock_after(connection, stored, facts, decision, book, errand.at)
    order = orders.draft_order(connection, decision, facts, book, errand.at)
    happening = tell_move(stored, facts, decision, place, Started(clock, order), errand)
    written = change_case(
        connection,
        stored,
        facts,
        happening,
        place=place,
        clock=clock,
        closed_at=_closed_at(stored, facts, errand.at),
    )
    plans.keep_up(connection, stored.id, decision, errand.at)
    orders.keep_up(connection, stored.id, decision, order, errand.at)
    running = clock.no if clock else stored.clock_no
    hand_over(connection, Handed(stored, facts, decision, place, running), written)
    attachments.keep(connection, stored.id, facts.cycle, errand.files, by=decision.by, at=errand.at)
    due_at = clock.due_at if clock else (stored.due_at if facts.stage else None)
    return Moved.of(
        stored.number, action, facts, due_at=due_at, seq=stored.seq + 1, head=written.hash
    )


def _decide(
    connection: Connection,
    stored: Stored,
    action: Action,
    given: Filled,
    errand: Errand,
    book: Rulebook,
) -> Move:
    shown = len(errand.files)
    decision = decide(
        stored.facts,
        action,
        by=errand.actor.id,
        roles=errand.actor.roles_over(stored.unit_path),
        given={**given, Given.EVIDENCE: shown} if shown else given,
        bounds=bounds_of(stored.facts, stored.due_at, book, errand.at),
    )
    if isinstance(decision, Refusal):
        raise _refused(connection, stored, decision)
    return decision


def _request(
    number: str,
    action: Action,
    typed: Mapping[str, str],
    by: str | None,
    files: Sequence[Attachment],
) -> str:
    return idempotency.request_digest(
        {
            "number": clean(number, where="number"),
            "action": action.value,
            "typed": dict(typed),
            "by": by and clean(by, where="--as"),
            "files": [each.stored.sha256 for each in files],
        }
    )


def overtaken(connection: Connection, stored: Stored, seen: int) -> Conflict:
    """Return what happened to a case since somebody saw it."""
    happened = what_happened_since(connection, stored.id, min(seen, stored.seq - 1))
    return Conflict(
        Wording(
            f"您查看之后案件已变动：{happened.zh}",
            f"the case moved since you looked: {happened.en}",
        ),
        remedy=Wording("请重新查看后再办理。", "Look at it again before you act."),
        where=stored.number,
    )


def _refused(connection: Connection, stored: Stored, refusal: Refusal) -> Refused:
    """Say no with the rule's wording, and with what last happened to the case."""
    last = what_happened_since(connection, stored.id, stored.seq - 1)
    remedy = refusal.remedy
    if refusal.field is None:
        remedy = Wording(f"{remedy.zh}最近：{last.zh}", f"{remedy.en} Latest: {last.en}".strip())
    return Refused(refusal.wording, remedy=remedy, where=refusal.field or stored.number)


def _place_after(connection: Connection, stored: Stored, move_: Move) -> Place:
    given = move_.given
    if move_.action is Action.TRANSFER:
        unit = find_unit(connection, given[Given.UNIT])
        if unit.kind is not PlaceKind.UNIT:
            raise Refused(
                Wording(f"“{unit.name}”不是责任单位", f"{unit.name} is not a responsible unit"),
                remedy=Wording("请填学校或其他责任单位。", "Give a school or other unit."),
                where=Given.UNIT,
            )
        if unit.id == stored.unit_id:
            raise Refused(
                Wording(f"案件已在“{unit.name}”", f"the case is with {unit.name} already"),
                remedy=Wording("请填另一单位。", "Give another unit."),
                where=Given.UNIT,
            )
        return Place(unit.id, unit.cluster_id, "", "")
    if move_.action is Action.ASSIGN:
        department = given.get(Given.DEPARTMENT, stored.department)
        return Place(stored.unit_id, stored.cluster_id, department, given[Given.OWNER])
    return Place(stored.unit_id, stored.cluster_id, stored.department, stored.owner)


def _closed_at(stored: Stored, facts: Facts, at: datetime) -> datetime | None:
    if facts.state is not State.CLOSED:
        return None
    return stored.closed_at or at
