"""Order numbers run from one in each year, without gap or repeat, whoever lists at once."""

import pytest
from sqlalchemy import select

from casework.errors import Refused
from models.tables import NUMBER_SERIES, ORDERS
from rules.actions import Action
from tests.conftest import opened
from tests.invariants import broken
from tests.movers import PROCESSES, office_at
from tests.offices import MONDAY_9AM, act, claimed, reported

LISTED = {"kind": "supervision", "reason": "久拖不改"}
NEW_YEAR = MONDAY_9AM.replace(year=2027, month=1, day=4)


def numbers(office):
    with office.reading() as connection:
        return list(connection.execute(select(ORDERS.c.number).order_by(ORDERS.c.id)).scalars())


def list_each(url, folder, cases, told):
    """List every case that nobody else lists first; what a process of its own does."""
    with opened(url) as engine:
        office = office_at(engine, folder)
        told.put(sum(_lists(office, number) for number in cases))


def _lists(office, number):
    try:
        act(office, number, Action.LIST, "committee1", **LISTED)
    except Refused:
        return 0
    return 1


def test_four_processes_that_list_the_same_cases_leave_no_gap_and_no_repeat(
    office, database, tmp_path
):
    cases = [reported(office) for _ in range(40)]
    told = PROCESSES.SimpleQueue()
    listers = [
        PROCESSES.Process(target=list_each, args=(database, tmp_path, cases, told))
        for _ in range(4)
    ]

    for each in listers:
        each.start()
    done = [told.get() for _ in listers]
    for each in listers:
        each.join()

    assert sum(done) == 40
    assert sorted(numbers(office)) == sorted(f"校安督〔2026〕{n}号" for n in range(1, 41))
    assert broken(office) == []


def test_a_listing_that_is_refused_uses_up_no_number(office):
    number = reported(office)
    act(office, number, Action.LIST, "committee1", **LISTED)

    with pytest.raises(Refused):
        act(office, number, Action.LIST, "committee1", **LISTED)
    act(office, reported(office), Action.LIST, "committee1", **LISTED)

    assert numbers(office) == ["校安督〔2026〕1号", "校安督〔2026〕2号"]


def test_every_year_begins_at_one(office):
    act(office, reported(office), Action.LIST, "committee1", **LISTED)
    act(office, claimed(office), Action.LIST, "committee1", at=NEW_YEAR, **LISTED)

    assert numbers(office) == ["校安督〔2026〕1号", "校安督〔2027〕1号"]
    with office.reading() as connection:
        series = select(NUMBER_SERIES.c.last).where(NUMBER_SERIES.c.series == "order")
        assert connection.execute(series).scalars().all() == [1, 1]
