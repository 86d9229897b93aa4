"""Signed by the school's head, the cluster, the committee, whose signature numbers and freezes."""

from datetime import datetime

from sqlalchemy import Connection

from casework.duties.ending import fulfil
from casework.errors import Refused
from casework.events import Door
from casework.forms import read_reason
from casework.numbering import take_ids
from casework.office import Office
from casework.people import find_actor
from casework.registers.store import Hand
from casework.scoring import store
from casework.scoring.filling import LONGEST
from casework.scoring.opening import DUTY
from casework.scoring.places import Which, find_named, require_turn
from casework.scoring.reckoning import reckon
from casework.scoring.store import Held
from casework.scoring.unaltered import digest_of, require_unaltered, signed_values
from rules.scoring.acts import FILLS, SIGNS, ScoringAct, ScoringStage
from rules.wording import Wording


def sign(
    office: Office,
    which: Which,
    *,
    by: str,
    at: datetime,
    door: Door,
    seen: ScoringStage | None = None,
) -> Held:
    """Sign and hand on; the committee's signature freezes it.

    The automatic items are reckoned anew as the school's head signs. ``seen`` is the stage the
    signer read. Raise Conflict when it left that meanwhile, Refused for who may not, NotFound.
    """
    with office.writing() as connection:
        actor = find_actor(connection, by)
        named = find_named(connection, actor, which)
        held = store.find(connection, named, lock=True)
        store.require_stage(held, seen)
        require_unaltered(connection, held)
        if held.stage is ScoringStage.FROZEN:
            raise _frozen(held)
        role = require_turn(actor, named, held.stage, SIGNS[held.stage])
        hand = Hand(actor.id, role, at, door)
        if held.stage is ScoringStage.SCHOOL:
            held = _anew(connection, office, held, at)
            fulfil(connection, DUTY, [named.duty], at, actor.id, door=door)
        return _hand_on(connection, held, hand)


def correct(
    office: Office, which: Which, reason: str, *, by: str, at: datetime, door: Door
) -> Held:
    """Begin a new version of a frozen assessment at the committee, with a reason; the old stays.

    Raise Refused where it is not frozen or for who may not, Invalid without a reason, NotFound.
    """
    reason = read_reason(
        reason,
        longest=LONGEST,
        missing=Wording("没有写更正原因", "the reason is missing"),
        remedy=Wording("请写明为何更正。", "Say why it is corrected."),
    )
    with office.writing() as connection:
        actor = find_actor(connection, by)
        named = find_named(connection, actor, which)
        old = store.find(connection, named, lock=True)
        role = require_turn(actor, named, old.stage, FILLS[ScoringStage.COMMITTEE])
        if old.stage is not ScoringStage.FROZEN:
            raise _still_open(old)
        require_unaltered(connection, old)
        (number,) = take_ids(connection, "assessments", 1)
        new = old._replace(
            id=number, version=old.version + 1, stage=ScoringStage.COMMITTEE, number="",
            reason=reason, frozen_at=None, content="",
        )  # fmt: skip
        body = {"corrects": old.number, "reason": reason}
        hand = Hand(actor.id, role, at, door)
        return store.add(connection, new, hand, [(ScoringAct.CORRECT, body)])


def _anew(connection: Connection, office: Office, held: Held, at: datetime) -> Held:
    policy = office.rulebooks.at(connection, at).policy
    marks = reckon(connection, policy, held.named, held.marks, at)
    return held._replace(marks=marks, as_of=at)


def _hand_on(connection: Connection, held: Held, hand: Hand) -> Held:
    signature = {"by": hand.by, "at": hand.at.isoformat()}
    signed = held._replace(
        stage=held.stage.next, signatures={**held.signatures, held.stage.value: signature}
    )
    said = signed_values(signed, held.stage)
    if signed.stage is not ScoringStage.FROZEN:
        return store.change(connection, signed, hand, [(ScoringAct.SIGN, said)])
    frozen = signed._replace(number=signed.subject.name, frozen_at=hand.at)
    content = store.written(frozen)
    sealed = {**said, "number": frozen.number, "content": digest_of(content)}
    return store.change(
        connection, frozen._replace(content=content), hand,
        [(ScoringAct.SIGN, said), (ScoringAct.FREEZE, sealed)],
    )  # fmt: skip


def _frozen(held: Held) -> Refused:
    return Refused(
        Wording(f"{held.number} 已定稿，不能更改", f"{held.number} is frozen and never changed"),
        remedy=Wording(
            "请专委会另出更正版（bihuan score correct）。",
            "The committee may begin a new version (bihuan score correct).",
        ),
        where="stage",
    )


def _still_open(held: Held) -> Refused:
    return Refused(
        Wording(f"{held.subject.name} 尚未定稿", f"{held.subject.name} is not frozen yet"),
        remedy=Wording("直接复评即可，无须更正。", "Review it; there is nothing to correct."),
        where="stage",
    )
