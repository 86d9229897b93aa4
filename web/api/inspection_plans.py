"""Plans of inspections 检查计划: made, given out, drawn again, published, withdrawn."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import Query

from casework.accounts.tokens import Scope
from casework.events import Door
from casework.inspections.giving_out import give_out
from casework.inspections.plans import list_plans, make, show_plan
from casework.inspections.progress import plan_progress
from casework.inspections.publishing import (
    list_draws,
    publish_draw,
    published_draws,
    verify_draw,
)
from casework.inspections.withdrawing import withdraw_plan
from rules.access import Verb
from rules.inspections.plan import make_plan
from rules.workdays import china_day
from web.api import asked
from web.api import plan_shapes as shapes
from web.api.calls import Asked
from web.api.routing import Operations
from web.permission import Anyone

operations = Operations("inspections")

_PATH = "/inspection-plans/{plan}"


@operations.get("/inspection-plans", permission=Verb.VIEW, scope=Scope.READ)
def list_inspection_plans(call: Asked) -> list[shapes.InspectionPlan]:
    """List the plans of the places where you look, each with its breakdown."""
    return [_plan(each) for each in list_plans(call.office, by=call.by)]


@operations.post("/inspection-plans", permission=Verb.REPORT, scope=Scope.REPORT, status_code=201)
def make_inspection_plan(call: Asked, wanted: shapes.NewPlan) -> shapes.Planned:
    """Make a plan; its inspections are given out from its first day on."""
    told = wanted.model_dump(exclude_none=True)
    planned = make(call.office, make_plan(told, where=""), call.hand)
    return shapes.Planned.model_validate(planned._asdict())


@operations.post("/inspection-plans/give-out", permission=Verb.SWEEP, scope=Scope.MOVE)
def give_out_inspections(call: Asked, wanted: shapes.NewGivingOut) -> shapes.GivenOut:
    """Give out and draw what is due by now, each once, as the engine does every morning."""
    given = give_out(
        call.office, call.settings.keys, as_of=call.at, ran_at=call.at, door=Door.API,
        dry_run=wanted.dry_run, only=wanted.plan,
    )  # fmt: skip
    return shapes.GivenOut.model_validate(given)


@operations.get(_PATH, permission=Verb.VIEW, scope=Scope.READ)
def open_inspection_plan(call: Asked, plan: asked.Number) -> shapes.InspectionPlan:
    """Open a plan with its breakdown."""
    return _plan(show_plan(call.office, plan, by=call.by))


@operations.get(_PATH + "/progress", permission=Verb.VIEW, scope=Scope.READ)
def show_plan_progress(call: Asked, plan: asked.Number) -> list[shapes.PlanProgress]:
    """Show how far a plan got in its newest periods, line by line, of what you may see."""
    found = plan_progress(call.office, plan, by=call.by, today=china_day(call.at))
    return [shapes.PlanProgress.model_validate(each) for each in found]


@operations.post(_PATH + "/withdraw", permission=Verb.REPORT, scope=Scope.MOVE)
def withdraw_inspection_plan(
    call: Asked, plan: asked.Number, told: shapes.NewPlanWithdrawal
) -> shapes.PlanKept:
    """Withdraw a plan with the reason; what nobody recorded is dropped and owed no more."""
    return shapes.PlanKept(receipt=withdraw_plan(call.office, plan, told.reason, call.hand))


@operations.get(_PATH + "/draws", permission=Verb.VIEW, scope=Scope.READ)
def list_inspection_draws(call: Asked, plan: asked.Number) -> list[shapes.InspectionDraw]:
    """List the draws of a plan, the newest first."""
    rows = list_draws(call.office, plan, by=call.by)
    return [shapes.InspectionDraw.model_validate(dict(each)) for each in rows]


@operations.get("/inspection-draws/checks", permission=Verb.VIEW, scope=Scope.READ)
def check_inspection_draw(
    call: Asked, wanted: Annotated[shapes.DrawAsked, Query()]
) -> list[shapes.DrawCheck]:
    """Draw again and compare: the commitment, the seed, the units, their inspectors."""
    checks = verify_draw(call.office, wanted.draw, by=call.by)
    return [shapes.DrawCheck.model_validate(each) for each in checks]


@operations.post("/inspection-draws/publish", permission=Verb.REPORT, scope=Scope.MOVE)
def publish_inspection_draw(call: Asked, told: shapes.NewDrawPublication) -> shapes.PlanKept:
    """Publish what a draw led to, once every drawn unit was inspected; no person is named."""
    return shapes.PlanKept(receipt=publish_draw(call.office, told.draw, call.hand))


@operations.get("/published/inspections", permission=Anyone.ANYBODY, scope=())
def list_published_inspections(call: Asked) -> list[shapes.PublishedDraw]:
    """List what anybody may read of random inspections: no person is named."""
    rows = published_draws(call.office)
    return [shapes.PublishedDraw.model_validate(dict(each)) for each in rows]


def _plan(shown: Mapping[str, Any]) -> shapes.InspectionPlan:
    return shapes.InspectionPlan.model_validate({**shown, "plan": shown["plan"].plain()})
