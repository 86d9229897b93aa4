"""A district in which everything of a school bears the school's mark, wherever a text is kept.

Whoever has no business with a school must meet its mark nowhere: not on a page, not in a file, not
by guessing a number. New records of a school are planted here, and new ids named in ``Things``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from io import BytesIO

from cryptography.fernet import Fernet

from casework.adopting import adopt_text
from casework.asking.saved import save_query
from casework.bulk.choosing import Pick
from casework.bulk.moving import move_all
from casework.buses.bulletins import make_bulletins
from casework.buses.feeding import feed_buses
from casework.buses.reading import read_lines
from casework.buses.vetoing import Which as Vetoable
from casework.buses.vetoing import veto
from casework.documents.issuing import Hand, Wanted, issue_document
from casework.duties.chasing import chase
from casework.duties.opening import Wanted as Due
from casework.duties.opening import open_duties
from casework.events import Door
from casework.filings.campaigns import CAMPAIGNS
from casework.filings.compiling import compile_period
from casework.filings.filling import fill_in
from casework.filings.places import Which
from casework.guardchecks.checks import Hand as GuardHand
from casework.guardchecks.drawing import commit_check, draw_check
from casework.guardchecks.recording import Seen, record_guard
from casework.lookback.looks import Hand as AdoptingHand
from casework.registers.acts import add_record
from casework.reports import Report, report
from casework.reviews.asking import ask_reviews
from casework.reviews.deciding import review_record
from casework.reviews.store import Named
from casework.scoring.filling import attach as attach_evidence
from casework.scoring.filling import fill_in as assess
from casework.scoring.opening import open_assessment
from casework.scoring.places import Which as Assessed
from casework.stock.entering import Typed, enter_stock
from casework.stock.sending import Sending, send_stock
from casework.stock.store import Who
from casework.stock.wasting import Source, name_source
from casework.uploads.keeping import Wish, keep_upload
from casework.uploads.running import run_upload
from notifications.sealing import Keys
from rules.actions import Action
from rules.documents import DocumentKind
from rules.guardchecks.findings import Card
from rules.inspections.answers import Result
from rules.registers.outcomes import ReviewOutcome
from rules.registers.reviews import Verdict
from rules.wording import Wording
from tests.inspections import Found, given, planned, recorded, task_of, told
from tests.ledgers import FIRE, a_ledger
from tests.lookbacks import MONTHLY, assigned_look, with_inspectors
from tests.offices import MONDAY_9AM, ORGANISATION, TEAM, a_plan, act, after_photo, before_photo

FRIDAY_BEFORE = date(2026, 2, 27)
UNITS = ("S1", "S2", "S3")
SOUGHT = "灭火器压力不足"
"""A word of every case, for searches: what is found by it bears the mark of its school."""

STRANGERS: Mapping[str, tuple[str, ...]] = {
    "reporter1": ("S2",), "owner1": ("S2", "S3"), "head1": ("S3",),
    "reporter3": ("S1",), "owner3": ("S1",), "head3": ("S1",),
    "cluster1": ("S3",), "verifier1a": ("S3",), "cluster2": ("S1",), "verifier2": ("S1",),
}  # fmt: skip
"""Each role below the committee, in each cluster, and the schools that are not theirs to see:
one of another cluster or, for the people of a school, one of their own cluster.
"""

PAIRS = tuple((code, unit) for code, units in STRANGERS.items() for unit in units)


def mark(unit: str) -> str:
    """Return the text that stands in everything of a school."""
    return f"暗记{unit}暗记"


@dataclass(frozen=True, slots=True)
class Things:
    """The ids of a school's things, as an address names them."""

    unit: str
    case: str
    closed: str
    order: str
    paper: int
    evidence: int
    notice: int
    person: str
    guard: str
    run: str
    upload: str
    lookback: str
    inspection: str
    photo: str
    plan: str
    chemical: int
    batch: int
    transfer: int
    campaign: str


def plant(office) -> Mapping[str, Things]:
    """Fill an office; return what each school has."""
    with_inspectors(office)
    closed = {unit: _closed(office, unit) for unit in UNITS}
    cases = {unit: _listed(office, unit) for unit in UNITS}
    lookback = assigned_look(office, MONTHLY)
    compile_period(office, "monthly", "2026-02", by=None, at=MONDAY_9AM, door=Door.FLOW)
    for unit in UNITS:
        _keep(office, unit)
        _say_of_many(office, unit, cases[unit])
        _campaign(office, unit)
    _check_guards(office)
    make_bulletins(office, as_of=MONDAY_9AM, ran_at=MONDAY_9AM, door=Door.FLOW)
    checks = {unit: _checked(office, unit) for unit in UNITS}
    return {
        unit: Things(
            unit,
            cases[unit],
            closed[unit],
            lookback=lookback,
            **checks[unit],
            **_ids(office, unit, cases),
        )
        for unit in UNITS
    }


