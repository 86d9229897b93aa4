"""Duties chased by their flow on a real server: once, and shown."""

from sqlalchemy import func, select

from flows.chase_missing import ChaseRequest, chase_missing
from models.tables import CASES
from tests.casework.duties.duties import opened, wanted

WEDNESDAY = ChaseRequest(as_of="2026-03-11T06:30+08:00")  # three working days late


def test_what_is_missing_is_chased_once_and_becomes_a_case(run, home, sqlite_office):
    opened(sqlite_office, wanted(), wanted(key="weekly/2026-W10/S2", unit="S2"))

    rehearsed, _ = run(chase_missing, ChaseRequest(as_of=WEDNESDAY.as_of, dry_run=True))
    first, shown = run(chase_missing, WEDNESDAY)
    second, nothing = run(chase_missing, WEDNESDAY)

    assert rehearsed.message == "试运行，未写入：新立 6 项，催办 2 项，通知 6 条，立案 2 件"
    assert first.message == "新立 6 项，催办 2 项，通知 6 条，立案 2 件"
    assert "报送" in shown["chase-summary"].data
    assert (second.message, nothing) == ("催办 0 项，通知 0 条，立案 0 件", {})
    with sqlite_office.reading() as connection:
        assert connection.scalar(select(func.count()).select_from(CASES)) == 2
