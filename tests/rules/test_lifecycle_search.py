"""Every case there can be, as far as the table can tell them apart, and every move from each.

Two people, one of them the head, may hold any role and so have a hand in anything; a third stands
outside the unit, as in any committee there is somebody who did. Counters stop where the table
stops looking at them. What people did is remembered here a second time (``Past``), independently
of ``evolve``.
"""

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date
from functools import cache

import pytest

from rules.access import Role
from rules.actions import Action, Given
from rules.case import Bounds, Facts, Level, Listing, Obstacle, State
from rules.consequences import evolve
from rules.decisions import Move, Refusal
from rules.lifecycle import available, decide
from rules.moves import TABLE, Clockwork

TODAY, NEXT_MONTH = date(2026, 9, 1), date(2026, 10, 1)
ON_TIME = Bounds(TODAY, due_day=TODAY, most_extensions=1)
LATE = replace(ON_TIME, due_day=date(2026, 8, 31), overdue=True)

OUTSIDE = frozenset({Role.CLUSTER, Role.COMMITTEE, Role.VERIFIER, Role.INSPECTOR})
PEOPLE = {
    1: frozenset(Role) - {Role.LADDER},
    2: frozenset(Role) - {Role.LADDER, Role.HEAD},
    3: OUTSIDE,
    None: frozenset({Role.LADDER}),
}
WORK = {
    Action.SUBMIT_PLAN, Action.FIX_ON_SPOT, Action.PROGRESS, Action.ASK_EXTENSION, Action.CLAIM,
}  # fmt: skip
VERDICTS = {Action.PASS, Action.FAIL, Action.NO_ACCESS}
SHOWING_WORK = {Action.FIX_ON_SPOT, Action.PROGRESS, Action.CLAIM}
TAKE_FILES = SHOWING_WORK | VERDICTS | {Action.REOPEN}

FIELDS = {
    **dict.fromkeys(Given, "text"),
    Given.DEADLINE: NEXT_MONTH,
    Given.NEW_DUE: NEXT_MONTH,
    Given.OBSTACLE: Obstacle.FUNDS,
}
FILLED = [
    {**FIELDS, Given.LEVEL: level, Given.KIND: kind}
    for level, kind in zip(Level, Listing, strict=True)
]


@dataclass(frozen=True)
class Past:
    """Who worked on it, who wrote the plan under review, who asked for more time, who passed it."""

    workers: frozenset[int] = frozenset()
    author: int | None = None
    asker: int | None = None
    passer: int | None = None


@dataclass(frozen=True)
class Edge:
    before: Facts
    past: Past
    move: Move
    late: bool
    after: Facts


@cache
def every_edge():
    """Return every move that can happen, from every case that can be reached."""
    start = (Facts(state=None), Past())
    seen, waiting, edges = {start}, [start], []
    while waiting:
        facts, past = waiting.pop()
        for move, late in moves_from(facts):
            after = folded(evolve(facts, move))
            edges.append(Edge(facts, past, move, late, after))
            node = (after, remembered(past, move))
            if node not in seen:
                seen.add(node)
                waiting.append(node)
    return edges


@cache
def every_case():
    return {edge.before for edge in every_edge()} | {edge.after for edge in every_edge()}


def moves_from(facts):
    for bounds in (ON_TIME, LATE):
        for by, roles in PEOPLE.items():
            for action in Action:
                for decision in answers(facts, action, by, roles, bounds):
                    if isinstance(decision, Move):
                        yield decision, bounds.overdue


@cache
def answers(facts, action, by, roles, bounds):
    """Return the decision for each way to fill in the fields that matter."""
    files = {Given.EVIDENCE: int(action in TAKE_FILES)}
    return [
        decide(facts, action, by=by, roles=roles, given=given | files, bounds=bounds)
        for given in (FILLED if action in (Action.GRADE, Action.LIST) else FILLED[:1])
    ]


def folded(facts):
    return replace(
        facts,
        cycle=min(facts.cycle, 2),
        extensions=min(facts.extensions, 1),
        after_evidence=min(facts.after_evidence, 1),
    )


