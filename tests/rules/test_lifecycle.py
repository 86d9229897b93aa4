from dataclasses import replace
from datetime import date, timedelta

import pytest

from rules.access import Role
from rules.actions import Action, Given
from rules.case import Bounds, Facts, Level, Listing, Obstacle, State
from rules.decisions import Move, Refusal
from rules.lifecycle import available, decide

A, G = Action, Given
DAY = timedelta(days=1)
TODAY, DUE_DAY, LATEST = date(2026, 9, 1), date(2026, 9, 10), date(2026, 10, 1)
BOUNDS = Bounds(TODAY, due_day=DUE_DAY, latest_deadline=LATEST, latest_extension=LATEST)
OVERDUE = replace(BOUNDS, due_day=TODAY - DAY, overdue=True)
EVERY_ROLE = frozenset(Role)

OWNER, HEAD, VERIFIER, SOMEBODY = 1, 2, 3, 9

UNREPORTED = Facts(state=None)
REPORTED = Facts(State.REPORTED)
PLAN = Facts(State.PLAN, hands=frozenset({OWNER}), plan_author=OWNER, plan_deadline=DUE_DAY)
RECTIFYING = replace(PLAN, state=State.RECTIFYING)
ASKED = replace(RECTIFYING, extension_asked_by=OWNER)
CLAIMED = replace(RECTIFYING, claimed=True, after_evidence=1)
VERIFIED = replace(CLAIMED, state=State.VERIFIED, claimed=False, verified_by=VERIFIER)
LISTED = replace(VERIFIED, listed=Listing.SUPERVISION)
CLOSED = replace(VERIFIED, state=State.CLOSED)

FILLED = {
    **dict.fromkeys(Given, "words"),
    G.LEVEL: Level.MAJOR,
    G.KIND: Listing.SUPERVISION,
    G.OBSTACLE: Obstacle.FUNDS,
    G.DEADLINE: LATEST,
    G.NEW_DUE: LATEST,
    G.EVIDENCE: 0,
}
TAKE_FILES = {A.FIX_ON_SPOT, A.PROGRESS, A.CLAIM, A.PASS, A.FAIL, A.NO_ACCESS, A.REOPEN}

REPORTERS = {"reporter", "owner", "head", "cluster", "verifier", "inspector", "committee", "admin"}
UNIT, ABOVE, COMMITTEE = {"owner", "head"}, {"cluster", "committee"}, {"committee"}
HEAD_OR_ABOVE = {"head", "cluster", "committee"}

# From where it is done; by whom to an ordinary hazard, by whom to a major one; what it needs.
MOVES = {
    A.REPORT: (UNREPORTED, REPORTERS | {"ladder"}, REPORTERS | {"ladder"}, ""),
    A.GRADE: (REPORTED, ABOVE, COMMITTEE, "level reason"),
    A.ASSIGN: (REPORTED, HEAD_OR_ABOVE, HEAD_OR_ABOVE, "owner"),
    A.TRANSFER: (REPORTED, ABOVE, ABOVE, "unit reason"),
    A.VOID: (REPORTED, ABOVE, ABOVE, "reason"),
    A.SUBMIT_PLAN: (REPORTED, UNIT, UNIT, "duty measures funds deadline contingency"),
    A.RETURN_PLAN: (PLAN, HEAD_OR_ABOVE, ABOVE, "reason"),
    A.APPROVE_PLAN: (PLAN, HEAD_OR_ABOVE, ABOVE, ""),
    A.FIX_ON_SPOT: (REPORTED, UNIT, set(), "evidence"),
    A.PROGRESS: (RECTIFYING, UNIT, UNIT, "text"),
    A.ASK_EXTENSION: (RECTIFYING, UNIT, UNIT, "reason obstacle new_due plan interim"),
    A.GRANT_EXTENSION: (ASKED, ABOVE, COMMITTEE, "new_due"),
    A.REFUSE_EXTENSION: (ASKED, ABOVE, COMMITTEE, "reason"),
    A.CLAIM: (RECTIFYING, UNIT, UNIT, "evidence"),
    A.PASS: (CLAIMED, {"verifier"}, {"verifier"}, "finding"),
    A.FAIL: (CLAIMED, {"verifier"}, {"verifier"}, "finding new_due"),
    A.NO_ACCESS: (CLAIMED, {"verifier"}, {"verifier"}, "finding"),
    A.CLOSE: (VERIFIED, ABOVE, COMMITTEE, ""),
    A.REOPEN: (
        CLOSED,
        {"inspector", "committee", "ladder"},
        {"inspector", "committee", "ladder"},
        "finding",
    ),
    A.LIST: (RECTIFYING, {"committee", "ladder"}, {"committee", "ladder"}, "kind reason"),
    A.RELEASE: (LISTED, COMMITTEE, COMMITTEE, "reason"),
}
POSITIONS = {
    "unreported": UNREPORTED, "reported": REPORTED, "plan": PLAN, "rectifying": RECTIFYING,
    "claimed": CLAIMED, "verified": VERIFIED, "closed": CLOSED,
}  # fmt: skip
OPEN = {"reported", "plan", "rectifying", "claimed", "verified"}


