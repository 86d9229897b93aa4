import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.access import ENGINE, PERMITS, Actor, Grant, Role, Verb, widest
from rules.actions import Action
from rules.moves import TABLE

COMMITTEE, CLUSTER, SCHOOL, OTHER_SCHOOL = "/1/", "/1/4/", "/1/4/37/", "/1/5/41/"
NEIGHBOUR = "/1/40/"  # begins like /1/4 but is another cluster

paths = st.lists(st.integers(1, 12), min_size=1, max_size=4).map(
    lambda ids: "/" + "".join(f"{each}/" for each in ids)
)


def actor(*grants):
    return Actor(id=7, grants=tuple(Grant(role, path) for role, path in grants))


@pytest.mark.parametrize(
    ("granted_over", "path", "covered"),
    [
        (SCHOOL, SCHOOL, True),
        (CLUSTER, SCHOOL, True),
        (COMMITTEE, SCHOOL, True),
        ("/", SCHOOL, True),
        (SCHOOL, CLUSTER, False),
        (CLUSTER, OTHER_SCHOOL, False),
        (CLUSTER, NEIGHBOUR, False),
        (NEIGHBOUR, CLUSTER, False),
    ],
)
def test_a_grant_covers_what_lies_below_it(granted_over, path, covered):
    head = actor((Role.HEAD, granted_over))

    assert (Role.HEAD in head.roles_over(path)) is covered
    assert head.may(Verb.VIEW, path) is covered


def test_roles_held_at_several_places_add_up():
    li = actor((Role.OWNER, SCHOOL), (Role.CLUSTER, CLUSTER), (Role.VERIFIER, OTHER_SCHOOL))

    assert li.roles_over(SCHOOL) == {Role.OWNER, Role.CLUSTER}
    assert li.roles_over(CLUSTER) == {Role.CLUSTER}
    assert li.roles_over(OTHER_SCHOOL) == {Role.VERIFIER}
    assert li.roles_over(NEIGHBOUR) == frozenset()


@pytest.mark.parametrize(
    ("verb", "roles"),
    [
        (Verb.VIEW, set(Role) - {Role.LADDER}),
        (Verb.REPORT, set(Role) - {Role.LADDER, Role.AUDITOR}),
        (Verb.IMPORT, {Role.HEAD, Role.CLUSTER, Role.COMMITTEE, Role.ADMIN}),
        (Verb.SWEEP, {Role.COMMITTEE, Role.ADMIN}),
        (Verb.SEE_NOTICES, {Role.CLUSTER, Role.COMMITTEE, Role.ADMIN}),
        (Verb.REVEAL, {Role.COMMITTEE, Role.ADMIN, Role.AUDITOR}),
        (Verb.ADMINISTER, {Role.ADMIN}),
        (Verb.LOCATE, {Role.OWNER, Role.HEAD, Role.CLUSTER, Role.COMMITTEE, Role.ADMIN}),
    ],
)
def test_which_roles_permit_what(verb, roles):
    assert {role for role in Role if actor((role, SCHOOL)).may(verb, SCHOOL)} == roles


def test_every_verb_is_permitted_to_somebody():
    assert set(PERMITS) == set(Verb)


def test_reporting_is_the_same_right_in_both_tables():
    people = PERMITS[Verb.REPORT]

    # The engine reports what ran out in a register; no person holds its role.
    assert people | {Role.LADDER} == TABLE[Action.REPORT].ordinary == TABLE[Action.REPORT].major


def test_the_engine_is_nobody_and_may_only_do_what_time_does():
    assert ENGINE.id is None
    assert ENGINE.roles_over(SCHOOL) == {Role.LADDER}
    assert not [verb for verb in Verb if ENGINE.may(verb, SCHOOL)]


def test_reach_is_the_widest_of_what_is_permitted():
    li = actor(
        (Role.ADMIN, SCHOOL), (Role.ADMIN, CLUSTER), (Role.AUDITOR, "/"), (Role.ADMIN, OTHER_SCHOOL)
    )

    assert li.reach(Verb.ADMINISTER) == (CLUSTER, OTHER_SCHOOL)
    assert li.reach(Verb.VIEW) == ("/",)
    assert actor().reach(Verb.VIEW) == ()


@given(st.lists(paths, max_size=8), paths)
def test_the_widest_paths_cover_the_same_places_and_none_lies_in_another(given_paths, place):
    kept = widest(given_paths)

    assert any(map(place.startswith, kept)) is any(map(place.startswith, given_paths))
    assert [p for p in kept for q in kept if p != q and p.startswith(q)] == []
    assert set(kept) <= set(given_paths)


@pytest.mark.parametrize("role", Role)
def test_every_role_has_a_name_in_both_languages(role):
    assert role.label.zh
    assert role.label.en
