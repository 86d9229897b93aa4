"""Periodic reports: a month of a district compiled, counted, and one school's, against the same
numbers by one statement written by hand.
"""

from collections.abc import Iterator
from datetime import UTC, datetime

from sqlalchemy import Connection, text

from benchmarks.lives import fill_with_lives
from benchmarks.measures import Figure, alternate, seconds
from benchmarks.offices import CLUSTERS, SCHOOLS, START, an_office
from casework.events import Door
from casework.filings.compiling import compile_period, open_filing
from casework.filings.counting import count_units
from casework.filings.listing import show_board
from casework.filings.places import Which
from casework.filings.showing import show_filing
from casework.office import Office
from rules.filings.periods import read_period
from rules.filings.templates import templates
from rules.workdays import close_of, open_of

TEMPLATE, MONTH = "monthly", "2026-02"
AT = START
_ONE = Which("weekly", "2026-W09", "O1000")
_ROUNDS = 3
_FIRST = "reported_at >= :since AND reported_at < :until AND NOT voided"
_BY_HAND = f"""
SELECT unit_id,
  SUM(CASE WHEN {_FIRST} AND level = 'ordinary' THEN 1 ELSE 0 END),
  SUM(CASE WHEN {_FIRST} AND level = 'ordinary' AND closed_at < :until THEN 1 ELSE 0 END),
  SUM(CASE WHEN {_FIRST} AND level = 'major' THEN 1 ELSE 0 END),
  SUM(CASE WHEN {_FIRST} AND level = 'major' AND closed_at < :until THEN 1 ELSE 0 END),
  SUM(CASE WHEN {_FIRST} AND level = 'major' AND state IN ('plan', 'rectifying', 'verified')
      THEN 1 ELSE 0 END),
  SUM(CASE WHEN {_FIRST} AND level = 'major' AND state IN ('rectifying', 'verified')
      THEN 1 ELSE 0 END),
  SUM(CASE WHEN {_FIRST} AND level = 'major' AND (listed IS NOT NULL OR EXISTS
      (SELECT 1 FROM supervision_order o WHERE o.case_id = cases.id)) THEN 1 ELSE 0 END),
  SUM(CASE WHEN reported_at < :since AND NOT voided AND (closed_at IS NULL OR closed_at >= :since)
      THEN 1 ELSE 0 END),
  SUM(CASE WHEN {_FIRST} THEN 1 ELSE 0 END),
  SUM(CASE WHEN closed_at >= :since AND closed_at < :until AND NOT voided THEN 1 ELSE 0 END),
  SUM(CASE WHEN reported_at < :until AND NOT voided AND (closed_at IS NULL OR closed_at >= :until)
      THEN 1 ELSE 0 END)
FROM cases GROUP BY unit_id
"""


def measure(kind: str, size: int) -> Iterator[Figure]:
    """Yield what a month of ``size`` cases takes for everybody, and a week for one school."""
    with an_office(kind) as office:
        fill_with_lives(office, size, until=START)
        note = f"{size:,} cases, {CLUSTERS * SCHOOLS} schools in {CLUSTERS} clusters"
        counted, by_hand = alternate(
            _ROUNDS, lambda: _count(office), lambda: _count_by_hand(office)
        )
        yield Figure(f"a month's numbers of all schools, {kind}", counted, "s", None, note)
        yield Figure(f"… against the statement by hand, {kind}", counted / by_hand, "×")
        whole = seconds(lambda: _compile(office))
        yield Figure(f"a month compiled for everybody, {kind}", whole, "s", 10.0, note)
        yield Figure(f"… against the statement by hand, {kind}", whole / by_hand, "×")
        again = seconds(lambda: _compile(office))
        yield Figure(f"… compiled once more, {kind}", again, "s")
        one = seconds(lambda: open_filing(office, _ONE, by="head", at=AT, door=Door.CLI))
        yield Figure(f"one school's week compiled, {kind}", one, "s", 1.0)
        seen = seconds(lambda: show_filing(office, _ONE, by="head", at=AT))
        yield Figure(f"one school's week shown, {kind}", seen, "s", 1.0)
        top = seconds(
            lambda: show_filing(office, Which(TEMPLATE, MONTH, "O1"), by="committee", at=AT)
        )
        yield Figure(f"the committee's month shown, {kind}", top, "s", 1.0)
        board = seconds(
            lambda: show_board(office, TEMPLATE, MONTH, by="committee", today=AT.date())
        )
        yield Figure(f"who has reported, {kind}", board, "s", 1.0)


def _compile(office: Office) -> None:
    compile_period(office, TEMPLATE, MONTH, by=None, at=AT, door=Door.CLI)


def _count(office: Office) -> None:
    template = templates()[TEMPLATE]
    with office.reading() as connection:
        policy = office.rulebooks.at(connection, AT).policy
        count_units(connection, policy, template, read_period(template.period, MONTH), at=AT)


def _count_by_hand(office: Office) -> None:
    period = read_period(templates()[TEMPLATE].period, MONTH)
    with office.reading() as connection:
        values = {
            "since": _bound(connection, open_of(period.first)),
            "until": _bound(connection, close_of(period.last)),
        }
        connection.execute(text(_BY_HAND), values).all()


def _bound(connection: Connection, moment: datetime) -> object:
    """Return a moment as the database stores it."""
    if connection.dialect.name == "postgresql":
        return moment
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
