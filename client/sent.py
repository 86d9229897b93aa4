"""The shapes of the API.

Written by ``python -m web.api.writing client`` from the document of the API.
"""
# fmt: off

from typing import Any, Literal, NotRequired, TypedDict

from client.words import *


class NewAcknowledgement(TypedDict):
    notices: list[int]

class NewAnswer(TypedDict):
    result: "Result"
    note: NotRequired[str]
    place: NotRequired[str]
    no_photo: NotRequired[str]
    another: NotRequired[bool]
    evidence: NotRequired[list[str]]

class NewAssessmentCorrection(TypedDict):
    reason: str

class NewAssessmentEvidence(TypedDict):
    item: str
    evidence: list[str]

class NewAssessmentFields(TypedDict):
    fields: dict[str, Any]

class NewAssessmentReview(TypedDict):
    values: dict[str, Any]
    reason: str

class NewAssessmentSignature(TypedDict):
    seen: NotRequired["ScoringStage | None"]

class NewAssessmentYear(TypedDict):
    year: int
    sheet: NotRequired[str]

class NewBulk(TypedDict):
    action: "Action"
    fields: NotRequired[dict[str, Any]]
    cases: NotRequired[list["NewPick"]]
    filter: NotRequired["NewFilter | None"]
    dry_run: NotRequired[bool]

class NewBusFeed(TypedDict):
    source: NotRequired[str]
    events: list[dict[str, Any]]

class NewCampaignStop(TypedDict):
    reason: str

class NewCase(TypedDict):
    unit: str
    category: str
    description: str
    location: NotRequired[str]
    level: NotRequired["Level"]
    risk: NotRequired["Colour | None"]
    found_on: NotRequired["str | None"]
    measure: NotRequired[str]
    owner: NotRequired[str]
    department: NotRequired[str]
    deadline_asked: NotRequired["str | None"]
    source: NotRequired[str]
    evidence: NotRequired[list[str]]
    again: NotRequired[bool]

class NewChase(TypedDict):
    dry_run: NotRequired[bool]

class NewCount(TypedDict):
    counted: str
    on: NotRequired["str | None"]

class NewDrawPublication(TypedDict):
    draw: str

class NewFilingCorrection(TypedDict):
    reason: str

class NewFilingFields(TypedDict):
    fields: dict[str, Any]

class NewFilingPeriod(TypedDict):
    template: str
    period: str

class NewFilingReturn(TypedDict):
    reason: str

class NewFilter(TypedDict):
    place: NotRequired[str]
    state: NotRequired["State | None"]
    stage: NotRequired["Stage | None"]
    level: NotRequired["Level | None"]
    category: NotRequired[str]
    holder: NotRequired["Role | None"]
    overdue: NotRequired[bool]
    listed: NotRequired[bool]
    text: NotRequired[str]
    found_from: NotRequired["str | None"]
    found_to: NotRequired["str | None"]
    due_to: NotRequired["str | None"]
    asking: NotRequired[bool]
    is_open: NotRequired[bool]

class NewGivingOut(TypedDict):
    dry_run: NotRequired[bool]
    plan: NotRequired[str]

class NewGuardCheck(TypedDict):
    period: str
    share: NotRequired[int]

class NewGuardSeen(TypedDict):
    unit: str
    guard: str
    present: NotRequired[bool]
    name: NotRequired[str]
    card: NotRequired[str]
    national: NotRequired[bool]
    school: NotRequired[bool]
    violations: NotRequired[list["Violation"]]
    note: NotRequired[str]

class NewGuardVerdict(TypedDict):
    unit: str
    guard: str
    outcome: "ReviewOutcome"
    reasons: NotRequired[list[str]]
    until: NotRequired["str | None"]
    note: NotRequired[str]
    why: NotRequired[str]

class NewInspection(TypedDict):
    unit: str
    checklist: str
    kind: NotRequired["InspectionKind"]

class NewInspectionRecord(TypedDict):
    items: dict[str, Any]
    participants: int
    held_on: NotRequired["str | None"]
    mode: NotRequired["InspectionMode"]
    note: NotRequired[str]
    reason: NotRequired[str]

