"""What we remember: the tables, and the engine they live in."""

from models.accounts import AccessToken, Account, RecoveryCode, SignedIn, SignInFailure
from models.adoptions import AdoptedText
from models.base import METADATA
from models.bulk import BulkRun
from models.buses import BusBulletin, BusCase, BusSighting, BusVeto
from models.case import Case, Clock, ClockStep, Evidence, Inspection, Plan, Shows
from models.documents import Document
from models.duties import Duty, DutyState
from models.filings import Filing, FilingFigure
from models.history import CaseEvent, IdempotencyKey, LedgerImport, NumberSeries
from models.inspections import (
    InspectionCase,
    InspectionDraw,
    InspectionPlan,
    InspectionRecord,
    InspectionSignature,
    InspectionTask,
    InspectionTeam,
)
from models.links import AccountLink
from models.locations import Location
from models.lookback import (
    Lookback,
    LookbackInspector,
    LookbackSchedule,
    LookbackStep,
    LookbackStratum,
    LookbackTemplate,
    LookbackVisit,
)
from models.orders import SupervisionOrder
from models.organisation import Organisation, Person, Place, RoleGrant
from models.outbox import (
    Acknowledgement,
    Contact,
    ContactKind,
    Delivery,
    EngineRun,
    Notice,
    NoticeState,
    NoticeTemplate,
)
from models.private import PrivateValue
from models.proof import Head, Leaf, TreeNode, Unsealed
from models.records import RecordEvent, RecordPrivate
from models.registers import RecordState, RegisterCase, RegisterRecord
from models.scoring import Assessment
from models.search import CaseText, CaseTextPending, SavedQuery
from models.settings import CalendarOverride, PolicyVersion, SchoolTerm, Sweep
from models.stock import StockCount, StockEntry, StockTransfer, StockWaste
from models.tallies import CaseTally, Dimension, StayTally, TallyPending
from models.uploads import LedgerUpload, UploadState
from models.webhooks import Webhook, WebhookReceipt, WebhookState
from rules.inspections.kinds import InspectionKind

__all__ = [
    "METADATA",
    "AccessToken",
    "Account",
    "AccountLink",
    "Acknowledgement",
    "AdoptedText",
    "Assessment",
    "BulkRun",
    "BusBulletin",
    "BusCase",
    "BusSighting",
    "BusVeto",
    "CalendarOverride",
    "Case",
    "CaseEvent",
    "CaseTally",
    "CaseText",
    "CaseTextPending",
    "Clock",
    "ClockStep",
    "Contact",
    "ContactKind",
    "Delivery",
    "Dimension",
    "Document",
    "Duty",
    "DutyState",
    "EngineRun",
    "Evidence",
    "Filing",
    "FilingFigure",
    "Head",
    "IdempotencyKey",
    "Inspection",
    "InspectionCase",
    "InspectionDraw",
    "InspectionKind",
    "InspectionPlan",
    "InspectionRecord",
    "InspectionSignature",
    "InspectionTask",
    "InspectionTeam",
    "Leaf",
    "LedgerImport",
    "LedgerUpload",
    "Location",
    "Lookback",
    "LookbackInspector",
    "LookbackSchedule",
    "LookbackStep",
    "LookbackStratum",
    "LookbackTemplate",
    "LookbackVisit",
    "Notice",
    "NoticeState",
    "NoticeTemplate",
    "NumberSeries",
    "Organisation",
    "Person",
    "Place",
    "Plan",
    "PolicyVersion",
    "PrivateValue",
    "RecordEvent",
    "RecordPrivate",
    "RecordState",
    "RecoveryCode",
    "RegisterCase",
    "RegisterRecord",
    "RoleGrant",
    "SavedQuery",
    "SchoolTerm",
    "Shows",
    "SignInFailure",
    "SignedIn",
    "StayTally",
    "StockCount",
    "StockEntry",
    "StockTransfer",
    "StockWaste",
    "SupervisionOrder",
    "Sweep",
    "TallyPending",
    "TreeNode",
    "Unsealed",
    "UploadState",
    "Webhook",
    "WebhookReceipt",
    "WebhookState",
]
