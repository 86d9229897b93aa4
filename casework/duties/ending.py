"""Duties ended: done, or let off with a reason that stays in the history; or moved on till then."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection, bindparam, select

from casework.duties.opening import AT_ONCE
from casework.duties.sight import seen
from casework.duties.store import FOUND, Change, Held, read, write
from casework.errors import NotFound, Refused
from casework.events import Door, Happening
from casework.forms import read_reason
from casework.office import Office
from casework.people import find_actor, require
from casework.rulebook import Rulebooks
from models import DutyState
from models.tables import DUTIES, PEOPLE
from rules.access import PERMITS, Actor, Role, Verb
from rules.duties.acts import DutyAct
from rules.duties.kinds import kinds
from rules.duties.ladder import days_late, next_on
from rules.wording import Wording
from rules.workdays import china_day

_LONGEST_REASON = 500
_OF_KEYS = (
    FOUND.where(
        DUTIES.c.kind == bindparam("kind"),
        DUTIES.c.key.in_(bindparam("keys", expanding=True)),
        DUTIES.c.state == DutyState.OPEN,
    )
    .order_by(DUTIES.c.id)  # so that no two wait for each other
    .with_for_update(of=DUTIES)
)
_BY_ID = FOUND.where(DUTIES.c.id == bindparam("duty")).with_for_update(of=DUTIES)
_ONE = FOUND.where(DUTIES.c.kind == bindparam("kind"), DUTIES.c.key == bindparam("key"))


def fulfil(
    connection: Connection,
    kind: str,
    keys: Sequence[str],
    at: datetime,
    by: int | None,
    *,
    door: Door = Door.FLOW,
) -> int:
    """End the open duties with these keys as done, and return how many those were.

    ``by`` is the person who did it, None for the engine.
    """
    held = [each for part in _parts(keys) for each in _open(connection, kind, part)]
    actor = _actor(connection, by) if held else None
    write(connection, [_done(each, actor, at, door) for each in held])
    return len(held)


def withdraw(
    connection: Connection,
    kind: str,
    keys: Sequence[str],
    at: datetime,
    by: int | None,
    *,
    after: date,
    door: Door = Door.FLOW,
) -> int:
    """End the open duties with these keys that are due on ``after`` or later, and return how many:
    what was to be done is no longer wanted. One whose day is over stays, until it is waived.
    """
    held = [each for part in _parts(keys) for each in _open(connection, kind, part)]
    wanted = [each for each in held if each.due_on >= after]
    actor = _actor(connection, by) if wanted else None
    write(connection, [
        Change(
            each, _acted(DutyAct.WITHDRAW, each, actor, at, door),
            _end(DutyState.WAIVED, by, at),
        )
        for each in wanted
    ])  # fmt: skip
    return len(wanted)


def postpone(
    connection: Connection,
    kind: str,
    days: Mapping[str, date],
    at: datetime,
    by: int | None,
    *,
    door: Door = Door.FLOW,
) -> int:
    """Move open duties to other due days, by key, and return how many; not one whose day is over.

    Its ladder begins anew.
    """
    today = china_day(at)
    held = [each for part in _parts(list(days)) for each in _open(connection, kind, part)]
    moved = [each for each in held if each.due_on != days[each.key] and each.due_on >= today]
    if not moved:
        return 0
    actor, calendar = _actor(connection, by), Rulebooks().at(connection, at).calendar
    write(connection, [
        Change(
            each,
            _acted(
                DutyAct.MOVE, each, actor, at, door,
                {"from": each.due_on.isoformat(), "due_on": days[each.key].isoformat()},
            ),
            {
                "due_on": days[each.key], "last_step": None,
                "next_on": next_on(kinds()[kind], days[each.key], calendar),
            },
        )
        for each in moved
    ])  # fmt: skip
    return len(moved)


def hand_over(
    connection: Connection,
    kind: str,
    key: str,
    to: int,
    at: datetime,
    by: int | None,
    *,
    door: Door,
) -> bool:
    """Let an open duty wait for somebody else, and return whether it did not before.

    Its ladder begins anew, so that they are reminded too, unless its day is over.
    """
    held = next((each for each in _open(connection, kind, [key]) if each.person_id != to), None)
    if held is None:
        return False
    anew: dict[str, Any] = {}
    if held.due_on >= china_day(at):
        calendar = Rulebooks().at(connection, at).calendar
        anew = {"last_step": None, "next_on": next_on(kinds()[kind], held.due_on, calendar)}
    body = {"from": held.person_id, "person": to}
    told = _acted(DutyAct.HAND_OVER, held, _actor(connection, by), at, door, body)
    write(connection, [Change(held, told, {"person_id": to, **anew})])
    return True


def waive(
    office: Office, kind: str, key: str, reason: str, *, by: str, at: datetime, door: Door
) -> Held:
    """Let somebody off a duty, and return it as it was; the reason stays in its history.

    Raise NotFound for a duty that ``by`` may not see, Refused unless they may sweep there and it
    is open, Invalid without a reason.
    """
    words = read_reason(
        reason,
        longest=_LONGEST_REASON,
        missing=Wording("缺少免办原因", "the reason is missing"),
        remedy=Wording("请写明为什么不必办理。", "Say why it need not be done."),
    )
    with office.writing() as connection:
        actor = find_actor(connection, by)
        one = _ONE.where(seen(connection, actor)).with_for_update(of=DUTIES)
        row = connection.execute(one, {"kind": kind, "key": key}).first()
        if row is None:
            raise no_such_duty(kind, key)
        held = read(row)
        require(actor, Verb.SWEEP, held.unit.path)
        if held.state is not DutyState.OPEN:
            raise _ended(held)
        role = min(actor.roles_over(held.unit.path) & PERMITS[Verb.SWEEP])
        happening = Happening(
            DutyAct.WAIVE.value, actor.id, role.value, door, at, {}, {"reason": words}
        )
        write(connection, [Change(held, happening, _end(DutyState.WAIVED, actor.id, at))])
    return held


def know_of(
    connection: Connection, duty: int, notice: int, actor: Actor, when: tuple[datetime, Door]
) -> None:
    """Write into a duty's history that ``actor`` knows of it."""
    at, door = when
    held = read(connection.execute(_BY_ID, {"duty": duty}).one())
    role = min(actor.roles_over(held.unit.path), default=Role.REPORTER)
    body = {"notice": notice}
    happening = Happening(DutyAct.ACKNOWLEDGE.value, actor.id, role.value, door, at, body)
    write(connection, [Change(held, happening, {})])


