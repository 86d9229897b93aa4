"""What a platform tells is kept once, judged, and raises one case a bus and day."""

import pytest
from sqlalchemy import func, select

from casework.buses.reading import read_lines
from casework.buses.sight import find_seer
from casework.buses.simulating import simulate
from casework.buses.vetoing import Which, lift, veto
from casework.buses.violations import EVERY, Narrow, narrowed
from casework.errors import Invalid, NotFound, Refused
from casework.events import Door
from models.tables import BUS_SIGHTINGS, CASES, RECORD_EVENTS
from rules.buses.sightings import Stray
from tests.casework.buses.roads import HEAD, PLATE, a_bus, fed, position, violation
from tests.offices import MONDAY_9AM

BUS = Which("bus", PLATE)
WHO = {"by": "committee1", "at": MONDAY_9AM, "door": Door.CLI}


def cases_of(office):
    with office.reading() as connection:
        return connection.execute(select(CASES.c.number, CASES.c.level, CASES.c.description)).all()


def faults_of(office):
    with office.reading() as connection:
        ordered = select(BUS_SIGHTINGS.c.fault).order_by(BUS_SIGHTINGS.c.at)
        return list(connection.execute(ordered).scalars())


def test_a_movement_outside_is_one_case_a_bus_and_day(office):
    a_bus(office)

    first = fed(
        office,
        position("2026-03-01 10:00:00", 30),  # Sunday
        position("2026-03-01 10:05:00", 40),
        position("2026-03-02 07:00:00", 40),
        position("2026-03-02 08:00:00", 2),   # parked
        position("2026-03-02 08:30:00", 20),
    )  # fmt: skip
    later = fed(office, position("2026-03-01 11:00:00", 30))

    assert (first.new, len(first.cases), later.new, later.cases) == (5, 2, 1, [])
    assert faults_of(office) == [Stray.OFF_DAY] * 3 + [None, None, Stray.OUTSIDE]
    assert [each.description for each in cases_of(office)] == [
        "校车“苏E12345”2026-03-01 10:00 在节假日或假期移动",
        "校车“苏E12345”2026-03-02 08:30 在准许时段外移动",
    ]


def test_the_same_file_twice_changes_nothing(office):
    a_bus(office)
    lines = [position("2026-03-01 10:00:00", 30), violation("2026-03-01 07:00:00")]
    fed(office, *lines, *lines)

    again = fed(office, *lines)
    other = fed(office, *lines, source="交警")

    assert (again.new, again.known, again.cases) == (0, 2, [])
    assert (other.new, other.cases) == (2, [])


def test_an_unknown_plate_is_kept_and_named(office):
    told = fed(office, position("2026-03-01 10:00:00", 90, plate="苏E99999"))

    assert (told.new, told.offences, told.strangers, told.cases) == (1, 1, {"苏E99999"}, [])


def test_a_vetoed_bus_that_moves_is_a_major_case(office):
    a_bus(office)
    veto(office, BUS, "屡次超员", **WHO)

    fed(office, position("2026-03-02 07:00:00", 30))

    assert [(each.level.value, "一概否决" in each.description) for each in cases_of(office)] == [
        ("major", True)
    ]


def test_vetoes_stand_once_are_lifted_by_the_committee_and_proven(office):
    a_bus(office)
    vetoed = veto(office, BUS, "屡次超员", **WHO)
    with pytest.raises(Refused, match="vetoed already"):
        veto(office, BUS, "再次", **WHO)
    with pytest.raises(Refused, match="may not supervise"):
        lift(office, BUS, "改好了", by="head1", at=MONDAY_9AM, door=Door.CLI)
    lift(office, BUS, "改好了", **WHO)
    with pytest.raises(NotFound):
        lift(office, BUS, "改好了", **WHO)

    with office.reading() as connection:
        kinds = select(RECORD_EVENTS.c.kind).where(RECORD_EVENTS.c.name == f"bus/{PLATE}")
        told = list(connection.execute(kinds.order_by(RECORD_EVENTS.c.seq)).scalars())

    assert vetoed.receipt.startswith(f"register:bus/{PLATE}/2/")
    assert told == ["add", "veto", "lift"]


@pytest.mark.parametrize(("line", "field"), [
    (",,2026-03-01 10:00,定位,,,,,", "车牌"),
    (",苏E1,昨天,定位,,,,,", "时间"),
    (",苏E1,2026-03-09 10:00,定位,,,,,", "时间"),
    (",苏E1,2026-03-01 10:00,飞行,,,,,", "类型"),
    (",苏E1,2026-03-01 10:00,定位,301,,,,", "速度"),
    (",苏E1,2026-03-01 10:00,定位,nan,,,,", "速度"),
    (",苏E1,2026-03-01 10:00,违法,,,,,", "违法行为"),
    (",苏E1,2026-03-01 10:00,违法,,,超员,,三月", "处罚日期"),
])  # fmt: skip
def test_a_bad_line_is_named_and_the_others_land(office, line, field):
    told = fed(office, line, position("2026-03-02 07:00:00", 30))

    assert ([(each.line, each.label) for each in told.bad], told.new) == ([(2, field)], 1)


def test_headings_that_say_nothing_are_refused():
    with pytest.raises(Invalid, match="车牌"):
        list(read_lines(["a,b"], now=MONDAY_9AM))


def test_only_the_committee_feeds(office):
    with pytest.raises(Refused):
        fed(office, HEAD, by="head1")


def test_a_simulated_platform_tells_the_same_days_for_a_seed(office):
    a_bus(office)
    made = [
        list(simulate(office, days=3, seed=7, by="committee1", at=MONDAY_9AM)) for _ in range(2)
    ]
    told = fed(office, *(",".join(row) for row in made[0][1:]))

    with office.reading() as connection:
        kept = connection.execute(select(func.count()).select_from(BUS_SIGHTINGS)).scalar_one()
    assert (made[0], told.new, told.bad) == (made[1], kept, [])
    assert kept > 10


@pytest.mark.parametrize("wanted", [EVERY, Narrow(since=MONDAY_9AM.date())])
def test_violations_are_not_sought_among_positions(sqlite_office, wanted):
    with sqlite_office.reading() as connection:
        found = narrowed(connection, find_seer(connection, "committee1"), wanted)
        asked = found.compile(connection, compile_kwargs={"literal_binds": True})
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {asked}").fetchall()

    assert "ix_bus_sighting_offence" in str(plan)
    assert "TEMP B-TREE" not in str(plan)
