"""The shapes of the API.

Written by ``python -m web.api.writing client`` from the document of the API.
"""
# fmt: off

from typing import Any, Literal, NotRequired, TypedDict

from client.words import *


class Acknowledged(TypedDict):
    notice: int
    number: str
    at: str
    new: bool

class AdoptedText(TypedDict):
    digest: str
    adopted_at: "str | None"
    adopted_by: str
    reason: str
    ended_at: "str | None"
    key: str
    label: "Words"

class Assessment(TypedDict):
    sheet: str
    sheet_version: int
    label: "Words"
    year: int
    unit: str
    unit_code: str
    version: int
    stage: "ScoringStage"
    reason: str
    number: str
    receipt: str
    as_of: str
    frozen_at: "str | None"
    points: int
    total: int
    passes: int
    result: "ScoringResult"
    due_on: str
    source: str
    levels: list["AssessmentLevel"]
    vetoes: list["AssessmentVeto"]
    honour: "AssessmentValue"
    honour_label: str
    may_fill: bool
    may_sign: bool
    may_correct: bool
    versions: list["AssessmentVersion"]
    signatures: list["AssessmentSignature"]
    history: list["AssessmentEvent"]

class AssessmentBehind(TypedDict):
    said: "Words"
    number: int
    query: str
    link: str

class AssessmentCoverage(TypedDict):
    sheet: str
    year: int
    counts: dict[str, Any]
    assessed: int
    total: int
    rows: list["AssessmentRow"]

class AssessmentDeduction(TypedDict):
    key: str
    label: "Words"
    points: int
    times: int

class AssessmentEvent(TypedDict):
    act: "ScoringAct"
    at: str
    who: str

class AssessmentItem(TypedDict):
    value: int
    school: int
    cluster: "int | None"
    committee: "int | None"
    cluster_why: str
    committee_why: str
    text: str
    evidence: list[str]
    key: str
    label: "Words"
    most: int
    automatic: bool
    why: "Words"
    rule: "Words"
    deductions: list["AssessmentDeduction"]
    behind: list["AssessmentBehind"]

class AssessmentKept(TypedDict):
    sheet: str
    year: int
    unit: str
    version: int
    stage: "ScoringStage"
    points: int
    total: int
    result: "ScoringResult"
    number: str
    receipt: str

class AssessmentLevel(TypedDict):
    key: str
    label: "Words"
    points: int
    total: int
    items: list["AssessmentItem"]

class AssessmentRank(TypedDict):
    cluster: str
    rank: int
    unit: str
    unit_code: str
    points: int
    total: int
    automatic: int
    result: "ScoringResult"
    honoured: bool
    chosen: bool
    number: str

class AssessmentRanking(TypedDict):
    sheet: str
    year: int
    quotas: dict[str, Any]
    altered: list[str]
    rows: list["AssessmentRank"]

class AssessmentRow(TypedDict):
    unit: str
    unit_code: str
    cluster: str
    standing: str
    late: bool
    altered: bool
    points: "int | None"
    result: "ScoringResult | None"
    number: str

class AssessmentSignature(TypedDict):
    stage: "Words"
    who: str
    at: str

class AssessmentValue(TypedDict):
    value: int
    school: int
    cluster: "int | None"
    committee: "int | None"
    cluster_why: str
    committee_why: str
    text: str
    evidence: list[str]

class AssessmentVersion(TypedDict):
    version: int
    number: str
    reason: str

class AssessmentVeto(TypedDict):
    value: int
    school: int
    cluster: "int | None"
    committee: "int | None"
    cluster_why: str
    committee_why: str
    text: str
    evidence: list[str]
    key: str
    label: "Words"
    automatic: bool
    behind: list["AssessmentBehind"]

class AssessmentsCalled(TypedDict):
    year: int
    new: int
    schools: int

class BadBusEvent(TypedDict):
    pointer: str
    field: str
    detail: str

class Begun(TypedDict):
    number: str
    unit: str
    receipt: str