def answer(facts, action, *, by=SOMEBODY, roles=EVERY_ROLE, bounds=BOUNDS, **given):
    """Decide with every field filled in well, but for those named here."""
    filled = well_filled(action) | {Given(name): value for name, value in given.items()}
    return decide(facts, action, by=by, roles=roles, given=filled, bounds=bounds)


def well_filled(action):
    return FILLED | ({G.EVIDENCE: 1} if action in TAKE_FILES else {})


def major(facts):
    return replace(facts, level=Level.MAJOR)


def test_every_action_has_a_line_in_the_table_of_this_test():
    assert set(MOVES) == set(Action)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("action", Action)
def test_who_may_move_an_ordinary_and_a_major_hazard(action, role):
    start, ordinary, of_major, _ = MOVES[action]
    other = {G.LEVEL.value: Level.ORDINARY}

    assert isinstance(answer(start, action, roles={role}), Move) is (role in ordinary)
    assert isinstance(answer(major(start), action, roles={role}, **other), Move) is (
        role in of_major
    )


@pytest.mark.parametrize(
    ("roles", "acting"),
    [
        ({Role.OWNER}, Role.OWNER),
        ({Role.HEAD}, Role.HEAD),
        ({Role.OWNER, Role.HEAD}, Role.HEAD),
        ({Role.ADMIN, Role.CLUSTER, Role.OWNER}, Role.OWNER),  # the others do not plan
    ],
)
def test_a_move_says_in_which_role_it_is_made(roles, acting):
    assert answer(REPORTED, A.SUBMIT_PLAN, roles=roles).role is acting


def test_without_a_role_nothing_is_offered():
    for start, *_ in MOVES.values():
        assert available(start, by=SOMEBODY, roles=frozenset(), bounds=BOUNDS) == ()


@pytest.mark.parametrize(
    ("action", "positions"),
    [
        (A.REPORT, {"unreported"}),
        (A.GRADE, {"reported", "plan", "rectifying"}),
        (A.ASSIGN, {"reported", "rectifying"}),
        (A.TRANSFER, {"reported", "rectifying"}),
        (A.VOID, {"reported"}),
        (A.SUBMIT_PLAN, {"reported"}),
        (A.RETURN_PLAN, {"plan"}),
        (A.APPROVE_PLAN, {"plan"}),
        (A.FIX_ON_SPOT, {"reported"}),
        (A.PROGRESS, {"rectifying", "claimed"}),
        (A.ASK_EXTENSION, {"rectifying"}),
        (A.GRANT_EXTENSION, set()),
        (A.REFUSE_EXTENSION, set()),
        (A.CLAIM, {"rectifying"}),
        (A.PASS, {"claimed"}),
        (A.FAIL, {"claimed"}),
        (A.NO_ACCESS, {"claimed"}),
        (A.CLOSE, {"verified"}),
        (A.REOPEN, {"verified", "closed"}),
        (A.LIST, OPEN),
        (A.RELEASE, set()),
    ],
)
def test_from_where_a_move_is_possible(action, positions):
    possible = {at for at, facts in POSITIONS.items() if isinstance(answer(facts, action), Move)}
    assert possible == positions


