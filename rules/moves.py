"""The table of moves: from which state, to which, by whom, with what.

If a manager cannot read a rule off this page, it is in the wrong place.
"""

from dataclasses import dataclass
from enum import StrEnum

from rules.access import Role
from rules.actions import Action, Given
from rules.case import Level, State
from rules.guards import (
    BEFORE_DUE,
    CLAIMED,
    EXTENSION_PENDING,
    EXTENSIONS_LEFT,
    LISTED,
    NO_EXTENSION_PENDING,
    NOT_A_HAND,
    NOT_CLAIMED,
    NOT_LISTED,
    NOT_THE_ASKER,
    NOT_THE_AUTHOR,
    NOT_THE_VERIFIER_OF_MAJOR,
    ORDINARY_ONLY,
    Guard,
)


class Clockwork(StrEnum):
    """What a move does to the running clock.

    A move into another stage or cycle always stops one clock and starts the next (STAGE). RESTART
    begins the running one anew, but never that of rectification: its deadline binds the hazard,
    whoever owns it and however grave it has become; a new level only climbs its own ladder.
    """

    STAGE = "stage"
    RESTART = "restart"
    EXTEND = "extend"


@dataclass(frozen=True, slots=True)
class Row:
    """One move. ``target`` None means the case stays in its state.

    ``shows_after`` asks for an after-photo while the unit has shown none.
    """

    action: Action
    sources: frozenset[State | None]
    target: State | None
    ordinary: frozenset[Role]
    major: frozenset[Role]
    needs: tuple[Given, ...] = ()
    may: tuple[Given, ...] = ()
    guards: tuple[Guard, ...] = ()
    clock: Clockwork = Clockwork.STAGE
    shows_after: bool = False

    def roles(self, level: Level) -> frozenset[Role]:
        return self.major if level is Level.MAJOR else self.ordinary

    @property
    def takes_files(self) -> bool:
        return self.shows_after or Given.EVIDENCE in self.may


_REPORTED, _PLAN, _RECTIFYING, _VERIFIED, _CLOSED = (
    frozenset[State | None]({state}) for state in State
)
_OPEN = _REPORTED | _PLAN | _RECTIFYING | _VERIFIED

_ANYONE = frozenset(Role) - {Role.AUDITOR, Role.LADDER}
_UNIT = frozenset({Role.OWNER, Role.HEAD})
_HEAD = frozenset({Role.HEAD})
_ABOVE = frozenset({Role.CLUSTER, Role.COMMITTEE})
_COMMITTEE = frozenset({Role.COMMITTEE})
_VERIFIER = frozenset({Role.VERIFIER})
_INSPECTOR = frozenset({Role.INSPECTOR})
_LADDER = frozenset({Role.LADDER})

# 五落实: 责任、措施、资金、时限、预案 (衢政办发〔2022〕6号).
ASSURANCES = (Given.DUTY, Given.MEASURES, Given.FUNDS, Given.DEADLINE, Given.CONTINGENCY)


def _row(
    action: Action,
    sources: frozenset[State | None],
    target: State | None,
    ordinary: frozenset[Role],
    major: frozenset[Role] | None = None,
    *,
    needs: tuple[Given, ...] = (),
    may: tuple[Given, ...] = (),
    guards: tuple[Guard, ...] = (),
    clock: Clockwork = Clockwork.STAGE,
    shows_after: bool = False,
) -> Row:
    roles = ordinary if major is None else major
    return Row(action, sources, target, ordinary, roles, needs, may, guards, clock, shows_after)


_A, _G = Action, Given
_STAYS = None