class BulkItem(TypedDict):
    number: str
    done: bool
    state: "State | None"
    receipt: str
    repeated: bool
    lacks: str
    detail: str
    remedy: str

class BulkResult(TypedDict):
    action: "Action"
    dry_run: bool
    done: int
    refused: int
    items: list["BulkItem"]

class BulletinHead(TypedDict):
    day: str
    number: str
    whole: bool
    made_at: str
    violations: int
    buses: int

class BulletinOffence(TypedDict):
    at: str
    what: str
    place: str
    kind: "Seen"
    speed: "int | None"
    limit: int
    penalty_on: "str | None"

class BulletinRow(TypedDict):
    plate: str
    unit: str
    offences: list["BulletinOffence"]
    moves: dict[str, Any]
    repeats: int
    vetoed: bool
    cases: list[str]

class BusBoard(TypedDict):
    day: str
    rows: list["BusToday"]
    strangers: list[str]

class BusBulletin(TypedDict):
    day: str
    number: str
    whole: bool
    made_at: str
    violations: int
    buses: int
    rows: list["BulletinRow"]

class BusFeed(TypedDict):
    received: int
    new: int
    known: int
    offences: int
    strangers: list[str]
    cases: list[str]
    bad: list["BadBusEvent"]

class BusToday(TypedDict):
    plate: str
    unit: str
    unit_code: str
    fault: "Stray | None"
    offence: bool
    times: int

class BusVeto(TypedDict):
    kind: str
    key: str
    unit: str
    unit_code: str
    reason: str
    at: str
    by: str
    case: str
    lifted_at: "str | None"
    lifted_by: str
    lifted_why: str

class BusVetoed(TypedDict):
    key: str
    unit: str
    vetoed: bool
    receipt: str

class BusViolation(TypedDict):
    id: int
    at: str
    plate: str
    unit: str
    unit_code: str
    kind: "Seen"
    what: str
    place: str
    road: "Road"
    speed: "int | None"
    limit: int
    penalty_on: "str | None"
    bulletin: str

class CampaignPeriod(TypedDict):
    period: str
    label: "Words"
    due_on: "str | None"
    begun: bool

class CampaignStopped(TypedDict):
    key: str
    label: "Words"

class CaseFacts(TypedDict):
    number: str
    unit: str
    cluster: "str | None"
    category: str
    level: "Level"
    risk: "Colour | None"
    description: str
    location: str
    found_on: str
    state: "State"
    claimed: bool
    listed: "Listing | None"
    stage: "Stage | None"
    holder: "Role | None"
    due_at: "str | None"
    reported_at: str
    closed_at: "str | None"
    days_late: int
    department: str
    owner: str
    measure: str
    source: str
    deadline_asked: "str | None"
    plan_deadline: "str | None"
    extensions: int
    cycle: int
    voided: bool
    seq: int

class CaseFile(TypedDict):
    case: "CaseFacts"
    history: list["Event"]
    clocks: list["Clock"]
    plans: list["Plan"]
    evidence: list["Evidence"]
    orders: list[str]
    offers: list["Offer"]
    receipt: str
    broken_at: "int | None"

class CasePage(TypedDict):
    items: list["CaseRow"]
    next: "str | None"

class CaseRow(TypedDict):
    number: str
    unit: str
    cluster: "str | None"
    category: str
    level: "Level"
    risk: "Colour | None"
    description: str
    location: str
    found_on: str
    state: "State"
    claimed: bool
    listed: "Listing | None"
    stage: "Stage | None"
    holder: "Role | None"
    due_at: "str | None"
    reported_at: str
    closed_at: "str | None"
    days_late: int

class Chased(TypedDict):
    dry_run: bool
    opened: int
    looked_at: int
    told: int
    notices: int
    raised: int
    linked: int
    cases: list[str]
    by_kind: dict[str, Any]
    failed: list[str]

class Checklist(TypedDict):
    key: str
    version: str
    zh: str
    en: str
    category: str
    kinds: list["InspectionKind"]
    items: list["ChecklistItem"]

