"""The words of the API.

Written by ``python -m web.api.writing client`` from the document of the API.
"""
# fmt: off

from typing import Literal

Act = Literal[
    "opening", "purchase", "issue", "return", "dispose", "loss", "more", "less", "send",
    "receive",
]
Action = Literal[
    "report", "grade", "assign", "transfer", "void", "submit_plan", "return_plan",
    "approve_plan", "fix_on_spot", "progress", "ask_extension", "grant_extension",
    "refuse_extension", "claim", "pass", "fail", "no_access", "close", "reopen", "list",
    "release",
]
Audience = Literal[
    "holder", "superior", "second_superior", "owner", "head", "cluster", "committee",
]
AutoType = Literal[
    "share", "each", "duties",
]
Cadence = Literal[
    "daily", "weekly", "biweekly", "monthly", "quarterly", "term", "yearly", "once",
]
CheckState = Literal[
    "committed", "drawn", "done", "published",
]
Colour = Literal[
    "red", "orange", "yellow", "blue",
]
Counted = Literal[
    "owed", "kept", "missed",
]
Cover = Literal[
    "whole", "part", "none",
]
Danger = Literal[
    "toxic", "explosive", "drug_first", "drug", "other",
]
Days = Literal[
    "working", "calendar",
]
Disposal = Literal[
    "produced", "stored", "handed", "disposed",
]
DutyState = Literal[
    "open", "fulfilled", "waived",
]
Fault = Literal[
    "missing", "wrong", "careless",
]
FieldType = Literal[
    "text", "choice", "date", "number", "id_card", "phone", "cas",
]
FigureType = Literal[
    "cases", "funds", "sum", "count", "inspections", "units", "typed", "rate",
]
FilingAct = Literal[
    "compile", "fill_in", "check", "return", "sign", "freeze", "correct",
]
FilingForm = Literal[
    "xlsx", "docx", "pdf",
]
FilingState = Literal[
    "draft", "checked", "frozen",
]
Identity = Literal[
    "match", "mismatch", "absent",
]
InspectionKind = Literal[
    "self", "special", "spot", "mutual", "supervisory", "joint", "external",
]
InspectionMode = Literal[
    "surprise", "open", "covert",
]
Level = Literal[
    "ordinary", "major",
]
Listing = Literal[
    "supervision", "guidance",
]
LookbackState = Literal[
    "planned", "committed", "drawn", "closed", "withdrawn",
]
Measure = Literal[
    "count", "yuan", "yes",
]
NoticeState = Literal[
    "waiting", "sent", "dead", "dropped",
]
Order = Literal[
    "newest", "oldest", "due", "found", "closed",
]
OrderCause = Literal[
    "ladder", "serious", "cannot_fix_at_once",
]
OrderLevel = Literal[
    "cluster", "committee",
]
Outcome = Literal[
    "done", "late", "dropped",
]
Part = Literal[
    "inspector", "head",
]
PeriodKind = Literal[
    "day", "week", "month", "quarter", "year", "campaign",
]
PlanState = Literal[
    "active", "withdrawn",
]
RecordOrder = Literal[
    "added", "expiry",
]
Result = Literal[
    "normal", "hazard", "not_applicable",
]
ReviewOutcome = Literal[
    "passed", "conditional", "failed",
]
ReviewStatus = Literal[
    "due", "asked", "passed", "conditional", "failed",
]
Road = Literal[
    "expressway", "ordinary", "special",
]
Role = Literal[
    "reporter", "owner", "head", "cluster", "verifier", "inspector", "committee", "admin",
    "auditor", "ladder",
]
RuleType = Literal[
    "expiry", "interval", "oldest", "youngest", "held", "missing", "at_least", "staffing",
    "chosen",
]
ScoringAct = Literal[
    "open", "fill_in", "attach", "review", "sign", "freeze", "correct",
]
ScoringResult = Literal[
    "passed", "failed", "vetoed",
]
ScoringStage = Literal[
    "school", "cluster", "committee", "frozen",
]
Seen = Literal[
    "position", "violation",
]
Service = Literal[
    "signed", "refused", "left",
]
SheetForm = Literal[
    "xlsx", "csv",
]
Shows = Literal[
    "before", "after",
]
Stage = Literal[
    "plan", "approval", "rectification", "verification", "close_out",
]
Stand = Literal[
    "waiting", "stands", "refused", "cancelled",
]
Standing = Literal[
    "well", "soon", "due", "lapsed",
]
Stands = Literal[
    "lapsed", "soon", "well",
]
State = Literal[
    "reported", "plan", "rectifying", "verified", "closed",
]
Stray = Literal[
    "outside", "off_day", "vetoed",
]
TaskState = Literal[
    "open", "awaiting", "recorded", "dropped",
]
Tier = Literal[
    "unit", "cluster", "committee",
]
Transit = Literal[
    "leaving", "under_way", "arriving", "received", "declined", "withdrawn",
]
UploadState = Literal[
    "waiting", "running", "ended", "failed",
]
Violation = Literal[
    "gear_not_carried", "gear_expired", "register_empty", "no_uniform", "other",
]
Word = Literal[
    "signed", "refused",
]