_ROWS = (
    # The engine too: what runs out in a register is a hazard by itself.
    _row(_A.REPORT, frozenset({None}), State.REPORTED, _ANYONE | _LADDER),
    _row(_A.GRADE, _REPORTED | _PLAN | _RECTIFYING, _STAYS, _ABOVE, _COMMITTEE,
         needs=(_G.LEVEL, _G.REASON), guards=(NOT_CLAIMED,), clock=Clockwork.RESTART),
    _row(_A.ASSIGN, _REPORTED | _RECTIFYING, _STAYS, _ABOVE | _HEAD,
         needs=(_G.OWNER,), may=(_G.DEPARTMENT, _G.REASON), guards=(NOT_CLAIMED,)),
    _row(_A.TRANSFER, _REPORTED | _RECTIFYING, _STAYS, _ABOVE,
         needs=(_G.UNIT, _G.REASON), guards=(NOT_CLAIMED,), clock=Clockwork.RESTART),
    _row(_A.VOID, _REPORTED, State.CLOSED, _ABOVE,
         needs=(_G.REASON,), may=(_G.DUPLICATE_OF,), guards=(NOT_LISTED,)),
    _row(_A.SUBMIT_PLAN, _REPORTED, State.PLAN, _UNIT,
         needs=ASSURANCES),
    _row(_A.RETURN_PLAN, _PLAN, State.REPORTED, _HEAD | _ABOVE, _ABOVE,
         needs=(_G.REASON,), guards=(NOT_THE_AUTHOR,)),
    _row(_A.APPROVE_PLAN, _PLAN, State.RECTIFYING, _HEAD | _ABOVE, _ABOVE,
         may=(_G.REASON,), guards=(NOT_THE_AUTHOR,)),
    _row(_A.FIX_ON_SPOT, _REPORTED, State.RECTIFYING, _UNIT,
         may=(_G.TEXT,), guards=(ORDINARY_ONLY,), shows_after=True),
    _row(_A.PROGRESS, _RECTIFYING, _STAYS, _UNIT,
         needs=(_G.TEXT,), may=(_G.EVIDENCE,)),
    _row(_A.ASK_EXTENSION, _RECTIFYING, _STAYS, _UNIT,
         needs=(_G.REASON, _G.OBSTACLE, _G.NEW_DUE, _G.PLAN, _G.INTERIM),
         guards=(NOT_CLAIMED, NO_EXTENSION_PENDING, EXTENSIONS_LEFT, BEFORE_DUE)),
    _row(_A.GRANT_EXTENSION, _RECTIFYING, _STAYS, _ABOVE, _COMMITTEE,
         needs=(_G.NEW_DUE,), may=(_G.REASON,),
         guards=(EXTENSION_PENDING, NOT_THE_ASKER), clock=Clockwork.EXTEND),
    _row(_A.REFUSE_EXTENSION, _RECTIFYING, _STAYS, _ABOVE, _COMMITTEE,
         needs=(_G.REASON,), guards=(EXTENSION_PENDING, NOT_THE_ASKER)),
    _row(_A.CLAIM, _RECTIFYING, _STAYS, _UNIT,
         may=(_G.TEXT,), guards=(NOT_CLAIMED,), shows_after=True),
    _row(_A.PASS, _RECTIFYING, State.VERIFIED, _VERIFIER,
         needs=(_G.FINDING,), may=(_G.EVIDENCE,), guards=(CLAIMED, NOT_A_HAND)),
    _row(_A.FAIL, _RECTIFYING, _STAYS, _VERIFIER,
         needs=(_G.FINDING, _G.NEW_DUE), may=(_G.EVIDENCE,), guards=(CLAIMED, NOT_A_HAND)),
    _row(_A.NO_ACCESS, _RECTIFYING, _STAYS, _VERIFIER,
         needs=(_G.FINDING,), may=(_G.EVIDENCE,), guards=(CLAIMED, NOT_A_HAND),
         clock=Clockwork.RESTART),
    _row(_A.CLOSE, _VERIFIED, State.CLOSED, _ABOVE, _COMMITTEE,
         may=(_G.REASON,), guards=(NOT_LISTED, NOT_THE_VERIFIER_OF_MAJOR)),
    # The engine too: what a register still shows is not put right because its case was closed.
    _row(_A.REOPEN, _VERIFIED | _CLOSED, State.RECTIFYING, _INSPECTOR | _COMMITTEE | _LADDER,
         needs=(_G.FINDING,), may=(_G.NEW_DUE, _G.EVIDENCE)),
    _row(_A.LIST, _OPEN, _STAYS, _COMMITTEE | _LADDER,
         needs=(_G.KIND, _G.REASON),
         may=(_G.CAUSE, _G.SUPERVISOR, _G.DEMANDS, _G.NEW_DUE), guards=(NOT_LISTED,)),
    _row(_A.RELEASE, _VERIFIED, _STAYS, _COMMITTEE,
         needs=(_G.REASON,), guards=(LISTED, NOT_THE_VERIFIER_OF_MAJOR)),
)  # fmt: skip

TABLE: dict[Action, Row] = {row.action: row for row in _ROWS}
