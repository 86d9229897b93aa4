"""登记, 变更, 注销: forms made from a kind's data, each fault beside its field."""

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import Response

from casework.events import Door
from casework.registers.acts import Misfilled, add_record, change_record, retire_record
from casework.registers.showing import show_record
from rules.access import Verb
from rules.registers.acts import RegisterAct
from rules.registers.kinds import Kind
from rules.registers.values import Fault
from rules.wording import Trouble
from rules.workdays import china_day
from web.forms import Sent
from web.pages.register_record import which_of
from web.registers import inputs_of, kind_of, read_inputs, record_link, units_of
from web.routing import Pages
from web.troubles import status_of
from web.visits import Here, Visit

pages = Pages()


@pages.get("/registers/{written}/add", permission=Verb.VIEW)
def ask_to_add(visit: Here, written: str) -> Response:
    kind = kind_of(visit, written)
    return _form(visit, kind, {"unit": visit.request.query_params.get("unit", "")})


@pages.post("/registers/{written}/add", permission=Verb.VIEW)
def add(visit: Here, form: Sent, written: str) -> Response:
    kind = kind_of(visit, written)
    try:
        kept = add_record(
            visit.office, kind.key, form.text("unit"), read_inputs(kind, form, known=False),
            by=visit.by, at=visit.at, door=Door.PAGE,
        )  # fmt: skip
    except Trouble as trouble:
        return _form(visit, kind, form.texts, trouble=trouble)
    return visit.redirect(record_link(kind.key, kept.key, form.text("unit"), done=kept.act))


@pages.get("/registers/{written}/change", permission=Verb.VIEW)
def ask_to_change(visit: Here, written: str, key: str = "", unit: str = "") -> Response:
    kind = kind_of(visit, written)
    return _form(visit, kind, {}, row=_row(visit, kind, (key, unit)))


@pages.post("/registers/{written}/change", permission=Verb.VIEW)
def change(visit: Here, form: Sent, written: str) -> Response:
    kind, (key, unit) = kind_of(visit, written), which_of(form)
    try:
        change_record(
            visit.office, kind.key, key, read_inputs(kind, form, known=True), by=visit.by,
            at=visit.at, door=Door.PAGE, unit=unit, seen=form.number("seen"),
        )  # fmt: skip
    except Trouble as trouble:
        row = _row(visit, kind, (key, unit))
        return _form(visit, kind, form.texts, row=row, trouble=trouble)
    return visit.redirect(record_link(kind.key, key, unit, done=RegisterAct.CHANGE.value))


@pages.get("/registers/{written}/retire", permission=Verb.VIEW)
def ask_to_retire(visit: Here, written: str, key: str = "", unit: str = "") -> Response:
    kind = kind_of(visit, written)
    return visit.page(
        "register_retire.html", kind=kind, row=_row(visit, kind, (key, unit)), trouble=None,
        typed={}, record_link=record_link,
    )  # fmt: skip


@pages.post("/registers/{written}/retire", permission=Verb.VIEW)
def retire(visit: Here, form: Sent, written: str) -> Response:
    kind, (key, unit) = kind_of(visit, written), which_of(form)
    try:
        retire_record(
            visit.office, kind.key, key, form.text("reason"), by=visit.by, at=visit.at,
            door=Door.PAGE, unit=unit,
        )  # fmt: skip
    except Trouble as trouble:
        return visit.page(
            "register_retire.html", status=status_of(trouble), kind=kind, trouble=trouble,
            row=_row(visit, kind, (key, unit)), typed=form.texts, record_link=record_link,
        )  # fmt: skip
    return visit.redirect(record_link(kind.key, key, unit, done=RegisterAct.RETIRE.value))


def _row(visit: Visit, kind: Kind, which: tuple[str, str]) -> dict[str, Any]:
    """Return the record as it is; whoever may not see it is told there is none."""
    key, unit = which
    return show_record(
        visit.office, kind.key, key, by=visit.by, today=china_day(visit.at), unit=unit
    )


def _form(
    visit: Visit,
    kind: Kind,
    typed: Mapping[str, str],
    *,
    row: dict[str, Any] | None = None,
    trouble: Trouble | None = None,
) -> Response:
    faults = _faults(kind, trouble)
    held = row["values"] if row else None
    return visit.page(
        "register_form.html", status=status_of(trouble) if trouble else 200, kind=kind, row=row,
        inputs=inputs_of(kind, typed, held, faults), units=[] if row else units_of(visit, kind),
        trouble=None if faults else trouble, faults=faults, unit=typed.get("unit", ""),
        typed=typed, record_link=record_link,
    )  # fmt: skip


def _faults(kind: Kind, trouble: Trouble | None) -> Sequence[Fault]:
    """Return what is wrong with fields; a trouble about none of them stands above the form."""
    if isinstance(trouble, Misfilled):
        return trouble.faults
    if trouble and trouble.where in kind.by_key:
        return (Fault(trouble.where, trouble.problem, trouble.remedy),)
    return ()
