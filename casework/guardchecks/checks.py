"""A check as it stands, held while an act on it is decided, written and chained."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, select, update

from casework.errors import NotFound, Refused
from casework.events import Door, Happening
from casework.forms import LONGEST_NAME, clean
from casework.people import find_actor
from casework.records import Entry, Subject, write_record
from models import Place
from models.tables import GUARD_CHECKS, ORGANISATIONS
from rules.access import ENGINE, PERMITS, Actor, Role, Verb
from rules.guardchecks.acts import MAY_HOLD, CheckAct, CheckState
from rules.wording import Wording

SUBJECT = "guard_check"
_CHECKS = GUARD_CHECKS.c


class Hand(NamedTuple):
    """Who acts (None: the engine), when, through which door."""

    by: str | None
    at: datetime
    door: Door


class Check:
    """A check's row, who acts and in which role, and where its history stands."""

    def __init__(self, row: Row[Any], actor: Actor, role: Role, hand: Hand) -> None:
        self.row, self.actor, self.role, self.hand = row, actor, role, hand
        self.last = Entry(row.seq, row.head)

    @property
    def id(self) -> int:
        found: int = self.row.id
        return found

    @property
    def number(self) -> str:
        found: str = self.row.number
        return found


def find_check(connection: Connection, number: str, *, to_act: bool = False) -> Row[Any]:
    """Return the check with this number or of this period; raise NotFound or Invalid.

    ``to_act`` holds its row until the transaction ends.
    """
    called = clean(number, where="number", longest=LONGEST_NAME)
    wanted = select(GUARD_CHECKS).where((_CHECKS.number == called) | (_CHECKS.period == called))
    row = connection.execute(wanted.with_for_update() if to_act else wanted).first()
    if row is None:
        raise NotFound(
            Wording(f"没有保安抽查 {called}", f"there is no check of guards {called}"),
            remedy=Wording("可用 bihuan guard-check list 查看。", "See `bihuan guard-check list`."),
            where="number",
        )
    return row


def acting(connection: Connection, hand: Hand) -> Actor:
    return ENGINE if hand.by is None else find_actor(connection, hand.by)


def holder_role(connection: Connection, hand: Hand) -> tuple[Actor, Role]:
    """Return who acts and in which role a check is held; raise Refused."""
    actor = acting(connection, hand)
    if hand.by is None:
        return actor, Role.LADDER
    root = _root(connection).path
    roles = {grant.role for grant in actor.grants if grant.path == root} & MAY_HOLD
    if not roles:
        raise Refused(
            Wording("您无权组织保安抽查", "you may not hold a check of guards"),
            remedy=Wording("须由专委会或管理员办理。", "It takes the committee or an admin."),
            where="number",
        )
    return actor, min(roles)


def require_overseer(actor: Actor) -> None:
    """Raise Refused for whoever may not know who was drawn."""
    if not any(grant.role in PERMITS[Verb.CHECK_GUARDS] for grant in actor.grants):
        raise Refused(
            Wording("您无权查看保安抽查", "you may not see checks of guards"),
            remedy=Wording("抽中名单事先不告知学校。", "Schools do not know who was drawn."),
            where="number",
        )


def hold(connection: Connection, number: str, state: CheckState, hand: Hand) -> Check:
    """Return the check held for an act of its holders; raise Refused unless it is in ``state``."""
    actor, role = holder_role(connection, hand)
    row = find_check(connection, number, to_act=True)
    require_state(row, state)
    return Check(row, actor, role, hand)


def require_state(row: Row[Any], state: CheckState) -> None:
    if row.state is not state:
        said = row.state.label
        raise Refused(
            Wording(f"{row.number} {said.zh}，不能这样办理", f"{row.number} is {said.en}"),
            remedy=Wording(
                f"须在“{state.label.zh}”时办理。", f"It takes one that is {state.label.en}."
            ),
            where=row.number,
        )


def write(
    connection: Connection,
    check: Check,
    act: CheckAct,
    body: Mapping[str, Any],
    columns: Mapping[str, Any] | None = None,
    *,
    private: Mapping[str, str] | None = None,
) -> Entry:
    """Append an act to the history, and change the check's row with it."""
    subject = Subject(SUBJECT, check.id, check.number)
    hand = check.hand
    happening = Happening(
        act.value, check.actor.id, check.role.value, hand.door, hand.at, body, private or {}
    )
    check.last = write_record(connection, subject, happening, check.last)
    changed = {**(columns or {}), "seq": check.last.seq, "head": check.last.hash}
    connection.execute(update(GUARD_CHECKS).where(_CHECKS.id == check.id).values(**changed))
    return check.last


def receipt(check: Check) -> str:
    return f"{SUBJECT}:{check.number}/{check.last.seq}/{check.last.hash[:8]}"


def root_of(connection: Connection) -> int:
    """Return the committee's id: what belongs to it no school hears of."""
    found: int = _root(connection).id
    return found


def _root(connection: Connection) -> Row[Any]:
    places = ORGANISATIONS.c
    wanted = select(places.id, places.path).where(places.kind == Place.COMMITTEE).limit(1)
    return connection.execute(wanted).one()