class ChecklistItem(TypedDict):
    key: str
    zh: str
    en: str
    hazard_zh: str
    hazard_en: str
    level: "Level"
    source: str

class Chemicals(TypedDict):
    id: int
    unit: str
    unit_code: str
    key: str
    name: str
    danger: "Danger"
    measure: str
    cabinet: str
    here: str
    coming: str
    leaving: str
    waiting: int
    counted_on: "str | None"
    count_by: "str | None"

class Clock(TypedDict):
    no: int
    cycle: int
    stage: "Stage"
    started_at: str
    due_at: str
    limit: str
    cause: str
    estimated: bool
    reason: str
    stopped_at: "str | None"

class Count(TypedDict):
    number: int
    more: bool

class CountThen(TypedDict):
    total: int
    open: int
    overdue: int
    listed: int
    major: int
    by_state: dict[str, Any]

class Coverage(TypedDict):
    year: int
    total: int
    covered: int
    clusters: list["CoveredCluster"]
    units: list["CoveredUnit"]

class CoveredCluster(TypedDict):
    code: str
    name: str
    units: int
    covered: int
    listed: int
    feedback: "Halves"

class CoveredUnit(TypedDict):
    code: str
    name: str
    cluster: str
    posts: int
    signed: int
    cover: "Cover"
    feedback: "Halves"

class DrawCheck(TypedDict):
    what: "Words"
    holds: bool

class DrawnTask(TypedDict):
    unit: str
    state: "TaskState"
    hazards: int
    recorded_at: "str | None"
    number: str
    unit_code: str

class Duty(TypedDict):
    kind: str
    key: str
    unit: str
    title: "Words"
    link: str
    due_on: str
    days_late: int
    state: "DutyState"
    waits_for: str
    case: str
    opened_at: str
    ended_at: "str | None"

class DutyEvent(TypedDict):
    seq: int
    at: str
    act: str
    said: "Words"
    who: str
    step: "int | None"
    days_late: "int | None"
    case: "str | None"

class DutyFile(TypedDict):
    kind: str
    key: str
    unit: str
    title: "Words"
    link: str
    due_on: str
    days_late: int
    state: "DutyState"
    waits_for: str
    case: str
    opened_at: str
    ended_at: "str | None"
    history: list["DutyEvent"]

class DutyKind(TypedDict):
    key: str
    label: "Words"
    holder: "Role"
    count: "Days"
    source: str
    steps: list["DutyStep"]

class DutyPage(TypedDict):
    items: list["Duty"]
    next: "str | None"

class DutyStep(TypedDict):
    days: int
    tell: list["Audience"]
    case: bool

class DutyWaived(TypedDict):
    kind: str
    key: str
    title: "Words"

class Event(TypedDict):
    seq: int
    at: str
    kind: str
    who: str
    role: str
    door: str
    zh: str
    en: str
    body: dict[str, Any]
    hash: str

class Evidence(TypedDict):
    id: int
    cycle: int
    shows: "Shows"
    sha256: str
    media_type: str
    size: int
    name: str
    at: str
    href: str

class Filing(TypedDict):
    template: str
    period: str
    unit: str
    unit_code: str
    level: "Tier"
    version: int
    state: "FilingState"
    number: str
    due_on: str
    late: bool
    frozen_at: "str | None"
    first: str
    last: str
    reason: str
    as_of: str
    receipt: str
    nil: bool
    ready: bool
    rows: list["FilingNumber"]
    texts: list["FilingText"]
    plan: list[str]
    progress: list["FilingProgress"]
    findings: list["FilingFinding"]
    changes: list["FilingChange"]
    history: list["FilingEvent"]

class FilingBoard(TypedDict):
    template: str
    period: str
    counts: dict[str, Any]
    rows: list["FilingStanding"]

class FilingCampaign(TypedDict):
    key: str
    label: "Words"
    template: str
    first: str
    last: str
    state: Literal["coming", "running", "over", "stopped"]
    places: int
    digest: str
    periods: list["CampaignPeriod"]
    source: str
    adopted_at: str
    adopted_by: str

