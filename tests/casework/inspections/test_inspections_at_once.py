"""Two at once: one run gives out, one record stands, one hazard is one case."""

from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import func, select

from casework.errors import Conflict
from models.tables import CASES, INSPECTION_TASKS
from tests.inspections import DAILY, given, hazard, planned, recorded, task_of, tasks, told


def counted(office, table):
    with office.reading() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()


def test_two_runs_at_once_give_out_once(office):
    planned(office)

    with ThreadPoolExecutor(4) as pool:
        runs = list(pool.map(lambda _: given(office).tasks, range(4)))

    assert sorted(runs) == [0, 0, 0, 3]
    assert counted(office, INSPECTION_TASKS) == 3


def test_of_two_who_record_at_once_one_is_told_so(office):
    planned(office)
    given(office)
    number = task_of(office)

    def attempt(who):
        try:
            return recorded(office, number, told(hazards={"gate": hazard()}), by=who).state
        except Conflict as refused:
            return refused.where

    with ThreadPoolExecutor(2) as pool:
        outcomes = sorted(pool.map(attempt, ["owner1", "head1"]))

    assert outcomes == ["reason", "recorded"]
    assert counted(office, CASES) == 1


def test_a_hazard_found_twice_at_once_is_one_case(office):
    for title in ("上午自查", "下午自查"):
        planned(office, DAILY, title=title)
    given(office)
    numbers = [each["number"] for each in tasks(office, by="head1")]

    def find(number):
        return recorded(office, number, told(hazards={"gate": hazard()})).cases[0].number

    with ThreadPoolExecutor(2) as pool:
        cases = set(pool.map(find, numbers))

    assert (len(numbers), len(cases), counted(office, CASES)) == (2, 1, 1)
