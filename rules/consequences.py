"""What a case is after a move: the facts it changes, and the due date it sets."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from rules.access import Role
from rules.actions import Action, Given
from rules.case import Facts, Level, Listing
from rules.decisions import Filled, Move


def evolve(facts: Facts, move: Move) -> Facts:
    """Return the facts after ``move``."""
    return _CONSEQUENCES.get(move.action, _nothing_more)(replace(facts, state=move.target), move)


def due_set_by(action: Action, facts: Facts, given: Filled) -> date | None:
    """Return the last day on time that the move itself sets, None for the policy's limit."""
    if action is Action.APPROVE_PLAN:
        return facts.plan_deadline
    if action in (Action.FAIL, Action.REOPEN, Action.GRANT_EXTENSION):
        due: date | None = given.get(Given.NEW_DUE)
        return due
    return None


def _nothing_more(facts: Facts, _move: Move) -> Facts:
    return facts


def _graded(facts: Facts, move: Move) -> Facts:
    return replace(facts, level=Level(move.given[Given.LEVEL]))


def _voided(facts: Facts, _move: Move) -> Facts:
    return replace(facts, voided=True)


def _planned(facts: Facts, move: Move) -> Facts:
    return replace(
        _touched(facts, move),
        plan_author=move.by,
        plan_by_head=move.role is Role.HEAD,
        plan_deadline=move.given[Given.DEADLINE],
    )


def _plan_returned(facts: Facts, _move: Move) -> Facts:
    return replace(facts, plan_author=None, plan_by_head=False, plan_deadline=None)


def _touched(facts: Facts, move: Move) -> Facts:
    """Remember whose hands were on it."""
    return replace(facts, hands=facts.hands if move.by is None else facts.hands | {move.by})


def _worked(facts: Facts, move: Move) -> Facts:
    """Count the photos of the unit's own work; a verifier's or inspector's prove no claim."""
    shown = facts.after_evidence + (move.given.get(Given.EVIDENCE) or 0)
    return replace(_touched(facts, move), after_evidence=shown)


def _claimed(facts: Facts, move: Move) -> Facts:
    return replace(_worked(facts, move), claimed=True, extension_asked_by=None)


def _extension_asked(facts: Facts, move: Move) -> Facts:
    return replace(_touched(facts, move), extension_asked_by=move.by)


def _extension_granted(facts: Facts, _move: Move) -> Facts:
    return replace(facts, extension_asked_by=None, extensions=facts.extensions + 1)


def _extension_lapses(facts: Facts, _move: Move) -> Facts:
    return replace(facts, extension_asked_by=None)


def _passed(facts: Facts, move: Move) -> Facts:
    return replace(facts, claimed=False, verified_by=move.by)


def _failed(facts: Facts, _move: Move) -> Facts:
    """The photos did not convince: the next claim needs new ones."""
    return replace(facts, claimed=False, after_evidence=0)


def _reopened(facts: Facts, _move: Move) -> Facts:
    return replace(
        facts,
        cycle=facts.cycle + 1,
        claimed=False,
        voided=False,
        verified_by=None,
        after_evidence=0,
        extensions=0,
    )


def _listed(facts: Facts, move: Move) -> Facts:
    return replace(facts, listed=Listing(move.given[Given.KIND]))


def _released(facts: Facts, _move: Move) -> Facts:
    return replace(facts, listed=None)


_CONSEQUENCES: dict[Action, Callable[[Facts, Move], Facts]] = {
    Action.GRADE: _graded,
    Action.TRANSFER: _extension_lapses,
    Action.VOID: _voided,
    Action.SUBMIT_PLAN: _planned,
    Action.RETURN_PLAN: _plan_returned,
    Action.FIX_ON_SPOT: _claimed,
    Action.PROGRESS: _worked,
    Action.ASK_EXTENSION: _extension_asked,
    Action.GRANT_EXTENSION: _extension_granted,
    Action.REFUSE_EXTENSION: _extension_lapses,
    Action.CLAIM: _claimed,
    Action.PASS: _passed,
    Action.FAIL: _failed,
    Action.REOPEN: _reopened,
    Action.LIST: _listed,
    Action.RELEASE: _released,
}
