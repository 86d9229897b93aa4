"""What comes in and goes out of assessments 标准化创建."""

from datetime import date, datetime
from typing import Annotated

from fastapi import Path
from pydantic import Field

from rules.scoring.acts import ScoringAct, ScoringResult, ScoringStage
from rules.scoring.sheets import FIRST_YEAR, LAST_YEAR
from web.api.asked import Asking
from web.api.sent import Given, Handles, Name, Text
from web.api.shapes import Told, Words

SheetName = Annotated[str, Path(max_length=120, description="a sheet's key: safe_campus")]
Year = Annotated[int, Path(ge=FIRST_YEAR, le=LAST_YEAR)]
UnitName = Annotated[str, Path(max_length=200, description="a school's code or name")]
Digest = Annotated[str, Path(pattern=r"^[0-9a-f]{64}$", description="as an item's evidence tells")]
_YEAR = Field(ge=FIRST_YEAR, le=LAST_YEAR)
_SHEET = Field(default="safe_campus", max_length=120)


class AssessmentYear(Asking):
    year: int = _YEAR
    sheet: str = _SHEET


class AssessmentList(AssessmentYear):
    place: Name = Field(default="", description="a cluster or a unit")
    standing: Name = Field(
        default="", description="missing, school, cluster, committee, frozen: only these"
    )


class AssessmentRow(Told):
    """``altered``: its points are not those it was frozen with."""

    unit: str
    unit_code: str
    cluster: str
    standing: str
    late: bool
    altered: bool
    points: int | None
    result: ScoringResult | None
    number: str


class AssessmentCoverage(Told):
    """``assessed`` are those whose head signed; ``counts`` are by standing, whatever is shown."""

    sheet: str
    year: int
    counts: dict[str, int]
    assessed: int
    total: int
    rows: list[AssessmentRow]


class AssessmentRank(Told):
    cluster: str
    rank: int
    unit: str
    unit_code: str
    points: int
    total: int
    automatic: int
    result: ScoringResult
    honoured: bool
    chosen: bool
    number: str


class AssessmentRanking(Told):
    """``quotas`` are the places of each cluster; ``altered`` are not as frozen and have no rank."""

    sheet: str
    year: int
    quotas: dict[str, int]
    altered: list[str]
    rows: list[AssessmentRank]


class NewAssessmentYear(Given):
    year: int = _YEAR
    sheet: str = _SHEET


class AssessmentsCalled(Told):
    year: int
    new: int
    schools: int


class AssessmentAsked(Asking):
    version: int = Field(default=0, ge=0, le=9_999, description="0: the last one")


class AssessmentBehind(Told):
    """A list behind a figure: its page, and the query that finds its cases ('' for duties)."""

    said: Words
    number: int
    query: str
    link: str


class AssessmentValue(Told):
    """``value`` is the last one given, by the school, the cluster or the committee."""

    value: int
    school: int
    cluster: int | None
    committee: int | None
    cluster_why: str
    committee_why: str
    text: str
    evidence: list[str]


class AssessmentDeduction(Told):
    key: str
    label: Words
    points: int
    times: int


class AssessmentItem(AssessmentValue):
    key: str
    label: Words
    most: int
    automatic: bool
    why: Words
    rule: Words
    deductions: list[AssessmentDeduction]
    behind: list[AssessmentBehind]


class AssessmentLevel(Told):
    key: str
    label: Words
    points: int
    total: int
    items: list[AssessmentItem]


class AssessmentVeto(AssessmentValue):
    key: str
    label: Words
    automatic: bool
    behind: list[AssessmentBehind]


class AssessmentVersion(Told):
    version: int
    number: str
    reason: str


class AssessmentSignature(Told):
    stage: Words
    who: str
    at: datetime


class AssessmentEvent(Told):
    act: ScoringAct
    at: datetime
    who: str


class Assessment(Told):
    sheet: str
    sheet_version: int
    label: Words
    year: int
    unit: str
    unit_code: str
    version: int
    stage: ScoringStage
    reason: str
    number: str
    receipt: str
    as_of: datetime
    frozen_at: datetime | None
    points: int
    total: int
    passes: int
    result: ScoringResult
    due_on: date
    source: str
    levels: list[AssessmentLevel]
    vetoes: list[AssessmentVeto]
    honour: AssessmentValue
    honour_label: str
    may_fill: bool
    may_sign: bool
    may_correct: bool
    versions: list[AssessmentVersion]
    signatures: list[AssessmentSignature]
    history: list[AssessmentEvent]


class NewAssessmentFields(Given):
    """``ITEM.STEP`` (how often), ``text:KEY``, and yes or no for ``honour`` and a veto's key."""

    fields: dict[Name, Text] = Field(max_length=400)


class NewAssessmentEvidence(Given):
    item: Name
    evidence: Handles = Field(min_length=1, description="from storeEvidence")


class NewAssessmentReview(Given):
    """Values by the key of an item, a veto or ``honour`` (1 or 0); '' takes one's own back."""

    values: dict[Name, Name] = Field(max_length=200)
    reason: str = Field(min_length=1, max_length=500)


class NewAssessmentSignature(Given):
    """``seen`` is the stage that the signer read: refused when it left that meanwhile."""

    seen: ScoringStage | None = None


class NewAssessmentCorrection(Given):
    reason: str = Field(min_length=1, max_length=500)


class AssessmentKept(Told):
    sheet: str
    year: int
    unit: str
    version: int
    stage: ScoringStage
    points: int
    total: int
    result: ScoringResult
    number: str
    receipt: str
