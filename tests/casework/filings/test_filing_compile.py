"""A period is compiled once, whoever compiles how often, and missed ones are made up."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest
from sqlalchemy import func, select

from casework.errors import Invalid, NotFound, Refused
from casework.events import Door
from casework.filings.catching_up import compile_due
from casework.filings.compiling import open_filing
from casework.filings.listing import list_filings, show_board
from casework.filings.store import SUBJECT
from models.tables import FILING_FIGURES, FILINGS, RECORD_EVENTS
from rules.workdays import china_day
from tests.casework.filings.filed import APRIL, acting, compiled, signed, which
from tests.offices import MONDAY_9AM, reported

EVERYBODY = {"unit": 3, "cluster": 2, "committee": 1}


def rows_of(office, table=FILINGS):
    with office.reading() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()


def test_everybody_has_a_draft_and_a_second_compilation_changes_nothing(office):
    first, second = compiled(office), compiled(office)

    assert (first.new, first.known, first.by_level) == (6, 0, EVERYBODY)
    assert (second.new, second.known) == (0, 6)
    assert rows_of(office) == 6


def test_two_compilations_at_once_make_one_of_each(office):
    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(lambda _: compiled(office), range(4)))

    with office.reading() as connection:
        events = connection.execute(
            select(RECORD_EVENTS.c.subject_id).where(RECORD_EVENTS.c.subject == SUBJECT)
        ).scalars()
        assert set(Counter(events).values()) == {1}
    assert sum(each.new for each in done) == rows_of(office) == 6
    assert rows_of(office, FILING_FIGURES) == 6 * 17


@pytest.mark.parametrize(
    ("as_of", "planned"),
    [
        ("2026-04-01T01:00", ["monthly 2026-03", "quarterly 2026Q1"]),
        ("2026-03-31T23:59", []),
        ("2026-03-30T01:00", ["weekly 2026-W13"]),  # Monday, on which it is due
        ("2026-03-31T01:00", []),
        ("2026-04-15T23:59", ["quarterly 2026Q1"]),
        ("2026-04-16T00:00", []),
        ("2027-01-01T00:30", ["monthly 2026-12", "quarterly 2026Q4", "yearly 2026"]),
        ("2027-01-31T23:59", ["yearly 2026"]),
        ("2027-02-01T01:00", ["weekly 2027-W04", "monthly 2027-01"]),
    ],
)  # fmt: skip
def test_the_first_time_the_last_period_is_compiled_if_it_is_still_in_time(
    sqlite_office, as_of, planned
):
    at = datetime.fromisoformat(f"{as_of}+08:00")

    done = compile_due(sqlite_office, as_of=at, ran_at=at, door=Door.FLOW, dry_run=True)

    assert done.planned == planned
    assert rows_of(sqlite_office) == 0


def test_after_downtime_every_missed_period_is_compiled_once(office):
    compiled(office, "weekly", "2026-W10")

    caught = compile_due(office, as_of=APRIL, ran_at=APRIL, door=Door.FLOW, only="weekly")
    again = compile_due(office, as_of=APRIL, ran_at=APRIL, door=Door.FLOW, only="weekly")

    assert [each.period for each in caught.compiled] == ["2026-W11", "2026-W12", "2026-W13"]
    assert (caught.new, again.new) == (18, 0)


def test_a_day_to_come_can_only_be_rehearsed(sqlite_office):
    with pytest.raises(Refused):
        compile_due(sqlite_office, as_of=APRIL, ran_at=MONDAY_9AM, door=Door.FLOW)
    with pytest.raises(Refused):
        compiled(sqlite_office, "monthly", "2026-04", at=MONDAY_9AM)


def test_a_school_may_begin_its_own_before_the_engine_does(sqlite_office):
    number = reported(sqlite_office)

    held = open_filing(sqlite_office, which(), **acting("S1", MONDAY_9AM, "reporter1"))
    done = compiled(sqlite_office)

    assert number
    assert held.sheet.value("found") == 1
    assert done.by_level == {"unit": 2, "cluster": 2, "committee": 1}


@pytest.mark.parametrize(
    ("unit", "by", "template"),
    [("S1", "head2", "monthly"), ("P1", "cluster1", "monthly"), ("ZWH", "committee1", "monthly")],
)
def test_what_is_not_theirs_to_begin_is_not_there(sqlite_office, unit, by, template):
    with pytest.raises(NotFound):
        open_filing(sqlite_office, which(unit, template=template), **acting(unit, APRIL, by))


def test_a_cluster_makes_no_daily_filing(sqlite_office):
    with pytest.raises(Invalid) as refused:
        open_filing(
            sqlite_office, which("P1", template="daily", period="2026-03-02"), **acting("P1")
        )

    assert "单位" in refused.value.remedy.zh


@pytest.mark.parametrize("by", ["head1", "cluster1", "auditor"])
def test_only_the_committee_compiles_for_everybody(sqlite_office, by):
    with pytest.raises(Refused):
        compiled(sqlite_office, by=by)


def test_filings_are_listed_where_they_lie_and_nowhere_else(office):
    compiled(office)
    today = china_day(APRIL)

    def seen(by):
        return {row["unit_code"] for row in list_filings(office, by=by, today=today).rows}

    assert seen("head1") == {"S1"}
    assert seen("cluster1") == {"P1", "S1", "S2"}
    assert seen("cluster2") == {"P2", "S3"}
    assert seen("auditor") == {"ZWH", "P1", "P2", "S1", "S2", "S3"}


def test_the_board_names_who_has_not_reported_the_late_ones_first(office):
    compiled(office)
    signed(office, "S2", nil="是")
    late = datetime.fromisoformat("2026-04-06T09:00+08:00").date()

    board = show_board(office, "monthly", "2026-03", by="committee1", today=late)
    own = show_board(office, "monthly", "2026-03", by="head1", today=late)

    assert board.counts == {"late": 2, "none": 0, "open": 3, "filed": 1}
    assert [row["unit_code"] for row in board.rows[:2]] == ["S1", "S3"]
    assert board.rows[-1]["number"] == "月报2026-03-S2"
    assert [row["unit_code"] for row in own.rows] == ["S1"]


def test_lists_turn_their_pages(sqlite_office):
    compiled(sqlite_office)
    today = china_day(APRIL)

    first = list_filings(sqlite_office, by="committee1", today=today, size=4)
    rest = list_filings(sqlite_office, by="committee1", today=today, size=4, after=first.after)

    assert len({row["unit_code"] for row in (*first.rows, *rest.rows)}) == 6
    assert rest.after == ""
    with pytest.raises(Invalid):
        list_filings(sqlite_office, by="committee1", today=today, after="nonsense")
