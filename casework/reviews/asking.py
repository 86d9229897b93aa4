"""A record's yearly review asked for by whoever keeps it, one or many at once."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, insert

from casework.errors import Refused
from casework.events import Door
from casework.numbering import take_ids
from casework.office import Office
from casework.records import Entry
from casework.registers import store
from casework.registers.acts import editing
from casework.registers.store import Draft, Hand, Held, receipt_of
from casework.reviews.store import (
    Named,
    Year,
    end_duties,
    find_reviewed,
    open_waiting,
    passed_in,
    years_of,
)
from models.tables import REGISTER_REVIEWS
from rules.registers.acts import RegisterAct
from rules.registers.kinds import Kind
from rules.registers.outcomes import ReviewOutcome
from rules.wording import Wording
from rules.workdays import china_day

SERIES = "register_reviews"


class Asked(NamedTuple):
    unit: str
    key: str
    year: int
    receipt: str


def ask_reviews(
    office: Office, written: str, named: Sequence[Named], *, by: str, at: datetime, door: Door
) -> list[Asked]:
    """Ask for the review of each record, all or none; the duty to ask is done, a reviewer's begins.

    Raise Refused where ``by`` does not keep the record, it waits already or has passed this year.
    """
    kind, reviews = find_reviewed(written)
    year = china_day(at).year
    with office.writing() as connection:
        # In one order, so that no two wait for each other.
        several = [
            editing(connection, kind, (each.key, each.unit), (by, at, door))
            for each in sorted({*named})
        ]
        records, hands = [held for held, _ in several], [hand for _, hand in several]
        _require_open(
            kind, records, years_of(connection, [each.id for each in records], year), year
        )
        ids = take_ids(connection, SERIES, len(records))
        entries = _write(connection, kind, several, year)
        if records:
            _put(connection, ids, records, hands[0], year)
            end_duties(connection, [reviews.asking], kind, records, hands[0])
            waiting = list(zip(ids, records, strict=True))
            open_waiting(connection, kind, reviews, waiting, hands[0])
    return [
        Asked(held.unit.name, held.key, year, receipt_of(kind, held.key, entry))
        for held, entry in zip(records, entries, strict=True)
    ]


def _require_open(kind: Kind, records: Sequence[Held], years: Mapping[int, Year], now: int) -> None:
    for held in records:
        year = years[held.id]
        if year.waiting:
            raise _cannot(
                kind, held, Wording("已申请，等待审核", "it waits for its review already")
            )
        if _has_passed(kind, held, year, now):
            raise _cannot(kind, held, Wording("今年已通过年审", "it passed this year's review"))


def _has_passed(kind: Kind, held: Held, year: Year, now: int) -> bool:
    if year.last:
        return bool(year.last.outcome is ReviewOutcome.PASSED)
    return passed_in(kind, held, now)


def _cannot(kind: Kind, held: Held, why: Wording) -> Refused:
    return Refused(
        Wording(f"{kind.zh}“{held.key}”{why.zh}", f"{kind.en} {held.key!r}: {why.en}"),
        remedy=Wording("无须再申请。", "Nothing is to be asked for."),
        where=held.key,
    )


def _write(
    connection: Connection, kind: Kind, several: Sequence[tuple[Held, Hand]], year: int
) -> list[Entry]:
    written = []
    for held, hand in several:
        draft = Draft(
            RegisterAct.ASK_REVIEW, held.unit, held.values, held, said={"review": {"year": year}}
        )
        written += store.write(connection, kind, hand, [draft])
    return [entry for _, entry in written]


def _put(
    connection: Connection, ids: Sequence[int], records: Sequence[Held], hand: Hand, year: int
) -> None:
    rows: list[dict[str, Any]] = [
        {"id": number, "record_id": held.id, "year": year, "asked_by_id": hand.by,
         "asked_at": hand.at, "reasons": [], "note": "", "why": ""}
        for number, held in zip(ids, records, strict=True)
    ]  # fmt: skip
    connection.execute(insert(REGISTER_REVIEWS), rows)
