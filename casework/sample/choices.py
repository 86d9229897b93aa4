"""What people of the story choose, by stage: weights that a reader can change.

Our choice, none of it measured: most do their duty, and every rule has its turn in a quarter.
"""

from collections.abc import Callable
from dataclasses import dataclass

from casework.sample import turns
from casework.sample.lives import Scene
from casework.sample.organisation import compose
from casework.sample.turns import Turn
from rules.actions import Action
from rules.deadlines import Stage

Test = Callable[[Scene], bool]


@dataclass(frozen=True, slots=True)
class Choice:
    """A turn and how often it is chosen among those that fit."""

    weight: int
    turn: Callable[[Scene], Turn]
    fits: Test = lambda _scene: True


def choose(scene: Scene) -> Turn | None:
    """Draw what is done now; None when nothing fits (the case is closed)."""
    stage = scene.facts.stage
    fitting = [each for each in CHOICES[stage] if each.fits(scene)] if stage else []
    if not fitting:
        return None
    weights = [each.weight for each in fitting]
    return scene.chance.choices(fitting, weights)[0].turn(scene)


def _first_time(*actions: Action) -> Test:
    return lambda scene: all(scene.has_not(action) for action in actions)


def _ordinary_first_time(*actions: Action) -> Test:
    return lambda scene: not scene.is_major and all(scene.has_not(each) for each in actions)


def _can_be_fixed_now(scene: Scene) -> bool:
    return not scene.is_major and scene.life.hazard.is_quick


def _twice_at_most(action: Action) -> Test:
    return lambda scene: scene.life.done[action] < 2


def _asked(scene: Scene) -> bool:
    return scene.extension_asked


def _working(scene: Scene) -> bool:
    return not scene.extension_asked


def _nearly_done(scene: Scene) -> bool:
    return _working(scene) and scene.life.done[Action.PROGRESS] >= scene.life.effort


def _hindered(scene: Scene) -> bool:
    return scene.life.hazard.obstacle is not None and _may_ask(scene)


def _may_ask(scene: Scene) -> bool:
    in_time = not scene.bounds.overdue and scene.facts.extensions < scene.bounds.most_extensions
    return in_time and not scene.extension_asked and scene.life.done[Action.ASK_EXTENSION] < 3


def _listed(scene: Scene) -> bool:
    return scene.facts.listed is not None


def _transfer(scene: Scene) -> Turn:
    """Hand it to another school of the cluster."""
    team = scene.life.team
    others = [each for each in compose().teams.values() if each.cluster == team.cluster]
    return turns.transfer(scene, scene.chance.choice([o for o in others if o is not team]).unit)


def _assign(scene: Scene) -> Turn:
    return turns.assign(scene, compose().names[scene.life.team.owner])


CHOICES: dict[Stage, tuple[Choice, ...]] = {
    Stage.PLAN: (
        Choice(60, turns.submit_plan),
        Choice(40, turns.fix_on_spot, _can_be_fixed_now),
        Choice(8, _assign, _first_time(Action.ASSIGN)),
        Choice(2, turns.grade, _ordinary_first_time(Action.GRADE, Action.ASSIGN)),
        Choice(3, _transfer, _first_time(Action.TRANSFER, Action.SUBMIT_PLAN)),
        Choice(3, turns.void, _ordinary_first_time(Action.SUBMIT_PLAN, Action.TRANSFER)),
    ),
    Stage.APPROVAL: (
        Choice(84, turns.approve_plan),
        Choice(16, turns.return_plan, _twice_at_most(Action.RETURN_PLAN)),
    ),
    Stage.RECTIFICATION: (
        Choice(72, turns.grant_extension, _asked),
        Choice(28, turns.refuse_extension, _asked),
        Choice(70, turns.claim, _nearly_done),
        Choice(40, turns.progress, _working),
        Choice(60, turns.ask_extension, _hindered),
        Choice(4, turns.ask_extension, _may_ask),
        Choice(4, turns.claim_unshown, _working),
    ),
    Stage.VERIFICATION: (
        Choice(74, turns.pass_it),
        Choice(16, turns.fail, _twice_at_most(Action.FAIL)),
        Choice(10, turns.no_access, _twice_at_most(Action.NO_ACCESS)),
    ),
    Stage.CLOSE_OUT: (
        Choice(1, turns.release, _listed),
        Choice(1, turns.close, lambda scene: not _listed(scene)),
    ),
}
"""Who comes back to a case does one of these; what they may not do, the rules refuse."""