class FilingChange(TypedDict):
    label: "Words"
    before: "Words"
    after: "Words"

class FilingEvent(TypedDict):
    seq: int
    at: str
    act: "FilingAct"
    who: str
    reason: str

class FilingFigure(TypedDict):
    key: str
    zh: str
    en: str
    type: "FigureType"
    measure: "Measure"
    query: str
    required: bool
    source: str

class FilingFigureFile(TypedDict):
    key: str
    total: "int | None"
    cases: "int | None"
    query: str
    parts: list["FilingShare"]
    items: list["FilingItem"]

class FilingFinding(TypedDict):
    fault: "Fault"
    row: str
    problem: "Words"
    remedy: "Words"
    reason: str
    hinders: bool

class FilingItem(TypedDict):
    name: "Words"
    link: str
    value: int

class FilingKept(TypedDict):
    template: str
    period: str
    unit: str
    version: int
    state: "FilingState"
    number: str
    receipt: str
    ready: bool
    findings: list["FilingFinding"]

class FilingNumber(TypedDict):
    nth: int
    key: str
    label: "Words"
    type: "FigureType"
    measure: "Measure"
    value: "float | None"
    computed: "int | None"
    typed: "int | None"
    query: str
    source: str

class FilingPage(TypedDict):
    items: list["FilingRow"]
    next: "str | None"

class FilingProgress(TypedDict):
    nth: int
    item: str
    outcome: "Outcome | None"
    why: str

class FilingRow(TypedDict):
    template: str
    period: str
    unit: str
    unit_code: str
    level: "Tier"
    version: int
    state: "FilingState"
    number: str
    due_on: str
    late: bool
    frozen_at: "str | None"

class FilingShare(TypedDict):
    unit: str
    unit_code: str
    number: str
    value: "int | None"
    query: str

class FilingStanding(TypedDict):
    unit: str
    unit_code: str
    level: "Tier"
    standing: str
    due_on: str
    number: str

class FilingTemplate(TypedDict):
    key: str
    zh: str
    en: str
    period: "PeriodKind"
    levels: list["Tier"]
    source: str
    figures: list["FilingFigure"]

class FilingText(TypedDict):
    key: str
    label: "Words"
    required: bool
    text: str

class FilingsCompiled(TypedDict):
    template: str
    period: str
    new: int
    known: int

class FilingsReminded(TypedDict):
    missing: int
    people: int

class FoundPage(TypedDict):
    items: list["CaseRow"]
    next: "str | None"
    query: str

class GivenOut(TypedDict):
    dry_run: bool
    tasks: int
    by_plan: dict[str, Any]
    committed: list[str]
    drawn: list[str]
    impossible: list[str]
    missed: int
    failed: list[str]

class GuardAsked(TypedDict):
    unit: str
    key: str
    year: int
    receipt: str

class GuardCheck(TypedDict):
    number: str
    period: str
    state: "CheckState"
    share: int
    commitment: str
    seed: str
    frame_digest: str
    frame_size: int
    drawn: int
    committed_at: str
    drawn_at: "str | None"
    published_at: "str | None"

class GuardCheckFile(TypedDict):
    number: str
    period: str
    state: "CheckState"
    share: int
    commitment: str
    seed: str
    frame_digest: str
    frame_size: int
    drawn: int
    committed_at: str
    drawn_at: "str | None"
    published_at: "str | None"
    guards: list["GuardDrawn"]
    counts: list["GuardCount"]
    wrong: "Words | None"
    receipt: str

class GuardCheckKept(TypedDict):
    number: str
    receipt: str

class GuardCount(TypedDict):
    cluster: str
    drawn: int
    match: int
    mismatch: int
    absent: int
    no_national: int
    no_school: int
    violations: int

class GuardDecided(TypedDict):
    unit: str
    key: str
    outcome: "ReviewOutcome"
    case: str
    receipt: str

