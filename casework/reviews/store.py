"""Reviews as they lie in the database, and the duties that come and go with them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple
from urllib.parse import urlencode

from sqlalchemy import Connection, Row, or_, select

from casework.duties.ending import fulfil
from casework.duties.opening import Wanted, open_duties
from casework.errors import NotFound
from casework.registers.places import find_kind
from casework.registers.store import Hand, Held
from models import DutyState
from models.tables import DUTIES, REGISTER_REVIEWS
from rules.registers.kinds import Kind
from rules.registers.reviews import Reviews
from rules.wording import Wording
from rules.workdays import china_day

_REVIEWS, _DUTIES = REGISTER_REVIEWS.c, DUTIES.c


class Named(NamedTuple):
    """A record by its unit and key."""

    unit: str
    key: str


class Year(NamedTuple):
    """What a record's year has so far: a review that waits, and the newest that is decided."""

    waiting: Row[Any] | None = None
    last: Row[Any] | None = None


def find_reviewed(written: str) -> tuple[Kind, Reviews]:
    """Return a kind that is reviewed yearly; raise NotFound for another."""
    kind = find_kind(written)
    if kind.reviews is None:
        raise NotFound(
            Wording(f"{kind.zh}没有年审", f"a {kind.en} has no yearly review here"),
            remedy=Wording("请另选台账。", "Choose another register."),
            where="kind",
        )
    return kind, kind.reviews


def years_of(connection: Connection, records: Collection[int], year: int) -> Mapping[int, Year]:
    """Return what each record's year has, by the record's id."""
    rows = connection.execute(
        select(REGISTER_REVIEWS)
        .where(
            _REVIEWS.record_id.in_(records),
            or_(_REVIEWS.outcome.is_(None), _REVIEWS.year == year),
        )
        .order_by(_REVIEWS.id)
    )
    found = dict.fromkeys(records, Year())
    for row in rows:
        part = "waiting" if row.outcome is None else "last"
        found[row.record_id] = found[row.record_id]._replace(**{part: row})
    return found


def passed_in(kind: Kind, held: Held, year: int) -> bool:
    """Whether the day of the last review lies in a year."""
    return held.values.get(kind.reviewed, "").startswith(f"{year}-")


def end_duties(
    connection: Connection, kinds: Sequence[str], kind: Kind, held: Sequence[Held], hand: Hand
) -> None:
    """End the open duties of these kinds that are about these records."""
    for duty in kinds:
        keys = open_keys(connection, duty, kind, held)
        fulfil(connection, duty, keys, hand.at, hand.by, door=hand.door)


def open_keys(connection: Connection, duty: str, kind: Kind, held: Iterable[Held]) -> list[str]:
    """Return the keys of the open duties of a kind that are about these records."""
    by_record = {(kind.key, f"{each.id}"): each.unit.id for each in held}
    rows = connection.execute(
        select(_DUTIES.key).where(
            _DUTIES.kind == duty, _DUTIES.state == DutyState.OPEN,
            _DUTIES.unit_id.in_({*by_record.values()}),
        )
    ).scalars()  # fmt: skip
    return [key for key in rows if tuple(key.split("/")[:2]) in by_record]


def open_waiting(
    connection: Connection, kind: Kind, reviews: Reviews, waiting: Sequence[tuple[int, Held]],
    hand: Hand,
) -> None:  # fmt: skip
    """Open a reviewer's duty for each review that was asked for, by its id."""
    due = china_day(hand.at) + timedelta(reviews.within)
    wanted = [
        Wanted(
            reviews.reviewing, key_of(kind, held.id, f"{review}"), held.unit.id, due,
            Wording(f"审核{_called(kind, held)}的年审", f"review {kind.en} {held.key}"),
            link_of(kind, held),
        )
        for review, held in waiting
    ]  # fmt: skip
    open_duties(connection, wanted, hand.at, door=hand.door)


def open_asking(
    connection: Connection, kind: Kind, reviews: Reviews,
    asked: Sequence[tuple[Held, str, date]], hand: Hand,
) -> int:  # fmt: skip
    """Open a duty to ask for each record's review: of a year ("2026"), or after one with conditions
    (its id), by a day. Return how many are new.
    """
    wanted = [
        Wanted(
            reviews.asking, key_of(kind, held.id, turn), held.unit.id, due,
            Wording(f"申请{_called(kind, held)}的年审", f"ask for the review of {held.key}"),
            link_of(kind, held),
        )
        for held, turn, due in asked
    ]  # fmt: skip
    return open_duties(connection, wanted, hand.at, door=hand.door)


def key_of(kind: Kind, record: int, turn: str) -> str:
    """Return the key of a duty about a record: of a year, or of a review by its id."""
    return f"{kind.key}/{record}/{turn}"


def link_of(kind: Kind, held: Held) -> str:
    """Return the page on which a record's reviews are asked for and carried out."""
    query = urlencode({"unit": held.unit.code, kind.key: held.key})
    return f"/{kind.key}-reviews/{kind.key}?{query}"


def _called(kind: Kind, held: Held) -> str:
    return f"{kind.zh}“{held.key}”"
