"""What the inspectors found: one records it, every other one signs it, then it has consequences.

A hazard that relapsed is reopened by the same table of moves as any other, a rung higher. The
finding stands in the history of the look-back and in that of the case.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, bindparam, select, update

from casework import attachments
from casework.answers import receipt
from casework.attachments import Attachment
from casework.cases import Stored, find_case
from casework.errors import Conflict, Invalid, NotFound, Refused
from casework.events import Happening
from casework.evidence_store import Stored as StoredFile
from casework.forms import LONGEST_NAME, clean
from casework.lookback.judging import judge_stratum
from casework.lookback.looks import Hand, Look, hold, write
from casework.moves import carry_out
from casework.office import Office
from casework.telling import Errand
from casework.writer import tell_case
from models import Shows
from models.tables import CASES, LOOKBACK_INSPECTORS, LOOKBACK_VISITS
from rules.actions import Action, Given
from rules.case import State
from rules.lookback.acts import CaseLook, LookbackAct
from rules.lookback.findings import Finding, InspectionMode
from rules.lookback.verdict import Decision
from rules.wording import Wording

_VISIT = (
    select(LOOKBACK_VISITS, CASES.c.number)
    .join(CASES, CASES.c.id == LOOKBACK_VISITS.c.case_id)
    .where(
        LOOKBACK_VISITS.c.lookback_id == bindparam("look"), CASES.c.number == bindparam("number")
    )
)
_TEAM = (
    select(LOOKBACK_INSPECTORS.c.person_id, LOOKBACK_INSPECTORS.c.signed_at)
    .where(
        LOOKBACK_INSPECTORS.c.lookback_id == bindparam("look"),
        LOOKBACK_INSPECTORS.c.case_id == bindparam("case"),
    )
    .order_by(LOOKBACK_INSPECTORS.c.position)
)
_SEEN = frozenset({Finding.HOLDS, Finding.RELAPSED})


@dataclass(frozen=True, slots=True)
class Found:
    """What was found on a visit: how it was made, in words, with photos."""

    finding: Finding
    mode: InspectionMode
    note: str
    files: Sequence[Attachment] = ()


@dataclass(frozen=True, slots=True)
class Recorded:
    """``final`` once all have signed; ``unsigned`` counts those who have not. ``decision`` is that
    of the stratum when this finding settled it.
    """

    lookback: str
    case: str
    finding: str
    final: bool
    unsigned: int
    reopened: bool
    decision: str
    receipt: str


def record_finding(office: Office, number: str, case: str, found: Found, hand: Hand) -> Recorded:
    """Record what was found at a drawn case, as one of its inspectors; that is a signature too.

    Until another one has signed it may be recorded anew, with the photos handed in before. Raise
    Invalid for a note or photo that is missing, Refused when the visit is not the actor's or is
    finished, NotFound.
    """
    with office.writing() as connection:
        look = hold(connection, number, LookbackAct.FIND, hand)
        visit, team = _visit_of(connection, look, case)
        note = _needed(found, photographed=visit.proposed in _SEEN)
        others = [row.person_id for row in team if row.person_id != look.actor.id]
        if visit.proposed is not None and any(
            row.signed_at for row in team if row.person_id in others
        ):
            raise _signed_already(visit)
        files = found.files or _photos(visit)
        attachments.require_new(connection, visit.case_id, found.files)
        _change_visit(
            connection,
            look,
            visit,
            {
                "proposed": found.finding,
                "mode": found.mode,
                "note": note,
                "photos": [asdict(each.stored) for each in files],
            },
        )
        body = {
            "case": visit.number, "finding": found.finding.value, "mode": found.mode.value,
            "evidence": [each.said() for each in files],
        }  # fmt: skip
        write(connection, look, LookbackAct.FIND, body, private={"note": note} if note else {})
        return _sign(office, connection, look, Stands(visit, found.finding, note, files))


def sign_finding(office: Office, number: str, case: str, finding: Finding, hand: Hand) -> Recorded:
    """Sign what another inspector recorded; ``finding`` says what the signer found as well.

    Raise Conflict when they do not agree, Refused when nothing is recorded yet.
    """
    with office.writing() as connection:
        look = hold(connection, number, LookbackAct.SIGN, hand)
        visit, _team = _visit_of(connection, look, case)
        if visit.proposed is None:
            raise Refused(
                Wording("还没有填写复查结果", "nothing is recorded yet"),
                remedy=Wording("请先填写。", "Record what was found first."),
                where=visit.number,
            )
        if visit.proposed is not finding:
            raise _disagree(visit)
        body = {"case": visit.number, "finding": finding.value}
        write(connection, look, LookbackAct.SIGN, body)
        return _sign(office, connection, look, Stands(visit, finding, visit.note, _photos(visit)))


def _needed(found: Found, *, photographed: bool) -> str:
    note = clean(found.note, where="note")
    if not note and found.finding is not Finding.HOLDS:
        raise Invalid(
            Wording("没有写明情况", "nothing is said of what was found"),
            remedy=Wording("请写明看到了什么。", "Say what was seen."),
            where="note",
        )
    if found.finding in _SEEN and not (found.files or photographed):
        raise Invalid(
            Wording("没有现场照片", "there is no photo"),
            remedy=Wording("请至少附一张现场照片。", "Attach at least one photo of the place."),
            where="evidence",
        )
    return note


def _visit_of(connection: Connection, look: Look, case: str) -> tuple[Row[Any], Sequence[Row[Any]]]:
    called = clean(case, where="case", longest=LONGEST_NAME)
    visit = connection.execute(_VISIT, {"look": look.id, "number": called}).first()
    if visit is None:
        raise NotFound(
            Wording(f"{called} 不在本次回头看中", f"{called} was not drawn"),
            remedy=Wording(
                "可用 bihuan lookback show 查看。", "`bihuan lookback show` lists them."
            ),
            where="case",
        )
    team = connection.execute(_TEAM, {"look": look.id, "case": visit.case_id}).all()
    if look.actor.id not in {row.person_id for row in team}:
        raise Refused(
            Wording("该件未分派给您", "this visit is not yours"),
            remedy=Wording("由被抽中的检查人员填写。", "Only its inspectors record it."),
            where=visit.number,
        )
    if visit.finding is not None:
        raise Refused(
            Wording("复查结果已经签字确认", "what was found is signed already"),
            remedy=Wording(
                "需要再看的，请扩大抽样或另行检查。", "Look again in another look-back."
            ),
            where=visit.number,
        )
    return visit, team


class Stands(NamedTuple):
    """A finding on its way to stand: the visit, what was found, in words, with photos."""

    visit: Row[Any]
    finding: Finding
    note: str
    files: Sequence[Attachment]


def _photos(visit: Row[Any]) -> list[Attachment]:
    return [Attachment(StoredFile(**each), Shows.AFTER) for each in visit.photos]


def _sign(office: Office, connection: Connection, look: Look, stands: Stands) -> Recorded:
    """Sign as the actor; when all have signed, the finding stands and has its consequences."""
    visit, inspectors = stands.visit, LOOKBACK_INSPECTORS.c
    of_visit = (inspectors.lookback_id == look.id, inspectors.case_id == visit.case_id)
    signing = update(LOOKBACK_INSPECTORS).where(*of_visit, inspectors.person_id == look.actor.id)
    connection.execute(signing.values(signed_at=look.hand.at))
    left = select(inspectors.person_id).where(*of_visit, inspectors.signed_at.is_(None))
    unsigned = len(connection.execute(left).all())
    reopened, decision = False, Decision.OPEN
    if not unsigned:
        reopened = _stand(office, connection, look, stands)
        decision = judge_stratum(connection, look, visit.stratum)
    return Recorded(
        look.number, visit.number, stands.finding.value, not unsigned, unsigned, reopened,
        "" if decision is Decision.OPEN else decision.value,
        receipt(look.number, look.last.seq, look.last.hash),
    )  # fmt: skip


def _stand(office: Office, connection: Connection, look: Look, stands: Stands) -> bool:
    """Let the finding stand, in the visit and in the case's history; return whether it reopened."""
    visit, finding, note, files = stands
    stored, hand = find_case(connection, visit.number, to_move=True), look.hand
    reopens = finding is Finding.RELAPSED and stored.facts.state is State.CLOSED
    columns = {
        "finding": finding, "found_at": hand.at, "reopened": reopens, "photos": [],
        "next_step": None, "next_step_at": None,
    }  # fmt: skip
    _change_visit(connection, look, visit, columns)
    body = {
        "lookback": look.number, "finding": finding.value, "reopens": reopens,
        **({"evidence": [each.said() for each in files]} if files else {}),
    }  # fmt: skip
    tell_case(connection, stored, Happening(
        CaseLook.LOOKED_BACK.value, look.actor.id, look.role.value, hand.door, hand.at, body,
    ))  # fmt: skip
    attachments.keep(connection, stored.id, stored.facts.cycle, files, by=look.actor.id, at=hand.at)
    if reopens:
        _reopen(office, connection, look, find_case(connection, visit.number, to_move=True), note)
    return reopens