@pytest.mark.parametrize("blank", [None, "", 0])
@pytest.mark.parametrize(
    ("action", "name"),
    [(action, name) for action, line in MOVES.items() for name in line[3].split()],
)
def test_a_needed_field_left_blank_is_named(action, name, blank):
    refusal = answer(MOVES[action][0], action, **{name: blank})

    assert isinstance(refusal, Refusal)
    assert refusal.field == name
    assert Given(name).label.zh in refusal.wording.zh
    assert Given(name).label.en in refusal.wording.en


@pytest.mark.parametrize("action", Action)
def test_the_needed_fields_alone_are_enough(action):
    start, _, _, needs = MOVES[action]
    given = {Given(name): well_filled(action)[Given(name)] for name in needs.split()}

    move = decide(start, action, by=SOMEBODY, roles=EVERY_ROLE, given=given, bounds=BOUNDS)

    assert isinstance(move, Move), move
    assert {offer.action: " ".join(offer.needs) for offer in offers(start)}[action] == needs


@pytest.mark.parametrize("action", sorted(set(Action) - TAKE_FILES))
def test_a_step_that_takes_no_files_refuses_them(action):
    start = MOVES[action][0]
    refusal = answer(start, action, evidence=1)

    assert isinstance(refusal, Refusal)
    assert (refusal.field, refusal.wording.en) == (G.EVIDENCE, "this step takes no files")
    assert isinstance(answer(start, action, evidence=0), Move)


@pytest.mark.parametrize("action", sorted(TAKE_FILES))
def test_a_step_that_takes_files_takes_several(action):
    assert isinstance(answer(MOVES[action][0], action, evidence=2), Move)


def offers(facts):
    return available(facts, by=SOMEBODY, roles=EVERY_ROLE, bounds=BOUNDS)


@pytest.mark.parametrize(
    ("facts", "action", "name", "day", "accepted"),
    [
        (REPORTED, A.SUBMIT_PLAN, "deadline", TODAY - DAY, False),
        (REPORTED, A.SUBMIT_PLAN, "deadline", TODAY, True),
        (REPORTED, A.SUBMIT_PLAN, "deadline", LATEST, True),
        (REPORTED, A.SUBMIT_PLAN, "deadline", LATEST + DAY, False),
        (CLAIMED, A.FAIL, "new_due", TODAY - DAY, False),
        (CLAIMED, A.FAIL, "new_due", TODAY, True),
        (CLAIMED, A.FAIL, "new_due", LATEST, True),
        (CLAIMED, A.FAIL, "new_due", LATEST + DAY, False),
        (CLOSED, A.REOPEN, "new_due", None, True),
        (CLOSED, A.REOPEN, "new_due", TODAY - DAY, False),
        (CLOSED, A.REOPEN, "new_due", LATEST, True),
        (CLOSED, A.REOPEN, "new_due", LATEST + DAY, False),
        (RECTIFYING, A.ASK_EXTENSION, "new_due", DUE_DAY, False),
        (RECTIFYING, A.ASK_EXTENSION, "new_due", DUE_DAY + DAY, True),
        (RECTIFYING, A.ASK_EXTENSION, "new_due", LATEST, True),
        (RECTIFYING, A.ASK_EXTENSION, "new_due", LATEST + DAY, False),
        (ASKED, A.GRANT_EXTENSION, "new_due", DUE_DAY, False),
        (ASKED, A.GRANT_EXTENSION, "new_due", DUE_DAY + DAY, True),
        (ASKED, A.GRANT_EXTENSION, "new_due", LATEST, True),
        (ASKED, A.GRANT_EXTENSION, "new_due", LATEST + DAY, False),
    ],
)
def test_a_day_is_accepted_up_to_its_bounds(facts, action, name, day, accepted):
    decision = answer(facts, action, **{name: day})

    assert isinstance(decision, Move) is accepted
    assert getattr(decision, "field", name) == name


