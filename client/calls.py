"""The operations of the API.

Written by ``python -m web.api.writing client`` from the document of the API.
"""
# fmt: off

from typing import Any, cast

from client import sent, shapes
from client.session import Session, part


class Bihuan(Session):
    """Each operation is a method of its name."""

    def list_cases(
        self, *, place: str = "", state: shapes.State | None = None, stage: shapes.Stage | None =
        None, level: shapes.Level | None = None, category: str = "", holder: shapes.Role | None =
        None, overdue: bool = False, listed: bool = False, text: str = "", found_from: str | None =
        None, found_to: str | None = None, due_to: str | None = None, asking: bool = False, is_open:
        bool = False, order: shapes.Order = "newest", after: str = "", size: int = 50,
    ) -> shapes.CasePage:
        """List the cases that you may see."""
        answer = self._ask(
            "GET", "/cases",
            query={
                "place": place, "state": state, "stage": stage, "level": level, "category":
                category, "holder": holder, "overdue": overdue, "listed": listed, "text": text,
                "found_from": found_from, "found_to": found_to, "due_to": due_to, "asking": asking,
                "is_open": is_open, "order": order, "after": after, "size": size,
            },
        )
        return cast("shapes.CasePage", answer.json())

    def report_hazard(
        self, body: sent.NewCase, *, idempotency_key: str = "",
    ) -> shapes.Moved:
        """Report a hazard: a new case."""
        answer = self._ask(
            "POST", "/cases",
            headers={"Idempotency-Key": idempotency_key},
            body=cast("dict[str, Any]", body),
        )
        return cast("shapes.Moved", answer.json())

    def count_cases(
        self, *, place: str = "", state: shapes.State | None = None, stage: shapes.Stage | None =
        None, level: shapes.Level | None = None, category: str = "", holder: shapes.Role | None =
        None, overdue: bool = False, listed: bool = False, text: str = "", found_from: str | None =
        None, found_to: str | None = None, due_to: str | None = None, asking: bool = False, is_open:
        bool = False,
    ) -> shapes.Count:
        """Count the cases that a list finds."""
        answer = self._ask(
            "GET", "/cases/count",
            query={
                "place": place, "state": state, "stage": stage, "level": level, "category":
                category, "holder": holder, "overdue": overdue, "listed": listed, "text": text,
                "found_from": found_from, "found_to": found_to, "due_to": due_to, "asking": asking,
                "is_open": is_open,
            },
        )
        return cast("shapes.Count", answer.json())

    def open_case(
        self, number: str,
    ) -> shapes.CaseFile:
        """Open a case's file: facts, history, clocks, plans, evidence, and what you may do."""
        answer = self._ask(
            "GET", f"/cases/{part(number)}",
        )
        return cast("shapes.CaseFile", answer.json())

    def list_offers(
        self, number: str,
    ) -> list[shapes.Offer]:
        """List what you may do to a case now, and what each action takes."""
        answer = self._ask(
            "GET", f"/cases/{part(number)}/offers",
        )
        return cast("list[shapes.Offer]", answer.json())

    def get_evidence(
        self, number: str, evidence: int,
    ) -> bytes:
        """Get the bytes of evidence: a photo's copy without EXIF, or a document."""
        answer = self._ask(
            "GET", f"/cases/{part(number)}/evidence/{part(evidence)}",
        )
        return answer.content

    def move_case(
        self, number: str, body: sent.NewMove, *, idempotency_key: str = "", if_match: str = "",
    ) -> shapes.Moved:
        """Do an action to a case; what it takes is told by its offers."""
        answer = self._ask(
            "POST", f"/cases/{part(number)}/moves",
            headers={"Idempotency-Key": idempotency_key, "If-Match": if_match},
            body=cast("dict[str, Any]", body),
        )
        return cast("shapes.Moved", answer.json())

    def move_cases(
        self, body: sent.NewBulk, *, idempotency_key: str = "",
    ) -> shapes.BulkResult:
        """Do an action to many cases, each in its own transaction, 500 at most; or foresee it."""
        answer = self._ask(
            "POST", "/cases/bulk",
            headers={"Idempotency-Key": idempotency_key},
            body=cast("dict[str, Any]", body),
        )
        return cast("shapes.BulkResult", answer.json())

    def hand_in_ledger(
        self, content: bytes, *, name: str = "ledger", unit: str = "", year: int | None = None,
        dry_run: bool = True, partial: bool = False,
    ) -> shapes.LedgerUpload:
        """Hand in a ledger to be rehearsed, or with `dry_run=false` imported at once."""
        answer = self._ask(
            "POST", "/imports",
            query={
                "name": name, "unit": unit, "year": year, "dry_run": dry_run, "partial": partial,
            },
            content=content,
        )
        return cast("shapes.LedgerUpload", answer.json())

    def get_import(
        self, upload: str,
    ) -> shapes.LedgerUpload:
        """Ask how far an import of yours is, and what came of it."""
        answer = self._ask(
            "GET", f"/imports/{part(upload)}",
        )
        return cast("shapes.LedgerUpload", answer.json())

    def run_import(
        self, upload: str, body: sent.NewRun,
    ) -> shapes.LedgerUpload:
        """Rehearse a ledger of yours again, or import it; what landed is not imported twice."""
        answer = self._ask(
            "POST", f"/imports/{part(upload)}/run",
            body=cast("dict[str, Any]", body),
        )
        return cast("shapes.LedgerUpload", answer.json())

    def get_refused_rows(
        self, upload: str,
    ) -> bytes:
        """Get the refused rows as a workbook, each with its reason, to be mended and handed in."""
        answer = self._ask(
            "GET", f"/imports/{part(upload)}/errors",
        )
        return answer.content

    def store_evidence(
        self, content: bytes, *, name: str = "evidence",
    ) -> shapes.Stored:
        """Store a photo or PDF; a report or a move within a day attaches it by its handle."""
        answer = self._ask(
            "POST", "/evidence",
            query={
                "name": name,
            },
            content=content,
        )
        return cast("shapes.Stored", answer.json())

    def list_notices(
        self, *, state: shapes.NoticeState | None = None, case: str = "", person: str = "", before:
        int | None = None, size: int = 50,
    ) -> shapes.NoticePage:
        """List your notices, the newest first; who sweeps sees all."""
        answer = self._ask(
            "GET", "/notices",
            query={
                "state": state, "case": case, "person": person, "before": before, "size": size,
            },
        )
        return cast("shapes.NoticePage", answer.json())

    def acknowledge_notices(
        self, body: sent.NewAcknowledgement,
    ) -> list[shapes.Acknowledged]:
        """Say that you know of notices: no more repeats, the clock runs on."""
        answer = self._ask(
            "POST", "/notices/acknowledgements",
            body=cast("dict[str, Any]", body),
        )
        return cast("list[shapes.Acknowledged]", answer.json())

    def list_duties(
        self, *, kind: str = "", place: str = "", late: bool = False, mine: bool = False, ended:
        bool = False, since: str | None = None, until: str | None = None, counted: shapes.Counted |
        None = None, after: str = "", size: int = 50,
    ) -> shapes.DutyPage:
        """List the duties that you may see, the earliest due first; ended ones the latest first."""
        answer = self._ask(
            "GET", "/duties",
            query={
                "kind": kind, "place": place, "late": late, "mine": mine, "ended": ended, "since":
                since, "until": until, "counted": counted, "after": after, "size": size,
            },
        )
        return cast("shapes.DutyPage", answer.json())

    def list_duty_kinds(
        self,
    ) -> list[shapes.DutyKind]:
        """List the kinds of duty, each with the steps by which it is chased."""
        answer = self._ask(
            "GET", "/duty-kinds",
        )
        return cast("list[shapes.DutyKind]", answer.json())

    def open_duty(
        self, *, kind: str, key: str,
    ) -> shapes.DutyFile:
        """Open a duty with its history."""
        answer = self._ask(
            "GET", "/duty",
            query={
                "kind": kind, "key": key,
            },
        )
        return cast("shapes.DutyFile", answer.json())

    def waive_duty(
        self, body: sent.NewWaiver,
    ) -> shapes.DutyWaived:
        """Let somebody off a duty, with a reason that is kept."""
        answer = self._ask(
            "POST", "/duties/waivers",
            body=cast("dict[str, Any]", body),
        )
        return cast("shapes.DutyWaived", answer.json())

    def chase_duties(
        self, body: sent.NewChase,
    ) -> shapes.Chased:
        """Take the steps that are due by now, as the engine does every day; again it tells nobody."""
        answer = self._ask(
            "POST", "/duties/chase",
            body=cast("dict[str, Any]", body),
        )
        return cast("shapes.Chased", answer.json())

    def list_orders(
        self, *, place: str = "", case: str = "", level: shapes.OrderLevel | None = None, in_force:
        bool = False, overdue: bool = False, unpublished: bool = False,
    ) -> list[shapes.SupervisionOrder]:
        """List the orders that you may see, the newest first."""
        answer = self._ask(
            "GET", "/orders",
            query={
                "place": place, "case": case, "level": level, "in_force": in_force, "overdue":
                overdue, "unpublished": unpublished,
            },
        )
        return cast("list[shapes.SupervisionOrder]", answer.json())

    def open_order(
        self, order: str,
    ) -> shapes.SupervisionOrder:
        """Open an order, by its number in whatever brackets, or by its case's."""
        answer = self._ask(
            "GET", f"/orders/{part(order)}",
        )
        return cast("shapes.SupervisionOrder", answer.json())

    def act_on_order(
        self, order: str, body: sent.NewOrderAct, *, idempotency_key: str = "",
    ) -> shapes.OrderActed:
        """Serve, acknowledge, extend or publish an order."""
        answer = self._ask(
            "POST", f"/orders/{part(order)}/acts",
            headers={"Idempotency-Key": idempotency_key},
            body=cast("dict[str, Any]", body),
        )
        return cast("shapes.OrderActed", answer.json())

    def list_published_orders(
        self,
    ) -> list[shapes.PublishedOrder]:
        """List what anybody may read of the published orders: no personal data."""
        answer = self._ask(
            "GET", "/published/orders",
        )
        return cast("list[shapes.PublishedOrder]", answer.json())

    def list_lookbacks(
        self, *, state: shapes.LookbackState | None = None,
    ) -> list[shapes.Lookback]:
        """List look-backs, the newest first."""
        answer = self._ask(
            "GET", "/lookbacks",
            query={
                "state": state,
            },
        )
        return cast("list[shapes.Lookback]", answer.json())

    def open_lookback(
        self, number: str,
    ) -> shapes.LookbackFile:
        """Open a look-back: strata as they are judged now, and the cases drawn."""
        answer = self._ask(
            "GET", f"/lookbacks/{part(number)}",
        )
        return cast("shapes.LookbackFile", answer.json())

    def list_published_lookbacks(
        self,
    ) -> list[shapes.PublishedLookback]:
        """List what anybody may read of the published look-backs: no person is named."""
        answer = self._ask(
            "GET", "/published/lookbacks",
        )
        return cast("list[shapes.PublishedLookback]", answer.json())

    def get_inspection_sheet(
        self, *, kind: shapes.InspectionKind | None = None, place: str = "", plan: str = "",
        waiting: bool = False, late: bool = False, form: shapes.SheetForm = "xlsx",
    ) -> bytes:
        """Get inspections as a workbook with their items, or as CSV; that you took it is recorded."""
        answer = self._ask(
            "GET", "/inspections/sheet",
            query={
                "kind": kind, "place": place, "plan": plan, "waiting": waiting, "late": late,
                "form": form,
            },
        )
        return answer.content

    def get_plan_sheet(
        self, *, plan: str = "", form: shapes.SheetForm = "xlsx",
    ) -> bytes:
        """Get plans with their breakdowns and how far each line got; that you took it is recorded."""
        answer = self._ask(
            "GET", "/inspection-plans/sheet",
            query={
                "plan": plan, "form": form,
            },
        )
        return answer.content

    def hand_in_plans(
        self, content: bytes, *, unit: str = "", dry_run: bool = True, partial: bool = False,
    ) -> shapes.PlansImported:
        """Make the plans of a workbook; checked only unless `dry_run=false`."""
        answer = self._ask(
            "POST", "/inspection-plans/sheet",
            query={
                "unit": unit, "dry_run": dry_run, "partial": partial,
            },
            content=content,
        )
        return cast("shapes.PlansImported", answer.json())

    def get_plan_template(
        self,
    ) -> bytes:
        """Get an empty workbook with the columns that are read."""
        answer = self._ask(
            "GET", "/inspection-plans/template",
        )
        return answer.content

    def list_inspections(
        self, *, state: shapes.TaskState | None = None, kind: shapes.InspectionKind | None = None,
        checklist: str = "", place: str = "", plan: str = "", period: str = "", mine: bool = False,
        late: bool = False, after: str = "", size: int = 50,
    ) -> shapes.InspectionPage:
        """List inspections, those due first on top; an unannounced one only to who may know of it."""
        answer = self._ask(
            "GET", "/inspections",
            query={
                "state": state, "kind": kind, "checklist": checklist, "place": place, "plan": plan,
                "period": period, "mine": mine, "late": late, "after": after, "size": size,
            },
        )
        return cast("shapes.InspectionPage", answer.json())

    def begin_inspection(
        self, body: sent.NewInspection,
    ) -> shapes.Begun:
        """Begin an inspection that no plan asked for."""
        answer = self._ask(
            "POST", "/inspections",
            body=cast("dict[str, Any]", body),
        )
        return cast("shapes.Begun", answer.json())

    def open_inspection(
        self, number: str,
    ) -> shapes.InspectionFile:
        """Open an inspection: its items, what was found, who signed, the cases it led to."""
        answer = self._ask(
            "GET", f"/inspections/{part(number)}",
        )
        return cast("shapes.InspectionFile", answer.json())

    def record_inspection(
        self, number: str, body: sent.NewInspectionRecord, *, idempotency_key: str = "",
    ) -> shapes.Recorded:
        """Record what was found and sign it; `reason` corrects a record that stands."""
        answer = self._ask(
            "POST", f"/inspections/{part(number)}/records",
            headers={"Idempotency-Key": idempotency_key},
            body=cast("dict[str, Any]", body),
        )
        return cast("shapes.Recorded", answer.json())

    def sign_inspection(
        self, number: str, body: sent.NewSignature,
    ) -> shapes.Signed:
        """Sign as another inspector or as the school's head, or record that the head refused."""
        answer = self._ask(
            "POST", f"/inspections/{part(number)}/signatures",
            body=cast("dict[str, Any]", body),
        )
        return cast("shapes.Signed", answer.json())

    def name_inspectors(
        self, number: str, body: sent.NewTeam,
    ) -> shapes.Signed:
        """Name who makes an inspection, with the reason, in place of whoever was drawn or named."""
        answer = self._ask(
            "POST", f"/inspections/{part(number)}/inspectors",
            body=cast("dict[str, Any]", body),
        )
        return cast("shapes.Signed", answer.json())

    def get_inspection_photo(
        self, number: str, sha256: str,
    ) -> bytes:
        """Get a photo without its metadata, or a document, of an inspection."""
        answer = self._ask(
            "GET", f"/inspections/{part(number)}/photos/{part(sha256)}",
        )
        return answer.content

    def list_checklists(
        self,
    ) -> list[shapes.Checklist]:
        """List the checklists in force, each item with the clause behind it."""
        answer = self._ask(
            "GET", "/checklists",
        )
        return cast("list[shapes.Checklist]", answer.json())

    def list_inspection_plans(
        self,
    ) -> list[shapes.InspectionPlan]:
        """List the plans of the places where you look, each with its breakdown."""
        answer = self._ask(
            "GET", "/inspection-plans",
        )
        return cast("list[shapes.InspectionPlan]", answer.json())

    def make_inspection_plan(
        self, body: sent.NewPlan,
    ) -> shapes.Planned:
        """Make a plan; its inspections are given out from its first day on."""
        answer = self._ask(
            "POST", "/inspection-plans",
            body=cast("dict[str, Any]", body),
        )
        return cast("shapes.Planned", answer.json())

    def give_out_inspections(
        self, body: sent.NewGivingOut,
    ) -> shapes.GivenOut:
        """Give out and draw what is due by now, each once, as the engine does every morning."""
        answer = self._ask(
            "POST", "/inspection-plans/give-out",
            body=cast("dict[str, Any]", body),
        )
        return cast("shapes.GivenOut", answer.json())

    def open_inspection_plan(
        self, plan: str,
    ) -> shapes.InspectionPlan:
        """Open a plan with its breakdown."""
        answer = self._ask(
            "GET", f"/inspection-plans/{part(plan)}",
        )
        return cast("shapes.InspectionPlan", answer.json())

    def show_plan_progress(
        self, plan: str,
    ) -> list[shapes.PlanProgress]:
        """Show how far a plan got in its newest periods, line by line, of what you may see."""
        answer = self._ask(
            "GET", f"/inspection-plans/{part(plan)}/progress",
        )
        return cast("list[shapes.PlanProgress]", answer.json())

    def withdraw_inspection_plan(
        self, plan: str, body: sent.NewPlanWithdrawal,
    ) -> shapes.PlanKept:
        """Withdraw a plan with the reason; what nobody recorded is dropped and owed no more."""
        answer = self._ask(
            "POST", f"/inspection-plans/{part(plan)}/withdraw",
            body=cast("dict[str, Any]", body),
        )
        return cast("shapes.PlanKept", answer.json())

    def list_inspection_draws(
        self, plan: str,
    ) -> list[shapes.InspectionDraw]:
        """List the draws of a plan, the newest first."""
        answer = self._ask(
            "GET", f"/inspection-plans/{part(plan)}/draws",
        )
        return cast("list[shapes.InspectionDraw]", answer.json())

    def check_inspection_draw(
        self, *, draw: str,
    ) -> list[shapes.DrawCheck]:
        """Draw again and compare: the commitment, the seed, the units, their inspectors."""
        answer = self._ask(
            "GET", "/inspection-draws/checks",
            query={
                "draw": draw,
            },
        )
        return cast("list[shapes.DrawCheck]", answer.json())

    def publish_inspection_draw(
        self, body: sent.NewDrawPublication,
    ) -> shapes.PlanKept:
        """Publish what a draw led to, once every drawn unit was inspected; no person is named."""
        answer = self._ask(
            "POST", "/inspection-draws/publish",
            body=cast("dict[str, Any]", body),
        )
        return cast("shapes.PlanKept", answer.json())

    def list_published_inspections(
        self,
    ) -> list[shapes.PublishedDraw]:
        """List what anybody may read of random inspections: no person is named."""
        answer = self._ask(
            "GET", "/published/inspections",
        )
        return cast("list[shapes.PublishedDraw]", answer.json())

    def search_cases(
        self, *, query: str = "", after: str = "", size: int = 50,
    ) -> shapes.FoundPage:
        """Find cases by a query, such as `等级:重大 逾期:>10天 灭火器` or `level:major sort:due`."""
        answer = self._ask(
            "GET", "/search",
            query={
                "query": query, "after": after, "size": size,
            },
        )
        return cast("shapes.FoundPage", answer.json())

    def count_search(
        self, *, query: str = "",
    ) -> shapes.Count:
        """Count what a query finds, up to ten thousand."""
        answer = self._ask(
            "GET", "/search/count",
            query={
                "query": query,
            },
        )
        return cast("shapes.Count", answer.json())

    def audit_search(
        self, *, query: str = "", after: str = "", size: int = 50,
    ) -> shapes.FoundPage:
        """Find cases as an auditor: that you looked is recorded before you see anything."""
        answer = self._ask(
            "GET", "/audit/search",
            query={
                "query": query, "after": after, "size": size,
            },
        )
        return cast("shapes.FoundPage", answer.json())

    def list_as_of_moment(
        self, *, query: str = "", at: str, after: str = "", size: int = 50,
    ) -> shapes.CasePage:
        """List cases as they were at a moment; that you looked is recorded first."""
        answer = self._ask(
            "GET", "/audit/as-of",
            query={
                "query": query, "at": at, "after": after, "size": size,
            },
        )
        return cast("shapes.CasePage", answer.json())

    def count_as_of_moment(
        self, *, query: str = "", at: str,
    ) -> shapes.CountThen:
        """Count cases as they stood at a moment; that you looked is recorded first."""
        answer = self._ask(
            "GET", "/audit/as-of/count",
            query={
                "query": query, "at": at,
            },
        )
        return cast("shapes.CountThen", answer.json())

    def list_registers(
        self,
    ) -> list[shapes.Register]:
        """List the kinds of register that you may see, with their fields, rules and counts."""
        answer = self._ask(
            "GET", "/registers",
        )
        return cast("list[shapes.Register]", answer.json())

    def list_expiring_records(
        self, *, kind: str = "", days: int = 30, place: str = "", after: str = "", size: int = 50,
    ) -> shapes.RegisterPage:
        """List what ran out or runs out within so many days, the earliest first."""
        answer = self._ask(
            "GET", "/registers/expiring",
            query={
                "kind": kind, "days": days, "place": place, "after": after, "size": size,
            },
        )
        return cast("shapes.RegisterPage", answer.json())

    def list_register(
        self, kind: str, *, place: str = "", text: str = "", retired: bool = False, standing:
        shapes.Stands | None = None, order: shapes.RecordOrder = "added", after: str = "", size: int
        = 50,
    ) -> shapes.RegisterPage:
        """List the records of a kind that you may see; personal data is masked."""
        answer = self._ask(
            "GET", f"/registers/{part(kind)}",
            query={
                "place": place, "text": text, "retired": retired, "standing": standing, "order":
                order, "after": after, "size": size,
            },
        )
        return cast("shapes.RegisterPage", answer.json())

    def add_to_register(
        self, kind: str, body: sent.NewRecord,
    ) -> shapes.RecordKept:
        """Add a record; the fields of its kind are told by the list of registers."""
        answer = self._ask(
            "POST", f"/registers/{part(kind)}",
            body=cast("dict[str, Any]", body),
        )
        return cast("shapes.RecordKept", answer.json())

    def open_record(
        self, kind: str, *, key: str, unit: str = "",
    ) -> shapes.RegisterFile:
        """Open a record: values masked, what its rules say, its cases, files and history."""
        answer = self._ask(
            "GET", f"/registers/{part(kind)}/record",
            query={
                "key": key, "unit": unit,
            },
        )
        return cast("shapes.RegisterFile", answer.json())

    def change_record(
        self, kind: str, body: sent.NewRecordChange,
    ) -> shapes.RecordKept:
        """Change fields of a record, a blank one to nothing; fields left out stay."""
        answer = self._ask(
            "POST", f"/registers/{part(kind)}/change",
            body=cast("dict[str, Any]", body),
        )
        return cast("shapes.RecordKept", answer.json())

    def retire_record(
        self, kind: str, body: sent.NewRetirement,
    ) -> shapes.RecordKept:
        """Retire a record, with the reason; it stays to be read."""
        answer = self._ask(
            "POST", f"/registers/{part(kind)}/retire",
            body=cast("dict[str, Any]", body),
        )
        return cast("shapes.RecordKept", answer.json())

    def attach_to_record(
        self, kind: str, body: sent.NewRecordFiles,
    ) -> shapes.RecordKept:
        """Attach stored photos or documents to a record, each once."""
        answer = self._ask(
            "POST", f"/registers/{part(kind)}/attach",
            body=cast("dict[str, Any]", body),
        )
        return cast("shapes.RecordKept", answer.json())

    def get_record_file(
        self, kind: str, file: int, *, key: str, unit: str = "",
    ) -> bytes:
        """Get a photo without its metadata, or a document, that shows nobody's personal data."""
        answer = self._ask(
            "GET", f"/registers/{part(kind)}/file/{part(file)}",
            query={
                "key": key, "unit": unit,
            },
        )
        return answer.content

    def reveal_record_file(
        self, kind: str, file: int, body: sent.NewLook,
    ) -> bytes:
        """Get a file that shows personal data, where you may see it; the reason is recorded."""
        answer = self._ask(
            "POST", f"/registers/{part(kind)}/file/{part(file)}",
            body=cast("dict[str, Any]", body),
        )
        return answer.content

    def reveal_record(
        self, kind: str, body: sent.NewLook,
    ) -> shapes.RegisterFile:
        """Open a record with its personal data, where you may see it; the reason is recorded."""
        answer = self._ask(
            "POST", f"/registers/{part(kind)}/reveal",
            body=cast("dict[str, Any]", body),
        )
        return cast("shapes.RegisterFile", answer.json())

    def get_register_sheet(
        self, kind: str, *, place: str = "", text: str = "", retired: bool = False, standing:
        shapes.Stands | None = None, form: shapes.SheetForm = "xlsx",
    ) -> bytes:
        """Get the records that a list finds as a ledger, masked; that you took it is recorded."""
        answer = self._ask(
            "GET", f"/registers/{part(kind)}/sheet",
            query={
                "place": place, "text": text, "retired": retired, "standing": standing, "form":
                form,
            },
        )
        return answer.content

    def hand_in_register(
        self, kind: str, content: bytes, *, unit: str = "", dry_run: bool = True, partial: bool =
        False,
    ) -> shapes.RegisterImported:
        """Bring in a ledger: a known key is changed, a new one added; checked unless `dry_run=false`."""
        answer = self._ask(
            "POST", f"/registers/{part(kind)}/sheet",
            query={
                "unit": unit, "dry_run": dry_run, "partial": partial,
            },
            content=content,
        )
        return cast("shapes.RegisterImported", answer.json())

    def reveal_register_sheet(
        self, kind: str, body: sent.NewRegisterLook,
    ) -> bytes:
        """Get the same with personal data, where you may see it; the reason is recorded."""
        answer = self._ask(
            "POST", f"/registers/{part(kind)}/sheet/reveal",
            body=cast("dict[str, Any]", body),
        )
        return answer.content

    def get_register_template(
        self, kind: str,
    ) -> bytes:
        """Get an empty ledger with the columns that are read."""
        answer = self._ask(
            "GET", f"/registers/{part(kind)}/template",
        )
        return answer.content

    def list_guard_checks(
        self,
    ) -> list[shapes.GuardCheck]:
        """List the checks, the newest month first."""
        answer = self._ask(
            "GET", "/guard-checks",
        )
        return cast("list[shapes.GuardCheck]", answer.json())

    def begin_guard_check(
        self, body: sent.NewGuardCheck,
    ) -> shapes.GuardCheckKept:
        """Begin a month's check by committing to its seed."""
        answer = self._ask(
            "POST", "/guard-checks",
            body=cast("dict[str, Any]", body),
        )
        return cast("shapes.GuardCheckKept", answer.json())

    def open_guard_check(
        self, check: str,
    ) -> shapes.GuardCheckFile:
        """Open a check: who was drawn where you look, what was found; its draw is reckoned again."""
        answer = self._ask(
            "GET", f"/guard-checks/{part(check)}",
        )
        return cast("shapes.GuardCheckFile", answer.json())

    def draw_guard_check(
        self, check: str,
    ) -> shapes.GuardCheckKept:
        """Freeze the frame, reveal the seed, draw guards and inspectors; once."""
        answer = self._ask(
            "POST", f"/guard-checks/{part(check)}/draw",
        )
        return cast("shapes.GuardCheckKept", answer.json())

    def record_guard(
        self, check: str, body: sent.NewGuardSeen,
    ) -> shapes.GuardSeen:
        """Record what was found of a guard; a card that is another's becomes a case."""
        answer = self._ask(
            "POST", f"/guard-checks/{part(check)}/records",
            body=cast("dict[str, Any]", body),
        )
        return cast("shapes.GuardSeen", answer.json())

    def publish_guard_check(
        self, check: str,
    ) -> shapes.GuardCheckKept:
        """Publish the counts by cluster; neither a person nor a school is named."""
        answer = self._ask(
            "POST", f"/guard-checks/{part(check)}/publish",
        )
        return cast("shapes.GuardCheckKept", answer.json())

    def list_guard_reviews(
        self, *, status: shapes.ReviewStatus | None = None, place: str = "", after: str = "", size:
        int = 50,
    ) -> shapes.GuardStandings:
        """List the guards where you look, and how each stands this year."""
        answer = self._ask(
            "GET", "/guard-reviews",
            query={
                "status": status, "place": place, "after": after, "size": size,
            },
        )
        return cast("shapes.GuardStandings", answer.json())

    def open_guard_review(
        self, *, unit: str, guard: str,
    ) -> shapes.GuardReviewFile:
        """Open a guard's reviews and, if you review, what there is to look at."""
        answer = self._ask(
            "GET", "/guard-reviews/guard",
            query={
                "unit": unit, "guard": guard,
            },
        )
        return cast("shapes.GuardReviewFile", answer.json())

    def ask_guard_reviews(
        self, body: shapes.GuardsNamed,
    ) -> list[shapes.GuardAsked]:
        """Ask for the reviews of guards, all or none."""
        answer = self._ask(
            "POST", "/guard-reviews/ask",
            body=cast("dict[str, Any]", body),
        )
        return cast("list[shapes.GuardAsked]", answer.json())

    def decide_guard_review(
        self, body: sent.NewGuardVerdict,
    ) -> shapes.GuardDecided:
        """Review a guard; what failed is a case at once."""
        answer = self._ask(
            "POST", "/guard-reviews/decide",
            body=cast("dict[str, Any]", body),
        )
        return cast("shapes.GuardDecided", answer.json())

    def pass_guards(
        self, body: shapes.GuardsNamed,
    ) -> shapes.GuardsPassed:
        """Pass those that nothing speaks against; whoever is left is named with why."""
        answer = self._ask(
            "POST", "/guard-reviews/pass",
            body=cast("dict[str, Any]", body),
        )
        return cast("shapes.GuardsPassed", answer.json())

    def get_stock_sheet(
        self, *, place: str = "", text: str = "", waiting: bool = False, form: shapes.SheetForm =
        "xlsx",
    ) -> bytes:
        """Get ledgers as a workbook of balances, lines and counts, or the lines as CSV."""
        answer = self._ask(
            "GET", "/stock/sheet",
            query={
                "place": place, "text": text, "waiting": waiting, "form": form,
            },
        )
        return answer.content

    def hand_in_stock_sheet(
        self, content: bytes, *, unit: str = "", dry_run: bool = True, partial: bool = False,
    ) -> shapes.StockImported:
        """Bring in a ledger kept on paper, a row a line; checked only unless `dry_run=false`."""
        answer = self._ask(
            "POST", "/stock/sheet",
            query={
                "unit": unit, "dry_run": dry_run, "partial": partial,
            },
            content=content,
        )
        return cast("shapes.StockImported", answer.json())

    def list_stock_transfers(
        self, *, after: str = "", size: int = 50,
    ) -> shapes.StockPassedPage:
        """List transfers from and to where you may look, the newest first."""
        answer = self._ask(
            "GET", "/stock/transfers",
            query={
                "after": after, "size": size,
            },
        )
        return cast("shapes.StockPassedPage", answer.json())

    def get_stock_transfer(
        self, transfer: int,
    ) -> shapes.StockPassed:
        """Get a transfer that you see from either end."""
        answer = self._ask(
            "GET", f"/stock/transfers/{part(transfer)}",
        )
        return cast("shapes.StockPassed", answer.json())

    def act_on_stock_transfer(
        self, transfer: int, body: sent.NewTransferAct,
    ) -> shapes.StockWritten:
        """Receive what was sent, or decline it; what is short or declined becomes a case."""
        answer = self._ask(
            "POST", f"/stock/transfers/{part(transfer)}/acts",
            body=cast("dict[str, Any]", body),
        )
        return cast("shapes.StockWritten", answer.json())

    def send_chemical(
        self, record: int, body: sent.NewTransfer,
    ) -> shapes.StockSent:
        """Send some of a chemical to another unit, once a second person has signed for it."""
        answer = self._ask(
            "POST", f"/stock/{part(record)}/transfers",
            body=cast("dict[str, Any]", body),
        )
        return cast("shapes.StockSent", answer.json())

    def get_waste_batch(
        self, batch: int,
    ) -> shapes.WasteBatch:
        """Get a batch of waste with its stages and what it came from."""
        answer = self._ask(
            "GET", f"/stock/waste/{part(batch)}",
        )
        return cast("shapes.WasteBatch", answer.json())

    def name_waste_source(
        self, batch: int, body: sent.NewSource,
    ) -> shapes.WasteBatch:
        """Say how much of a signed line went into a batch, no more than is left of it."""
        answer = self._ask(
            "POST", f"/stock/waste/{part(batch)}/sources",
            body=cast("dict[str, Any]", body),
        )
        return cast("shapes.WasteBatch", answer.json())

    def list_chemicals(
        self, *, place: str = "", text: str = "", waiting: bool = False, after: str = "", size: int
        = 50,
    ) -> shapes.StockPage:
        """List the chemicals that you may see, with what their ledgers say."""
        answer = self._ask(
            "GET", "/stock",
            query={
                "place": place, "text": text, "waiting": waiting, "after": after, "size": size,
            },
        )
        return cast("shapes.StockPage", answer.json())

    def open_stock_ledger(
        self, record: int,
    ) -> shapes.StockLedger:
        """Open a chemical's ledger, the first line first."""
        answer = self._ask(
            "GET", f"/stock/{part(record)}",
        )
        return cast("shapes.StockLedger", answer.json())

    def enter_stock_line(
        self, record: int, body: sent.NewStockLine,
    ) -> shapes.StockWritten:
        """Write a line; what is controlled waits for a second person's signature."""
        answer = self._ask(
            "POST", f"/stock/{part(record)}/lines",
            body=cast("dict[str, Any]", body),
        )
        return cast("shapes.StockWritten", answer.json())

    def act_on_stock_line(
        self, record: int, body: sent.NewStockAct,
    ) -> shapes.StockWritten:
        """Sign, refuse or cancel a line, or note the number it is filed under."""
        answer = self._ask(
            "POST", f"/stock/{part(record)}/acts",
            body=cast("dict[str, Any]", body),
        )
        return cast("shapes.StockWritten", answer.json())

    def count_chemical(
        self, record: int, body: sent.NewCount,
    ) -> shapes.StockWritten:
        """Note what was counted; a difference becomes a case."""
        answer = self._ask(
            "POST", f"/stock/{part(record)}/counts",
            body=cast("dict[str, Any]", body),
        )
        return cast("shapes.StockWritten", answer.json())

    def feed_bus_sightings(
        self, body: sent.NewBusFeed,
    ) -> shapes.BusFeed:
        """Take in positions and violations, each once; bad ones are named, the others land."""
        answer = self._ask(
            "POST", "/buses/sightings",
            body=cast("dict[str, Any]", body),
        )
        return cast("shapes.BusFeed", answer.json())

    def open_bus_board(
        self,
    ) -> shapes.BusBoard:
        """Tell which buses did today what they may not."""
        answer = self._ask(
            "GET", "/buses",
        )
        return cast("shapes.BusBoard", answer.json())

    def list_bus_bulletins(
        self,
    ) -> list[shapes.BulletinHead]:
        """List the newest sixty daily bulletins, as far as you see buses."""
        answer = self._ask(
            "GET", "/buses/bulletins",
        )
        return cast("list[shapes.BulletinHead]", answer.json())

    def open_bus_bulletin(
        self, day: str,
    ) -> shapes.BusBulletin:
        """Open a day's bulletin: the buses that you see, with what each did."""
        answer = self._ask(
            "GET", f"/buses/bulletins/{part(day)}",
        )
        return cast("shapes.BusBulletin", answer.json())

    def get_bulletin_sheet(
        self, day: str, *, form: shapes.SheetForm = "xlsx",
    ) -> bytes:
        """Get a day's bulletin as a sheet, a row an offence; that you took it is recorded."""
        answer = self._ask(
            "GET", f"/buses/bulletins/{part(day)}/sheet",
            query={
                "form": form,
            },
        )
        return answer.content

    def list_bus_violations(
        self, *, place: str = "", text: str = "", since: str | None = None, until: str | None =
        None, after: str = "", size: int = 50,
    ) -> shapes.ViolationPage:
        """List violations, the latest day first."""
        answer = self._ask(
            "GET", "/buses/violations",
            query={
                "place": place, "text": text, "since": since, "until": until, "after": after,
                "size": size,
            },
        )
        return cast("shapes.ViolationPage", answer.json())

    def get_violation_sheet(
        self, *, place: str = "", text: str = "", since: str | None = None, until: str | None =
        None, form: shapes.SheetForm = "xlsx",
    ) -> bytes:
        """Get all violations that a list finds as a sheet; that you took it is recorded."""
        answer = self._ask(
            "GET", "/buses/violations/sheet",
            query={
                "place": place, "text": text, "since": since, "until": until, "form": form,
            },
        )
        return answer.content

    def list_bus_vetoes(
        self, *, lifted: bool = False,
    ) -> list[shapes.BusVeto]:
        """List the vetoes of buses and drivers that stand, the newest first."""
        answer = self._ask(
            "GET", "/buses/vetoes",
            query={
                "lifted": lifted,
            },
        )
        return cast("list[shapes.BusVeto]", answer.json())

    def act_on_bus_veto(
        self, body: sent.NewVeto,
    ) -> shapes.BusVetoed:
        """Veto a bus or a driver, or lift the veto; the reason stands in the record's history."""
        answer = self._ask(
            "POST", "/buses/vetoes",
            body=cast("dict[str, Any]", body),
        )
        return cast("shapes.BusVetoed", answer.json())

    def list_webhooks(
        self,
    ) -> list[shapes.Webhook]:
        """List webhooks: how each stands and how far behind it is, never its address or secret."""
        answer = self._ask(
            "GET", "/webhooks",
        )
        return cast("list[shapes.Webhook]", answer.json())

    def add_webhook(
        self, body: sent.NewWebhook,
    ) -> shapes.WebhookAdded:
        """Add a webhook that hears of what happens from now on; its secret is told once."""
        answer = self._ask(
            "POST", "/webhooks",
            body=cast("dict[str, Any]", body),
        )
        return cast("shapes.WebhookAdded", answer.json())

    def list_webhook_receipts(
        self, name: str,
    ) -> list[shapes.WebhookReceipt]:
        """List what became of a webhook's latest messages."""
        answer = self._ask(
            "GET", f"/webhooks/{part(name)}/receipts",
        )
        return cast("list[shapes.WebhookReceipt]", answer.json())

    def act_on_webhook(
        self, name: str, body: sent.NewWebhookAct,
    ) -> shapes.WebhookActed:
        """Pause a webhook, let it go on where it stood, forget it, or try it out."""
        answer = self._ask(
            "POST", f"/webhooks/{part(name)}/acts",
            body=cast("dict[str, Any]", body),
        )
        return cast("shapes.WebhookActed", answer.json())

    def rotate_webhook_secret(
        self, name: str, body: sent.NewWebhookSecret,
    ) -> shapes.WebhookRotated:
        """Change a webhook's secret; both sign for a while, so that no message is turned away."""
        answer = self._ask(
            "POST", f"/webhooks/{part(name)}/secret",
            body=cast("dict[str, Any]", body),
        )
        return cast("shapes.WebhookRotated", answer.json())

    def list_filings(
        self, *, template: str = "", period: str = "", place: str = "", state: shapes.FilingState |
        None = None, size: int = 50, after: str = "",
    ) -> shapes.FilingPage:
        """List the filings that you may see, the newest period first."""
        answer = self._ask(
            "GET", "/filings",
            query={
                "template": template, "period": period, "place": place, "state": state, "size":
                size, "after": after,
            },
        )
        return cast("shapes.FilingPage", answer.json())

    def compile_filings(
        self, body: sent.NewFilingPeriod,
    ) -> shapes.FilingsCompiled:
        """Compile a period, or open a campaign, for everybody; again it changes nothing."""
        answer = self._ask(
            "POST", "/filings",
            body=cast("dict[str, Any]", body),
        )
        return cast("shapes.FilingsCompiled", answer.json())

    def list_filing_templates(
        self,
    ) -> list[shapes.FilingTemplate]:
        """List the templates of filings with their figures."""
        answer = self._ask(
            "GET", "/filing-templates",
        )
        return cast("list[shapes.FilingTemplate]", answer.json())

    def show_filing_board(
        self, template: str, period: str, *, place: str = "",
    ) -> shapes.FilingBoard:
        """Show who has reported and who has not."""
        answer = self._ask(
            "GET", f"/filing-board/{part(template)}/{part(period)}",
            query={
                "place": place,
            },
        )
        return cast("shapes.FilingBoard", answer.json())

    def remind_of_filings(
        self, template: str, period: str, body: sent.NewReminding,
    ) -> shapes.FilingsReminded:
        """Tell those who have not reported, below you, once a day each."""
        answer = self._ask(
            "POST", f"/filing-board/{part(template)}/{part(period)}/remind",
            body=cast("dict[str, Any]", body),
        )
        return cast("shapes.FilingsReminded", answer.json())

    def open_filing(
        self, template: str, period: str, unit: str, *, version: int = 0,
    ) -> shapes.Filing:
        """Open a filing: figures, texts, plans, findings and history."""
        answer = self._ask(
            "GET", f"/filings/{part(template)}/{part(period)}/{part(unit)}",
            query={
                "version": version,
            },
        )
        return cast("shapes.Filing", answer.json())

    def show_filing_figure(
        self, template: str, period: str, unit: str, figure: str,
    ) -> shapes.FilingFigureFile:
        """Show what a number is made of, and what the cases say now."""
        answer = self._ask(
            "GET", f"/filings/{part(template)}/{part(period)}/{part(unit)}/figures/{part(figure)}",
        )
        return cast("shapes.FilingFigureFile", answer.json())

    def get_filing_file(
        self, template: str, period: str, unit: str, *, version: int = 0, form: shapes.FilingForm =
        "xlsx",
    ) -> bytes:
        """Get a filing as XLSX, DOCX or PDF; that you took it is recorded."""
        answer = self._ask(
            "GET", f"/filings/{part(template)}/{part(period)}/{part(unit)}/file",
            query={
                "version": version, "form": form,
            },
        )
        return answer.content

    def begin_filing(
        self, template: str, period: str, unit: str,
    ) -> shapes.FilingKept:
        """Begin a unit's own filing before the engine compiles it; again it stays as it is."""
        answer = self._ask(
            "POST", f"/filings/{part(template)}/{part(period)}/{part(unit)}/open",
        )
        return cast("shapes.FilingKept", answer.json())

    def fill_filing(
        self, template: str, period: str, unit: str, body: sent.NewFilingFields,
    ) -> shapes.FilingKept:
        """Fill in fields; a unit's filing is compiled first if it is not there yet."""
        answer = self._ask(
            "POST", f"/filings/{part(template)}/{part(period)}/{part(unit)}/fill",
            body=cast("dict[str, Any]", body),
        )
        return cast("shapes.FilingKept", answer.json())

    def check_filing(
        self, template: str, period: str, unit: str,
    ) -> shapes.FilingKept:
        """Take the numbers anew and check; what passes may be signed."""
        answer = self._ask(
            "POST", f"/filings/{part(template)}/{part(period)}/{part(unit)}/check",
        )
        return cast("shapes.FilingKept", answer.json())

    def sign_filing(
        self, template: str, period: str, unit: str,
    ) -> shapes.FilingKept:
        """Sign a checked filing: it is numbered and frozen."""
        answer = self._ask(
            "POST", f"/filings/{part(template)}/{part(period)}/{part(unit)}/sign",
        )
        return cast("shapes.FilingKept", answer.json())

    def submit_filing(
        self, template: str, period: str, unit: str, body: sent.NewFilingFields,
    ) -> shapes.FilingKept:
        """Fill in, check and sign in one go, as the daily self-check is."""
        answer = self._ask(
            "POST", f"/filings/{part(template)}/{part(period)}/{part(unit)}/submit",
            body=cast("dict[str, Any]", body),
        )
        return cast("shapes.FilingKept", answer.json())

    def correct_filing(
        self, template: str, period: str, unit: str, body: sent.NewFilingCorrection,
    ) -> shapes.FilingKept:
        """Begin a new version of a frozen filing, with the reason; the old one stays."""
        answer = self._ask(
            "POST", f"/filings/{part(template)}/{part(period)}/{part(unit)}/correct",
            body=cast("dict[str, Any]", body),
        )
        return cast("shapes.FilingKept", answer.json())

    def return_filing(
        self, template: str, period: str, unit: str, body: sent.NewFilingReturn,
    ) -> shapes.FilingKept:
        """Give a checked filing back to whoever filled it in, with the reason."""
        answer = self._ask(
            "POST", f"/filings/{part(template)}/{part(period)}/{part(unit)}/return",
            body=cast("dict[str, Any]", body),
        )
        return cast("shapes.FilingKept", answer.json())

    def list_filing_campaigns(
        self,
    ) -> list[shapes.FilingCampaign]:
        """List the campaigns that concern you, those in force first."""
        answer = self._ask(
            "GET", "/filing-campaigns",
        )
        return cast("list[shapes.FilingCampaign]", answer.json())

    def stop_filing_campaign(
        self, campaign: str, body: sent.NewCampaignStop,
    ) -> shapes.CampaignStopped:
        """End a campaign before its time: nothing more is opened, what is not late is not owed."""
        answer = self._ask(
            "POST", f"/filing-campaigns/{part(campaign)}/stop",
            body=cast("dict[str, Any]", body),
        )
        return cast("shapes.CampaignStopped", answer.json())

    def find_coverage(
        self, *, year: int | None = None, place: str = "", missing: bool = False,
    ) -> shapes.Coverage:
        """Show which units have a responsibility list of the year with every letter signed."""
        answer = self._ask(
            "GET", "/responsibility",
            query={
                "year": year, "place": place, "missing": missing,
            },
        )
        return cast("shapes.Coverage", answer.json())

    def list_text_families(
        self,
    ) -> list[shapes.TextFamily]:
        """List the sorts of texts that are adopted here, each with what is in force."""
        answer = self._ask(
            "GET", "/texts",
        )
        return cast("list[shapes.TextFamily]", answer.json())

    def list_adopted_texts(
        self, family: str,
    ) -> shapes.TextFamily:
        """List what is in force of one sort."""
        answer = self._ask(
            "GET", f"/texts/{part(family)}",
        )
        return cast("shapes.TextFamily", answer.json())

    def adopt_text(
        self, family: str, body: sent.NewText, *, if_match: str = "",
    ) -> shapes.TextAdopted:
        """Put a text in force from now on, or try one; the same again changes nothing."""
        answer = self._ask(
            "POST", f"/texts/{part(family)}",
            headers={"If-Match": if_match},
            body=cast("dict[str, Any]", body),
        )
        return cast("shapes.TextAdopted", answer.json())

    def open_adopted_text(
        self, family: str, text: str, *, digest: str = "",
    ) -> shapes.TextFile:
        """Open a text: its TOML in force or of another version, and all its versions."""
        answer = self._ask(
            "GET", f"/texts/{part(family)}/{part(text)}",
            query={
                "digest": digest,
            },
        )
        return cast("shapes.TextFile", answer.json())

    def list_score_sheets(
        self,
    ) -> list[shapes.ScoreSheet]:
        """List the score sheets as they are in force this year, each with its versions."""
        answer = self._ask(
            "GET", "/score-sheets",
        )
        return cast("list[shapes.ScoreSheet]", answer.json())

    def adopt_score_sheet(
        self, body: sent.NewScoreSheet, *, if_match: str = "",
    ) -> shapes.SheetAdopted:
        """Adopt a version, or try one; assessments keep the version they began with."""
        answer = self._ask(
            "POST", "/score-sheets",
            headers={"If-Match": if_match},
            body=cast("dict[str, Any]", body),
        )
        return cast("shapes.SheetAdopted", answer.json())

    def open_score_sheet(
        self, sheet: str, *, version: int = 0,
    ) -> shapes.ScoreSheet:
        """Open a version of a score sheet."""
        answer = self._ask(
            "GET", f"/score-sheets/{part(sheet)}",
            query={
                "version": version,
            },
        )
        return cast("shapes.ScoreSheet", answer.json())

    def list_assessments(
        self, *, year: int, sheet: str = "safe_campus", place: str = "", standing: str = "",
    ) -> shapes.AssessmentCoverage:
        """List the schools that you may see with how each stands: who has assessed, who has not."""
        answer = self._ask(
            "GET", "/assessments",
            query={
                "year": year, "sheet": sheet, "place": place, "standing": standing,
            },
        )
        return cast("shapes.AssessmentCoverage", answer.json())

    def call_assessments(
        self, body: sent.NewAssessmentYear,
    ) -> shapes.AssessmentsCalled:
        """Make the year's assessment a duty of every school; again it adds only new schools."""
        answer = self._ask(
            "POST", "/assessments",
            body=cast("dict[str, Any]", body),
        )
        return cast("shapes.AssessmentsCalled", answer.json())

    def rank_assessments(
        self, *, year: int, sheet: str = "safe_campus",
    ) -> shapes.AssessmentRanking:
        """Show the ranking of each cluster where you may look, its quota and its models."""
        answer = self._ask(
            "GET", "/assessments/ranking",
            query={
                "year": year, "sheet": sheet,
            },
        )
        return cast("shapes.AssessmentRanking", answer.json())

    def get_ranking_workbook(
        self, *, year: int, sheet: str = "safe_campus",
    ) -> bytes:
        """Get ranking, quotas and coverage as a workbook; that you took it is recorded."""
        answer = self._ask(
            "GET", "/assessments/workbook",
            query={
                "year": year, "sheet": sheet,
            },
        )
        return answer.content

    def show_assessment(
        self, sheet: str, year: int, unit: str, *, version: int = 0,
    ) -> shapes.Assessment:
        """Show an assessment: each item's points, why, by whom, and the lists behind its figures."""
        answer = self._ask(
            "GET", f"/assessments/{part(sheet)}/{part(year)}/{part(unit)}",
            query={
                "version": version,
            },
        )
        return cast("shapes.Assessment", answer.json())

    def get_assessment_workbook(
        self, sheet: str, year: int, unit: str, *, version: int = 0,
    ) -> bytes:
        """Get an assessment as a workbook in which each score explains itself."""
        answer = self._ask(
            "GET", f"/assessments/{part(sheet)}/{part(year)}/{part(unit)}/workbook",
            query={
                "version": version,
            },
        )
        return answer.content

    def get_assessment_evidence(
        self, sheet: str, year: int, unit: str, sha256: str,
    ) -> bytes:
        """Get a photo without its metadata, or a document, of an assessment."""
        answer = self._ask(
            "GET", f"/assessments/{part(sheet)}/{part(year)}/{part(unit)}/evidence/{part(sha256)}",
        )
        return answer.content

    def open_assessment(
        self, sheet: str, year: int, unit: str,
    ) -> shapes.AssessmentKept:
        """Begin a school's own assessment with full points and what the data say; again it stays."""
        answer = self._ask(
            "POST", f"/assessments/{part(sheet)}/{part(year)}/{part(unit)}/open",
        )
        return cast("shapes.AssessmentKept", answer.json())

    def fill_assessment(
        self, sheet: str, year: int, unit: str, body: sent.NewAssessmentFields,
    ) -> shapes.AssessmentKept:
        """Fill in deductions, words, vetoes and the honour; fields left out stay."""
        answer = self._ask(
            "POST", f"/assessments/{part(sheet)}/{part(year)}/{part(unit)}/fill",
            body=cast("dict[str, Any]", body),
        )
        return cast("shapes.AssessmentKept", answer.json())

    def attach_assessment_evidence(
        self, sheet: str, year: int, unit: str, body: sent.NewAssessmentEvidence,
    ) -> shapes.AssessmentKept:
        """Attach stored photos or documents to an item."""
        answer = self._ask(
            "POST", f"/assessments/{part(sheet)}/{part(year)}/{part(unit)}/evidence",
            body=cast("dict[str, Any]", body),
        )
        return cast("shapes.AssessmentKept", answer.json())

    def review_assessment(
        self, sheet: str, year: int, unit: str, body: sent.NewAssessmentReview,
    ) -> shapes.AssessmentKept:
        """Change points with a reason; the school's own values stay beside them."""
        answer = self._ask(
            "POST", f"/assessments/{part(sheet)}/{part(year)}/{part(unit)}/review",
            body=cast("dict[str, Any]", body),
        )
        return cast("shapes.AssessmentKept", answer.json())

    def sign_assessment(
        self, sheet: str, year: int, unit: str, body: sent.NewAssessmentSignature,
    ) -> shapes.AssessmentKept:
        """Sign and hand on; the committee's signature numbers and freezes it."""
        answer = self._ask(
            "POST", f"/assessments/{part(sheet)}/{part(year)}/{part(unit)}/sign",
            body=cast("dict[str, Any]", body),
        )
        return cast("shapes.AssessmentKept", answer.json())

    def correct_assessment(
        self, sheet: str, year: int, unit: str, body: sent.NewAssessmentCorrection,
    ) -> shapes.AssessmentKept:
        """Begin a new version of a frozen one, with the reason; the old one stays."""
        answer = self._ask(
            "POST", f"/assessments/{part(sheet)}/{part(year)}/{part(unit)}/correct",
            body=cast("dict[str, Any]", body),
        )
        return cast("shapes.AssessmentKept", answer.json())