class GuardDrawn(TypedDict):
    guard: str
    unit: str
    unit_code: str
    stratum: str
    no: int
    inspectors: list[str]
    planned_on: "str | None"
    mine: bool
    identity: "Identity | None"
    national: "bool | None"
    school: "bool | None"
    violations: list["Violation"]
    note: str
    by: str
    at: "str | None"
    case: str

class GuardLeft(TypedDict):
    unit: str
    key: str
    problem: "Words"

class GuardLook(TypedDict):
    check: str
    day: str
    identity: "Identity"
    violations: list["Violation"]

class GuardNamed(TypedDict):
    unit: str
    guard: str

class GuardReason(TypedDict):
    key: str
    said: "Words"

class GuardReview(TypedDict):
    id: int
    year: int
    asked_by: str
    asked_at: "str | None"
    by: str
    at: "str | None"
    outcome: "ReviewOutcome | None"
    reasons: list[str]
    until: "str | None"
    note: str
    why: str
    case: str

class GuardReviewFile(TypedDict):
    key: str
    unit: str
    unit_code: str
    values: dict[str, Any]
    status: "ReviewStatus"
    active: bool
    decides: bool
    asks: bool
    corrects: bool
    seen: "GuardSight | None"
    reviews: list["GuardReview"]

class GuardSeen(TypedDict):
    check: str
    guard: str
    unit: str
    identity: "Identity"
    case: str
    left: int
    receipt: str

class GuardSight(TypedDict):
    looks: list["GuardLook"]
    sessions: int
    attended: int
    short: list["Words"]
    found: list["GuardReason"]

class GuardStanding(TypedDict):
    key: str
    unit: str
    unit_code: str
    values: dict[str, Any]
    status: "ReviewStatus"
    asked_at: "str | None"
    at: "str | None"
    until: "str | None"
    against: list["Words"]
    decides: bool
    asks: bool

class GuardStandings(TypedDict):
    items: list["GuardStanding"]
    counts: dict[str, Any]
    next: "str | None"

class GuardsNamed(TypedDict):
    guards: list["GuardNamed"]

class GuardsPassed(TypedDict):
    passed: list["GuardDecided"]
    left: list["GuardLeft"]

class Halves(TypedDict):
    first: int
    second: int

class Inspection(TypedDict):
    number: str
    title: str
    unit: str
    unit_code: str
    checklist: str
    kind: "InspectionKind"
    state: "TaskState"
    period: str
    plan: str
    lead: str
    opens_on: str
    due_on: str
    planned_on: "str | None"
    hazards: int
    normal: int
    version: int
    recorded_at: "str | None"
    head_word: "Word | None"
    days_late: int

class InspectionAnswer(TypedDict):
    result: "Result"
    note: str
    place: str
    no_photo: str
    another: bool
    photos: list[str]

class InspectionCase(TypedDict):
    item: str
    number: str
    linked: bool

class InspectionDraw(TypedDict):
    number: str
    period: str
    opens_on: str
    due_on: str
    commitment: str
    committed_at: str
    secret: str
    seed: str
    frame_digest: str
    frame_size: int
    drawn: int
    drawn_at: "str | None"
    impossible: list["Undrawn"]
    published_at: "str | None"
    tasks: list["DrawnTask"]

class InspectionFile(TypedDict):
    inspection: "Inspection"
    items: list["InspectionItem"]
    record: "InspectionRecord | None"
    signatures: list["InspectionSignature"]
    needed: int
    receipt: str
    broken_at: "int | None"

class InspectionItem(TypedDict):
    item: str
    zh: str
    en: str
    source: str
    answer: "InspectionAnswer | None"
    case: "str | None"
    open_before: list[str]

class InspectionPage(TypedDict):
    items: list["Inspection"]
    next: "str | None"

class InspectionPlan(TypedDict):
    number: str
    title: str
    kind: "InspectionKind"
    cadence: "Cadence"
    place: str
    state: "PlanState"
    planned_at: str
    done_until: "str | None"
    plan: dict[str, Any]
    receipt: str

class InspectionRecord(TypedDict):
    version: int
    checklist: str
    held_on: str
    mode: "InspectionMode"
    participants: int
    note: str
    reason: str
    recorded_at: str
    recorded_by: str
    counts: dict[str, Any]

