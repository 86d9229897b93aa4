"""一公开: what was drawn and found, published; and the draw done again by anybody who doubts it."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, bindparam, select, update

from casework.answers import receipt
from casework.errors import NotFound, Refused
from casework.events import Happening
from casework.forms import LONGEST_NAME, clean
from casework.inspections.drawing import DRAWS, assign_again, draw_units, frame_digest
from casework.inspections.plans import (
    PLANS,
    SUBJECT,
    find_plan,
    hold_plan,
    may_see,
    read_spec,
    require_planner,
    write_plan,
)
from casework.inspections.tasks import TASKS
from casework.lookback.looks import Hand
from casework.office import Office
from casework.people import find_actor, find_unit
from casework.records import read_records
from models.tables import (
    INSPECTION_DRAWS,
    INSPECTION_PLANS,
    INSPECTION_TASKS,
    ORGANISATIONS,
    RECORD_PRIVATES,
)
from rules.access import Actor
from rules.inspections.acts import PlanAct, TaskState
from rules.inspections.plan import Sample
from rules.lookback.seeds import check_reveal, order_is_honest, seed_from
from rules.proof import Sealed
from rules.wording import Wording

_WITH_PLAN = select(
    INSPECTION_DRAWS, PLANS.number.label("plan"), PLANS.title, PLANS.kind, PLANS.spec,
    ORGANISATIONS.c.path.label("place_path"),
).join(INSPECTION_PLANS, PLANS.id == DRAWS.plan_id).join(
    ORGANISATIONS, ORGANISATIONS.c.id == PLANS.place_id
)  # fmt: skip
_TASKS_OF = (
    select(
        INSPECTION_TASKS.c.number, TASKS.state, TASKS.hazards, TASKS.normal, TASKS.recorded_at,
        ORGANISATIONS.c.name.label("unit"), ORGANISATIONS.c.code.label("unit_code"),
    )
    .join(ORGANISATIONS, ORGANISATIONS.c.id == TASKS.unit_id)
    .where(
        TASKS.plan_id == bindparam("plan"), TASKS.line == bindparam("line"),
        TASKS.period == bindparam("period"),
    )
    .order_by(ORGANISATIONS.c.path)
)  # fmt: skip
_INPUT = select(RECORD_PRIVATES.c.value).where(
    RECORD_PRIVATES.c.subject == SUBJECT, RECORD_PRIVATES.c.subject_id == bindparam("plan"),
    RECORD_PRIVATES.c.seq == bindparam("seq"), RECORD_PRIVATES.c.field == "input",
)  # fmt: skip
_OVER = (TaskState.RECORDED, TaskState.DROPPED)


class Check(NamedTuple):
    """Something looked at when a draw is done again, and whether it holds."""

    what: Wording
    holds: bool


def publish_draw(office: Office, number: str, hand: Hand) -> str:
    """Publish what a draw led to, once every drawn unit was inspected; return the receipt.

    By whoever plans there. Raise Refused before, NotFound.
    """
    with office.writing() as connection:
        actor = find_actor(connection, hand.by or "")
        row = _find(connection, number, actor)
        held = hold_plan(connection, row.plan)
        place = find_unit(connection, held.plan.place)
        role = require_planner(actor, place, held.plan.kind)
        _require_done(connection, row)
        if row.published_at is not None:
            return receipt(row.number, held.last.seq, held.last.hash)
        told = Happening(
            PlanAct.PUBLISH.value, actor.id, role.value, hand.door, hand.at, {"draw": row.number}
        )
        held = write_plan(connection, held, told)
        connection.execute(
            update(INSPECTION_DRAWS)
            .where(DRAWS.number == row.number, DRAWS.published_at.is_(None))
            .values(published_at=hand.at)
        )
    return receipt(row.number, held.last.seq, held.last.hash)


def list_draws(office: Office, plan: str, *, by: str) -> Sequence[Mapping[str, Any]]:
    """Return the draws of a plan, the newest first; before it is drawn only what was committed."""
    with office.reading() as connection:
        actor = find_actor(connection, by)
        wanted = find_plan(connection, plan, actor)
        rows = connection.execute(
            _WITH_PLAN.where(DRAWS.plan_id == wanted.id).order_by(DRAWS.opens_on.desc(), DRAWS.line)
        )
        return [_shown(connection, row) for row in rows.all()]


def published_draws(office: Office, *, most: int = 100) -> Sequence[Mapping[str, Any]]:
    """Return what was published, the newest first: for anybody to read."""
    with office.reading() as connection:
        rows = connection.execute(
            _WITH_PLAN.where(DRAWS.published_at.is_not(None))
            .order_by(DRAWS.published_at.desc(), DRAWS.number)
            .limit(most)
        )
        return [_shown(connection, row) for row in rows.all()]


def verify_draw(office: Office, number: str, *, by: str) -> Sequence[Check]:
    """Draw again and compare; raise Refused before it was drawn, NotFound."""
    with office.reading() as connection:
        row = _find(connection, number, find_actor(connection, by))
        events = [
            sealed for sealed, _ in read_records(connection, SUBJECT, row.plan_id)
            if json.loads(sealed.body).get("draw") == row.number
        ]  # fmt: skip
        if row.drawn_at is None:
            raise _not_drawn(row.number)
        teams = _teams(connection, row, events)
    sample = read_spec(row).sample or Sample()
    digest = frame_digest(row.frame)
    return [
        Check(
            Wording("承诺与秘密相符", "the secret is the one committed to"),
            check_reveal(row.commitment, row.secret, row.number),
        ),
        Check(Wording("名单与其摘要相符", "the frame has its hash"), digest == row.frame_digest),
        Check(
            Wording("种子由秘密和名单得出", "the seed follows from secret and frame"),
            seed_from(row.secret, None, digest) == row.seed,
        ),
        Check(
            Wording("重新抽取，结果相同", "drawn again, the same units"),
            draw_units(row.frame, row.seed, sample) == row.drawn,
        ),
        Check(
            Wording("先承诺，后冻结、揭示、抽取", "committed, frozen, revealed, drawn: in order"),
            order_is_honest([each.kind for each in events]) is None,
        ),
        *([Check(Wording("重新抽取检查人员，结果相同", "the same inspectors"), teams)]
          if teams is not None else []),
    ]  # fmt: skip


def _teams(connection: Connection, row: Row[Any], events: Sequence[Sealed]) -> bool | None:
    """Whether the inspectors drawn again are the same; None once what it took was erased."""
    event = next(each for each in events if each.kind == PlanAct.ASSIGN)
    given = connection.execute(_INPUT, {"plan": row.plan_id, "seq": event.seq}).scalar()
    if given is None:
        return None
    sample = read_spec(row).sample or Sample()
    again = assign_again(json.loads(given), sample, row.seed)
    return bool(again == json.loads(event.body)["teams"])


def _find(connection: Connection, number: str, actor: Actor) -> Row[Any]:
    called = clean(number, where="number", longest=LONGEST_NAME)
    row = connection.execute(_WITH_PLAN.where(DRAWS.number == called)).first()
    if row is None or not (row.published_at or may_see(actor, row)):
        raise NotFound(
            Wording(f"没有编号为 {called} 的抽取", f"there is no draw {called}"),
            remedy=Wording(
                "可用 bihuan inspection draw 查看。", "`bihuan inspection draw` lists them."
            ),
            where="number",
        )
    return row


def _require_done(connection: Connection, row: Row[Any]) -> None:
    if row.drawn_at is None:
        raise _not_drawn(row.number)
    of_draw = {"plan": row.plan_id, "line": row.line, "period": row.period}
    tasks = connection.execute(_TASKS_OF, of_draw).all()
    left = [each.unit for each in tasks if each.state not in _OVER]
    if left:
        raise Refused(
            Wording(f"还有 {len(left)} 家没有检查完", f"{len(left)} are not inspected yet"),
            remedy=Wording("、".join(left[:5]), ", ".join(left[:5])),
            where="number",
        )


def _shown(connection: Connection, row: Row[Any]) -> dict[str, Any]:
    of_draw = {"plan": row.plan_id, "line": row.line, "period": row.period}
    tasks = connection.execute(_TASKS_OF, of_draw).mappings().all() if row.drawn_at else ()
    return {
        "number": row.number, "plan": row.plan, "title": row.title, "kind": row.kind,
        "period": row.period, "opens_on": row.opens_on, "due_on": row.due_on,
        "commitment": row.commitment, "committed_at": row.committed_at,
        "secret": row.secret, "seed": row.seed, "frame_digest": row.frame_digest,
        "frame_size": len(row.frame), "drawn": len(row.drawn), "drawn_at": row.drawn_at,
        "impossible": [
            {"unit": code, "why": Wording(zh, en)} for code, zh, en in row.impossible
        ],
        "published_at": row.published_at, "tasks": [dict(each) for each in tasks],
    }  # fmt: skip


def _not_drawn(number: str) -> Refused:
    return Refused(
        Wording("还没有抽取", "nothing is drawn yet"),
        remedy=Wording("周期开始的当天抽取。", "It is drawn on the day its period begins."),
        where=number,
    )
