from dataclasses import replace
from datetime import date

import pytest

from rules.access import Role
from rules.actions import Action, Given
from rules.case import Bounds, Facts, Level, Listing, State
from rules.consequences import evolve
from rules.deadlines import Stage
from rules.lifecycle import decide
from rules.moves import Clockwork

A, G = Action, Given
TODAY, PLANNED_FOR, LATER = date(2026, 9, 1), date(2026, 9, 10), date(2026, 9, 20)
OWNER, HEAD, VERIFIER = 1, 2, 3

REPORTED = Facts(State.REPORTED)
RECTIFYING = Facts(State.RECTIFYING, hands=frozenset({OWNER}), plan_author=OWNER)
CLAIMED = replace(RECTIFYING, claimed=True, after_evidence=2)
VERIFIED = replace(RECTIFYING, state=State.VERIFIED, after_evidence=2, verified_by=VERIFIER)
CLOSED = replace(VERIFIED, state=State.CLOSED)


def moved(facts, action, by, *, roles=frozenset(Role), **given):
    filled = dict.fromkeys(G, "words") | {G.EVIDENCE: 0, G.NEW_DUE: LATER, G.DEADLINE: PLANNED_FOR}
    filled |= {Given(name): value for name, value in given.items()}
    return decide(facts, action, by=by, roles=roles, given=filled, bounds=Bounds(TODAY))


def after(facts, action, by, **rest):
    return evolve(facts, moved(facts, action, by, **rest))


def test_a_plan_makes_its_author_a_hand_and_sets_the_deadline_once_approved():
    plan = after(REPORTED, A.SUBMIT_PLAN, OWNER)
    approval = moved(plan, A.APPROVE_PLAN, HEAD)

    assert (plan.state, plan.hands, plan.plan_author) == (State.PLAN, {OWNER}, OWNER)
    assert plan.plan_deadline == PLANNED_FOR
    assert approval.due == PLANNED_FOR
    assert evolve(plan, approval).hands == {OWNER}


@pytest.mark.parametrize(
    ("roles", "waits_for"),
    [
        ({Role.OWNER}, Role.HEAD),
        ({Role.HEAD}, Role.CLUSTER),
        ({Role.OWNER, Role.HEAD}, Role.CLUSTER),
    ],
)
def test_a_plan_waits_for_the_head_but_not_for_the_head_who_wrote_it(roles, waits_for):
    plan = after(REPORTED, A.SUBMIT_PLAN, OWNER, roles=roles)

    assert plan.holder is waits_for
    assert replace(plan, level=Level.MAJOR).holder is Role.CLUSTER
    assert after(plan, A.RETURN_PLAN, HEAD) == replace(REPORTED, hands=frozenset({OWNER}))


def test_a_returned_plan_is_forgotten_but_not_whose_hand_wrote_it():
    returned = after(after(REPORTED, A.SUBMIT_PLAN, OWNER), A.RETURN_PLAN, HEAD)

    assert returned == replace(REPORTED, hands=frozenset({OWNER}))


def test_fixing_on_the_spot_is_a_claim():
    fixed = after(REPORTED, A.FIX_ON_SPOT, OWNER, evidence=1)

    assert (fixed.state, fixed.claimed, fixed.after_evidence) == (State.RECTIFYING, True, 1)
    assert fixed.hands == {OWNER}
    assert fixed.stage is Stage.VERIFICATION


@pytest.mark.parametrize("action", [A.FIX_ON_SPOT, A.CLAIM])
def test_without_an_after_photo_nothing_is_claimed(action):
    start = REPORTED if action is A.FIX_ON_SPOT else RECTIFYING
    assert moved(start, action, OWNER, evidence=0).field is G.EVIDENCE


def test_photos_shown_with_progress_are_enough_for_the_claim():
    progressed = after(RECTIFYING, A.PROGRESS, HEAD, evidence=2)

    assert progressed.after_evidence == 2
    assert progressed.hands == {OWNER, HEAD}
    assert after(progressed, A.CLAIM, OWNER).claimed


def test_what_did_not_convince_needs_new_photos():
    failed = after(CLAIMED, A.FAIL, VERIFIER)

    assert (failed.state, failed.claimed, failed.after_evidence) == (State.RECTIFYING, False, 0)
    assert moved(failed, A.CLAIM, OWNER).field is G.EVIDENCE
    assert after(failed, A.CLAIM, OWNER, evidence=1).claimed


@pytest.mark.parametrize(
    ("start", "action", "counted"),
    [
        (RECTIFYING, A.PROGRESS, 1),
        (RECTIFYING, A.CLAIM, 1),
        (CLAIMED, A.NO_ACCESS, 2),
        (CLAIMED, A.PASS, 2),
        (CLAIMED, A.FAIL, 0),
        (CLOSED, A.REOPEN, 0),
    ],
)
def test_a_photo_counts_for_the_claim_only_when_the_unit_hands_it_in(start, action, counted):
    assert after(start, action, VERIFIER, evidence=1).after_evidence == counted


