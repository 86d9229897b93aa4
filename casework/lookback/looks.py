"""A look-back as it stands, held while an act on it is decided, written and chained."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, bindparam, func, insert, or_, select, update

from casework.errors import NotFound, Refused
from casework.events import Door, Happening
from casework.forms import LONGEST_NAME, clean
from casework.lookback.office_roles import roles_in_lookbacks
from casework.people import find_actor
from casework.records import START, Entry, Subject, write_record
from models.tables import LOOKBACK_INSPECTORS, LOOKBACK_STRATA, LOOKBACK_VISITS, LOOKBACKS
from rules.access import ENGINE, Actor, Role
from rules.decisions import Refusal
from rules.lookback.acts import LookbackAct, Standing, decide_look, state_after
from rules.lookback.plan import LookbackPlan, read_plan
from rules.lookback.verdict import Decision
from rules.wording import Wording

SUBJECT = "lookback"
_FIND = select(LOOKBACKS).where(LOOKBACKS.c.number == bindparam("number"))


class Hand(NamedTuple):
    """Who acts on a look-back (None: the engine), when, through which door."""

    by: str | None
    at: datetime
    door: Door


@dataclass(slots=True)
class Look:
    """A look-back's row, who acts on it and in which role, and where its history stands."""

    row: Row[Any]
    actor: Actor
    role: Role
    hand: Hand
    last: Entry

    @property
    def id(self) -> int:
        found: int = self.row.id
        return found

    @property
    def number(self) -> str:
        found: str = self.row.number
        return found

    @property
    def plan(self) -> LookbackPlan:
        return read_plan(self.row.plan)

    @property
    def subject(self) -> Subject:
        return Subject(SUBJECT, self.id, self.number)

    def happening(
        self, act: LookbackAct, body: Mapping[str, Any], private: Mapping[str, str] | None = None
    ) -> Happening:
        hand = self.hand
        return Happening(
            act.value, self.actor.id, self.role.value, hand.door, hand.at, body, private or {}
        )


def find_look(connection: Connection, number: str, *, to_act: bool = False) -> Row[Any]:
    """Return the look-back called ``number``; raise NotFound or Invalid.

    ``to_act`` holds its row until the transaction ends: of two who act one waits, and then
    decides on what the other left.
    """
    called = clean(number, where="number", longest=LONGEST_NAME)
    statement = _FIND.with_for_update() if to_act else _FIND
    row = connection.execute(statement, {"number": called}).first()
    if row is None:
        raise no_such_look(called)
    return row


def no_such_look(number: str) -> NotFound:
    """Say that there is none; also to whoever must not learn that there is."""
    return NotFound(
        Wording(f"没有编号为 {number} 的回头看", f"there is no look-back {number}"),
        remedy=Wording("可用 bihuan lookback list 查看。", "See `bihuan lookback list`."),
        where="number",
    )


def hold(connection: Connection, number: str, act: LookbackAct, hand: Hand) -> Look:
    """Return a look-back held for ``act``; raise Refused with the rule's wording, NotFound."""
    row = find_look(connection, number, to_act=True)
    actor = acting(connection, hand)
    standing = _standing(connection, row, act, actor)
    role = allowed(act, standing, actor, where=row.number)
    return Look(row, actor, role, hand, Entry(row.seq, row.head))


def acting(connection: Connection, hand: Hand) -> Actor:
    return ENGINE if hand.by is None else find_actor(connection, hand.by)


def allowed(act: LookbackAct, standing: Standing, actor: Actor, *, where: str = "") -> Role:
    """Return the role ``act`` is done in; raise Refused."""
    decided = decide_look(act, standing, roles_in_lookbacks(actor))
    if isinstance(decided, Refusal):
        raise Refused(decided.wording, remedy=decided.remedy, where=where)
    return decided


def open_look(connection: Connection, happening: Happening, columns: Mapping[str, Any]) -> Entry:
    """Write a new look-back with the first event of its history."""
    subject = Subject(SUBJECT, columns["id"], columns["number"])
    # The event stands on nothing that the row holds; the row holds where the history stands.
    entry = write_record(connection, subject, happening, START)
    connection.execute(insert(LOOKBACKS), {**columns, "seq": entry.seq, "head": entry.hash})
    return entry


def write(
    connection: Connection,
    look: Look,
    act: LookbackAct,
    body: Mapping[str, Any],
    columns: Mapping[str, Any] | None = None,
    *,
    private: Mapping[str, str] | None = None,
) -> Entry:
    """Append an act to the history, and change the look-back's row with it."""
    entry = write_record(connection, look.subject, look.happening(act, body, private), look.last)
    look.last = entry
    state = state_after(act, look.row.state)
    connection.execute(
        update(LOOKBACKS)
        .where(LOOKBACKS.c.id == look.id)
        .values(**(columns or {}), state=state, seq=entry.seq, head=entry.hash)
    )
    return entry


def _standing(connection: Connection, row: Row[Any], act: LookbackAct, actor: Actor) -> Standing:
    published = row.published_at is not None
    if act is not LookbackAct.CLOSE:
        return Standing(row.state, published=published, mine=_inspects(connection, row.id, actor))
    visits, strata = LOOKBACK_VISITS.c, LOOKBACK_STRATA.c
    unfinished = select(func.count()).where(visits.lookback_id == row.id, visits.finding.is_(None))
    undecided = or_(strata.decision.is_(None), strata.decision == Decision.OPEN)
    open_strata = select(func.count()).where(strata.lookback_id == row.id, undecided)
    return Standing(
        row.state,
        unfinished=connection.execute(unfinished).scalar_one(),
        open_strata=connection.execute(open_strata).scalar_one(),
        published=published,
    )


def _inspects(connection: Connection, look: int, actor: Actor) -> bool:
    """Whether the actor inspects anything in it; ``recording`` asks for the visit itself."""
    mine = select(LOOKBACK_INSPECTORS.c.case_id).where(
        LOOKBACK_INSPECTORS.c.lookback_id == look, LOOKBACK_INSPECTORS.c.person_id == actor.id
    )
    return connection.execute(mine.limit(1)).first() is not None