class NewLine(TypedDict):
    task: str
    checklist: str
    place: str
    responsible: str
    lead: str
    inspectors: NotRequired[list[str]]

class NewLook(TypedDict):
    key: str
    unit: NotRequired[str]
    why: str

class NewMove(TypedDict):
    action: "Action"
    fields: NotRequired[dict[str, Any]]
    evidence: NotRequired[list[str]]
    seen: NotRequired["int | None"]

class NewOrderAct(TypedDict):
    act: Literal["serve", "acknowledge", "ask_extension", "grant_extension", "refuse_extension", "publish"]
    how: NotRequired["Service | None"]
    note: NotRequired[str]
    until: NotRequired["str | None"]
    reason: NotRequired[str]

class NewPick(TypedDict):
    number: str
    seen: NotRequired["int | None"]

class NewPlan(TypedDict):
    title: str
    place: str
    kind: "InspectionKind"
    cadence: "Cadence"
    first_on: str
    until: NotRequired["str | None"]
    term_only: NotRequired["bool | None"]
    unannounced: NotRequired[bool]
    sample: NotRequired["NewSample | None"]
    lines: list["NewLine"]

class NewPlanWithdrawal(TypedDict):
    reason: str

class NewRecord(TypedDict):
    unit: str
    fields: dict[str, Any]

class NewRecordChange(TypedDict):
    key: str
    unit: NotRequired[str]
    fields: dict[str, Any]
    seen: NotRequired["int | None"]

class NewRecordFiles(TypedDict):
    key: str
    unit: NotRequired[str]
    evidence: list[str]

class NewRegisterLook(TypedDict):
    place: NotRequired[str]
    text: NotRequired[str]
    retired: NotRequired[bool]
    standing: NotRequired["Stands | None"]
    form: NotRequired["SheetForm"]
    why: str

class NewReminding(TypedDict):
    place: NotRequired[str]

class NewRetirement(TypedDict):
    key: str
    unit: NotRequired[str]
    reason: str

class NewRun(TypedDict):
    dry_run: NotRequired[bool]
    partial: NotRequired[bool]

class NewSample(TypedDict):
    percent: NotRequired[float]
    least: NotRequired[int]
    by_cluster: NotRequired[bool]

class NewScoreSheet(TypedDict):
    text: str
    reason: NotRequired[str]
    dry_run: NotRequired[bool]
    seen: NotRequired["str | None"]

class NewSignature(TypedDict):
    version: NotRequired[int]
    head: NotRequired[bool]
    refused: NotRequired[str]
    signer: NotRequired[str]
    drawn: NotRequired[str]

class NewSource(TypedDict):
    key: str
    no: int
    amount: str

class NewStockAct(TypedDict):
    act: Literal["sign", "refuse", "cancel", "file"]
    no: int
    to: NotRequired["int | None"]
    reason: NotRequired[str]
    filing_no: NotRequired[str]

class NewStockLine(TypedDict):
    act: "Act"
    amount: str
    on: NotRequired["str | None"]
    reason: NotRequired[str]
    seen: NotRequired["int | None"]

class NewTeam(TypedDict):
    inspectors: list[str]
    reason: str

class NewText(TypedDict):
    text: str
    reason: NotRequired[str]
    dry_run: NotRequired[bool]
    seen: NotRequired["str | None"]

class NewTransfer(TypedDict):
    to: str
    amount: str
    reason: str
    permit_no: NotRequired[str]
    on: NotRequired["str | None"]

class NewTransferAct(TypedDict):
    act: Literal["receive", "decline"]
    key: NotRequired[str]
    amount: NotRequired[str]
    reason: NotRequired[str]

class NewVeto(TypedDict):
    act: Literal["veto", "lift"]
    kind: NotRequired[Literal["bus", "driver"]]
    key: str
    unit: NotRequired[str]
    reason: str

class NewWaiver(TypedDict):
    kind: str
    key: str
    reason: str

class NewWebhook(TypedDict):
    name: str
    url: str
    kinds: NotRequired[list[str]]
    place: NotRequired[str]

class NewWebhookAct(TypedDict):
    act: Literal["pause", "resume", "remove", "test"]

class NewWebhookSecret(TypedDict):
    hours: NotRequired[int]
