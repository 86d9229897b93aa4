"""What is not done is told of step by step, and becomes a case once, whoever chases how often."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from sqlalchemy import select, update

from casework.duties.chasing import chase
from casework.errors import Refused
from casework.events import Door
from models.tables import CASES, DUTIES, EVENTS, NOTICES, PEOPLE
from tests.casework.duties.duties import FRIDAY, after, chased, duties, opened, told, wanted
from tests.offices import MONDAY_9AM, PERSON
from tests.sealing import faults, sealed


def rows(office, table):
    with office.reading() as connection:
        return connection.execute(select(table).order_by(*table.primary_key)).all()


# A report is due on Friday 6 March; working days: Thursday before, Monday to Wednesday after.
@pytest.mark.parametrize(
    ("day", "people", "cases"),
    [
        (date(2026, 3, 4), [], 0),
        (date(2026, 3, 5), ["owner1"], 0),
        (date(2026, 3, 6), ["owner1"], 0),  # the due day
        (date(2026, 3, 8), ["owner1"], 0),  # Sunday
        (date(2026, 3, 9), ["head1", "owner1"], 0),
        (date(2026, 3, 10), ["cluster1", "head1", "owner1"], 0),
        (date(2026, 3, 11), ["cluster1", "head1", "owner1"], 1),
    ],
)
def test_a_first_chase_tells_the_newest_step_only(office, day, people, cases):
    opened(office)

    done = chased(office, day)

    assert told(office) == people
    assert (done.notices, done.raised) == (len(people), cases)


def test_day_by_day_each_step_is_told_once(office):
    opened(office)

    for days in range(-2, 8):
        chased(office, after(days))
        chased(office, after(days))

    assert told(office) == ["cluster1"] * 2 + ["head1"] * 3 + ["owner1"] * 4
    assert len(rows(office, CASES)) == 1
    assert duties(office)[0].next_on is None


def test_a_case_tells_what_was_not_done_and_the_history_holds(office, tmp_path):
    opened(office)

    done = chased(office, after(5))

    case, event = rows(office, CASES)[0], rows(office, EVENTS)[0]
    assert case.description == "报送未按期完成：每周安全汇总（应于 2026-03-06 前完成）"
    assert (case.number, case.category, event.role) == (done.cases[0], "management", "ladder")
    assert json.loads(event.body)["duty"] == {"kind": "report", "key": "weekly/2026-W10/S1"}
    assert duties(office)[0].case_id == case.id
    sealed(office, tmp_path)
    assert faults(office, tmp_path) == []


def test_steps_that_nobody_took_in_time_are_counted(office):
    opened(office)

    chased(office, after(3))

    notice = rows(office, NOTICES)[0]
    body = json.loads(notice.body)
    assert (body["missed"], notice.case_id, notice.clock_no) == (1, None, 0)
    assert body["title"] == {"zh": "每周安全汇总", "en": "weekly summary"}


def test_steps_of_before_the_duty_was_opened_are_not_missed(office):
    opened(office, wanted(due=date(2026, 2, 27)))  # opened on Monday, due the Friday before

    chased(office, date(2026, 3, 2))

    assert json.loads(rows(office, NOTICES)[0].body)["missed"] == 0


def test_what_waits_for_one_person_is_told_to_that_person(office):
    opened(office, wanted("inspection", "task/1", person=PERSON["inspector1"]))

    chased(office, after(3))

    assert told(office) == ["committee1", "committee2", "inspector1"]


def test_somebody_away_is_stood_in_for(office):
    opened(office, wanted(person=PERSON["owner1"]))
    with office.writing() as connection:
        away = {"stand_in_id": PERSON["reporter1"], "away_from": date(2026, 3, 1)}
        connection.execute(update(PEOPLE).where(PEOPLE.c.code == "owner1").values(**away))

    chased(office, FRIDAY)

    assert told(office) == ["reporter1"]


def test_of_a_cluster_no_case_is_raised(office):
    opened(office, wanted(unit="P1"))

    done = chased(office, after(5))

    assert (done.raised, len(rows(office, CASES))) == (0, 0)
    assert told(office) == ["cluster1"]  # nobody is owner or head there


def test_a_rehearsal_writes_nothing(office):
    opened(office, wanted(), wanted(key="weekly/2026-W10/S2", unit="S2"))

    done = chased(office, after(5), dry_run=True, batch=1)

    assert (done.told, done.raised, told(office), rows(office, CASES)) == (2, 2, [], [])
    assert chased(office, after(5)).raised == 2


def test_a_day_to_come_may_only_be_rehearsed(sqlite_office):
    with pytest.raises(Refused, match="not come"):
        chase(sqlite_office, as_of=MONDAY_9AM.replace(day=3), ran_at=MONDAY_9AM, door=Door.CLI)


def test_batches_make_no_difference(office):
    opened(office, *(wanted(key=f"weekly/{n}") for n in range(5)))

    assert chased(office, after(5), batch=2).told == 5
    assert chased(office, after(5), batch=2).looked_at == 0


def test_two_chasers_at_once_tell_and_raise_once(office):
    opened(office, *(wanted(key=f"weekly/{n}", unit=f"S{1 + n % 3}") for n in range(30)))

    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(lambda _: chased(office, after(5), batch=4), range(4)))

    assert sum(each.told for each in done) == 30
    keys = [each.key for each in rows(office, NOTICES)]
    assert len(keys) == len(set(keys))
    assert all(each.case_id for each in duties(office))


def test_a_kind_that_is_gone_is_left_alone(office):
    opened(office)
    with office.writing() as connection:
        connection.execute(update(DUTIES).values(kind="gone"))

    assert chased(office, after(5)).looked_at == 0
