"""The parts of an exported look-back: what lies in the ZIP, under which name, and how large."""

from enum import StrEnum
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from rules.lookback.acts import LookbackState
from rules.lookback.findings import Finding, InspectionMode

FORMAT = "bihuan-lookback-1"


class Name(StrEnum):
    """The files of a bundle, in the order they are written."""

    README = "README.md"
    ABOUT = "bundle.json"
    PLAN = "plan.json"
    EVENTS = "events.jsonl"
    FRAME = "frame.txt"
    DRAWN = "drawn.json"
    FINDINGS = "findings.json"
    VERDICTS = "verdicts.json"
    PUBLISHED = "published.json"
    TEAMS = "teams.json"
    PROOF = "proof.json"
    """That its events lie under a signed head; a bundle of proof that ``bihuan-verify`` reads."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class About(_Part):
    """Which look-back it is, and where its history stood when it was exported."""

    format: Literal["bihuan-lookback-1"]
    number: str = Field(min_length=1, max_length=60)
    state: LookbackState = Field(strict=False)
    seq: int = Field(ge=1)
    head: str = Field(pattern="^[0-9a-f]{64}$")
    receipt: str


class DrawnCase(_Part):
    case: str
    ticket: str
    wave: int = Field(ge=0)


class DrawnStratum(_Part):
    """``cases`` stand in the order of their tickets; waves count the enlargements."""

    population: int
    n: int
    ac: int
    re: int
    code: str
    severity: str
    cases: list[DrawnCase]


class FoundCase(_Part):
    """The finding that stands, None while it does not; ``inspectors`` counts the team."""

    case: str
    finding: Finding | None = Field(strict=False)
    mode: InspectionMode | None = Field(strict=False)
    inspectors: int = Field(ge=0, le=100)


class Input(_Part):
    """What one assignment was drawn from, as its event's digest covers it."""

    seq: int
    salt: str
    value: str


class Teams(_Part):
    inputs: list[Input]
    teams: dict[str, list[str]]
    """The day and then the inspectors, by case."""


class ProvenEvent(_Part):
    """An event as it is hashed; its leaf and the path to the head, None before it is sealed."""

    event: dict[str, Any]
    leaf: int | None = Field(default=None, ge=0)
    path: list[str] = []


class Proof(_Part):
    """What ``audit prove`` writes: a signed head, and the way of each event to it."""

    format: Literal["bihuan-proof-1"]
    subject: str
    key: str
    checkpoint: str
    heads: list[dict[str, Any]]
    events: list[ProvenEvent]


class Parts(_Part):
    """All small parts, read into values; what a look-back does not have yet is None."""

    about: About
    plan: dict[str, Any]
    drawn: dict[str, DrawnStratum] | None
    findings: list[FoundCase] | None
    verdicts: list[dict[str, Any]] | None
    published: dict[str, Any] | None
    teams: Teams | None
    proof: Proof | None
