"""The forms of actions: which stands first, and what each field is filled in with."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from rules.actions import Action, Given
from rules.case import Level, Listing, Obstacle
from rules.ladder import OrderLevel
from rules.lifecycle import Offer
from rules.orders import OrderCause
from rules.wording import Wording
from web.phrases import PHRASES

# What is offered is the rules'; this only says what most people come for, the first one first.
_FIRST = (
    Action.GRANT_EXTENSION, Action.APPROVE_PLAN, Action.PASS, Action.CLAIM, Action.SUBMIT_PLAN,
    Action.RELEASE, Action.CLOSE, Action.PROGRESS,
)  # fmt: skip
_CHOICES: dict[Given, type[StrEnum]] = {
    Given.LEVEL: Level, Given.OBSTACLE: Obstacle, Given.KIND: Listing, Given.CAUSE: OrderCause,
    Given.SUPERVISOR: OrderLevel,
}  # fmt: skip
_DAYS = frozenset({Given.DEADLINE, Given.NEW_DUE})
_LONG = frozenset({
    Given.REASON, Given.TEXT, Given.FINDING, Given.MEASURES, Given.CONTINGENCY, Given.DEMANDS,
    Given.PLAN, Given.INTERIM,
})  # fmt: skip


class Kind(StrEnum):
    """How a field is filled in."""

    LINE = "line"
    LONG = "long"
    DAY = "day"
    CHOICE = "choice"
    FILES = "files"


class Field(NamedTuple):
    """A field of a form: what it is called, and whether the action cannot do without."""

    name: str
    label: Wording
    kind: Kind
    needed: bool
    choices: Sequence[tuple[str, Wording]] = ()
    phrases: Sequence[Wording] = ()


@dataclass(frozen=True, slots=True)
class ActionForm:
    action: Action
    fields: Sequence[Field]

    @property
    def is_grave(self) -> bool:
        """Whether it sends back, ends or accuses: such a button does not look like the others."""
        return self.action in _GRAVE


_GRAVE = frozenset({
    Action.VOID, Action.RETURN_PLAN, Action.FAIL, Action.REFUSE_EXTENSION, Action.REOPEN,
    Action.LIST,
})  # fmt: skip


def forms_of(offers: Sequence[Offer]) -> list[ActionForm]:
    """Return a form for each offer, the primary action's first."""
    ranked = sorted(offers, key=lambda offer: _rank(offer.action))
    return [form_of(offer) for offer in ranked]


def form_of(offer: Offer) -> ActionForm:
    fields = [_field(offer.action, each, needed=True) for each in offer.needs]
    fields += [
        _field(offer.action, each, needed=False) for each in offer.may if each not in offer.needs
    ]
    return ActionForm(offer.action, fields)


def _rank(action: Action) -> int:
    return _FIRST.index(action) if action in _FIRST else len(_FIRST) + list(Action).index(action)


def _field(action: Action, given: Given, *, needed: bool) -> Field:
    phrases = PHRASES.get((action, given), ())
    if given in _CHOICES:
        choices = [(word.value, word.label) for word in _CHOICES[given]]  # type: ignore[attr-defined] # each of these enums has labels
        return Field(given.value, given.label, Kind.CHOICE, needed, choices)
    return Field(given.value, given.label, _kind(given), needed, phrases=phrases)


def _kind(given: Given) -> Kind:
    if given is Given.EVIDENCE:
        return Kind.FILES
    if given in _DAYS:
        return Kind.DAY
    return Kind.LONG if given in _LONG else Kind.LINE
