"""A request repeated under its key changes nothing and answers the same, at once or later."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import pytest
from sqlalchemy import func, select

from casework.errors import Invalid, Refused
from casework.events import Door
from casework.moves import move
from casework.reports import Report, report
from models.tables import CASES, EVENTS, IDEMPOTENCY_KEYS
from rules.actions import Action
from tests.invariants import broken
from tests.offices import MONDAY_9AM, after_photo, claimed, rectifying, reported

TOLD = Report("S1", "灭火器压力不足", "消防", location="一楼", owner="张三")


def rows_of(office, table):
    with office.reading() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()


def keyed(office, number, *, key="k-1", text="进行中", by="owner1", files=()):
    return move(
        office, number, Action.PROGRESS, {"text": text}, by=by, at=MONDAY_9AM, door=Door.API,
        key=key, files=files,
    )  # fmt: skip


def told(office, *, key="k-1", told=TOLD, by="reporter1"):
    return report(office, told, by=by, at=MONDAY_9AM, door=Door.API, key=key)


def both_at_once(do, *each):
    """Run ``do`` with each argument in a thread of its own, as close together as can be."""
    start = Barrier(len(each))

    def run(argument):
        start.wait()
        return do(argument)

    with ThreadPoolExecutor(len(each)) as pool:
        return list(pool.map(run, each))


def test_a_move_repeated_answers_the_same_and_writes_one_event(office):
    number = rectifying(office)
    before = rows_of(office, EVENTS)

    first, second = keyed(office, number), keyed(office, number)

    assert second == replace(first, repeated=True)
    assert not first.repeated
    assert rows_of(office, EVENTS) == before + 1


def test_a_report_repeated_answers_the_same_and_opens_one_case(office):
    first, second = told(office), told(office)

    assert second == replace(first, repeated=True)
    assert rows_of(office, CASES) == 1
    assert broken(office) == []


def test_a_repeat_answers_as_it_was_after_the_case_moved_on(office):
    number = rectifying(office)
    first = keyed(office, number)
    keyed(office, number, key="k-2", text="快好了")

    assert keyed(office, number).seq == first.seq


def test_without_a_key_a_move_is_done_again(office):
    number = rectifying(office)

    first, second = keyed(office, number, key=None), keyed(office, number, key=None)

    assert second.seq == first.seq + 1


@pytest.mark.parametrize("other", [{"text": "另一句"}, {"by": "head1"}])
def test_a_key_on_another_request_is_refused(office, other):
    number = rectifying(office)
    keyed(office, number)
    before = rows_of(office, EVENTS)

    with pytest.raises(Refused, match="another request") as refused:
        keyed(office, number, **other)

    assert refused.value.where == "key"
    assert "换一个" in refused.value.say("zh")
    assert rows_of(office, EVENTS) == before


def test_a_key_with_another_file_or_case_is_refused(office):
    number, another = rectifying(office), rectifying(office)
    keyed(office, number)

    with pytest.raises(Refused, match="another request"):
        keyed(office, number, files=[after_photo(office)])
    with pytest.raises(Refused, match="another request"):
        keyed(office, another)


def test_a_key_of_a_move_does_not_serve_a_report(office):
    keyed(office, rectifying(office))

    with pytest.raises(Refused, match="another request"):
        told(office)


def test_a_refused_request_does_not_use_up_its_key(office):
    number = rectifying(office)
    with pytest.raises(Refused):
        keyed(office, number, by="owner2")

    assert not keyed(office, number).repeated


@pytest.mark.parametrize("key", ["k" * 81, "k\x00", "k\ud800"])
def test_what_is_no_key_is_refused(office, key):
    number = rectifying(office)

    with pytest.raises(Invalid) as refused:
        keyed(office, number, key=key)

    assert refused.value.where == "key"
    assert rows_of(office, IDEMPOTENCY_KEYS) == 0


def test_the_longest_key_is_taken(office):
    assert not keyed(office, rectifying(office), key="键" * 80).repeated


@pytest.mark.parametrize("_again", range(3))
def test_one_key_in_two_threads_makes_one_event_and_one_answer(office, _again):
    number = claimed(office)

    def verify(_):
        return move(
            office, number, Action.PASS, {"finding": "合格"}, by="verifier1a", at=MONDAY_9AM,
            door=Door.API, key="k-1",
        )  # fmt: skip

    first, second = both_at_once(verify, 1, 2)

    assert sorted([first.repeated, second.repeated]) == [False, True]
    assert replace(first, repeated=False) == replace(second, repeated=False)
    assert broken(office) == []


@pytest.mark.parametrize("_again", range(3))
def test_one_report_in_two_threads_opens_one_case(office, _again):
    first, second = both_at_once(lambda _: told(office), 1, 2)

    assert first.number == second.number
    assert sorted([first.repeated, second.repeated]) == [False, True]
    assert rows_of(office, CASES) == 1
    assert broken(office) == []


def test_one_key_for_two_cases_at_once_serves_one(office):
    numbers = rectifying(office), rectifying(office)

    def progress(number):
        try:
            return keyed(office, number).number
        except Refused as refused:
            return refused.where

    assert "key" in both_at_once(progress, *numbers)
    assert rows_of(office, IDEMPOTENCY_KEYS) == 1
    assert broken(office) == []


def test_a_key_outlives_the_report_it_served(office):
    first = told(office)
    reported(office)

    assert told(office).number == first.number
