"""The same tables for SQLAlchemy Core: casework's statements are built on these, once.

The ORM's unit of work costs several times the SQL of a move; the models give shape and checks.
"""

from sqlalchemy import Table
from sqlmodel import SQLModel

from models.accounts import AccessToken, Account, RecoveryCode, SignedIn, SignInFailure
from models.adoptions import AdoptedText
from models.bulk import BulkRun
from models.buses import BusBulletin, BusCase, BusSighting, BusVeto
from models.case import Case, Clock, ClockStep, Evidence, Inspection, Plan
from models.documents import Document
from models.duties import Duty
from models.filings import Filing, FilingFigure
from models.guardchecks import GuardCheck, GuardInspector, GuardVisit
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
from models.organisation import Organisation, Person, RoleGrant
from models.outbox import (
    Acknowledgement,
    Contact,
    Delivery,
    EngineRun,
    Notice,
    NoticeTemplate,
)
from models.private import PrivateValue
from models.proof import Head, Leaf, TreeNode, Unsealed
from models.records import RecordEvent, RecordPrivate
from models.registers import RegisterCase, RegisterFile, RegisterRecord
from models.reviews import RegisterReview
from models.scoring import Assessment
from models.search import CaseText, CaseTextPending, SavedQuery
from models.settings import CalendarOverride, PolicyVersion, SchoolTerm, Sweep
from models.stock import StockCount, StockEntry, StockTransfer, StockWaste
from models.tallies import CaseTally, StayTally, TallyPending
from models.uploads import LedgerUpload
from models.webhooks import Webhook, WebhookReceipt


def _table(model: type[SQLModel]) -> Table:
    found: Table = model.__table__  # type: ignore[attr-defined] # SQLModel adds it to table models
    return found


ASSESSMENTS = _table(Assessment)
BULK_RUNS = _table(BulkRun)
BUS_BULLETINS = _table(BusBulletin)
BUS_CASES = _table(BusCase)
BUS_SIGHTINGS = _table(BusSighting)
BUS_VETOES = _table(BusVeto)
CALENDAR_OVERRIDES = _table(CalendarOverride)
CASES = _table(Case)
CLOCKS = _table(Clock)
CLOCK_STEPS = _table(ClockStep)
DOCUMENTS = _table(Document)
DUTIES = _table(Duty)
EVENTS = _table(CaseEvent)
EVIDENCE = _table(Evidence)
GUARD_CHECKS = _table(GuardCheck)
GUARD_INSPECTORS = _table(GuardInspector)
GUARD_VISITS = _table(GuardVisit)
FILINGS = _table(Filing)
FILING_FIGURES = _table(FilingFigure)
IDEMPOTENCY_KEYS = _table(IdempotencyKey)
INSPECTIONS = _table(Inspection)
LEDGER_IMPORTS = _table(LedgerImport)
LEDGER_UPLOADS = _table(LedgerUpload)
NUMBER_SERIES = _table(NumberSeries)
ORGANISATIONS = _table(Organisation)
PEOPLE = _table(Person)
PLANS = _table(Plan)
POLICY_VERSIONS = _table(PolicyVersion)
PRIVATE_VALUES = _table(PrivateValue)
ROLE_GRANTS = _table(RoleGrant)
SCHOOL_TERMS = _table(SchoolTerm)
SWEEPS = _table(Sweep)
ACKNOWLEDGEMENTS = _table(Acknowledgement)
CONTACTS = _table(Contact)
DELIVERIES = _table(Delivery)
ENGINE_RUNS = _table(EngineRun)
NOTICES = _table(Notice)
NOTICE_TEMPLATES = _table(NoticeTemplate)
ORDERS = _table(SupervisionOrder)
RECORD_EVENTS = _table(RecordEvent)
RECORD_PRIVATES = _table(RecordPrivate)
REGISTER_CASES = _table(RegisterCase)
REGISTER_FILES = _table(RegisterFile)
REGISTER_RECORDS = _table(RegisterRecord)
REGISTER_REVIEWS = _table(RegisterReview)
LOCATIONS = _table(Location)
LOOKBACKS = _table(Lookback)
LOOKBACK_INSPECTORS = _table(LookbackInspector)
LOOKBACK_SCHEDULES = _table(LookbackSchedule)
LOOKBACK_STEPS = _table(LookbackStep)
LOOKBACK_STRATA = _table(LookbackStratum)
LOOKBACK_TEMPLATES = _table(LookbackTemplate)
LOOKBACK_VISITS = _table(LookbackVisit)
CASE_TEXTS = _table(CaseText)
CASE_TEXTS_PENDING = _table(CaseTextPending)
SAVED_QUERIES = _table(SavedQuery)
ACCESS_TOKENS = _table(AccessToken)
ADOPTED_TEXTS = _table(AdoptedText)
ACCOUNTS = _table(Account)
RECOVERY_CODES = _table(RecoveryCode)
SIGNED_IN = _table(SignedIn)
SIGN_IN_FAILURES = _table(SignInFailure)
CHECKPOINTS = _table(Head)
LEAVES = _table(Leaf)
TREE_NODES = _table(TreeNode)
UNSEALED = _table(Unsealed)
CASE_TALLIES = _table(CaseTally)
STAY_TALLIES = _table(StayTally)
TALLIES_PENDING = _table(TallyPending)
INSPECTION_CASES = _table(InspectionCase)
INSPECTION_DRAWS = _table(InspectionDraw)
INSPECTION_PLANS = _table(InspectionPlan)
INSPECTION_RECORDS = _table(InspectionRecord)
INSPECTION_SIGNATURES = _table(InspectionSignature)
INSPECTION_TASKS = _table(InspectionTask)
INSPECTION_TEAMS = _table(InspectionTeam)
ACCOUNT_LINKS = _table(AccountLink)
WEBHOOKS = _table(Webhook)
WEBHOOK_RECEIPTS = _table(WebhookReceipt)
STOCK_COUNTS = _table(StockCount)
STOCK_ENTRIES = _table(StockEntry)
STOCK_TRANSFERS = _table(StockTransfer)
STOCK_WASTES = _table(StockWaste)