class InspectionSignature(TypedDict):
    name: str
    code: str
    part: "Part"
    word: "Word"
    reason: str
    at: str
    drawn: "str | None"
    witness: str

class LedgerProblem(TypedDict):
    sheet: str
    row: int
    field: str
    value: str
    detail: str
    remedy: str

class LedgerUpload(TypedDict):
    upload: str
    name: str
    sha256: str
    state: "UploadState"
    dry_run: bool
    partial: bool
    landed: bool
    done: int
    rows: int
    cases: int
    normal: int
    duplicates: int
    rejected: int
    problems: list["LedgerProblem"]
    detail: str
    remedy: str

class Lookback(TypedDict):
    number: str
    title: str
    template: str
    state: "LookbackState"
    frame_size: "int | None"
    drawn: "int | None"
    planned_at: str
    drawn_at: "str | None"
    due_at: "str | None"
    closed_at: "str | None"
    published_at: "str | None"
    withdrawn_at: "str | None"

class LookbackFile(TypedDict):
    look: "Lookback"
    strata: list["Stratum"]
    visits: list["LookedAt"]
    receipt: str
    broken_at: "int | None"
    publish_by: "str | None"

class LookedAt(TypedDict):
    number: str
    unit: str
    category: str
    finding: "str | None"

class Moved(TypedDict):
    number: str
    action: str
    state: "State"
    claimed: bool
    stage: "Stage | None"
    holder: "Role | None"
    due_at: "str | None"
    seq: int
    receipt: str
    repeated: bool

class Notice(TypedDict):
    id: int
    case: str
    title: "Words"
    link: str
    unit: str
    person: str
    kind: str
    urgent: bool
    owed_at: str
    state: "NoticeState"
    tries: int
    sent_at: "str | None"
    acknowledged_at: "str | None"
    receipt: str

class NoticePage(TypedDict):
    items: list["Notice"]
    next: "str | None"

class Offer(TypedDict):
    action: "Action"
    zh: str
    en: str
    needs: list["OfferField"]
    may: list["OfferField"]

class OfferField(TypedDict):
    name: str
    zh: str
    en: str

class OrderActed(TypedDict):
    order: str
    case: str
    act: str
    due_at: str
    seq: int
    receipt: str
    repeated: bool

class Plan(TypedDict):
    no: int
    duty: str
    measures: str
    funds: str
    deadline: str
    contingency: str
    submitted_at: str
    decided_at: "str | None"
    approved: "bool | None"
    reason: str

class PlanKept(TypedDict):
    receipt: str

class PlanProgress(TypedDict):
    line: int
    period: str
    due_on: str
    given: int
    made: int
    late: int
    hazards: int

class Planned(TypedDict):
    number: str
    title: str
    receipt: str

class PlansImported(TypedDict):
    landed: bool
    rows: int
    added: int
    same: int
    rejected: int
    problems: list["LedgerProblem"]

class PublishedDraw(TypedDict):
    number: str
    title: str
    kind: "InspectionKind"
    period: str
    frame_size: int
    drawn: int
    commitment: str
    secret: str
    seed: str
    frame_digest: str
    published_at: "str | None"
    tasks: list["PublishedTask"]

class PublishedLookback(TypedDict):
    number: str
    title: str
    drawn_at: "str | None"
    published_at: str
    frame_size: "int | None"
    drawn: "int | None"
    period: str
    seed: "str | None"
    frame_digest: "str | None"
    commitment: "str | None"
    strata: list["Stratum"]
    cases: list["LookedAt"]
    receipt: str

class PublishedOrder(TypedDict):
    number: str
    kind: "Listing"
    level: "OrderLevel"
    unit: str
    category: str
    hazard: "Level"
    issued_at: str
    due_at: str
    published_at: str
    released_at: "str | None"

class PublishedTask(TypedDict):
    unit: str
    state: "TaskState"
    hazards: int
    recorded_at: "str | None"

