"""Duties ended: done, or let off with a reason that stays in the history."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, select

from casework.duties.opening import AT_ONCE
from casework.duties.sight import seen
from casework.duties.store import FOUND, Change, Held, read, write
from casework.errors import Invalid, NotFound, Refused
from casework.events import Door, Happening
from casework.forms import clean
from casework.office import Office
from casework.people import find_actor, require
from models import DutyState
from models.tables import DUTIES, PEOPLE
from rules.access import PERMITS, Actor, Role, Verb
from rules.duties.acts import DutyAct
from rules.duties.ladder import days_late
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


def waive(
    office: Office, kind: str, key: str, reason: str, *, by: str, at: datetime, door: Door
) -> Held:
    """Let somebody off a duty, and return it as it was; the reason stays in its history.

    Raise NotFound for a duty that ``by`` may not see, Refused unless they may sweep there and it
    is open, Invalid without a reason.
    """
    words = clean(reason, where="reason", longest=_LONGEST_REASON)
    if not words:
        raise Invalid(
            Wording("缺少免办原因", "the reason is missing"),
            remedy=Wording("请写明为什么不必办理。", "Say why it need not be done."),
            where="reason",
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
    roles = actor.roles_over(held.unit.path) if actor else frozenset({Role.LADDER})
    role, by = min(roles, default=Role.REPORTER), actor.id if actor else None
    late = days_late(held.due_on, china_day(at))
    body = {"days_late": late} if late else {}
    happening = Happening(DutyAct.FULFIL.value, by, role.value, door, at, body)
    return Change(held, happening, _end(DutyState.FULFILLED, by, at))


def _end(state: DutyState, by: int | None, at: datetime) -> dict[str, Any]:
    return {"state": state, "ended_at": at, "ended_by_id": by, "next_on": None}


def _ended(held: Held) -> Refused:
    done = held.state is DutyState.FULFILLED
    return Refused(
        Wording("已经办结", "it is done already") if done else Wording("已经免办", "it was waived"),
        remedy=Wording("无须再办。", "Nothing is left to do."),
        where=held.key,
    )
