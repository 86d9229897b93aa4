"""The life of a case: ``decide`` a move, and list what is ``available`` to whom.

Both read ``rules.moves.TABLE``; ``rules.consequences.evolve`` says what follows. Buttons, API,
CLI, diagram and tests are derived from these.
"""

from dataclasses import dataclass

from rules.access import Role
from rules.actions import Action, Given
from rules.case import Bounds, Facts, State
from rules.consequences import due_set_by
from rules.decisions import Filled, Move, Refusal
from rules.filling import misfilled, needed
from rules.moves import TABLE, Row
from rules.wording import Wording


@dataclass(frozen=True, slots=True)
class Offer:
    """An action open to somebody now, with the fields it needs and may take."""

    action: Action
    needs: tuple[Given, ...]
    may: tuple[Given, ...]


def decide(
    facts: Facts,
    action: Action,
    *,
    by: int | None,
    roles: frozenset[Role],
    given: Filled,
    bounds: Bounds,
) -> Move | Refusal:
    """Answer whether ``by``, holding ``roles`` over the case's unit, may do ``action`` now."""
    row = TABLE[action]
    refusal = _forbidden(row, facts, by, roles, bounds) or misfilled(row, facts, given, bounds)
    if refusal:
        return refusal
    target = row.target or facts.state
    assert target is not None  # noqa: S101 — only REPORT has no source state, and it has a target
    role = min(roles & row.roles(facts.level))  # of several always the same: the first by name
    return Move(action, target, by, role, given, row.clock, due_set_by(action, facts, given))


def available(
    facts: Facts, *, by: int | None, roles: frozenset[Role], bounds: Bounds
) -> tuple[Offer, ...]:
    """Return every action that ``decide`` would accept once its fields are filled in."""
    return tuple(
        Offer(row.action, needed(row, facts), row.may)
        for row in TABLE.values()
        if _forbidden(row, facts, by, roles, bounds) is None
    )


def _forbidden(
    row: Row, facts: Facts, by: int | None, roles: frozenset[Role], bounds: Bounds
) -> Refusal | None:
    if row.roles(facts.level).isdisjoint(roles):
        return _not_theirs(row, facts)
    if facts.state not in row.sources:
        return _wrong_state(row, facts)
    for guard in row.guards:
        if not guard.holds(facts, bounds, by):
            return Refusal(guard.unmet, guard.remedy)
    return None


def _not_theirs(row: Row, facts: Facts) -> Refusal:
    who = sorted(row.roles(facts.level) - {Role.LADDER})
    action, level = row.action.label, facts.level.label
    return Refusal(
        Wording(
            f"您无权对{level.zh}隐患“{action.zh}”",
            f"you may not do “{action.en}” to {_article(level.en)} hazard",
        ),
        Wording(
            "须由" + "、".join(role.label.zh for role in who) + "办理。",
            "It takes " + ", ".join(role.label.en for role in who) + ".",
        ),
    )


def _wrong_state(row: Row, facts: Facts) -> Refusal:
    sources = [state.label for state in State if state in row.sources]
    now = facts.state.label if facts.state else Wording("未上报", "not reported")
    wanted = Wording(
        "须处于：" + "、".join(s.zh for s in sources) + "。",
        "It must be " + " or ".join(s.en for s in sources) + ".",
    )
    return Refusal(
        Wording(
            f"案件{now.zh}，不能“{row.action.label.zh}”",
            f"the case is {now.en}; “{row.action.label.en}” cannot be done now",
        ),
        wanted if sources else Wording("无须再次上报。", "It need not be reported again."),
    )


def _article(word: str) -> str:
    return f"an {word}" if word[0] in "aeiou" else f"a {word}"
