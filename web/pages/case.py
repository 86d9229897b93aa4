"""One case: where it stands, what is to be done next and by whom, and everything that happened."""

from typing import Any

from fastapi import Response

from casework.case_file import CaseFile, open_case_file
from casework.events import Door
from casework.inspections.showing import inspections_of
from casework.moves import move
from models import Shows
from rules.access import Verb
from rules.actions import Action, Given
from rules.case import State
from rules.moves import ASSURANCES, TABLE
from rules.wording import Trouble
from rules.words import CLAIMED
from web.forms import Form, Sent, bad_choice
from web.offers import ActionForm, Kind, forms_of
from web.routing import Pages
from web.troubles import status_of
from web.visits import Here, Visit

pages = Pages()

_STEPS = {
    State.REPORTED: (Action.REPORT,), State.PLAN: (Action.SUBMIT_PLAN,),
    State.RECTIFYING: (Action.APPROVE_PLAN, Action.FIX_ON_SPOT, Action.REOPEN),
    State.VERIFIED: (Action.PASS,), State.CLOSED: (Action.CLOSE, Action.VOID),
}  # fmt: skip


@pages.get("/case/{number}", permission=Verb.VIEW)
def show(visit: Here, number: str) -> Response:
    file = open_case_file(visit.office, number, by=visit.by, as_of=visit.at)
    chosen = visit.request.query_params.get("do", "")
    done = visit.request.query_params.get("done", "")
    return _page(visit, file, chosen, done=Action(done) if done in set(Action) else None)


@pages.post("/case/{number}/{action}", permission=Verb.VIEW)
def act(visit: Here, form: Sent, number: str, action: str) -> Response:
    if action not in set(Action):
        raise bad_choice("action")
    try:
        moved = _move(visit, form, number, Action(action))
    except Trouble as trouble:
        # Whoever may not see the case gets a page about that, and nothing of what they asked.
        file = open_case_file(visit.office, number, by=visit.by, as_of=visit.at)
        return _page(visit, file, action, trouble=trouble, typed=form)
    return visit.redirect(f"/case/{moved}?done={action}")


def _move(visit: Visit, form: Form, number: str, action: Action) -> str:
    shows = Shows.AFTER
    files = form.keep(visit.office, Given.EVIDENCE.value, shows)
    moved = move(
        visit.office, number, action, _typed(form, action), by=visit.by, at=visit.at,
        door=Door.PAGE, key=form.text("key") or None, seen=form.number("seen"), files=files,
    )  # fmt: skip
    return moved.number


def _typed(form: Form, action: Action) -> dict[str, str]:
    """Return the fields of the action, each with the phrases chosen beside it."""
    row = TABLE[action]
    fields = [each.value for each in (*row.needs, *row.may) if each is not Given.EVIDENCE]
    return {name: _said(form, name) for name in fields if _said(form, name)}


def _said(form: Form, name: str) -> str:
    said = (form.text(f"phrase-{name}"), form.text(name))
    return "\n".join(each for each in said if each.strip())


def _page(
    visit: Visit,
    file: CaseFile,
    chosen: str,
    *,
    trouble: Trouble | None = None,
    typed: Form | None = None,
    done: Action | None = None,
) -> Response:
    forms = forms_of(file.offers)
    shown: ActionForm | None = next((each for each in forms if each.action == chosen), None)
    if shown is None and forms and not (done or trouble):
        shown = forms[0]
    category = visit.policy.category(file.case["category"])
    with visit.office.reading() as connection:
        found_by = inspections_of(connection, file.case["number"])
    return visit.page(
        "case.html", status=status_of(trouble) if trouble else 200, file=file, case=file.case,
        forms=forms, form=shown, trouble=trouble, at_field=_at_field(trouble, shown),
        typed=typed.texts if typed else {}, done=done, category=category,
        steps=_steps(file), evidence=_by_cycle(file), assurances=ASSURANCES, kinds=Kind,
        found_by=found_by,
    )  # fmt: skip


def _at_field(trouble: Trouble | None, form: ActionForm | None) -> str:
    """Return the field of the form that a trouble is about, '' when it is about the whole."""
    if trouble is None or form is None:
        return ""
    return trouble.where if any(each.name == trouble.where for each in form.fields) else ""


def _steps(file: CaseFile) -> list[dict[str, Any]]:
    """Return the five states with the moment each was last reached in this life of the case."""
    order = list(State)
    now = order.index(State(file.case["state"]))
    reached = {
        state: max((each["at"] for each in file.history if each["kind"] in actions), default=None)
        for state, actions in _STEPS.items()
    }
    return [
        {"label": CLAIMED if nth == now and file.case["claimed"] else state.label,
         "at": reached[state] if nth <= now else None,
         "stands": "done" if nth < now else "now" if nth == now else "ahead"}
        for nth, state in enumerate(order)
    ]  # fmt: skip


def _by_cycle(file: CaseFile) -> list[dict[str, Any]]:
    """Return the evidence of each life of the case, the latest first, before beside after."""
    cycles = sorted({each["cycle"] for each in file.evidence}, reverse=True)
    return [
        {
            "cycle": cycle,
            **{
                shows.value: [
                    each for each in file.evidence
                    if each["cycle"] == cycle and each["shows"] == shows
                ]
                for shows in Shows
            },
        }
        for cycle in cycles
    ]  # fmt: skip
