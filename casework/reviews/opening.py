"""What is to be reviewed this year, opened as a duty for each record that has no review of it."""

from datetime import date, datetime

from sqlalchemy import ColumnElement, Connection, String, cast, exists, literal, or_

from casework.duties.ending import withdraw
from casework.events import Door
from casework.office import Office
from casework.registers import store
from casework.registers.store import FOUND, Hand, Held
from casework.reviews.store import key_of, open_asking, open_keys
from models import RecordState
from models.tables import DUTIES, RECORD_EVENTS, REGISTER_RECORDS, REGISTER_REVIEWS
from rules.access import Role
from rules.registers.kinds import Kind, kinds
from rules.registers.reviews import Reviews
from rules.workdays import china_day, open_of

_RECORDS, _REVIEWS, _EVENTS = REGISTER_RECORDS.c, REGISTER_REVIEWS.c, RECORD_EVENTS.c
_BATCH = 1_000


def open_reviews(
    office: Office, *, as_of: datetime, at: datetime, door: Door, dry_run: bool = False
) -> int:
    """Open a duty for each record that was there in the year that is asked for on ``as_of`` and has
    neither review nor request; a batch a transaction. Return how many are new.
    """
    hand, opened = Hand(None, Role.LADDER, at, door), 0
    for kind in kinds().values():
        after, more = 0, kind.reviews is not None
        while more and kind.reviews:
            with office.writing() as connection:
                rows = _due(connection, kind, kind.reviews, china_day(as_of), after)
                opened += _open(connection, kind, kind.reviews, rows, china_day(as_of), hand)
                if dry_run:
                    connection.rollback()
            more = len(rows) == _BATCH
            after = rows[-1].id if rows else 0
    return opened


def drop_reviews(connection: Connection, kind: Kind, held: list[Held], hand: Hand) -> None:
    """End the duties of records that are retired; one whose day is over stays."""
    reviews, today = kind.reviews, china_day(hand.at)
    if reviews is None or not held:
        return
    for duty in (reviews.asking, reviews.reviewing):
        keys = open_keys(connection, duty, kind, held)
        withdraw(connection, duty, keys, hand.at, hand.by, after=today, door=hand.door)


def is_done(kind: Kind, year: int) -> ColumnElement[bool]:
    """Return the condition that a record was passed in a year, here or before there was a here."""
    found: ColumnElement[bool] = _RECORDS.facts[kind.reviewed].as_string() >= f"{year}-01-01"
    return found


def _due(
    connection: Connection, kind: Kind, reviews: Reviews, today: date, after: int
) -> list[Held]:
    year = reviews.year_on(today)
    key = literal("").concat(key_of(kind, 0, "")[:-2]).concat(cast(_RECORDS.id, String))
    rows = connection.execute(
        FOUND.where(
            _RECORDS.kind == kind.key,
            _RECORDS.state == RecordState.ACTIVE,
            _RECORDS.id > after,
            # A blank field is not among the facts.
            or_(_RECORDS.facts[kind.reviewed].as_string().is_(None), ~is_done(kind, year)),
            ~exists().where(
                _REVIEWS.record_id == _RECORDS.id,
                or_(_REVIEWS.outcome.is_(None), _REVIEWS.year >= year),
            ),
            ~exists().where(
                DUTIES.c.kind == reviews.asking, DUTIES.c.key == key.concat(f"/{year}")
            ),
            exists().where(
                _EVENTS.subject == store.SUBJECT, _EVENTS.subject_id == _RECORDS.id,
                _EVENTS.seq == 1, _EVENTS.at < open_of(date(year + 1, 1, 1)),
            ),
        )
        .order_by(_RECORDS.id)
        .limit(_BATCH)
    )  # fmt: skip
    return [store.read(row) for row in rows]


def _open(
    connection: Connection, kind: Kind, reviews: Reviews, rows: list[Held], today: date, hand: Hand
) -> int:
    year = reviews.year_on(today)
    asked = [(held, f"{year}", reviews.due_on(year, today)) for held in rows]
    return open_asking(connection, kind, reviews, asked, hand) if asked else 0