def no_such_duty(kind: str, key: str) -> NotFound:
    return NotFound(
        Wording(f"没有应办事项 {kind} {key[:80]}", f"there is no duty {kind} {key[:80]}"),
        remedy=Wording("可用 bihuan duty list 查看。", "`bihuan duty list` lists them."),
        where="key",
    )


def _parts(keys: Sequence[str]) -> list[list[str]]:
    unique = list(dict.fromkeys(keys))
    return [unique[start : start + AT_ONCE] for start in range(0, len(unique), AT_ONCE)]


def _open(connection: Connection, kind: str, keys: Sequence[str]) -> list[Held]:
    return [read(row) for row in connection.execute(_OF_KEYS, {"kind": kind, "keys": keys})]


def _actor(connection: Connection, by: int | None) -> Actor | None:
    if by is None:
        return None
    code = connection.execute(select(PEOPLE.c.code).where(PEOPLE.c.id == by)).scalar_one()
    return find_actor(connection, code)


def _done(held: Held, actor: Actor | None, at: datetime, door: Door) -> Change:
    late = days_late(held.due_on, china_day(at))
    happening = _acted(DutyAct.FULFIL, held, actor, at, door, {"days_late": late} if late else {})
    return Change(held, happening, _end(DutyState.FULFILLED, actor.id if actor else None, at))


def _acted(
    act: DutyAct,
    held: Held,
    actor: Actor | None,
    at: datetime,
    door: Door,
    body: Mapping[str, Any] = MappingProxyType({}),
) -> Happening:
    roles = actor.roles_over(held.unit.path) if actor else frozenset({Role.LADDER})
    role, by = min(roles, default=Role.REPORTER), actor.id if actor else None
    return Happening(act.value, by, role.value, door, at, body)


def _end(state: DutyState, by: int | None, at: datetime) -> dict[str, Any]:
    return {"state": state, "ended_at": at, "ended_by_id": by, "next_on": None}


def _ended(held: Held) -> Refused:
    done = held.state is DutyState.FULFILLED
    return Refused(
        Wording("已经办结", "it is done already") if done else Wording("已经免办", "it was waived"),
        remedy=Wording("无须再办。", "Nothing is left to do."),
        where=held.key,
    )