def remembered(past, move):
    if move.action in WORK:
        past = replace(past, workers=past.workers | {move.by})
    match move.action:
        case Action.SUBMIT_PLAN:
            return replace(past, author=move.by)
        case Action.ASK_EXTENSION:
            return replace(past, asker=move.by)
        case Action.PASS:
            return replace(past, passer=move.by)
        case Action.RETURN_PLAN:
            return replace(past, author=None)
        case Action.REOPEN:
            return replace(past, passer=None)
        case Action.CLAIM | Action.GRANT_EXTENSION | Action.REFUSE_EXTENSION | Action.TRANSFER:
            return replace(past, asker=None)
        case _:
            return past


def edges_of(*actions):
    return [edge for edge in every_edge() if edge.move.action in actions]


def cases_that_can_close(edges):
    """Return every case from which some way along ``edges`` leads to closed."""
    sources = defaultdict(set)
    for edge in edges:
        sources[edge.after].add(edge.before)
    closing = {case for case in every_case() if case.state is State.CLOSED}
    waiting = list(closing)
    while waiting:
        for before in sources[waiting.pop()] - closing:
            closing.add(before)
            waiting.append(before)
    return closing


def test_the_search_is_not_small():
    assert len(every_case()) > 500
    assert len(every_edge()) > 10_000


def test_every_state_is_reached():
    assert {case.state for case in every_case()} == {None, *State}


def test_every_action_is_used_at_every_level_it_is_meant_for():
    used = {(edge.move.action, edge.before.level) for edge in every_edge()}

    assert {action for action, _ in used} == set(Action)
    assert set(Action) - {action for action, level in used if level is Level.MAJOR} == {
        Action.REPORT,
        Action.FIX_ON_SPOT,
    }


def test_every_guard_bites_somewhere():
    refused = {
        answer.wording
        for case in every_case()
        for action in Action
        for bounds in (ON_TIME, LATE)
        for by, roles in PEOPLE.items()
        for answer in answers(case, action, by, roles, bounds)
        if isinstance(answer, Refusal)
    }

    assert {guard.unmet for row in TABLE.values() for guard in row.guards} <= refused


def test_from_every_open_case_closed_can_be_reached():
    assert every_case() == cases_that_can_close(every_edge())


def test_from_every_open_case_closed_can_be_reached_though_every_clock_is_late():
    late = [edge for edge in every_edge() if edge.late]

    assert every_case() == cases_that_can_close(late)


def test_closed_leads_only_to_reopen():
    leaving = {e.move.action for e in every_edge() if e.before.state is State.CLOSED}
    assert leaving == {Action.REOPEN}


def test_closed_is_entered_only_by_closing_out_or_voiding():
    entering = {
        (e.before.state, e.move.action) for e in every_edge() if e.after.state is State.CLOSED
    }
    assert entering == {(State.VERIFIED, Action.CLOSE), (State.REPORTED, Action.VOID)}


def test_void_is_the_end_of_misreports_only():
    voided = [case for case in every_case() if case.voided]

    assert voided
    assert {case.state for case in voided} == {State.CLOSED}
    assert {edge.before.state for edge in edges_of(Action.VOID)} == {State.REPORTED}


def test_verified_is_entered_only_by_a_verifiers_pass():
    entering = {
        (e.move.action, e.before.claimed)
        for e in every_edge()
        if e.after.state is State.VERIFIED and e.before.state is not State.VERIFIED
    }
    assert entering == {(Action.PASS, True)}


def test_nobody_verifies_their_own_work():
    assert not [e for e in edges_of(*VERDICTS) if e.move.by in e.past.workers]


def test_nobody_decides_on_their_own_plan():
    decided = edges_of(Action.APPROVE_PLAN, Action.RETURN_PLAN)
    assert not [e for e in decided if e.move.by == e.past.author]


def test_an_ordinary_plan_waits_for_the_head_unless_the_head_wrote_it():
    waiting = {
        (e.move.role, e.after.holder)
        for e in edges_of(Action.SUBMIT_PLAN)
        if e.after.level is Level.ORDINARY
    }
    assert waiting == {(Role.OWNER, Role.HEAD), (Role.HEAD, Role.CLUSTER)}


def test_nobody_decides_on_the_extension_they_asked_for():
    decided = edges_of(Action.GRANT_EXTENSION, Action.REFUSE_EXTENSION)
    assert not [e for e in decided if e.move.by == e.past.asker]


def test_a_major_case_is_neither_released_nor_closed_by_its_verifier():
    ended = [e for e in edges_of(Action.RELEASE, Action.CLOSE) if e.before.level is Level.MAJOR]

    assert {e.move.action for e in ended} == {Action.RELEASE, Action.CLOSE}
    assert not [e for e in ended if e.move.by == e.past.passer]


