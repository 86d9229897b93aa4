"""A case as it was at a moment, folded from its events; and who knew of it by then."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, select

from casework.answers import receipt
from casework.auditing.sight import Seen, fold_events, see_case
from casework.office import Office
from casework.people import names_of
from models.tables import CASES, NOTICES, ORGANISATIONS, PEOPLE, PRIVATE_VALUES
from rules.actions import Action, Given
from rules.deadlines import days_late, is_overdue
from rules.folding import Term, Was

_ABOVE = ORGANISATIONS.alias("above")
_PLACE = select(ORGANISATIONS.c.name, _ABOVE.c.name.label("cluster")).outerjoin(
    _ABOVE, _ABOVE.c.id == ORGANISATIONS.c.parent_id
)
_HAZARD = select(
    CASES.c.category, CASES.c.description, CASES.c.location, CASES.c.found_on, CASES.c.reported_at
).where(CASES.c.id == bindparam("case"))
_NOTICES = (
    select(
        PEOPLE.c.code, PEOPLE.c.name, NOTICES.c.kind, NOTICES.c.clock_no, NOTICES.c.owed_at,
        NOTICES.c.sent_at, NOTICES.c.acknowledged_at, NOTICES.c.receipt,
    )
    .join(PEOPLE, PEOPLE.c.id == NOTICES.c.person_id)
    .where(NOTICES.c.case_id == bindparam("case"), NOTICES.c.owed_at <= bindparam("until"))
    .order_by(NOTICES.c.id)
)  # fmt: skip
_OWNERS = select(PRIVATE_VALUES.c.seq, PRIVATE_VALUES.c.value).where(
    PRIVATE_VALUES.c.case_id == bindparam("case"), PRIVATE_VALUES.c.field == Given.OWNER.value
)


@dataclass(frozen=True, slots=True)
class CaseAsOf:
    """A case at ``moment``; ``case`` is None when it was not yet reported.

    ``terms`` are its clocks so far, each saying whether it had run over by then; ``knew`` who had
    been told or had said that they know, ``receipt`` that of the last event counted.
    """

    number: str
    moment: datetime
    case: Mapping[str, Any] | None
    terms: Sequence[Mapping[str, Any]] = ()
    knew: Sequence[Mapping[str, Any]] = ()
    receipt: str = ""

    def plain(self) -> dict[str, Any]:
        return asdict(self)


def case_as_of(office: Office, number: str, moment: datetime, *, by: str) -> CaseAsOf:
    """Return the case as it was at ``moment``, to somebody who may see it now.

    Raise NotFound, or Invalid for a history that cannot be read.
    """
    with office.auditing() as connection:
        seen = see_case(connection, number, by)
        was = fold_events(number, seen.events, moment)
        if was is None:
            return CaseAsOf(seen.stored.number, moment, None)
        last = seen.events[was.seq - 1]
        return CaseAsOf(
            seen.stored.number, moment, _case(connection, seen, was, moment),
            [_term(each, moment) for each in was.terms],
            _who_knew(connection, seen.stored.id, moment),
            receipt(seen.stored.number, was.seq, last["hash"]),
        )  # fmt: skip


def _case(connection: Connection, seen: Seen, was: Was, moment: datetime) -> dict[str, Any]:
    facts, stored = was.facts, seen.stored
    hazard = connection.execute(_HAZARD, {"case": stored.id}).mappings().one()
    people = (facts.plan_author, facts.verified_by, facts.extension_asked_by, *facts.hands)
    names = names_of(connection, people)
    return {
        **hazard, **_place(connection, was), "department": was.department,
        "owner": _owner(connection, seen, was.seq),
        "state": facts.state, "claimed": facts.claimed, "voided": facts.voided,
        "level": facts.level, "listed": facts.listed, "cycle": facts.cycle,
        "extensions": facts.extensions, "after_evidence": facts.after_evidence,
        "plan_deadline": facts.plan_deadline,
        "plan_author": names.get(facts.plan_author or 0, ""),
        "verified_by": names.get(facts.verified_by or 0, ""),
        "extension_asked_by": names.get(facts.extension_asked_by or 0, ""),
        "hands": sorted(names[each] for each in facts.hands if each in names),
        "stage": facts.stage, "holder": facts.holder, "due_at": was.due_at,
        "overdue": was.overdue(moment), "days_late": was.days_late(moment),
        "ever_overdue": bool(was.late_terms(moment)),
        "closed_at": was.closed_at, "seq": was.seq, "last_event_at": was.at,
    }  # fmt: skip


def _place(connection: Connection, was: Was) -> dict[str, str]:
    """Return where the case lay. A unit that has since been given another code has no name."""
    units = ORGANISATIONS.c
    lay = units.id == was.unit_id if was.unit_id is not None else units.code == was.unit
    row = connection.execute(_PLACE.where(lay)).first()
    return {"unit": row.name, "cluster": row.cluster} if row else {"unit": was.unit, "cluster": ""}


def _owner(connection: Connection, seen: Seen, until: int) -> str:
    """Return whose the case was: as reported or last assigned, nobody's after a transfer."""
    owners = dict(connection.execute(_OWNERS, {"case": seen.stored.id}).tuples().all())
    owner = ""
    for event in seen.events[:until]:
        if event["kind"] == Action.TRANSFER:
            owner = ""
        owner = owners.get(event["seq"], owner)
    return owner


def _term(term: Term, moment: datetime) -> dict[str, Any]:
    return {
        "no": term.no, "cycle": term.cycle, "stage": term.stage, "holder": term.holder,
        "since": term.since, "due_at": term.due_at, "limit": term.limit, "cause": term.cause,
        "estimated": term.estimated, "stopped_at": term.stopped_at,
        "late": term.was_late(moment),
        "days_late": days_late(term.due_at, term.stopped_at or moment),
        "running": term.stopped_at is None,
        "overdue": term.stopped_at is None and is_overdue(term.due_at, moment),
    }  # fmt: skip


def _who_knew(connection: Connection, case: int, moment: datetime) -> list[dict[str, Any]]:
    """Return the notices owed by then: when each was sent and acknowledged, if it was by then."""
    told = connection.execute(_NOTICES, {"case": case, "until": moment}).mappings()
    return [
        {**row, "sent_at": _by(row["sent_at"], moment),
         "acknowledged_at": _by(row["acknowledged_at"], moment)}
        for row in told
    ]  # fmt: skip


def _by(at: datetime | None, moment: datetime) -> datetime | None:
    return at if at and at <= moment else None