class RecordAttachment(TypedDict):
    id: int
    name: str
    media_type: str
    size: int
    sha256: str
    at: str
    seq: int

class RecordCase(TypedDict):
    rule: str
    period: str
    raised_at: str
    number: str
    state: str

class RecordEvent(TypedDict):
    seq: int
    at: str
    act: str
    said: str
    who: str
    role: str
    door: str
    reason: str
    fields: dict[str, Any]
    personal: list[str]
    cleared: list[str]
    cases: dict[str, Any]
    files: list[dict[str, Any]]

class RecordKept(TypedDict):
    kind: str
    key: str
    unit: str
    act: str
    seq: int
    receipt: str

class Recorded(TypedDict):
    number: str
    version: int
    state: "TaskState"
    unsigned: int
    hazards: int
    cases: list["InspectionCase"]
    receipt: str
    repeated: bool

class Register(TypedDict):
    kind: str
    zh: str
    en: str
    named_by: str
    active: int
    lapsed: int
    soon: int
    fields: list["RegisterField"]
    rules: list["RegisterRule"]

class RegisterField(TypedDict):
    key: str
    zh: str
    en: str
    type: "FieldType"
    required: bool
    personal: bool

class RegisterFile(TypedDict):
    kind: str
    key: str
    unit: str
    unit_code: str
    state: str
    seq: int
    values: dict[str, Any]
    expires_on: "str | None"
    findings: list["RegisterFinding"]
    rules: list["RegisterFinding"]
    files: list["RecordAttachment"]
    cases: list["RecordCase"]
    history: list["RecordEvent"]

class RegisterFinding(TypedDict):
    rule: str
    standing: "Standing"
    last_day: "str | None"
    days_left: "int | None"
    about: str
    source: str

class RegisterImported(TypedDict):
    landed: bool
    rows: int
    added: int
    same: int
    rejected: int
    problems: list["LedgerProblem"]
    changed: int

class RegisterPage(TypedDict):
    items: list["RegisterRow"]
    next: "str | None"

class RegisterRow(TypedDict):
    kind: str
    key: str
    unit: str
    unit_code: str
    state: str
    seq: int
    values: dict[str, Any]
    expires_on: "str | None"
    findings: list["RegisterFinding"]

class RegisterRule(TypedDict):
    key: str
    zh: str
    en: str
    type: "RuleType"
    field: str
    level: "Level"
    source: str

class ScoreSheet(TypedDict):
    key: str
    label: "Words"
    version: int
    since: int
    total: int
    passes: int
    due: str
    percent: int
    honour: str
    source: str
    levels: list["SheetLevel"]
    vetoes: list["SheetVeto"]
    versions: list["SheetEdition"]
    text: str

class SheetAdopted(TypedDict):
    family: str
    key: str
    label: "Words"
    digest: str
    replaces: str
    receipt: str
    difference: list["TextLine"]
    version: int
    since: int
    changes: list["SheetChange"]

class SheetAuto(TypedDict):
    type: "AutoType"
    query: str
    good: str
    step: int
    kinds: list[str]

class SheetChange(TypedDict):
    key: str
    name: "Words"
    before: "Words"
    after: "Words"

class SheetDeduction(TypedDict):
    key: str
    label: "Words"
    points: int

class SheetEdition(TypedDict):
    digest: str
    adopted_at: "str | None"
    adopted_by: str
    reason: str
    ended_at: "str | None"
    version: int
    since: int

class SheetItem(TypedDict):
    key: str
    label: "Words"
    points: int
    deductions: list["SheetDeduction"]
    auto: "SheetAuto | None"

class SheetLevel(TypedDict):
    key: str
    label: "Words"
    items: list["SheetItem"]

class SheetVeto(TypedDict):
    key: str
    label: "Words"
    query: str

class Signed(TypedDict):
    receipt: str

class StockCounted(TypedDict):
    on_day: str
    counted: str
    expected: str
    by: str
    case: "str | None"

class StockImported(TypedDict):
    landed: bool
    rows: int
    added: int
    same: int
    rejected: int
    problems: list["LedgerProblem"]