def _reopen(office: Office, connection: Connection, look: Look, stored: Stored, note: str) -> None:
    hand = look.hand
    errand = Errand(look.actor, hand.at, hand.door, ())
    book = office.rulebooks.at(connection, hand.at, stored.stamps)
    carry_out(connection, stored, Action.REOPEN, {Given.FINDING: note}, errand, book)


def _change_visit(
    connection: Connection, look: Look, visit: Row[Any], columns: dict[str, Any]
) -> None:
    connection.execute(
        update(LOOKBACK_VISITS)
        .where(LOOKBACK_VISITS.c.lookback_id == look.id, LOOKBACK_VISITS.c.case_id == visit.case_id)
        .values(**columns)
    )


def _signed_already(visit: Row[Any]) -> Refused:
    return Refused(
        Wording("另一位检查人员已签字，不能改填", "another inspector has signed it"),
        remedy=Wording(
            "请签字确认同一结果，或请其重填。", "Sign the same, or ask them to record anew."
        ),
        where=visit.number,
    )


def _disagree(visit: Row[Any]) -> Conflict:
    found = visit.proposed.label
    return Conflict(
        Wording(f"另一位填写的是“{found.zh}”", f"the other inspector found: {found.en}"),
        remedy=Wording("请商定后由其重填，再签字。", "Agree first; then one records it anew."),
        where=visit.number,
    )
