"""The engine's own health: whether sweeps come, notices leave, and what could not be delivered."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, insert, select

from casework.demands import RUN as DEMAND
from casework.office import Office
from casework.proving.copies import read_copied
from casework.proving.sealing import REFUSED_RUN
from casework.proving.sealing import RUN as SEAL
from casework.rulebook import Rulebook
from casework.sweep import count_due
from models import NoticeState, WebhookState
from models.tables import (
    CHECKPOINTS,
    ENGINE_RUNS,
    LEAVES,
    NOTICES,
    ORDERS,
    SWEEPS,
    UNSEALED,
    WEBHOOKS,
)
from rules.bounds import Sending
from rules.wording import Wording
from rules.workdays import CHINA, Calendar, china_day

# Our choices: sweeps come every ten minutes, deliveries every minute, demands once a day.
STALE_AFTER = timedelta(minutes=30)
UNSENT_FOR = timedelta(hours=4)
DEMANDED_AFTER = timedelta(hours=26)
SEALED_AFTER = timedelta(hours=1)
COPIED_AFTER = timedelta(hours=26)
TOLD_AGAIN_AFTER = timedelta(hours=4)
WATCH = "watchdog"
_LONGEST_LOOK = 60  # days; what waited longer is too old anyway


@dataclass(frozen=True, slots=True)
class Health:
    """How the engine is. ``due_now`` counts the cases with a due step; ``oldest_unsent`` is since
    when the oldest waiting notice is owed; ``dead`` counts what was given up; ``heads_out`` is the
    size of the newest head that left the house.
    """

    at: datetime
    problems: Sequence[Wording]
    last_sweep: datetime | None
    due_now: int
    failed: int
    last_demand: datetime | None
    demands_due: int
    last_seal: datetime | None
    unsealed: int
    waiting: int
    oldest_unsent: datetime | None
    dead: int
    heads_out: int
    last_head_out: datetime | None

    @property
    def ok(self) -> bool:
        return not self.problems

    def plain(self) -> dict[str, Any]:
        return {"ok": self.ok, **{each.name: getattr(self, each.name) for each in fields(self)}}


def check_health(office: Office, *, at: datetime) -> Health:
    """Look at the engine from outside: what is due and not done, owed and not sent, or dead.

    Hours in which nothing may be sent do not count against an ordinary notice. Raise Unavailable
    when the database does not answer.
    """
    due_now = count_due(office, as_of=at)
    with office.reading() as connection:
        swept = connection.execute(_LAST_SWEEP).first()
        demanded = connection.execute(_LAST_RUN, {"kind": DEMAND}).scalar()
        last_seal = connection.execute(_LAST_RUN, {"kind": SEAL}).scalar()
        refused = connection.execute(_LAST_RUN, {"kind": REFUSED_RUN}).scalar()
        unsealed = connection.execute(_UNSEALED).scalar_one()
        demands_due = connection.execute(_DEMANDS_DUE, {"as_of": at}).scalar_one()
        hooks = connection.execute(_DEAD_HOOKS).scalars().all()
        counts = dict(connection.execute(_NOTICES).tuples().all())
        oldest = {row.urgent: row.owed_at for row in connection.execute(_OLDEST)}
        book = office.rulebooks.at(connection, at)
        copied = read_copied(connection)
    last_sweep, failed = (swept.ran_at, swept.failed) if swept else (None, 0)
    found = (
        _stale(last_sweep, due_now, at),
        _unreckoned(failed),
        _undemanded(demanded, demands_due, at),
        _unsealed(last_seal, unsealed, at),
        _seal_refused(refused),
        _kept_at_home(copied.waits_since, at),
        _unsent(oldest, book, at),
        _dead(counts.get(NoticeState.DEAD, 0)),
        _hooks_dead(hooks),
    )
    return Health(
        at, [each for each in found if each], last_sweep, due_now, failed, demanded, demands_due,
        last_seal, unsealed, counts.get(NoticeState.WAITING, 0), min(oldest.values(), default=None),
        counts.get(NoticeState.DEAD, 0), copied.size, copied.at,
    )  # fmt: skip


def is_news(connection: Connection, problems: int, *, at: datetime) -> bool:
    """Return whether somebody is to be told that there are so many problems.

    Of the same trouble a person is told every few hours, of more of it at once.
    """
    last = connection.execute(_LAST_TOLD, {"since": at - TOLD_AGAIN_AFTER}).first()
    return bool(problems) and (last is None or problems > last.failed)


def record_watch(connection: Connection, problems: int, *, told: bool, at: datetime) -> None:
    """Write that somebody looked; of watches that told nobody only the last is kept."""
    connection.execute(delete(ENGINE_RUNS).where(_WATCHES, ENGINE_RUNS.c.done == 0))
    row = {"kind": WATCH, "at": at, "done": int(told), "failed": problems}
    connection.execute(insert(ENGINE_RUNS), row)


def _stale(last: datetime | None, due_now: int, at: datetime) -> Wording | None:
    if not due_now or (last is not None and at - last <= STALE_AFTER):
        return None
    since = _moment(last)
    return Wording(
        f"催办已停：有 {due_now} 件到期，上次催办 {since.zh}",
        f"no sweep comes: {due_now} case(s) are due, the last sweep was {since.en}",
    )


def _unreckoned(failed: int) -> Wording | None:
    if not failed:
        return None
    return Wording(
        f"上次催办有 {failed} 件无法推算", f"the last sweep could not reckon {failed} case(s)"
    )


def _undemanded(last: datetime | None, due_now: int, at: datetime) -> Wording | None:
    if not due_now or (last is not None and at - last <= DEMANDED_AFTER):
        return None
    since = _moment(last)
    return Wording(
        f"进展催报已停：有 {due_now} 份督办令应报进展，上次催报 {since.zh}",
        f"no progress is demanded: {due_now} order(s) are due, last run: {since.en}",
    )


def _unsealed(last: datetime | None, waiting: int, at: datetime) -> Wording | None:
    if not waiting or (last is not None and at - last <= SEALED_AFTER):
        return None
    since = _moment(last)
    return Wording(
        f"封存已停：有 {waiting} 条经过未封存，上次封存 {since.zh}",
        f"nothing is sealed: {waiting} event(s) wait, last seal: {since.en}",
    )


def _seal_refused(at: datetime | None) -> Wording | None:
    if at is None:
        return None
    when = _moment(at)
    return Wording(
        f"{when.zh} 封存被拒：历史与检查点不符，请运行 bihuan audit verify",
        f"a seal was refused at {when.en}: history differs from its heads, run "
        "`bihuan audit verify`",
    )


def _kept_at_home(since: datetime | None, at: datetime) -> Wording | None:
    """A head that nobody else has proves nothing against whoever runs the database."""
    if since is None or at - since <= COPIED_AFTER:
        return None
    hours = int((at - since).total_seconds() // 3600)
    return Wording(
        f"检查点已有 {hours} 小时没有抄送到库外：请设置 BIHUAN_HEADS_TO 或 BIHUAN_HEADS_HOOK,"
        "或为审计员登记联系方式",
        f"no head was copied out for {hours} hours: set BIHUAN_HEADS_TO or BIHUAN_HEADS_HOOK, or "
        "give an auditor an address",
    )


def _unsent(oldest: dict[bool, datetime], book: Rulebook, at: datetime) -> Wording | None:
    waited = [
        at - owed_at if urgent else _open_time(owed_at, at, book.policy.sending, book.calendar)
        for urgent, owed_at in oldest.items()
    ]
    longest = max(waited, default=timedelta())
    if longest <= UNSENT_FOR:
        return None
    hours = int(longest.total_seconds() // 3600)
    return Wording(
        f"通知发不出：最早的一条已等了 {hours} 小时（不含不发送的时段）",
        f"notices do not leave: the oldest has waited {hours} hours in which it might",
    )


def _hooks_dead(names: Sequence[str]) -> Wording | None:
    if not names:
        return None
    told = "、".join(names)
    return Wording(
        f"网址回调已停用：{told}。修好接收方后用 bihuan webhook resume 恢复",
        f"given up: webhook {', '.join(names)}. Mend the receiver, then `bihuan webhook resume`",
    )


def _dead(count: int) -> Wording | None:
    if not count:
        return None
    return Wording(f"有 {count} 条通知发送失败，须人工处理", f"{count} notice(s) could not be sent")


def _moment(at: datetime | None) -> Wording:
    if at is None:
        return Wording("从未运行", "never")
    return Wording(*[f"{at.astimezone(CHINA):%Y-%m-%d %H:%M}"] * 2)


def _open_time(since: datetime, until: datetime, sending: Sending, calendar: Calendar) -> timedelta:
    """Return how long notices might have been sent between two moments."""
    first = china_day(since)
    days = (first + timedelta(days=n) for n in range(_LONGEST_LOOK))
    open_for = timedelta()
    for day in days:
        if day > china_day(until) or (sending.workdays_only and not calendar.likely_workday(day)):
            continue
        midnight = datetime.combine(day, time(), CHINA)
        opens = max(since, midnight + timedelta(hours=sending.from_hour))
        closes = min(until, midnight + timedelta(hours=sending.to_hour))
        open_for += max(timedelta(), closes - opens)
    return open_for


_LAST_SWEEP = (
    select(SWEEPS.c.ran_at, SWEEPS.c.failed)
    .where(SWEEPS.c.set_back_by_id.is_(None))
    .order_by(SWEEPS.c.id.desc())
    .limit(1)
)
_DEAD_HOOKS = (
    select(WEBHOOKS.c.name).where(WEBHOOKS.c.state == WebhookState.DEAD).order_by(WEBHOOKS.c.name)
)
# No leaf yet, or a leaf that no head covers: both wait for the next seal.
_UNSEALED = select(
    select(func.count()).select_from(UNSEALED).scalar_subquery()
    + select(func.coalesce(func.max(LEAVES.c.number) + 1, 0)).scalar_subquery()
    - select(func.coalesce(func.max(CHECKPOINTS.c.size), 0)).scalar_subquery()
)
_LAST_RUN = select(func.max(ENGINE_RUNS.c.at)).where(ENGINE_RUNS.c.kind == bindparam("kind"))
_WATCHES = ENGINE_RUNS.c.kind == WATCH
_LAST_TOLD = (
    select(ENGINE_RUNS.c.failed)
    .where(_WATCHES, ENGINE_RUNS.c.done == 1)
    .where(ENGINE_RUNS.c.at > bindparam("since"))
    .order_by(ENGINE_RUNS.c.id.desc())
    .limit(1)
)
_DEMANDS_DUE = select(func.count()).where(ORDERS.c.next_demand_at <= bindparam("as_of"))
_NOTICES = select(NOTICES.c.state, func.count()).where(
    NOTICES.c.state.in_([NoticeState.WAITING, NoticeState.DEAD])
).group_by(NOTICES.c.state)  # fmt: skip
_OLDEST = (
    select(NOTICES.c.urgent, func.min(NOTICES.c.owed_at).label("owed_at"))
    .where(NOTICES.c.state == NoticeState.WAITING)
    .group_by(NOTICES.c.urgent)
)
