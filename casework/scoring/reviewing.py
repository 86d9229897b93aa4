"""Reviewers change an item's points, with a reason; the school's own value stays beside it."""

from collections.abc import Mapping
from datetime import datetime

from casework.errors import Refused
from casework.events import Door
from casework.forms import read_reason
from casework.office import Office
from casework.people import find_actor
from casework.registers.store import Hand
from casework.scoring import store
from casework.scoring.filling import LONGEST, no_field, read_count
from casework.scoring.places import Which, find_named, require_turn
from casework.scoring.store import Held
from casework.scoring.unaltered import require_unaltered
from rules.scoring.acts import FILLS, ScoringAct, ScoringStage
from rules.scoring.points import Mark
from rules.wording import Wording


def review(
    office: Office, which: Which, values: Mapping[str, str], reason: str, *, by: str, at: datetime,
    door: Door,
) -> Held:  # fmt: skip
    """Set values of items, vetoes and the honour (1 or 0), for one reason.

    '' takes the reviewer's own value back. Raise Refused when it is not their turn, NotFound,
    Invalid naming the field.
    """
    reason = _required(reason)
    with office.writing() as connection:
        actor = find_actor(connection, by)
        named = find_named(connection, actor, which)
        held = store.find(connection, named, lock=True)
        if held.stage not in {ScoringStage.CLUSTER, ScoringStage.COMMITTEE}:
            raise _not_reviewed(held)
        role = require_turn(actor, named, held.stage, FILLS[held.stage])
        require_unaltered(connection, held)
        marks = {**held.marks, **_reviewed(held, values, reason)}
        body = {"values": dict(sorted(values.items())), "reason": reason}
        hand = Hand(actor.id, role, at, door)
        return store.change(
            connection, held._replace(marks=marks), hand, [(ScoringAct.REVIEW, body)]
        )


def _reviewed(held: Held, values: Mapping[str, str], reason: str) -> dict[str, Mark]:
    most = held.named.sheet.most
    found = {}
    for key, value in values.items():
        if key not in most:
            raise no_field(held.named.sheet, key)
        number = read_count(key, value, most[key]) if value.strip() else None
        found[key] = _given(held, held.marks[key], number, reason if number is not None else "")
    return found


def _given(held: Held, mark: Mark, value: int | None, reason: str) -> Mark:
    if held.stage is ScoringStage.CLUSTER:
        return mark._replace(cluster=value, cluster_why=reason)
    return mark._replace(committee=value, committee_why=reason)


def _required(reason: str) -> str:
    return read_reason(
        reason,
        longest=LONGEST,
        missing=Wording("没有写改分原因", "the reason is missing"),
        remedy=Wording("请写明为何改分。", "Say why the points are changed."),
    )


def _not_reviewed(held: Held) -> Refused:
    stage = held.stage.label
    return Refused(
        Wording(f"现为“{stage.zh}”，不能复评", f"it cannot be reviewed: {stage.en}"),
        remedy=Wording(
            "自评签字后才复评；定稿的请更正（bihuan score correct）。",
            "It is reviewed once the school has signed; a frozen one is corrected instead.",
        ),
        where="stage",
    )
