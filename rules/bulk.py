"""Which moves one word may make to many cases, and to how many at most.

A verdict on one hazard is given at that hazard: a plan, a claim with its photos, a verification, an
extension with its grounds. The rest can be said of many alike.
"""

from collections.abc import Iterable

from rules.access import Role
from rules.actions import Action
from rules.decisions import Refusal
from rules.moves import TABLE
from rules.wording import Wording

MOST = 500
"""Our choice: a page that is still read, some seconds of work."""

ONE_BY_ONE = frozenset({
    Action.REPORT, Action.SUBMIT_PLAN, Action.FIX_ON_SPOT, Action.ASK_EXTENSION, Action.CLAIM,
    Action.PASS, Action.FAIL, Action.NO_ACCESS, Action.REOPEN,
})  # fmt: skip
TOGETHER = tuple(action for action in TABLE if action not in ONE_BY_ONE)


def together_for(roles: Iterable[Role]) -> tuple[Action, ...]:
    """Return what somebody with these roles may ever do to many cases at once."""
    held = frozenset(roles)
    return tuple(
        action for action in TOGETHER
        if held & (TABLE[action].ordinary | TABLE[action].major)
    )  # fmt: skip


def not_together(action: Action) -> Refusal | None:
    """Return why an action is not done to many at once, None when it may be."""
    if action not in ONE_BY_ONE:
        return None
    return Refusal(
        Wording(
            f"“{action.label.zh}”须逐件办理", f"“{action.label.en}” is done one case at a time"
        ),
        Wording("请打开各案件分别办理。", "Open each case and do it there."),
    )


def too_many(count: int) -> Refusal:
    return Refusal(
        Wording(
            f"共 {count} 件，一次最多批量办理 {MOST} 件",
            f"{count} cases; at most {MOST} are moved at once",
        ),
        Wording("请缩小筛选条件，分批办理。", "Narrow the filter and do them in parts."),
    )