def test_only_the_committee_lowers_a_major_hazard():
    lowered = [e for e in edges_of(Action.GRADE) if e.before.level is Level.MAJOR]

    assert lowered
    assert {e.move.role for e in lowered} == {Role.COMMITTEE}


def test_while_a_claim_waits_nothing_but_the_verifiers_own_visit_starts_the_clock_again():
    waiting = [e for e in every_edge() if e.before.claimed and e.after.claimed]

    again = {e.move.action for e in waiting if e.move.clock is not Clockwork.STAGE}
    assert again == {Action.NO_ACCESS}


def test_what_evolve_remembers_of_people_is_what_they_did():
    for edge in every_edge():
        assert edge.before.hands == edge.past.workers
        assert edge.before.plan_author == edge.past.author
        assert edge.before.extension_asked_by == edge.past.asker
        assert edge.before.verified_by == edge.past.passer


def test_a_listed_case_is_never_closed_and_is_released_only_after_verification():
    assert not [case for case in every_case() if case.listed and case.state is State.CLOSED]
    assert {edge.before.state for edge in edges_of(Action.RELEASE)} == {State.VERIFIED}


def test_a_claim_always_has_something_to_show():
    assert not [case for case in every_case() if case.claimed and case.after_evidence == 0]
    assert {case.state for case in every_case() if case.claimed} == {State.RECTIFYING}


def test_only_what_the_unit_hands_in_counts_for_its_claim():
    counted = {
        e.move.action for e in every_edge() if e.after.after_evidence > e.before.after_evidence
    }
    assert counted == SHOWING_WORK


def test_no_extension_is_pending_unless_it_is_being_rectified():
    pending = {(c.state, c.claimed) for c in every_case() if c.extension_asked_by is not None}
    assert pending == {(State.RECTIFYING, False)}


def test_every_open_case_waits_for_somebody_and_has_a_clock():
    for case in every_case():
        is_open = case.state not in (None, State.CLOSED)
        assert (case.holder is not None, case.stage is not None) == (is_open, is_open)


def test_what_is_offered_is_accepted_and_nothing_else():
    for case in every_case():
        for bounds in (ON_TIME, LATE):
            for by, roles in PEOPLE.items():
                offered = {
                    offer.action for offer in available(case, by=by, roles=roles, bounds=bounds)
                }
                accepted = {
                    action
                    for action in Action
                    if any(isinstance(a, Move) for a in answers(case, action, by, roles, bounds))
                }
                assert offered == accepted


@pytest.mark.parametrize("role", Role)
def test_a_role_is_offered_what_the_table_gives_it_and_no_more(role):
    everything, alone = frozenset(Role), frozenset({role})
    for case in every_case():
        offered = {o.action for o in available(case, by=1, roles=alone, bounds=ON_TIME)}
        theirs = {a for a in Action if role in TABLE[a].roles(case.level)}
        open_to_all = {o.action for o in available(case, by=1, roles=everything, bounds=ON_TIME)}
        assert offered == theirs & open_to_all


@pytest.mark.parametrize(
    ("role", "moves"),
    [
        (Role.AUDITOR, set()),
        (Role.ADMIN, {Action.REPORT}),
        (Role.REPORTER, {Action.REPORT}),
        (Role.LADDER, {Action.LIST, Action.REOPEN, Action.REPORT}),
    ],
)
def test_those_who_only_look_on_move_nothing(role, moves):
    for case in every_case():
        offers = available(case, by=1, roles=frozenset({role}), bounds=ON_TIME)
        assert {offer.action for offer in offers} <= moves


def test_every_refusal_says_why_in_both_languages():
    refusals = {
        (answer.wording, answer.remedy)
        for case in every_case()
        for action in Action
        for by, roles in {**PEOPLE, 4: frozenset({Role.AUDITOR})}.items()
        for answer in answers(case, action, by, roles, LATE)
        if isinstance(answer, Refusal)
    }
    for why, remedy in refusals:
        assert has_chinese(why.zh)
        assert why.en
        assert not has_chinese(why.en)
        assert bool(remedy.zh) == bool(remedy.en)
        assert not has_chinese(remedy.en)


def has_chinese(text):
    return any("\u4e00" <= char <= "\u9fff" for char in text)
