"""What an inspector found of a guard who was drawn; who is not the one registered is a case."""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, func, select, update

from casework.errors import Invalid, NotFound, Refused
from casework.forms import LONGEST_NAME, clean
from casework.guardchecks.assigning import end_duty, teams_of
from casework.guardchecks.checks import Check, Hand, acting, find_check, receipt, write
from casework.intake import Intake, Report
from casework.office import Office
from casework.raising import Hazard, category_of, raise_cases
from casework.registers import store
from casework.registers.store import FOUND, Held
from models.tables import GUARD_VISITS, REGISTER_RECORDS
from rules.access import Actor, Role
from rules.guardchecks.acts import MAY_RECORD, CheckAct, CheckState
from rules.guardchecks.findings import Card, Identity, Violation, compare
from rules.registers.kinds import kinds
from rules.wording import Wording

_VISITS = GUARD_VISITS.c
SOURCE = "按层级随机检查比对：人证不符；保安服务管理条例（2022） 第16条"


class Seen(NamedTuple):
    """What was seen: the card shown (None: the guard is not at the post), certificates, conduct."""

    card: Card | None
    national: bool = False
    school: bool = False
    violations: Sequence[Violation] = ()
    note: str = ""


class Recorded(NamedTuple):
    """``case`` is the number of the case it raised, '' for none; ``left`` guards are to be seen."""

    check: str
    guard: str
    unit: str
    identity: str
    case: str
    left: int
    receipt: str


def record_guard(
    office: Office, number: str, unit: str, guard: str, seen: Seen, hand: Hand
) -> Recorded:
    """Record what was found of the guard with this staff number at this unit; once.

    Raise NotFound for who was not drawn, Refused for who may not record there or when it is
    recorded already, Invalid for a name or note that is missing.
    """
    with office.writing() as connection:
        row = find_check(connection, number, to_act=True)
        actor = acting(connection, hand)
        held, visit = _visit_of(connection, row, unit, guard)
        role = _role(actor, held, teams_of(connection, row.id).get(held.unit.id))
        check = Check(row, actor, role, hand)
        _require_open(row, visit)
        identity = _identity(held, seen)
        note = _note(seen, identity)
        case = _raise(office, connection, held, hand) if identity is Identity.MISMATCH else None
        columns = _found(check, identity, seen, note, case)
        of_visit = (_VISITS.check_id == row.id, _VISITS.record_id == held.id)
        connection.execute(update(GUARD_VISITS).where(*of_visit).values(**columns))
        left = _left(connection, row.id)
        _write(connection, check, held, (identity, seen, note), case, left)
        end_duty(connection, check, held.unit, hand)
    return Recorded(
        check.number, held.key, held.unit.name, identity.value, case[1] if case else "", left,
        receipt(check),
    )  # fmt: skip


def _visit_of(
    connection: Connection, check: Row[Any], unit: str, guard: str
) -> tuple[Held, Row[Any]]:
    """Return the drawn record, locked, and its visit."""
    unit = clean(unit, where="unit", longest=LONGEST_NAME)
    key = clean(guard, where="guard", longest=LONGEST_NAME)
    row = connection.execute(
        FOUND.add_columns(_VISITS.identity.label("found"))
        .join(GUARD_VISITS, _VISITS.record_id == REGISTER_RECORDS.c.id)
        .where(_VISITS.check_id == check.id, REGISTER_RECORDS.c.key == key, store.at_unit(unit))
        .with_for_update(of=REGISTER_RECORDS)
    ).first()
    if row is None:
        raise NotFound(
            Wording(f"没有抽中 {unit} 的 {key}", f"{key} of {unit} was not drawn"),
            remedy=Wording("可用 bihuan guard-check show 查看。", "See `bihuan guard-check show`."),
            where="guard",
        )
    return store.read(row), row


