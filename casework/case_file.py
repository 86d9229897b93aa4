"""The case file 一案一档: everything about one case, in the order it happened."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, Table, bindparam, select, text

from casework.answers import receipt
from casework.cases import Stored, find_case, no_such_case
from casework.moves import bounds_of
from casework.office import Office
from casework.people import find_actor, names_of
from casework.proving.under import Under, sealed_under
from models.tables import (
    CASES,
    CLOCKS,
    EVENTS,
    EVIDENCE,
    ORDERS,
    ORGANISATIONS,
    PLANS,
    PRIVATE_VALUES,
)
from notifications.sentences import tell
from rules.access import Actor, Verb
from rules.deadlines import days_late
from rules.lifecycle import Offer, available
from rules.proof import GENESIS, Sealed, first_break
from rules.wording import Wording


@dataclass(frozen=True, slots=True)
class CaseFile:
    """``history`` holds each event with its sentence; ``broken_at`` is the first event that does
    not follow from those before it, or is missing at the end (None: the chain holds up to what the
    case says); ``offers`` what the reader may do; ``sealed`` how much of it is under which head.
    """

    case: Mapping[str, Any]
    history: Sequence[Mapping[str, Any]]
    clocks: Sequence[Mapping[str, Any]]
    plans: Sequence[Mapping[str, Any]]
    evidence: Sequence[Mapping[str, Any]]
    orders: Sequence[Mapping[str, Any]]
    offers: Sequence[Offer]
    receipt: str
    broken_at: int | None
    sealed: Under

    def plain(self) -> dict[str, Any]:
        return asdict(self)


_CLUSTERS = ORGANISATIONS.alias("cluster")
_CASE = (
    select(CASES, ORGANISATIONS.c.name.label("unit"), _CLUSTERS.c.name.label("cluster"))
    .join(ORGANISATIONS, ORGANISATIONS.c.id == CASES.c.unit_id)
    .outerjoin(_CLUSTERS, _CLUSTERS.c.id == CASES.c.cluster_id)
    .where(CASES.c.id == bindparam("case"))
)


def _of_case(table: Table, *order: str) -> Select[Any]:
    columns = (table.c[name] for name in order)
    return select(table).where(table.c.case_id == bindparam("case")).order_by(*columns)


_EVENTS = _of_case(EVENTS, "seq")
_CLOCKS = _of_case(CLOCKS, "no")
_PLANS = _of_case(PLANS, "no")
_EVIDENCE = _of_case(EVIDENCE, "id")
_ORDERS = _of_case(ORDERS, "id")
_PRIVATE = _of_case(PRIVATE_VALUES, "seq")


def open_case_file(office: Office, number: str, *, by: str, as_of: datetime) -> CaseFile:
    """Return everything about a case to somebody who may see it; raise NotFound otherwise.

    What lies outside a person's reach is not found, so that numbers tell nothing.
    """
    with office.reading() as connection:
        _see_one_moment(connection)
        stored = find_case(connection, number)
        actor = find_actor(connection, by)
        if not actor.may(Verb.VIEW, stored.unit_path):
            raise no_such_case(number)
        return _compile(office, connection, stored, actor, as_of)


def offers_for(office: Office, number: str, *, by: str, as_of: datetime) -> Sequence[Offer]:
    """Return what the person with the code ``by`` may do to a case now."""
    return open_case_file(office, number, by=by, as_of=as_of).offers


def _see_one_moment(connection: Connection) -> None:
    """Let every query see the same; on PostgreSQL a move between two would look like a break."""
    if connection.dialect.name == "postgresql":
        connection.execute(_ONE_MOMENT)


_ONE_MOMENT = text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")


def _compile(
    office: Office, connection: Connection, stored: Stored, actor: Actor, as_of: datetime
) -> CaseFile:
    values = {"case": stored.id}
    case = _rows(connection, _CASE, values)[0]
    events = _rows(connection, _EVENTS, values)
    private = _rows(connection, _PRIVATE, values)
    names = names_of(connection, [row["actor_id"] for row in events])
    book = office.rulebooks.at(connection, as_of, stored.stamps)
    return CaseFile(
        case | {"days_late": days_late(stored.due_at, as_of) if stored.due_at else 0},
        [_told(row, names, private) for row in events],
        _rows(connection, _CLOCKS, values),
        _rows(connection, _PLANS, values),
        _rows(connection, _EVIDENCE, values),
        _rows(connection, _ORDERS, values),
        available(
            stored.facts,
            by=actor.id,
            roles=actor.roles_over(stored.unit_path),
            bounds=bounds_of(stored.facts, stored.due_at, book, as_of),
        ),
        receipt(stored.number, stored.seq, stored.head),
        _broken_at(stored, events),
        sealed_under(connection, stored.id),
    )


def _rows(
    connection: Connection, statement: Select[Any], values: Mapping[str, int]
) -> list[dict[str, Any]]:
    return [dict(row) for row in connection.execute(statement, values).mappings()]


def _told(
    row: Mapping[str, Any], names: Mapping[int, str], private: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    who = names.get(row["actor_id"], "")
    body, sentence = _read(row, who)
    personal = {each["field"]: each["value"] for each in private if each["seq"] == row["seq"]}
    return {
        "seq": row["seq"], "at": row["at"], "kind": row["kind"], "who": who, "role": row["role"],
        "door": row["door"], "zh": sentence.zh, "en": sentence.en, "body": body | personal,
        "hash": row["hash"],
    }  # fmt: skip


def _read(row: Mapping[str, Any], who: str) -> tuple[dict[str, Any], Wording]:
    """Return an event's body and its sentence; what was tampered with need not be readable."""
    try:
        body = dict(json.loads(row["body"]))
        return body, tell(row["kind"], row["role"], body, who)
    except (AttributeError, KeyError, TypeError, ValueError):
        return {}, _UNREADABLE


_UNREADABLE = Wording("此条记录已无法读取", "this record can no longer be read")


def _broken_at(stored: Stored, events: Sequence[Mapping[str, Any]]) -> int | None:
    broken = first_break((_sealed(stored.number, row), row["hash"]) for row in events)
    end = (len(events), events[-1]["hash"] if events else GENESIS)
    if broken is None and end != (stored.seq, stored.head):
        return min(len(events), stored.seq) + 1
    return broken


def _sealed(number: str, row: Mapping[str, Any]) -> Sealed:
    return Sealed(
        number, row["seq"], row["at"], row["kind"], row["actor_id"], row["role"], row["door"],
        row["body"], row["previous"], row["algorithm"],
    )  # fmt: skip
