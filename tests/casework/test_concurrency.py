"""Two people at one case: one wins, the other is told what happened. Numbers stay dense."""

from concurrent.futures import ThreadPoolExecutor
from time import sleep

import pytest
from sqlalchemy import text

from casework.cases import find_case
from rules.actions import Action
from tests.invariants import broken
from tests.movers import ANOTHER_DAY, PROCESSES, race
from tests.offices import ORGANISATION, claimed, reported

CASES = 20
PASSED = (Action.PASS, "verifier1a", {"finding": "合格"})
FAILED = (Action.FAIL, "verifier1b", {"finding": "不合格", "new_due": ANOTHER_DAY})


def raced(database, folder, numbers, seen):
    """Let one process pass and one fail each case at once; return (pass, fail) per case."""
    start, told = PROCESSES.Barrier(2), PROCESSES.SimpleQueue()
    racers = [
        PROCESSES.Process(
            target=race, args=(database, folder, (numbers, *order, seen), start, told)
        )
        for order in (PASSED, FAILED)
    ]
    for each in racers:
        each.start()
    outcomes = dict(told.get() for _ in racers)
    for each in racers:
        each.join()
    return list(zip(outcomes[Action.PASS], outcomes[Action.FAIL], strict=True))


def told_what_happened(outcome):
    """Whether one verifier won and the other was told of just that."""
    passed, failed = outcome
    if passed == "won":
        return "VERIFIER1A验收通过：合格" in failed
    return failed == "won" and "VERIFIER1B验收不通过：不合格" in passed


@pytest.mark.parametrize("seen", [None, 4])
def test_of_two_verifiers_at_once_one_wins_and_the_other_is_told(office, database, tmp_path, seen):
    numbers = [claimed(office) for _ in range(CASES)]

    outcomes = raced(database, tmp_path, numbers, seen)

    assert [each for each in outcomes if not told_what_happened(each)] == []
    assert broken(office) == []


def test_four_who_report_at_once_get_numbers_without_gap_or_repeat(office):
    def report_fifty(_):
        return [reported(office) for _ in range(50)]

    with ThreadPoolExecutor(4) as pool:
        numbers = sorted(each for some in pool.map(report_fifty, range(4)) for each in some)

    assert numbers == [f"YH2026-{n:06d}" for n in range(1, 201)]
    assert broken(office) == []


def test_a_mover_who_waited_for_a_transfer_finds_the_case_at_its_new_unit(office):
    number = reported(office)

    def look():
        with office.writing() as connection:
            return find_case(connection, number, to_move=True).unit_path

    with ThreadPoolExecutor(1) as pool:
        with office.writing() as connection:
            connection.execute(text("UPDATE cases SET unit_id = :s2"), {"s2": ORGANISATION["S2"]})
            waiting = pool.submit(look)
            sleep(0.1)
        found = waiting.result()

    assert found == "/1001/1002/1005/"
