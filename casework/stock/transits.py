"""What is passed on from unit to unit: transfers as they lie in the database, and where each is."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, or_, select

from casework.errors import NotFound
from casework.office import Office
from casework.page_keys import read_id_key
from casework.people import find_actor, names_of
from casework.registers.places import find_kind, lies_inside, require_seer, seen_by
from casework.stock.store import KIND, LINES, Ledger, same_person
from models.tables import (
    CASES,
    ORGANISATIONS,
    REGISTER_RECORDS,
    STOCK_ENTRIES,
    STOCK_TRANSFERS,
)
from rules.access import Actor
from rules.stock.dangers import Danger
from rules.stock.entries import Stand, say_amount
from rules.stock.transfers import Transit, transit
from rules.wording import Wording

TRANSFERS = STOCK_TRANSFERS.c
RECEIVING = "stock_transfer"
"""The duty of the receiving unit, under the sender's record and the number of its line."""
_RECORDS = REGISTER_RECORDS.c
_CAME = STOCK_ENTRIES.alias("came")
_FROM, _TO = ORGANISATIONS, ORGANISATIONS.alias("to_unit")
_FACTS = _RECORDS.facts
_FOUND = (
    select(
        STOCK_TRANSFERS, CASES.c.number, _RECORDS.key,
        _FACTS["name"].as_string().label("name"), _FACTS["danger"].as_string().label("danger"),
        _FACTS["measure"].as_string().label("measure"), _FACTS["cas"].as_string().label("cas"),
        _FROM.c.id.label("from_id"), _FROM.c.name.label("from_unit"),
        _FROM.c.code.label("from_code"), _TO.c.name.label("to_unit"), _TO.c.code.label("to_code"),
        LINES.amount, LINES.stand, LINES.on_day, LINES.reason, LINES.closing,
        LINES.by_id, LINES.at, LINES.second_id, LINES.second_at,
        _CAME.c.amount.label("came_amount"), _CAME.c.stand.label("came_stand"),
        _CAME.c.by_id.label("came_by_id"), _CAME.c.at.label("came_at"),
        _CAME.c.second_id.label("came_second_id"), _CAME.c.second_at.label("came_second_at"),
    )
    .join(REGISTER_RECORDS, _RECORDS.id == TRANSFERS.record_id)
    .join(_FROM, _FROM.c.id == _RECORDS.unit_id)
    .join(_TO, _TO.c.id == TRANSFERS.to_unit_id)
    .join(STOCK_ENTRIES, (LINES.record_id == TRANSFERS.record_id) & (LINES.no == TRANSFERS.no))
    .outerjoin(
        _CAME, (_CAME.c.record_id == TRANSFERS.into_id) & (_CAME.c.no == TRANSFERS.into_no)
    )
    .outerjoin(CASES, CASES.c.id == TRANSFERS.case_id)
)  # fmt: skip


class Transfer(NamedTuple):
    """What is passed on; ``amount`` was sent and ``received`` came, None before it has, both in
    thousandths of ``measure``. ``record`` and ``into`` are the chemicals at its two ends.
    """

    id: int
    record: int
    no: int
    key: str
    name: str
    danger: Danger
    measure: str
    cas: str
    amount: int
    received: int | None
    into: int | None
    into_no: int | None
    from_unit: str
    from_code: str
    to_unit: str
    to_code: str
    to_id: int
    on_day: date
    reason: str
    permit_no: str
    state: Transit
    case: str | None
    signers: frozenset[int]
    story: Sequence[Mapping[str, Any]]


class TransferPage(NamedTuple):
    rows: Sequence[Transfer]
    after: str


def list_transfers(
    office: Office, *, by: str, record: int = 0, size: int = 50, after: str = ""
) -> TransferPage:
    """Return transfers from or to where ``by`` may look, the newest first; of one ``record`` only
    with its id. Raise Refused for who may see no chemicals, Invalid for ``after``.
    """
    with office.reading() as connection:
        wanted = _FOUND.where(_seen(connection, find_actor(connection, by)))
        if record:
            wanted = wanted.where(or_(TRANSFERS.record_id == record, TRANSFERS.into_id == record))
        if after:
            wanted = wanted.where(TRANSFERS.id < read_id_key(after))
        found = connection.execute(wanted.order_by(TRANSFERS.id.desc()).limit(size + 1)).all()
        rows = _read(connection, found[:size])
    return TransferPage(rows, str(rows[-1].id) if len(found) > size else "")


