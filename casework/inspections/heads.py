"""The school's head signs a record, or refuses; the refusal is recorded with its reason.

《安全生产法》 (2021) Art. 68: inspectors and the head of the unit sign; a refusal is recorded.
"""

from dataclasses import asdict, replace

from sqlalchemy import Connection

from casework.answers import receipt
from casework.errors import Invalid, Refused
from casework.evidence_store import Stored
from casework.forms import LONGEST_NAME, clean, read_reason
from casework.inspections.signatures import add_signature, inspectors_among, signatures_of
from casework.inspections.standing import Act
from casework.inspections.tasks import Held, find_task, write_task
from casework.lookback.looks import Hand
from casework.office import Office
from casework.people import find_actor
from rules.access import Actor, Role
from rules.inspections.acts import Part, TaskAct, TaskState, Word
from rules.wording import Wording

_PICTURE = "signature"  # what its file was called may name somebody


def sign_as_head(office: Office, number: str, hand: Hand) -> str:
    """Sign a record as the school's head; return the receipt. Raise Refused, NotFound."""
    with office.writing() as connection:
        actor = find_actor(connection, hand.by or "")
        held = _standing(find_task(connection, number, actor, to_act=True))
        is_head = Role.HEAD in actor.roles_over(held.row.unit_path)
        if not is_head or actor.id in _signers(connection, held):
            raise _not_the_head()
        act = Act(actor, Role.HEAD, hand)
        add_signature(
            connection, (held.row.id, held.row.version), actor.id or 0, hand.at, part=Part.HEAD
        )
        body = {"version": held.row.version}
        held = write_task(
            connection, held, act.happening(TaskAct.HEAD_SIGN, body), {"head_word": Word.SIGNED}
        )
    return receipt(held.row.number, held.last.seq, held.last.hash)


def sign_on_the_spot(office: Office, number: str, signer: str, drawn: Stored, hand: Hand) -> str:
    """Record that the head signed by hand before an inspector who signed; return the receipt.

    ``signer`` is their name, ``drawn`` a picture of the signature: its hash goes into the history.
    Raise Invalid without a name, Refused.
    """
    signer = clean(signer, where="signer", longest=LONGEST_NAME)
    if not signer:
        raise Invalid(
            Wording("没有写明签字人姓名", "the name of who signs is missing"),
            remedy=Wording("请写签字人的姓名。", "Write the name of who signs."),
            where="signer",
        )
    with office.writing() as connection:
        actor = find_actor(connection, hand.by or "")
        held = _standing(find_task(connection, number, actor, to_act=True))
        signers = _signers(connection, held)
        if actor.id not in signers:
            raise _none_of_its_inspectors()
        act = Act(actor, _witness(held, actor, signers), hand)
        add_signature(
            connection, (held.row.id, held.row.version), actor.id or 0, hand.at,
            part=Part.HEAD, reason=signer,
        )  # fmt: skip
        body = {"version": held.row.version, "drawn": asdict(replace(drawn, name=_PICTURE))}
        told = act.happening(TaskAct.HEAD_SIGN, body, {"signer": signer})
        held = write_task(connection, held, told, {"head_word": Word.SIGNED})
    return receipt(held.row.number, held.last.seq, held.last.hash)


def record_refusal(office: Office, number: str, reason: str, hand: Hand) -> str:
    """Record that the head refused to sign, and why; return the receipt.

    By an inspector who signed the record, or by the head. Raise Invalid without a reason, Refused.
    """
    reason = read_reason(
        reason,
        longest=500,
        missing=Wording("没有写明拒绝签字的理由", "the reason of the refusal is missing"),
        remedy=Wording("请写明对方的理由或当时的情况。", "Say why, or what happened."),
    )
    with office.writing() as connection:
        actor = find_actor(connection, hand.by or "")
        held = _standing(find_task(connection, number, actor, to_act=True))
        act = Act(actor, _witness(held, actor, _signers(connection, held)), hand)
        add_signature(
            connection, (held.row.id, held.row.version), actor.id or 0, hand.at,
            part=Part.HEAD, word=Word.REFUSED, reason=reason,
        )  # fmt: skip
        told = act.happening(TaskAct.HEAD_REFUSE, {"version": held.row.version}, {"reason": reason})
        held = write_task(connection, held, told, {"head_word": Word.REFUSED})
    return receipt(held.row.number, held.last.seq, held.last.hash)


def _signers(connection: Connection, held: Held) -> list[int]:
    return inspectors_among(signatures_of(connection, held.row.id, held.row.version))


def _witness(held: Held, actor: Actor, signers: list[int]) -> Role:
    roles = actor.roles_over(held.row.unit_path)
    if actor.id in signers:
        mine: frozenset[Role] = roles & held.row.kind.made_by
        return min(mine or {Role.INSPECTOR})
    if Role.HEAD in roles:
        return Role.HEAD
    raise _none_of_its_inspectors()


def _standing(held: Held) -> Held:
    """Return an inspection whose record awaits the head's word; raise Refused."""
    row = held.row
    if not row.kind.head_signs:
        raise Refused(
            Wording("自查不须学校负责人另行签字", "a self-check is not signed by the head"),
            remedy=Wording("无须办理。", "There is nothing to do."),
            where="number",
        )
    if row.state is not TaskState.RECORDED:
        raise Refused(
            Wording("检查人员尚未全部签字", "not all inspectors have signed"),
            remedy=Wording("请待检查人员签字后办理。", "Wait for their signatures."),
            where="number",
        )
    if row.head_word is not None:
        raise Refused(
            Wording(
                f"已记录学校负责人{row.head_word.label.zh}", f"the head {row.head_word.label.en}"
            ),
            remedy=Wording("更正记录后须重新签字。", "A correction is signed anew."),
            where="number",
        )
    return held


def _none_of_its_inspectors() -> Refused:
    return Refused(
        Wording("您不是该记录的检查人员", "you are none of its inspectors"),
        remedy=Wording("由签字的检查人员记录。", "An inspector who signed records it."),
        where="number",
    )


def _not_the_head() -> Refused:
    return Refused(
        Wording("须由被查学校主要负责人签字", "the head of the inspected school signs"),
        remedy=Wording("请其登录签字；拒绝的，记录拒签。", "Ask them to, or record a refusal."),
        where="number",
    )