def test_no_access_leaves_the_claim_standing_and_starts_the_verifiers_clock_again():
    move = moved(CLAIMED, A.NO_ACCESS, VERIFIER)

    assert evolve(CLAIMED, move) == CLAIMED
    assert move.clock is Clockwork.RESTART


def test_an_extension_granted_is_counted_and_one_refused_is_not():
    asked = after(RECTIFYING, A.ASK_EXTENSION, OWNER)

    assert asked == replace(RECTIFYING, extension_asked_by=OWNER)
    assert after(asked, A.GRANT_EXTENSION, HEAD) == replace(RECTIFYING, extensions=1)
    assert after(asked, A.REFUSE_EXTENSION, HEAD) == RECTIFYING


def test_a_claim_withdraws_the_extension_asked_for():
    asked = after(RECTIFYING, A.ASK_EXTENSION, OWNER)
    assert after(asked, A.CLAIM, OWNER, evidence=1).extension_asked_by is None


def test_a_transfer_drops_the_extension_asked_for_and_sets_no_day():
    asked = after(RECTIFYING, A.ASK_EXTENSION, OWNER)

    assert after(asked, A.TRANSFER, HEAD) == RECTIFYING
    assert moved(asked, A.TRANSFER, HEAD).due is None


def test_passing_names_the_verifier_and_closing_keeps_the_name():
    passed = after(CLAIMED, A.PASS, VERIFIER)

    assert passed == VERIFIED
    assert after(passed, A.CLOSE, HEAD) == CLOSED


@pytest.mark.parametrize("start", [VERIFIED, CLOSED])
def test_reopening_begins_a_new_cycle_and_keeps_whose_hands_were_on_it(start):
    reopened = after(replace(start, extensions=2), A.REOPEN, HEAD)

    assert reopened == replace(RECTIFYING, cycle=2)
    assert (reopened.extensions, reopened.after_evidence, reopened.verified_by) == (0, 0, None)
    assert after(replace(start, cycle=2), A.REOPEN, HEAD).cycle == 3


def test_a_voided_case_that_is_reopened_is_void_no_longer():
    voided = after(REPORTED, A.VOID, HEAD)

    assert (voided.state, voided.voided) == (State.CLOSED, True)
    assert after(voided, A.REOPEN, HEAD) == replace(REPORTED, state=State.RECTIFYING, cycle=2)


def test_a_listing_lasts_until_it_is_released():
    listed = after(RECTIFYING, A.LIST, None, kind=Listing.GUIDANCE)

    assert listed == replace(RECTIFYING, listed=Listing.GUIDANCE)
    assert after(replace(VERIFIED, listed=Listing.GUIDANCE), A.RELEASE, HEAD) == VERIFIED


def test_grading_changes_the_level_only_and_only_to_another():
    assert after(REPORTED, A.GRADE, HEAD, level=Level.MAJOR) == Facts(
        State.REPORTED, level=Level.MAJOR
    )
    assert moved(REPORTED, A.GRADE, HEAD, level=Level.ORDINARY).field is G.LEVEL


@pytest.mark.parametrize(
    ("facts", "action", "due"),
    [
        (CLAIMED, A.FAIL, LATER),
        (CLOSED, A.REOPEN, LATER),
        (replace(RECTIFYING, extension_asked_by=OWNER), A.GRANT_EXTENSION, LATER),
        (RECTIFYING, A.ASK_EXTENSION, None),
        (CLAIMED, A.PASS, None),
        (REPORTED, A.SUBMIT_PLAN, None),
    ],
)
def test_which_moves_set_the_next_due_day_themselves(facts, action, due):
    assert moved(facts, action, HEAD).due == due


@pytest.mark.parametrize(
    ("facts", "stage", "ordinary", "major"),
    [
        (Facts(state=None), None, None, None),
        (REPORTED, Stage.PLAN, Role.OWNER, Role.OWNER),
        (replace(REPORTED, state=State.PLAN), Stage.APPROVAL, Role.HEAD, Role.CLUSTER),
        (RECTIFYING, Stage.RECTIFICATION, Role.OWNER, Role.OWNER),
        (CLAIMED, Stage.VERIFICATION, Role.VERIFIER, Role.VERIFIER),
        (VERIFIED, Stage.CLOSE_OUT, Role.CLUSTER, Role.COMMITTEE),
        (CLOSED, None, None, None),
    ],
)
def test_which_clock_runs_and_for_whom_the_case_waits(facts, stage, ordinary, major):
    assert facts.stage is stage
    assert facts.holder is ordinary
    assert replace(facts, level=Level.MAJOR).holder is major


def test_a_verified_case_that_is_listed_waits_for_the_committee():
    assert replace(VERIFIED, listed=Listing.SUPERVISION).holder is Role.COMMITTEE
