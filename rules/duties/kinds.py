"""The kinds of duty: who does it, who is told when, from which day on it is a case."""

import tomllib
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Literal, Self

from pydantic import Field, model_validator

from rules.access import Role
from rules.case import Level
from rules.faults import Unfit
from rules.ladder import Audience
from rules.parts import KEY, Labelled, Part, Source
from rules.wording import Wording

EVERYONE = frozenset(Role) - {Role.LADDER}


class Days(StrEnum):
    """How a ladder counts: working days by the State Council's calendar, or every day."""

    WORKING = "working"
    CALENDAR = "calendar"


class Step(Part):
    """A step of a ladder: ``days`` from the due day (before it when negative), whom it tells.

    ``case`` says that the duty is a hazard from that day on.
    """

    days: int = Field(strict=True, ge=-365, le=365)
    tell: tuple[Audience, ...] = Field(min_length=1)
    case: bool = False


class RaisedAs(Part):
    """What a case of an undone duty is. ``category`` is the policy's, ``measure`` what is asked."""

    category: str = Field(pattern=KEY)
    level: Level = Level.ORDINARY
    measure: str = Field(min_length=1, max_length=200)


class DutyKind(Labelled):
    """One kind of duty. ``source`` says where it comes from, "our choice" where we chose.

    ``holder`` is the role it waits for, ``see`` the roles that may know of it, each over the part
    of the organisation it is granted for; whoever it waits for always may.
    """

    schema_version: Literal[1] = Field(alias="schema")
    holder: Role
    see: frozenset[Role] = EVERYONE
    count: Days
    source: Source
    steps: tuple[Step, ...] = Field(min_length=1, max_length=20)
    raised: RaisedAs | None = None

    @model_validator(mode="after")
    def _climbs(self) -> Self:
        if any(later.days <= sooner.days for sooner, later in pairwise(self.steps)):
            raise Unfit(Wording("各步须按天数递增", "the steps must stand in the order of days"))
        if self.holder is Role.LADDER:
            raise Unfit(Wording("系统不能承办", "the engine can hold no duty"))
        return self

    @model_validator(mode="after")
    def _raises_once_and_late(self) -> Self:
        raising = [each for each in self.steps if each.case]
        if len(raising) > 1 or any(each.days < 1 for each in raising):
            raise Unfit(
                Wording(
                    "至多一步立案，且须在到期日之后",
                    "one step at most raises a case, and after the due day",
                )
            )
        if bool(raising) != (self.raised is not None):
            raise Unfit(
                Wording(
                    "立案的须写明 [raised]，不立案的不写", "[raised] goes with a step of a case"
                )
            )
        return self


def parse_kind(text: str) -> DutyKind:
    """Return a kind from TOML; raise pydantic's ValidationError, or TOMLDecodeError."""
    return DutyKind.model_validate(tomllib.loads(text))


@cache
def kinds() -> Mapping[str, DutyKind]:
    """Return the shipped kinds by key, in the order of their files."""
    folder = files("rules.duties")
    texts = sorted(each.name for each in folder.iterdir() if each.name.endswith(".toml"))
    found = [parse_kind((folder / name).read_text(encoding="utf-8")) for name in texts]
    return {kind.key: kind for kind in found}
