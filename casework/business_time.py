"""Business time: the moment sweeps have reached. It never runs backwards but by a person's word.

A jump forward beyond the policy's limit waits for somebody to agree. Who agreed to a wrong one sets
time back; steps that were taken meanwhile stay taken, and are not taken again.
"""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, func, insert, select

from casework.contacts import require_administrator
from casework.due_cases import how_many_due
from casework.errors import Invalid, Refused
from casework.forms import clean
from casework.office import Office
from casework.people import find_actor
from models.tables import SWEEPS
from rules.deadlines import due
from rules.wording import Wording

_SET_BACK = select(func.coalesce(func.max(SWEEPS.c.id), 0)).where(
    SWEEPS.c.set_back_by_id.is_not(None)
)
_REACHED = select(func.max(SWEEPS.c.as_of)).where(SWEEPS.c.id >= _SET_BACK.scalar_subquery())
_NO_SWEEP = {"due": 0, "done": 0, "failed": 0}


class BusinessTime(NamedTuple):
    """The moment a sweep works at; ``word`` is the row that last set time back, 0 for none."""

    as_of: datetime
    word: int


class SetBack(NamedTuple):
    """From where time was set back, and to when."""

    before: datetime
    now: datetime


def begin_time(office: Office, as_of: datetime, *, agreed: bool) -> BusinessTime:
    """Return the moment to sweep at: ``as_of``, or what was reached already when that is later.

    Raise Refused when time jumped further than the policy allows, unless ``agreed``.
    """
    with office.reading() as connection:
        word = connection.execute(_SET_BACK).scalar_one()
        reached = connection.execute(_REACHED).scalar()
        if reached is None or as_of <= reached:
            return BusinessTime(reached or as_of, word)
        book = office.rulebooks.at(connection, as_of)
        limit = book.policy.sweep.longest_jump.limit
        if agreed or as_of <= due(reached, limit, book.calendar).at:
            return BusinessTime(as_of, word)
        # Even when nothing is due: a clock a year ahead, once taken for the time, would from then
        # on call everything late.
        raise _jumped(reached, limit.label, how_many_due(connection, as_of))


def holds(office: Office, time: BusinessTime) -> bool:
    """Return whether nobody set time back since a sweep began."""
    with office.reading() as connection:
        return bool(connection.execute(_SET_BACK).scalar_one() == time.word)


def record_sweep(
    connection: Connection, time: BusinessTime, *, ran_at: datetime, done: int, failed: int
) -> None:
    """Write that a sweep ran. What it reached counts no more once time was set back meanwhile."""
    word = connection.execute(_SET_BACK).scalar_one()
    as_of = time.as_of
    if word != time.word:
        set_to = connection.execute(select(SWEEPS.c.as_of).where(SWEEPS.c.id == word)).scalar_one()
        as_of = min(as_of, set_to)
    row = {
        "as_of": as_of, "ran_at": ran_at, "due": done + failed, "done": done, "failed": failed,
        "reason": "",
    }  # fmt: skip
    connection.execute(insert(SWEEPS), row)


def set_time_back(office: Office, reason: str, *, by: str, at: datetime) -> SetBack:
    """Let business time go on from ``at``, the true time, after a wrong jump was agreed to.

    Raise Refused when it is not ahead of ``at``, or without the role of an administrator; Invalid
    without a reason.
    """
    reason = clean(reason, where="reason")
    if not reason:
        raise Invalid(
            Wording("没有写理由", "no reason is given"),
            remedy=Wording("请填写理由。", "Give the reason."),
            where="reason",
        )
    with office.writing() as connection:
        actor = find_actor(connection, by)
        require_administrator(connection, actor)
        reached = connection.execute(_REACHED).scalar()
        if reached is None or reached <= at:
            raise _not_ahead(reached)
        row = {"as_of": at, "ran_at": at, **_NO_SWEEP, "set_back_by_id": actor.id, "reason": reason}
        connection.execute(insert(SWEEPS), row)
    return SetBack(reached, at)


def _jumped(reached: datetime, limit: Wording, waiting: int) -> Refused:
    return Refused(
        Wording(
            f"距上次催办（{reached:%Y-%m-%d %H:%M} UTC）超过 {limit.zh}，有 {waiting} 件到期",
            f"the last sweep was at {reached:%Y-%m-%d %H:%M} UTC, more than {limit.en} "
            f"ago, and {waiting} case(s) are due",
        ),
        remedy=Wording(
            "请核对系统时间；先用 --dry-run 查看，确认无误后加 --agree-jump。",
            "Check the clock; look with --dry-run, then run again with --agree-jump.",
        ),
        where="as_of",
    )


def _not_ahead(reached: datetime | None) -> Refused:
    said = f"{reached:%Y-%m-%d %H:%M} UTC" if reached else "—"
    return Refused(
        Wording(
            f"业务时间（{said}）没有超前，无须拨回", f"business time ({said}) is not ahead of that"
        ),
        remedy=Wording(
            "只有误认了一次时间跳跃才需要拨回。", "It is for a jump that was agreed to by mistake."
        ),
        where="at",
    )