def open_transfer(office: Office, number: int, *, by: str) -> Transfer:
    """Return a transfer; raise NotFound where ``by`` sees neither of its ends."""
    with office.reading() as connection:
        seen = _seen(connection, find_actor(connection, by))
        row = connection.execute(_FOUND.where(TRANSFERS.id == number, seen)).first()
        if row is None:
            raise no_such_transfer()
        return _read(connection, [row])[0]


def read_transfer(connection: Connection, number: int) -> Transfer:
    """Return a transfer, whoever asks; raise NotFound."""
    row = connection.execute(_FOUND.where(TRANSFERS.id == number)).first()
    if row is None:
        raise no_such_transfer()
    return _read(connection, [row])[0]


def transfers_of(connection: Connection, ids: Collection[int]) -> dict[tuple[int, int], Transfer]:
    """Return the transfers of these chemicals' lines, under record and number of either end."""
    ends = or_(TRANSFERS.record_id.in_(ids), TRANSFERS.into_id.in_(ids))
    rows = _read(connection, connection.execute(_FOUND.where(ends)).all())
    came = {(each.into, each.into_no): each for each in rows if each.into and each.into_no}
    return came | {(each.record, each.no): each for each in rows}


def is_received(connection: Connection, ledger: Ledger, no: int) -> bool:
    """Whether a line was sent and the other end has taken it in, signed for or not."""
    found = _FOUND.where(TRANSFERS.record_id == ledger.held.id, TRANSFERS.no == no)
    return any(
        each.state in {Transit.ARRIVING, Transit.RECEIVED}
        for each in _read(connection, connection.execute(found).all())
    )


def require_other_hands(connection: Connection, ledger: Ledger, signed: Sequence[int]) -> None:
    """Raise Refused where who sent something would sign for having received it too."""
    found = transfers_of(connection, [ledger.held.id])
    for no in signed:
        ends = found.get((ledger.held.id, no))
        if ends and ends.into == ledger.held.id and ledger.hand.by in ends.signers:
            raise same_person()


def no_such_transfer() -> NotFound:
    return NotFound(
        Wording("没有这笔调拨", "there is no such transfer"),
        remedy=Wording("请从调拨列表进入。", "Open it from the list of transfers."),
        where="transfer",
    )


def _seen(connection: Connection, actor: Actor) -> Any:  # noqa: ANN401 — a condition
    kind = find_kind(KIND)
    require_seer(actor, kind)
    return or_(seen_by(connection, actor, kind), lies_inside(_TO.c.path, actor, kind.see))


def _read(connection: Connection, rows: Sequence[Row[Any]]) -> list[Transfer]:
    names = names_of(connection, [
        each for row in rows for each in (
            row.by_id, row.second_id, row.came_by_id, row.came_second_id, row.declined_by_id,
        )
    ])  # fmt: skip
    return [_transfer(row, names) for row in rows]


def _transfer(row: Row[Any], names: Mapping[int, str]) -> Transfer:
    came = None if row.came_stand is None or row.came_stand.is_gone else row.came_amount
    return Transfer(
        row.id, row.record_id, row.no, row.key, row.name, Danger(row.danger), row.measure,
        row.cas or "", row.amount, came, row.into_id, row.into_no, row.from_unit, row.from_code,
        row.to_unit, row.to_code, row.to_unit_id, row.on_day, row.reason, row.permit_no,
        transit(row.stand, row.came_stand, declined=row.declined_at is not None),
        row.number, frozenset(each for each in (row.by_id, row.second_id) if each),
        _story(row, names),
    )  # fmt: skip


def _story(row: Row[Any], names: Mapping[int, str]) -> list[dict[str, Any]]:
    """Return what happened, in its order, as a timeline tells it."""
    came = row.came_stand is not None and not row.came_stand.is_gone
    signed = Wording("第二人签字，调出", "second signature: it left")
    amount = say_amount(row.came_amount or 0)
    steps = (
        (row.at, row.by_id, Wording("调出", "sent")),
        (row.second_at, row.second_id, row.stand.label if row.stand is Stand.REFUSED else signed),
        (row.declined_at, row.declined_by_id, Wording(f"拒收：{row.why}", f"declined: {row.why}")),
        (came and row.came_at, row.came_by_id, Wording(f"接收 {amount}", f"received {amount}")),
        (
            came and row.came_second_at, row.came_second_id,
            Wording("第二人签字，调入", "second signature: it came in"),
        ),
    )  # fmt: skip
    return [_told(at, what, names.get(by, "")) for at, by, what in steps if at]


def _told(at: datetime, what: Wording, who: str) -> dict[str, Any]:
    return {"at": at, "role": "", "zh": f"{what.zh} · {who}", "en": f"{what.en} · {who}"}