def _listed(office, unit: str) -> str:
    """A case that failed, was listed, and of which a document was issued."""
    team, text = TEAM[unit], mark(unit)
    number = _rectifying(office, unit, "重点")
    act(office, number, Action.CLAIM, team.owner, files=[after_photo(office)])
    act(office, number, Action.FAIL, team.verifier, finding=text, new_due="2026-03-15")
    typed = {"kind": "supervision", "supervisor": "committee", "new_due": "2026-03-16"}
    act(office, number, Action.LIST, "committee1", reason=text, **typed)
    hand = Hand("committee1", MONDAY_9AM, Door.CLI)
    wanted = Wanted(DocumentKind.RECTIFICATION, number, None)
    issue_document(office, wanted, hand, base="https://safe.example")
    return number


def _closed(office, unit: str) -> str:
    team = TEAM[unit]
    number = _rectifying(office, unit, "销号")
    act(office, number, Action.CLAIM, team.owner, files=[after_photo(office, "blue")])
    act(office, number, Action.PASS, team.verifier, finding=mark(unit))
    act(office, number, Action.CLOSE, "committee1")
    return number


def _rectifying(office, unit: str, which: str) -> str:
    team, text = TEAM[unit], mark(unit)
    told = Report(unit, f"{SOUGHT} {text}{which}", "消防", location=text, measure=text)
    number = report(
        office, told, by=team.reporter, at=MONDAY_9AM, door=Door.CLI, files=[before_photo(office)]
    ).number
    plan = {**a_plan("2026-03-20"), "measures": text, "duty": text}
    act(office, number, Action.SUBMIT_PLAN, team.owner, **plan)
    act(office, number, Action.APPROVE_PLAN, team.cluster)
    return number


def _keep(office, unit: str) -> None:
    """What a school keeps besides its cases."""
    guard = {
        "staff_no": f"A-{unit}", "name": f"王{unit}", "company": mark(unit),
        "born_on": "1980-01-01", "certificate_no": mark(unit), "school_certificate_no": mark(unit),
    }  # fmt: skip
    hand = {"by": TEAM[unit].head, "at": MONDAY_9AM, "door": Door.CLI}
    add_record(office, "guard", unit, guard, **hand)
    _review(office, unit, hand)
    _stock(office, unit, hand)
    _drive(office, unit, hand)
    which = Which("monthly", "2026-02", unit)
    fill_in(office, which, {"work": mark(unit)}, **hand)
    with office.writing() as connection:
        title = Wording(mark(unit), mark(unit))
        due = Due("report", f"weekly/{unit}", ORGANISATION[unit], FRIDAY_BEFORE, title, "/filings")
        open_duties(connection, [due], MONDAY_9AM)
    chase(office, as_of=MONDAY_9AM, ran_at=MONDAY_9AM, door=Door.FLOW)
    save_query(office, mark(unit), "状态:已销号", by=TEAM[unit].head, at=MONDAY_9AM)


def _review(office, unit: str, hand) -> None:
    """The guard's yearly review, passed with conditions, and asked for again."""
    named, until = Named(unit, f"A-{unit}"), (MONDAY_9AM + timedelta(days=30)).date()
    verdict = Verdict(ReviewOutcome.CONDITIONAL, ("other",), until, mark(unit))
    review_record(office, "guard", named, verdict, **{**hand, "by": TEAM[unit].cluster})
    ask_reviews(office, "guard", [named], **hand)


def _stock(office, unit: str, hand) -> None:
    """A chemical and what became waste of it; some of the first school's goes to the second."""
    chemical = {
        "code": "HX1", "name": mark(unit), "danger": "other", "measure": "gram",
        "cabinet": mark(unit), "label": "whole",
    }  # fmt: skip
    waste = {
        "batch": "F1", "sort": "unused", "species": mark(unit), "quantity": "1", "measure": "升",
        "producer": mark(unit), "produced_on": "2026-02-01", "destination": "pending",
    }  # fmt: skip
    add_record(office, "chemical", unit, chemical, **hand)
    add_record(office, "waste", unit, waste, **hand)
    who = Who(*hand.values())
    for line in ("purchase", "issue"):
        enter_stock(office, "HX1", Typed(line, "5", reason=mark(unit)), who, unit=unit)
    enter_stock(office, "HX1", Typed("return", "2"), who, unit=unit)
    name_source(office, "F1", Source("HX1", 2, "1"), who, unit=unit)
    if unit == "S1":  # the second school sees it too, and is no stranger to the first
        send_stock(office, "HX1", Sending("S2", "1", mark(unit)), who, unit=unit)


def _drive(office, unit: str, hand) -> None:
    """A bus that offended the day before and today, and is vetoed."""
    bus = {
        "plate": f"苏E0000{unit[-1]}", "model": "other", "vehicle_owner": mark(unit), "seats": "30",
        "first_registered_on": "2020-03-01", "inspected_on": "2026-01-10",
        "insured_until": "2026-12-31", "permit_until": "2026-07-10", "contact_phone": "13812345678",
    }  # fmt: skip
    add_record(office, "bus", unit, bus, **hand)
    told = [f"{bus['plate']},2026-03-0{day} 07:00,违法,{mark(unit)}" for day in (1, 2)]
    lines = read_lines(["车牌,时间,类型,违法行为", *told], now=MONDAY_9AM)
    committee = {**hand, "by": "committee1"}
    feed_buses(office, lines, source=unit, **committee)
    veto(office, Vetoable("bus", bus["plate"]), mark(unit), **committee)