def _role(actor: Actor, held: Held, team: tuple[date, Sequence[int]] | None) -> Role:
    """Return the role to record in: an inspector's who was drawn for it, or the committee's."""
    roles = actor.roles_over(held.unit.path) & MAY_RECORD
    if team and actor.id not in team[1] and (roles := roles - {Role.INSPECTOR}) == frozenset():
        raise Refused(
            Wording("这所学校抽定由其他检查员检查", "other inspectors were drawn for this school"),
            remedy=Wording("由抽定的检查员或专委会记录。", "They, or the committee, record it."),
            where="guard",
        )
    if not roles:
        raise Refused(
            Wording("您无权记录保安抽查", "you may not record a check of guards"),
            remedy=Wording("须由检查员或专委会记录。", "It takes an inspector or the committee."),
            where="guard",
        )
    return min(roles)


def _require_open(check: Row[Any], visit: Row[Any]) -> None:
    if check.state is CheckState.COMMITTED or visit.found is not None:
        raise Refused(
            Wording("该保安员的结果已记录", "what was found of this guard is recorded"),
            remedy=Wording("结果不能改；下次再查。", "It stands; look again at the next check."),
            where="guard",
        )


def _identity(held: Held, seen: Seen) -> Identity:
    if seen.card is None:
        return Identity.ABSENT
    name = clean(seen.card.name, where="name", longest=LONGEST_NAME)
    card = clean(seen.card.number, where="card", longest=LONGEST_NAME)
    if not name:
        raise Invalid(
            Wording("没有写出示证件上的姓名", "the name on the card shown is missing"),
            remedy=Wording("照证件填写；不在岗的选“不在岗”。", "Copy it, or say they are absent."),
            where="name",
        )
    return compare(held.values, Card(name, card))


def _note(seen: Seen, identity: Identity) -> str:
    note = clean(seen.note, where="note", longest=2_000)
    if not note and (identity is Identity.ABSENT or Violation.OTHER in seen.violations):
        raise Invalid(
            Wording("没有写明情况", "nothing is said of what was seen"),
            remedy=Wording("请写明看到了什么。", "Say what was seen."),
            where="note",
        )
    return note


def _raise(office: Office, connection: Connection, held: Held, hand: Hand) -> tuple[int, str]:
    """Return id and number of the case; it names the guard by staff number alone."""
    book = office.rulebooks.at(connection, hand.at)
    told = Report(
        held.unit.code,
        f"保安员“{held.key}”抽查人证不符",
        category_of(kinds()["guard"].category, book).key,
        measure="停止上岗，核实身份并更换保安员",
        source=SOURCE,
    )
    hazard = Hazard(held.unit, told, {"guard_check": {"guard": held.key}})
    raised = raise_cases(connection, Intake(book, None, hand.at, hand.door), [hazard])
    return raised.cases[0]


def _found(
    check: Check, identity: Identity, seen: Seen, note: str, case: tuple[int, str] | None
) -> dict[str, Any]:
    absent = identity is Identity.ABSENT
    return {
        "identity": identity, "national_seen": None if absent else seen.national,
        "school_seen": None if absent else seen.school,
        "violations": sorted({each.value for each in seen.violations}), "note": note,
        "by_id": check.actor.id, "at": check.hand.at, "case_id": case[0] if case else None,
    }  # fmt: skip


def _left(connection: Connection, check: int) -> int:
    open_ = select(func.count()).where(_VISITS.check_id == check, _VISITS.identity.is_(None))
    return int(connection.execute(open_).scalar_one())


def _write(
    connection: Connection,
    check: Check,
    held: Held,
    found: tuple[Identity, Seen, str],
    case: tuple[int, str] | None,
    left: int,
) -> None:
    """The card shown and the note may name people: they stand as digests."""
    identity, seen, note = found
    body = {
        "guard": held.id, "identity": identity.value, "national": seen.national,
        "school": seen.school, "violations": sorted({each.value for each in seen.violations}),
        **({"case": case[1]} if case else {}),
    }  # fmt: skip
    card = seen.card or Card("")
    private = {"name": card.name.strip(), "card": card.number.strip(), "note": note}
    write(
        connection, check, CheckAct.RECORD, body,
        {} if left else {"state": CheckState.DONE},
        private={name: text for name, text in private.items() if text},
    )  # fmt: skip
