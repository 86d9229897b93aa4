"""One word moves many: each by the rules and by itself, once, and nobody else's."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from casework.bulk.choosing import Pick, actions_for, choose, read_picks, write_picks
from casework.bulk.foreseeing import foresee_all
from casework.bulk.moving import find_run, move_all
from casework.case_file import open_case_file
from casework.case_list import Filter
from casework.errors import Invalid, NotFound, Refused
from casework.events import Door
from casework.people import find_actor
from models.tables import BULK_RUNS
from rules.actions import Action
from rules.bulk import MOST, ONE_BY_ONE
from rules.case import Level, State
from tests.offices import MONDAY_9AM, act, planned, rectifying, reported, verified

LATER = MONDAY_9AM + timedelta(hours=1)


def picked(*numbers):
    return [Pick(each) for each in numbers]


def foresee(office, action, chosen, by="committee1", **typed):
    return foresee_all(office, action, typed, chosen, by=by, as_of=LATER)


def move_them(office, action, chosen, by="committee1", token="t", **typed):  # noqa: S107 — no secret
    return move_all(
        office, action, typed, chosen, by=by, at=LATER, door=Door.PAGE, token=token
    )  # fmt: skip


def state(office, number):
    return open_case_file(office, number, by="committee1", as_of=LATER).case["state"]


def events(office, number):
    return open_case_file(office, number, by="committee1", as_of=LATER).history


def test_each_case_says_where_it_would_go_or_why_not(office):
    ready, early = verified(office), reported(office)

    can, cannot = foresee(office, Action.CLOSE, picked(ready, early))

    assert (can.number, can.may, can.becomes, can.lacks) == (ready, True, State.CLOSED, "")
    assert (cannot.may, cannot.becomes) == (False, None)
    assert cannot.problem.zh == "案件已上报，不能“销号”"
    assert cannot.remedy.zh.startswith("须处于：")
    assert state(office, ready) == State.VERIFIED


def test_what_is_foreseen_is_what_happens_in_the_rules_own_words(office):
    numbers = [verified(office), reported(office), planned(office, unit="S3"), verified(office)]

    foreseen = foresee(office, Action.CLOSE, picked(*numbers))
    run = move_them(office, Action.CLOSE, picked(*numbers))

    assert [each.may for each in foreseen] == [each.done for each in run.outcomes]
    assert [each.problem for each in foreseen] == [each.problem for each in run.outcomes]
    assert [each.remedy for each in foreseen] == [each.remedy for each in run.outcomes]
    assert (run.done, run.refused) == (2, 2)
    assert [state(office, each) for each in numbers] == ["closed", "reported", "plan", "closed"]


def test_a_move_that_needs_a_reason_is_not_begun_without_one(office):
    number = reported(office)

    (foreseen,) = foresee(office, Action.VOID, picked(number))
    with pytest.raises(Refused, match="reason is missing") as refused:
        move_them(office, Action.VOID, picked(number))

    assert (foreseen.may, foreseen.lacks, foreseen.becomes) == (True, "reason", State.CLOSED)
    assert refused.value.where == "reason"
    assert state(office, number) == State.REPORTED


def test_a_field_that_a_rule_refuses_is_refused_for_its_case_only(office):
    major = reported(office, level=Level.MAJOR, category="用电")
    ordinary = reported(office)
    typed = {"level": "major", "reason": "人员密集"}

    run = move_them(office, Action.GRADE, picked(major, ordinary), **typed)

    assert [each.done for each in run.outcomes] == [False, True]
    assert run.outcomes[0].where == "level"


def test_a_field_nobody_can_read_stops_everything(office):
    number = reported(office)
    typed = {"level": "很大", "reason": "x"}

    with pytest.raises(Invalid):
        move_them(office, Action.GRADE, picked(number), **typed)
    with pytest.raises(Invalid):
        foresee(office, Action.GRADE, picked(number), **typed)


def test_the_same_request_again_changes_nothing_and_answers_the_same(office):
    numbers = [verified(office), reported(office)]

    first = move_them(office, Action.CLOSE, picked(*numbers))
    again = move_them(office, Action.CLOSE, picked(*numbers))

    assert again == first
    assert len(events(office, numbers[0])) == 6


def test_all_of_a_filter_asked_again_are_those_of_the_first_time(office):
    first_number = verified(office)
    wanted = Filter(state=State.VERIFIED)

    first = move_them(office, Action.CLOSE, wanted)
    verified(office)
    again = move_them(office, Action.CLOSE, wanted)

    assert [each.number for each in again.outcomes] == [first_number]
    assert again == first


def test_what_was_cut_short_before_its_end_is_taken_up(office):
    numbers = [verified(office), verified(office)]
    move_them(office, Action.CLOSE, picked(*numbers))
    with office.writing() as connection:
        connection.execute(update(BULK_RUNS).values(ended_at=None, outcomes=[]))

    run = move_them(office, Action.CLOSE, picked(*numbers))

    assert [(each.done, each.repeated) for each in run.outcomes] == [(True, True), (True, True)]
    assert [len(events(office, each)) for each in numbers] == [6, 6]


def test_a_token_serves_one_request_of_one_person(office):
    number, other = verified(office), verified(office)
    move_them(office, Action.CLOSE, picked(number))

    with pytest.raises(Refused, match="belongs to another request"):
        move_them(office, Action.CLOSE, picked(other))
    run = move_them(office, Action.CLOSE, picked(other), by="committee2")

    assert run.done == 1
    with pytest.raises(NotFound):
        find_run(office, "t", by="cluster1")


def test_a_case_that_moved_since_it_was_seen_is_left_alone(office):
    number = rectifying(office)
    (foreseen,) = foresee(office, Action.PROGRESS, picked(number), by="owner1", text="已订货")
    act(office, number, Action.PROGRESS, "head1", text="别人刚报")

    run = move_them(office, Action.PROGRESS, [foreseen.pick()], by="owner1", text="已订货")

    assert (run.done, run.refused) == (0, 1)
    assert "您查看之后案件已变动" in run.outcomes[0].problem.zh


@pytest.mark.parametrize("by", ["cluster2", "owner3", "head3"])
def test_a_case_of_elsewhere_is_no_case_at_all(office, by):
    number = rectifying(office)

    (foreseen,) = foresee(office, Action.PROGRESS, picked(number), by=by, text="x")
    (none,) = foresee(office, Action.PROGRESS, picked("YH2026-009999"), by=by, text="x")
    run = move_them(office, Action.PROGRESS, picked(number), by=by, text="x")

    assert foreseen.problem.zh == f"没有编号为 {number} 的案件"
    assert (foreseen.unit, foreseen.description, foreseen.seq) == ("", "", None)
    assert none.remedy == foreseen.remedy
    assert run.outcomes[0].problem == foreseen.problem


@pytest.mark.parametrize("action", sorted(ONE_BY_ONE))
def test_a_verdict_on_one_hazard_is_given_case_by_case(sqlite_office, action):
    with pytest.raises(Refused, match="one case at a time"):
        foresee(sqlite_office, action, picked("YH2026-000001"))


@pytest.mark.parametrize("chosen", [[], Filter(state=State.CLOSED)])
def test_nothing_chosen_is_said(sqlite_office, chosen):
    with pytest.raises(Invalid, match="no case is chosen"):
        foresee(sqlite_office, Action.CLOSE, chosen)


def test_at_most_five_hundred_are_moved_at_once(sqlite_office):
    numbers = [f"YH2026-{n:06d}" for n in range(1, MOST + 2)]

    assert len(choose(sqlite_office, picked(*numbers[:MOST]), by="admin", as_of=LATER)) == MOST
    with pytest.raises(Refused, match="501 cases; at most 500"):
        choose(sqlite_office, picked(*numbers), by="admin", as_of=LATER)


@pytest.mark.parametrize(
    ("by", "actions"),
    [
        ("auditor", ()),
        ("reporter1", ()),
        ("verifier1a", ()),
        ("owner1", (Action.PROGRESS,)),
        ("head1", (Action.ASSIGN, Action.RETURN_PLAN, Action.APPROVE_PLAN, Action.PROGRESS)),
    ],
)
def test_each_role_is_offered_what_it_may_do_to_many(sqlite_office, by, actions):
    with sqlite_office.reading() as connection:
        assert actions_for(find_actor(connection, by)) == actions


def test_picks_are_read_as_they_were_written():
    picks = [Pick("YH2026-000001", 4), Pick("YH2026-000002")]

    assert read_picks(write_picks(picks)) == picks
    assert read_picks(" A@x  B@ @3 ") == [Pick("A"), Pick("B")]
