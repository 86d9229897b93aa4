"""A bulletin a day: numbered, frozen, made up for, seen as far as one may."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select, update

from casework.buses.bulletins import make_bulletins
from casework.buses.looking import list_bulletins, open_board, open_bulletin
from casework.buses.vetoes import list_vetoes
from casework.errors import Invalid, NotFound, Refused
from casework.events import Door
from casework.proving.subjects import find_proven
from models.tables import BUS_BULLETINS, BUS_SIGHTINGS, NOTICES
from tests.casework.buses.roads import PLATE, a_bus, bulletins, fed, position, violation
from tests.offices import MONDAY_9AM, PERSON

DAY = timedelta(days=1)
TUESDAY = MONDAY_9AM + DAY
OTHER = "苏E54321"


@pytest.fixture
def roads(office):
    a_bus(office)
    a_bus(office, OTHER, unit="S3", by="head3")
    return office


def test_days_missed_are_made_up_for_once_each(roads):
    fed(roads, violation("2026-03-02 07:00:00"))

    rehearsed = bulletins(roads, MONDAY_9AM + 3 * DAY, dry_run=True)
    made = bulletins(roads, MONDAY_9AM + 3 * DAY)
    again = bulletins(roads, MONDAY_9AM + 3 * DAY)

    assert (len(rehearsed.days), rehearsed.numbers) == (3, [])
    assert made.numbers == [f"校车通报〔2026〕{n}号" for n in (1, 2, 3)]
    assert again.numbers == []


def test_a_day_is_told_of_when_it_is_over(roads):
    fed(roads, violation("2026-03-02 07:00:00"))

    assert bulletins(roads, MONDAY_9AM).numbers == []
    with pytest.raises(Refused, match="2026-03-03"):
        make_bulletins(roads, as_of=TUESDAY, ran_at=MONDAY_9AM, door=Door.FLOW)


def test_heads_and_committee_read_what_is_theirs(roads):
    fed(
        roads,
        violation("2026-03-02 07:00:00"),
        position("2026-03-02 07:05:00", 70),
        position("2026-03-02 07:10:00", 75),  # too fast twice a day is one offence
        violation("2026-03-02 07:00:00", plate=OTHER),
        violation("2026-03-02 07:00:00", plate="苏E99999"),
    )
    bulletins(roads, TUESDAY)

    seen = {
        by: [row["plate"] for row in open_bulletin(roads, date(2026, 3, 2), by=by).rows]
        for by in ("committee1", "head1", "cluster2", "head2")
    }
    (whole,) = list_bulletins(roads, by="committee1")
    with roads.reading() as connection:
        told = set(connection.execute(
            select(NOTICES.c.person_id).where(NOTICES.c.kind == "bus_bulletin")
        ).scalars())  # fmt: skip

    assert seen == {
        "committee1": [PLATE, OTHER, "苏E99999"], "head1": [PLATE], "cluster2": [OTHER],
        "head2": [],
    }  # fmt: skip
    assert [each["what"] for each in whole.rows[0]["offences"]] == ["超员", "超速行驶"]
    assert whole.rows[0]["offences"][1]["speed"] == 75
    assert told == {PERSON[each] for each in ("head1", "head3", "committee1", "committee2")}


def test_the_third_offence_vetoes_raises_a_case_and_is_not_told_twice(roads):
    fed(roads, violation("2026-03-01 07:00:00"), violation("2026-03-01 16:30:00"))
    first = bulletins(roads, MONDAY_9AM)
    fed(roads, violation("2026-02-27 07:00:00"), at=MONDAY_9AM)  # comes in late
    second = bulletins(roads, TUESDAY)
    third = bulletins(roads, TUESDAY + DAY)

    late = open_bulletin(roads, date(2026, 3, 2), by="committee1")
    assert (first.vetoed, second.vetoed, third.vetoed) == ([], [PLATE], [])
    assert [each["repeats"] for each in late.rows] == [3]
    assert late.rows[0]["offences"][0]["at"] == "2026-02-27T07:00+08:00"
    assert late.vetoed == {PLATE: second.cases[0]}
    assert [each.key for each in list_vetoes(roads, by="head1")] == [PLATE]
    assert list_vetoes(roads, by="head3") == []


def test_a_board_shows_today_and_strangers_to_the_committee_alone(roads):
    fed(roads, position("2026-03-02 08:30:00", 30), position("2026-03-02 08:30:00", 9, "苏E99999"))

    boards = {
        by: open_board(roads, by=by, at=MONDAY_9AM) for by in ("committee1", "head1", "head3")
    }

    assert {by: (len(each.rows), [*each.strangers]) for by, each in boards.items()} == {
        "committee1": (1, ["苏E99999"]), "head1": (1, []), "head3": (0, []),
    }  # fmt: skip


def test_a_bulletin_that_was_altered_is_not_shown(roads):
    fed(roads, violation("2026-03-02 07:00:00"))
    bulletins(roads, TUESDAY)
    with roads.writing() as connection:
        connection.execute(update(BUS_BULLETINS).values(content='{"rows":[],"vetoed":{}}'))

    with pytest.raises(Invalid, match="frozen"):
        open_bulletin(roads, date(2026, 3, 2), by="committee1")


def test_old_positions_are_pruned_and_offences_stay(roads):
    fed(roads, position("2026-03-02 07:00:00", 30), violation("2026-03-02 07:00:00"))
    later = MONDAY_9AM + 92 * DAY

    pruned = bulletins(roads, later).pruned

    with roads.reading() as connection:
        left = connection.execute(select(BUS_SIGHTINGS.c.kind)).scalars().all()
    assert (pruned, [each.value for each in left]) == (1, ["violation"])


def test_who_reads_a_bulletin_whole_may_prove_it(roads):
    fed(roads, violation("2026-03-02 07:00:00"))
    bulletins(roads, TUESDAY)

    with roads.reading() as connection:
        proven, _ = find_proven(connection, "bus_bulletin:2026-03-02", "committee1")
        with pytest.raises(NotFound):
            find_proven(connection, "bus_bulletin:2026-03-02", "head1")
    assert proven.name == "bus_bulletin:2026-03-02"
