"""Who is told: relative to whoever the case waits for, by name, and instead of nobody."""

import pytest

from rules.access import Role
from rules.audience import find_told, heard_by, role_meant, superior
from rules.case import Facts, Level, State
from rules.ladder import Audience

A, R = Audience, Role
EVERYBODY = {
    R.OWNER: (1,), R.HEAD: (2,), R.CLUSTER: (3,), R.VERIFIER: (4, 5), R.COMMITTEE: (6, 7),
}  # fmt: skip


def told(audiences, holder, held=EVERYBODY):
    found = find_told(audiences, holder, lambda role: held.get(role, ()))
    return found.people, dict(found.fell)


def without(*roles):
    return {role: people for role, people in EVERYBODY.items() if role not in roles}


@pytest.mark.parametrize(
    ("holder", "above", "above_that"),
    [
        (R.OWNER, R.HEAD, R.CLUSTER),
        (R.HEAD, R.CLUSTER, R.COMMITTEE),
        (R.VERIFIER, R.CLUSTER, R.COMMITTEE),
        (R.CLUSTER, R.COMMITTEE, R.COMMITTEE),
        (R.COMMITTEE, R.COMMITTEE, R.COMMITTEE),
    ],
)
def test_a_superior_is_relative_to_the_holder(holder, above, above_that):
    assert superior(holder) is above
    assert role_meant(A.HOLDER, holder) is holder
    assert role_meant(A.SUPERIOR, holder) is above
    assert role_meant(A.SECOND_SUPERIOR, holder) is above_that


@pytest.mark.parametrize(
    ("audience", "role"),
    [(A.OWNER, R.OWNER), (A.HEAD, R.HEAD), (A.CLUSTER, R.CLUSTER), (A.COMMITTEE, R.COMMITTEE)],
)
@pytest.mark.parametrize("holder", [R.OWNER, R.VERIFIER, R.COMMITTEE])
def test_a_role_by_name_is_that_role_whoever_holds_the_case(audience, role, holder):
    assert role_meant(audience, holder) is role


@pytest.mark.parametrize(
    ("facts", "holder"),
    [
        (Facts(State.REPORTED), R.OWNER),
        (Facts(State.PLAN), R.HEAD),
        (Facts(State.PLAN, plan_by_head=True), R.CLUSTER),
        (Facts(State.PLAN, level=Level.MAJOR), R.CLUSTER),
        (Facts(State.RECTIFYING), R.OWNER),
        (Facts(State.RECTIFYING, claimed=True), R.VERIFIER),
        (Facts(State.VERIFIED), R.CLUSTER),
        (Facts(State.VERIFIED, level=Level.MAJOR), R.COMMITTEE),
    ],
)
def test_in_every_stage_the_holder_hears_first(facts, holder):
    people, fell = told([A.HOLDER], facts.holder)

    assert (people, fell) == (EVERYBODY[holder], {})


@pytest.mark.parametrize(
    ("audiences", "holder", "people"),
    [
        ([A.HOLDER], R.OWNER, (1,)),
        ([A.HOLDER, A.SUPERIOR], R.OWNER, (1, 2)),
        ([A.SUPERIOR, A.HOLDER], R.OWNER, (2, 1)),
        ([A.HOLDER, A.SUPERIOR, A.SECOND_SUPERIOR], R.OWNER, (1, 2, 3)),
        ([A.HOLDER, A.SUPERIOR], R.VERIFIER, (4, 5, 3)),
        ([A.HEAD, A.CLUSTER, A.COMMITTEE], R.OWNER, (2, 3, 6, 7)),
        # Once each, however often they are meant.
        ([A.SUPERIOR, A.HEAD], R.OWNER, (2,)),
        ([A.SUPERIOR, A.SECOND_SUPERIOR], R.CLUSTER, (6, 7)),
        ([A.HOLDER, A.SUPERIOR, A.COMMITTEE], R.COMMITTEE, (6, 7)),
    ],
)
def test_those_meant_are_told_in_order_and_once_each(audiences, holder, people):
    assert told(audiences, holder) == (people, {})


@pytest.mark.parametrize(
    ("audiences", "nobody", "people", "fell"),
    [
        ([A.HOLDER], [R.OWNER], (2,), {R.OWNER: R.HEAD}),
        ([A.HOLDER], [R.OWNER, R.HEAD], (3,), {R.OWNER: R.CLUSTER}),
        ([A.HOLDER], [R.OWNER, R.HEAD, R.CLUSTER], (6, 7), {R.OWNER: R.COMMITTEE}),
        ([A.HOLDER], [R.OWNER, R.HEAD, R.CLUSTER, R.COMMITTEE], (), {R.OWNER: None}),
        ([A.SUPERIOR], [R.HEAD], (3,), {R.HEAD: R.CLUSTER}),
        # The superior hears anyhow, and it is said that the holder did not.
        ([A.HOLDER, A.SUPERIOR], [R.OWNER], (2,), {R.OWNER: R.HEAD}),
        ([A.HOLDER, A.SUPERIOR], [R.OWNER, R.HEAD], (3,), {R.OWNER: R.CLUSTER, R.HEAD: R.CLUSTER}),
        ([A.COMMITTEE], [R.COMMITTEE], (), {R.COMMITTEE: None}),
        ([A.COMMITTEE, A.HOLDER], [R.COMMITTEE], (1,), {R.COMMITTEE: None}),
    ],
)
def test_a_role_that_nobody_holds_falls_to_the_next_superior_and_says_so(
    audiences, nobody, people, fell
):
    assert told(audiences, R.OWNER, without(*nobody)) == (people, fell)


def test_a_verifier_that_is_nobody_falls_to_the_cluster_and_not_to_the_school():
    assert told([A.HOLDER], R.VERIFIER, without(R.VERIFIER)) == ((3,), {R.VERIFIER: R.CLUSTER})


def test_where_nobody_is_left_the_asking_ends():
    assert told(list(A), R.VERIFIER, {})[0] == ()


@pytest.mark.parametrize(
    ("audiences", "cycle", "heard"),
    [
        ((A.HOLDER,), 1, (A.HOLDER,)),
        ((A.HOLDER,), 2, (A.HOLDER, A.SUPERIOR)),
        ((A.HOLDER, A.SUPERIOR), 2, (A.HOLDER, A.SUPERIOR, A.SECOND_SUPERIOR)),
        ((A.HOLDER,), 3, (A.HOLDER, A.SUPERIOR)),
        ((A.OWNER, A.HEAD), 2, (A.OWNER, A.HEAD, A.CLUSTER)),
        ((A.COMMITTEE,), 2, (A.COMMITTEE,)),
    ],
)
def test_of_a_hazard_that_relapsed_the_next_level_hears_as_well(audiences, cycle, heard):
    assert heard_by(audiences, cycle) == heard