class StockLedger(TypedDict):
    stock: "Chemicals"
    lines: list["StockLine"]
    counts: list["StockCounted"]

class StockLine(TypedDict):
    no: int
    act: "Act"
    amount: str
    stand: "Stand"
    on_day: str
    reason: str
    by: str
    second: str
    at: str
    here: str
    filing_no: str

class StockPage(TypedDict):
    items: list["Chemicals"]
    next: "str | None"

class StockPassed(TypedDict):
    id: int
    name: str
    danger: "Danger"
    measure: str
    amount: str
    received: "str | None"
    from_unit: str
    to_unit: str
    on_day: str
    reason: str
    permit_no: str
    state: "Transit"

class StockPassedPage(TypedDict):
    items: list["StockPassed"]
    next: "str | None"

class StockSent(TypedDict):
    transfer: int
    written: "StockWritten"

class StockWritten(TypedDict):
    no: int
    stand: str
    here: str
    receipt: str
    cases: list[str]

class Stored(TypedDict):
    evidence: str
    sha256: str
    media_type: str
    size: int
    width: "int | None"
    height: "int | None"
    taken_at: "str | None"

class Stratum(TypedDict):
    stratum: str
    population: int
    drawn: int
    checked: int
    relapsed: int
    decision: str

class SupervisionOrder(TypedDict):
    number: str
    case: str
    unit: str
    cluster: "str | None"
    category: str
    hazard: "Level"
    state: "State"
    kind: "Listing"
    level: "OrderLevel"
    cause: "OrderCause"
    reason: str
    demands: str
    issued_at: str
    due_at: str
    days_late: int
    served_at: "str | None"
    served_how: "Service | None"
    acknowledged_at: "str | None"
    next_demand_at: "str | None"
    missed_reports: int
    extension_asked_at: "str | None"
    extension_until: "str | None"
    extension_reason: str
    extensions: int
    published_at: "str | None"
    publish_by: str
    decide_by: "str | None"
    released_at: "str | None"
    release_reason: str

class TextAdopted(TypedDict):
    family: str
    key: str
    label: "Words"
    digest: str
    replaces: str
    receipt: str
    difference: list["TextLine"]

class TextFamily(TypedDict):
    family: str
    label: "Words"
    texts: list["AdoptedText"]

class TextFile(TypedDict):
    digest: str
    adopted_at: "str | None"
    adopted_by: str
    reason: str
    ended_at: "str | None"
    key: str
    label: "Words"
    family: str
    text: str
    in_force: str
    versions: list["TextVersion"]

class TextLine(TypedDict):
    mark: str
    before: "int | None"
    after: "int | None"
    text: str

class TextVersion(TypedDict):
    digest: str
    adopted_at: "str | None"
    adopted_by: str
    reason: str
    ended_at: "str | None"

class Undrawn(TypedDict):
    unit: str
    why: "Words"

class ViolationPage(TypedDict):
    items: list["BusViolation"]
    next: "str | None"

class WasteBatch(TypedDict):
    key: str
    unit: str
    stages: list["WasteStage"]
    sources: list["WasteSource"]

class WasteSource(TypedDict):
    key: str
    name: str
    no: int
    amount: str
    measure: str
    by: str
    at: str

class WasteStage(TypedDict):
    stage: "Disposal"
    reached: bool
    told: str

class Webhook(TypedDict):
    name: str
    state: str
    kinds: list[str]
    place: str
    shown: str
    behind: int
    tries: int
    reason: str
    added_at: str
    sent_at: "str | None"

class WebhookActed(TypedDict):
    name: str
    act: str
    sent: NotRequired["bool | None"]
    detail: NotRequired[str]

class WebhookAdded(TypedDict):
    name: str
    shown: str
    secret: str

class WebhookReceipt(TypedDict):
    message: str
    kind: str
    at: str
    sent: bool
    detail: str

class WebhookRotated(TypedDict):
    name: str
    secret: str
    until: str

class Words(TypedDict):
    zh: str
    en: str