@pytest.mark.parametrize(("day", "accepted"), [(TODAY - DAY, False), (TODAY, True)])
def test_an_extension_asked_in_time_may_be_granted_late_but_not_into_the_past(day, accepted):
    overdue = replace(OVERDUE, due_day=TODAY - 3 * DAY)
    decision = answer(ASKED, A.GRANT_EXTENSION, bounds=overdue, new_due=day)
    assert isinstance(decision, Move) is accepted


def test_without_a_bound_any_later_day_will_do():
    far = date(2099, 1, 1)
    assert isinstance(answer(REPORTED, A.SUBMIT_PLAN, bounds=Bounds(TODAY), deadline=far), Move)


@pytest.mark.parametrize(
    ("facts", "action", "by", "bounds", "accepted"),
    [
        (REPORTED, A.FIX_ON_SPOT, OWNER, BOUNDS, True),
        (PLAN, A.APPROVE_PLAN, OWNER, BOUNDS, False),
        (PLAN, A.APPROVE_PLAN, HEAD, BOUNDS, True),
        (PLAN, A.RETURN_PLAN, OWNER, BOUNDS, False),
        (PLAN, A.RETURN_PLAN, HEAD, BOUNDS, True),
        (RECTIFYING, A.ASK_EXTENSION, OWNER, BOUNDS, True),
        (RECTIFYING, A.ASK_EXTENSION, OWNER, OVERDUE, False),
        (ASKED, A.ASK_EXTENSION, OWNER, BOUNDS, False),
        (replace(RECTIFYING, extensions=1), A.ASK_EXTENSION, OWNER, BOUNDS, True),
        (replace(RECTIFYING, extensions=2), A.ASK_EXTENSION, OWNER, BOUNDS, False),
        (ASKED, A.GRANT_EXTENSION, OWNER, BOUNDS, False),
        (ASKED, A.GRANT_EXTENSION, HEAD, BOUNDS, True),
        (ASKED, A.REFUSE_EXTENSION, OWNER, BOUNDS, False),
        (ASKED, A.REFUSE_EXTENSION, HEAD, BOUNDS, True),
        (RECTIFYING, A.GRANT_EXTENSION, HEAD, BOUNDS, False),
        (CLAIMED, A.CLAIM, OWNER, BOUNDS, False),
        (RECTIFYING, A.GRADE, HEAD, BOUNDS, True),
        (CLAIMED, A.GRADE, HEAD, BOUNDS, False),
        (RECTIFYING, A.ASSIGN, HEAD, BOUNDS, True),
        (CLAIMED, A.ASSIGN, HEAD, BOUNDS, False),
        (RECTIFYING, A.TRANSFER, HEAD, BOUNDS, True),
        (CLAIMED, A.TRANSFER, HEAD, BOUNDS, False),
        (CLAIMED, A.PASS, OWNER, BOUNDS, False),
        (CLAIMED, A.PASS, VERIFIER, BOUNDS, True),
        (CLAIMED, A.FAIL, OWNER, BOUNDS, False),
        (CLAIMED, A.NO_ACCESS, OWNER, BOUNDS, False),
        (VERIFIED, A.CLOSE, VERIFIER, BOUNDS, True),
        (major(VERIFIED), A.CLOSE, VERIFIER, BOUNDS, False),
        (major(VERIFIED), A.CLOSE, SOMEBODY, BOUNDS, True),
        (LISTED, A.CLOSE, SOMEBODY, BOUNDS, False),
        (LISTED, A.LIST, SOMEBODY, BOUNDS, False),
        (LISTED, A.RELEASE, VERIFIER, BOUNDS, True),
        (major(LISTED), A.RELEASE, VERIFIER, BOUNDS, False),
        (major(LISTED), A.RELEASE, SOMEBODY, BOUNDS, True),
        (replace(RECTIFYING, listed=Listing.GUIDANCE), A.RELEASE, SOMEBODY, BOUNDS, False),
        (replace(REPORTED, listed=Listing.GUIDANCE), A.VOID, SOMEBODY, BOUNDS, False),
    ],
)
def test_each_guard_on_both_sides(facts, action, by, bounds, accepted):
    assert isinstance(answer(facts, action, by=by, bounds=bounds), Move) is accepted
