"""The daily bulletin by its flow on a real server: once a day, and what was missed is made up."""

from sqlalchemy import select

from flows.bus_bulletin import BulletinRequest, bus_bulletin
from models.tables import BUS_BULLETINS, NOTICES
from tests.casework.buses.roads import a_bus, fed, violation

THURSDAY = BulletinRequest(as_of="2026-03-05T07:00+08:00")


def test_days_missed_are_told_of_once_each_and_a_repeater_is_vetoed(run, home, sqlite_office):
    a_bus(sqlite_office)
    fed(sqlite_office, *(violation(f"2026-03-02 0{hour}:00:00") for hour in (6, 7, 8)))

    rehearsed, _ = run(bus_bulletin, BulletinRequest(as_of=THURSDAY.as_of, dry_run=True))
    first, shown = run(bus_bulletin, THURSDAY)
    second, nothing = run(bus_bulletin, THURSDAY)

    assert rehearsed.message == "试运行，未写入：将生成 3 期"
    assert first.message == "生成 3 期，一概否决 1 辆"
    assert "校车通报〔2026〕3号" in shown["bus-bulletins"].data
    assert (second.message, nothing) == ("没有要生成的通报", {})
    with sqlite_office.reading() as connection:
        days = connection.execute(select(BUS_BULLETINS.c.on_day)).scalars().all()
        told = connection.execute(select(NOTICES.c.id).where(NOTICES.c.kind == "bus_bulletin"))
        notices = len(told.all())
    assert (len(days), notices) == (3, 3)  # of one bulletin alone: a head, two of the committee
