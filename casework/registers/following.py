"""What a record that was written obliges to, and which duties it ends: data of its kind says so."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from urllib.parse import urlencode

from sqlalchemy import Connection, select

from casework.duties.ending import fulfil, postpone, withdraw
from casework.duties.opening import Wanted, open_duties
from casework.registers.periodic import answer_periods
from casework.registers.store import Draft, Hand
from casework.registers.yearly import complete_in, key_of
from casework.reviews.opening import drop_reviews
from models.tables import REGISTER_RECORDS
from rules.registers.acts import RegisterAct
from rules.registers.kinds import Kind, kinds
from rules.wording import Wording
from rules.workdays import china_day

_RECORDS = REGISTER_RECORDS.c
_LONGEST = 150


def follow(
    connection: Connection, kind: Kind, hand: Hand, written: Sequence[tuple[int, Draft]]
) -> None:
    """Open, move and end the duties that records of the kind, just written, bring with them."""
    if kind.yearly:
        _answer_years(connection, kind, hand, [draft for _, draft in written])
    if kind.opens:
        _open_items(connection, kind, hand, written)
    if kind.answers:
        kept = [draft for _, draft in written if draft.act is not RegisterAct.RETIRE]
        _answer_items(connection, kind, hand, kept)
    if kind.reviews:
        retired = [draft.held for _, draft in written if draft.act is RegisterAct.RETIRE]
        drop_reviews(connection, kind, [each for each in retired if each], hand)
    for each in kinds().values():
        if each.periodic and kind.key in (each.key, each.periodic.of):
            answer_periods(connection, each, hand, [draft for _, draft in written])


def _answer_years(connection: Connection, kind: Kind, hand: Hand, drafts: Sequence[Draft]) -> None:
    if kind.yearly is None:
        return
    units = {each.unit.id for each in drafts}
    for year in sorted({each.values.get(kind.yearly.field, "") for each in drafts} - {""}):
        keys = [key_of(kind, year, unit) for unit in complete_in(connection, kind, year, units)]
        fulfil(connection, kind.yearly.duty, keys, hand.at, hand.by, door=hand.door)


def _open_items(
    connection: Connection, kind: Kind, hand: Hand, written: Sequence[tuple[int, Draft]]
) -> None:
    """Open a duty for each record, move it with its day, and end it with the record.

    A day that is over already is not moved any more, nor does retiring the record end its duty.
    """
    if kind.opens is None:
        return
    duty, today = kind.opens.duty, china_day(hand.at)
    retired = {number for number, each in written if each.act is RegisterAct.RETIRE}
    kept = [(number, each) for number, each in written if number not in retired]
    wanted = [_wanted(kind, number, each) for number, each in kept]
    open_duties(connection, wanted, hand.at, door=hand.door)
    days = {each.key: each.due_on for each in wanted}
    postpone(connection, duty, days, hand.at, hand.by, door=hand.door)
    ended = [item_key(kind, number) for number in sorted(retired)]
    withdraw(connection, duty, ended, hand.at, hand.by, door=hand.door, after=today)


def item_key(kind: Kind, record: int) -> str:
    """Return the key of the duty that a record opens."""
    return f"{kind.key}/{record}"


def _wanted(kind: Kind, number: int, draft: Draft) -> Wanted:
    opens = kind.opens
    if opens is None:
        message = f"the kind {kind.key} opens no duty"
        raise ValueError(message)
    what, key = draft.values[opens.what][:_LONGEST], draft.values[kind.unique]
    link = urlencode({"key": key, "unit": draft.unit.code})
    return Wanted(
        opens.duty, item_key(kind, number), draft.unit.id,
        date.fromisoformat(draft.values[opens.due]),
        Wording(f"{kind.zh}：{what}", f"{kind.en}: {what}"),
        f"/registers/{kind.key}/record?{link}",
    )  # fmt: skip


def _answer_items(connection: Connection, kind: Kind, hand: Hand, drafts: Iterable[Draft]) -> None:
    """End the duties of the records that these ones answer."""
    if kind.answers is None:
        return
    answers, asked = kind.answers, kinds()[kind.answers.kind]
    met = [each for each in drafts if answers.is_met(each.values)]
    if not met or asked.opens is None:
        return
    named = {(each.unit.id, each.values[answers.field]) for each in met}
    found = _records(connection, asked, {unit for unit, _ in named}, {key for _, key in named})
    keys = [item_key(asked, number) for number, unit, key in found if (unit, key) in named]
    fulfil(connection, asked.opens.duty, keys, hand.at, hand.by, door=hand.door)


def _records(
    connection: Connection, kind: Kind, units: Collection[int], keys: Collection[str]
) -> list[tuple[int, int, str]]:
    wanted = select(_RECORDS.id, _RECORDS.unit_id, _RECORDS.key).where(
        _RECORDS.kind == kind.key, _RECORDS.unit_id.in_(units), _RECORDS.key.in_(keys)
    )
    return list(connection.execute(wanted).tuples())
