"""A look-back carried on from wherever it stands: planned, committed to, drawn, assigned."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, bindparam, exists, func, select
from sqlalchemy.exc import IntegrityError

from casework.errors import Refused
from casework.lookback.assigning import Dealt, assign_inspectors
from casework.lookback.committing import commit_seed
from casework.lookback.drawing import draw_lookback
from casework.lookback.looks import SUBJECT, Hand, find_look
from casework.lookback.planning import Asked, plan_lookback
from casework.lookback.templates import find_template
from casework.lookback.timetable import Occurrence
from casework.office import Office
from models.tables import LOOKBACK_INSPECTORS, LOOKBACK_VISITS, LOOKBACKS, RECORD_EVENTS
from notifications.sealing import Keys
from rules.lookback.acts import LookbackAct, LookbackState
from rules.lookback.period import read_period
from rules.lookback.seeds import SeedKind
from rules.wording import Wording


@dataclass(slots=True)
class Stage:
    """Where a look-back stands, what was done to it now, and what it waits for, if anything."""

    stands: LookbackState
    committed: bool = False
    drawn: bool = False
    dealt: Dealt | None = None
    waits: Wording | None = None


def ask(office: Office, occurrence: Occurrence, hand: Hand) -> str:
    """Plan what a schedule asks for, once, and return its number.

    Its period is that of the day it is drawn on, whenever it is planned. Raise as
    ``plan_lookback`` does.
    """
    with office.reading() as connection:
        if number := _number_of(connection, occurrence.key):
            return number
        template = find_template(connection, occurrence.schedule.template).template
    asked = Asked(
        occurrence.schedule.template,
        period=str(read_period(template.period, occurrence.day)),
        clusters=occurrence.clusters,
        occurrence=occurrence.key,
    )
    try:
        return plan_lookback(office, asked, hand).number
    except IntegrityError:  # somebody planned the same at the same moment
        return plan_lookback(office, asked, hand).number


def carry_on(office: Office, keys: Keys, number: str, hand: Hand, *, draws: bool) -> Stage:
    """Commit to a look-back, and with ``draws`` draw and assign it, as far as nobody did so yet.

    What waits for an outside value is left where it is, and says so. Raise Trouble.
    """
    row = _read(office, number)
    stage = Stage(row.state)
    if row.state is LookbackState.PLANNED and row.seed_kind is SeedKind.OUTSIDE:
        stage.waits = _UNANNOUNCED
    elif row.state is LookbackState.PLANNED:
        stage.committed = _unless_done(office, row, lambda: commit_seed(office, number, hand, keys))
    row = _read(office, number)
    if draws and row.state is LookbackState.COMMITTED and row.outside_source:
        stage.waits = Wording(
            f"等待外部值：{row.outside_source}（{row.outside_on} 公布）",
            f"waits for the outside value: {row.outside_source}, out on {row.outside_on}",
        )
    elif draws and row.state is LookbackState.COMMITTED:
        stage.drawn = _unless_done(office, row, lambda: draw_lookback(office, number, hand, keys))
    stage.stands = _read(office, number).state
    if stage.stands is LookbackState.DRAWN:
        stage.dealt = assign_new(office, number, hand)
    return stage


def assign_new(office: Office, number: str, hand: Hand) -> Dealt | None:
    """Draw inspectors for visits that were added since inspectors were last drawn; None for none.

    Visits that nobody could make are not tried again by themselves.
    """
    with office.reading() as connection:
        look = find_look(connection, number).id
        last = dict(connection.execute(_LAST_ACTS, {"look": look}).tuples().all())
        bare = connection.execute(_UNASSIGNED, {"look": look}).first()
    added = max(last.get(LookbackAct.DRAW, 0), last.get(LookbackAct.ENLARGE, 0))
    if bare is None or last.get(LookbackAct.ASSIGN, 0) > added:
        return None
    return assign_inspectors(office, number, hand)


def _unless_done(office: Office, row: Row[Any], work: Callable[[], object]) -> bool:
    """Do ``work``; return False when somebody else did it at the same time."""
    try:
        work()
    except Refused:
        if _read(office, row.number).state is row.state:
            raise
        return False
    return True


def _read(office: Office, number: str) -> Row[Any]:
    with office.reading() as connection:
        return find_look(connection, number)


def _number_of(connection: Connection, key: str) -> str | None:
    found = select(LOOKBACKS.c.number).where(LOOKBACKS.c.occurrence == key)
    number: str | None = connection.execute(found).scalar()
    return number


_UNANNOUNCED = Wording(
    "等待公告外部值：请用 bihuan lookback commit 写明来源和公布日期",
    "waits for an outside value to be announced: `bihuan lookback commit` names source and day",
)
_LAST_ACTS = (
    select(RECORD_EVENTS.c.kind, func.max(RECORD_EVENTS.c.seq))
    .where(RECORD_EVENTS.c.subject == SUBJECT, RECORD_EVENTS.c.subject_id == bindparam("look"))
    .group_by(RECORD_EVENTS.c.kind)
)
_UNASSIGNED = (
    select(LOOKBACK_VISITS.c.case_id)
    .where(
        LOOKBACK_VISITS.c.lookback_id == bindparam("look"),
        ~exists().where(
            LOOKBACK_INSPECTORS.c.lookback_id == LOOKBACK_VISITS.c.lookback_id,
            LOOKBACK_INSPECTORS.c.case_id == LOOKBACK_VISITS.c.case_id,
        ),
    )
    .limit(1)
)
