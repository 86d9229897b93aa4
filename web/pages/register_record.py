"""One record of a register: masked, or revealed with a reason; its files, cases and history."""

from typing import Annotated, Any

from fastapi import Response
from pydantic import Field as Within

from casework.buses.fleet import KINDS as VETOABLE
from casework.events import Door
from casework.registers.attaching import attach_files, open_file
from casework.registers.showing import reveal_record, show_record
from models import RecordState
from rules.access import Verb
from rules.registers.kinds import Kind
from rules.wording import Trouble
from rules.workdays import china_day
from web.forms import Form, Sent
from web.permission import is_permitted
from web.photos import send_shown
from web.registers import kind_of, may_edit, may_reveal, record_link, said_value
from web.routing import Pages
from web.troubles import status_of
from web.visits import Here, Visit

pages = Pages()

Id = Annotated[int, Within(ge=1, lt=2**63)]  # what a column holds


@pages.get("/registers/{written}/record", permission=Verb.VIEW)
def show(visit: Here, written: str, key: str = "", unit: str = "") -> Response:
    kind = kind_of(visit, written)
    return record_page(visit, kind, (key, unit))


@pages.post("/registers/{written}/reveal", permission=Verb.VIEW)
def reveal(visit: Here, form: Sent, written: str) -> Response:
    """Show the personal data once, for a reason that is recorded."""
    kind, which = kind_of(visit, written), which_of(form)
    try:
        shown = reveal_record(
            visit.office, kind.key, which[0], by=visit.by, at=visit.at, door=Door.PAGE,
            why=form.text("why"), today=china_day(visit.at), unit=which[1],
        )  # fmt: skip
    except Trouble as trouble:
        return record_page(visit, kind, which, trouble=trouble)
    return record_page(visit, kind, which, shown=shown)


@pages.post("/registers/{written}/attach", permission=Verb.VIEW)
def attach(visit: Here, form: Sent, written: str) -> Response:
    kind, (key, unit) = kind_of(visit, written), which_of(form)
    try:
        files = [
            visit.office.evidence.put(file.file, name=file.filename or "")
            for name, file in form.files
            if name == "files"
        ]
        attach_files(
            visit.office, kind.key, key, files, by=visit.by, at=visit.at, door=Door.PAGE, unit=unit
        )
    except Trouble as trouble:
        return record_page(visit, kind, (key, unit), trouble=trouble)
    return visit.redirect(record_link(kind.key, key, unit, done="attach"))


@pages.get("/registers/{written}/file/{file}", permission=Verb.VIEW)
def get_file(visit: Here, written: str, file: Id, key: str = "", unit: str = "") -> Response:
    kind = kind_of(visit, written)
    return _sent(visit, kind, (key, unit), file)


@pages.post("/registers/{written}/file/{file}", permission=Verb.VIEW)
def get_personal_file(visit: Here, form: Sent, written: str, file: Id) -> Response:
    """Send what shows somebody's personal data, for a reason that is recorded."""
    kind, which = kind_of(visit, written), which_of(form)
    try:
        return _sent(visit, kind, which, file, why=form.text("why"))
    except Trouble as trouble:
        return record_page(visit, kind, which, trouble=trouble)


def record_page(
    visit: Visit,
    kind: Kind,
    which: tuple[str, str],
    *,
    shown: dict[str, Any] | None = None,
    trouble: Trouble | None = None,
) -> Response:
    """Draw a record, named by key and unit; ``shown`` is there when it was revealed."""
    key, unit = which
    found = shown or show_record(
        visit.office, kind.key, key, by=visit.by, today=china_day(visit.at), unit=unit
    )
    active = found["state"] == RecordState.ACTIVE
    return visit.page(
        "register_record.html", status=status_of(trouble) if trouble else 200, kind=kind,
        row=found, trouble=trouble, revealed=shown is not None, said_value=said_value,
        editable=active and may_edit(visit, kind), active=active,
        vetoable=active and kind.key in VETOABLE and is_permitted(Verb.SWEEP, visit.actor),
        revealable=bool(kind.personal) and may_reveal(visit, kind),
        done=visit.request.query_params.get("done", "") if visit.request.method == "GET" else "",
        link=lambda page: record_link(kind.key, found["key"], found["unit_code"], page),
    )  # fmt: skip


def which_of(form: Form) -> tuple[str, str]:
    """Return key and unit of the record a form is about."""
    return form.text("key"), form.text("unit")


def _sent(visit: Visit, kind: Kind, which: tuple[str, str], file: int, why: str = "") -> Response:
    key, unit = which
    opened = open_file(
        visit.office, kind.key, key, file, by=visit.by, at=visit.at, door=Door.PAGE, unit=unit,
        why=why,
    )  # fmt: skip
    return send_shown(visit, opened)