def _check_guards(office) -> None:
    """Every guard is drawn, that of the first school looked at."""
    keys = Keys([Fernet.generate_key().decode()])
    hand = GuardHand("committee1", MONDAY_9AM, Door.CLI)
    number = commit_check(office, "2026-03", 100, hand, keys).number
    draw_check(office, number, hand, keys)
    found = Seen(Card(mark("S1")), note=mark("S1"))
    record_guard(office, number, "S1", "A-S1", found, hand)


def _campaign(office, unit: str) -> None:
    """A campaign for one school alone."""
    text = (
        f'schema = 1\nkey = "only_{unit.lower()}"\nzh = "{mark(unit)}"\nen = "{mark(unit)}"\n'
        f'template = "surroundings"\nplaces = ["{unit}"]\nsource = "our choice"\n'
        f"[[periods]]\nfirst = 2027-0{unit[-1]}-01\nlast = 2027-0{unit[-1]}-09\n"
    )
    hand = AdoptingHand("admin", MONDAY_9AM, Door.CLI)
    adopt_text(office, CAMPAIGNS, text, mark(unit), hand)


def _say_of_many(office, unit: str, number: str) -> None:
    hand = {"by": TEAM[unit].owner, "at": MONDAY_9AM, "door": Door.CLI}
    typed, picks = {"text": mark(unit)}, [Pick(number)]
    move_all(office, Action.PROGRESS, typed, picks, token=f"run-{unit}", **hand)
    ledger = BytesIO(a_ledger(FIRE.replace("灭火器压力不足", mark(unit))))
    wish = Wish(unit=unit)
    upload = keep_upload(office, "台账.csv", ledger, wish, by=TEAM[unit].head, at=MONDAY_9AM)
    run_upload(office, upload.token)


def _checked(office, unit: str) -> dict:
    """A school's own daily check, its plan and what it found, with a photo."""
    line = {"task": mark(unit), "checklist": "daily", "place": unit, "responsible": unit,
            "lead": TEAM[unit].owner}  # fmt: skip
    own = {"title": mark(unit), "place": unit, "lines": [line]}
    plan = planned(office, own | {"kind": "self", "cadence": "daily", "first_on": "2026-03-02"},
                   by=TEAM[unit].head)  # fmt: skip
    given(office, only=plan)
    number = task_of(office, unit, plan=plan)
    photo = before_photo(office, "pink")
    found = told(hazards={"gate": Found(Result.HAZARD, mark(unit), mark(unit), files=[photo])})
    recorded(office, number, found, by=TEAM[unit].owner)
    hand = {"by": TEAM[unit].head, "at": MONDAY_9AM, "door": Door.CLI}
    own = Assessed("safe_campus", 2026, unit)
    open_assessment(office, own, **hand)
    assess(office, own, {"text:fire": mark(unit), "text:death": mark(unit)}, **hand)
    attach_evidence(office, own, "fire", [photo.stored], **hand)
    return {"inspection": number, "photo": photo.stored.sha256, "plan": plan}


def _ids(office, unit: str, cases: Mapping[str, str]) -> dict:
    with office.reading() as connection:

        def one(sql, **values):
            return connection.exec_driver_sql(sql, tuple(values.values())).scalar_one()

        case = one("SELECT id FROM cases WHERE number = ?", number=cases[unit])
        return {
            "order": one("SELECT number FROM supervision_order WHERE case_id = ?", case=case),
            "paper": one("SELECT min(id) FROM document WHERE case_id = ?", case=case),
            "evidence": one("SELECT min(id) FROM evidence WHERE case_id = ?", case=case),
            "notice": one("SELECT min(id) FROM notice WHERE case_id = ?", case=case),
            "person": TEAM[unit].owner,
            "guard": f"A-{unit}",
            "run": f"run-{unit}",
            "campaign": f"only_{unit.lower()}",
            "upload": one("SELECT token FROM ledger_upload WHERE unit = ?", unit=unit),
            "chemical": one(
                "SELECT id FROM register_record WHERE kind = 'chemical' AND unit_id = ?",
                unit=ORGANISATION[unit],
            ),
            "batch": one(
                "SELECT id FROM register_record WHERE kind = 'waste' AND unit_id = ?",
                unit=ORGANISATION[unit],
            ),
            "transfer": one(
                "SELECT coalesce(max(t.id), 0) FROM stock_transfer t"
                " JOIN register_record r ON r.id = t.record_id WHERE r.unit_id = ?",
                unit=ORGANISATION[unit],
            ),
        }
