"""导入台账: a ledger is checked first, row by row, and lands when its sender says so."""

from typing import Any

from fastapi import Response
from starlette.responses import FileResponse

from casework.errors import Invalid
from casework.registers.exporting import write_template
from casework.registers.importing import MOST_SHOWN, Imported, import_register
from rules.access import Verb
from rules.registers.kinds import Kind
from rules.wording import Trouble, Wording
from web.downloads import MEDIA, send_made
from web.forms import Form, Sent
from web.held import HeldFiles
from web.registers import kind_of, list_link, units_of
from web.routing import Pages
from web.troubles import status_of
from web.visits import Here, Visit

pages = Pages()

_ERRORS = "错误.xlsx"


@pages.get("/registers/{written}/import", permission=Verb.VIEW)
def ask(visit: Here, written: str) -> Response:
    return _page(visit, kind_of(visit, written))


@pages.get("/registers/{written}/import/template.xlsx", permission=Verb.VIEW)
def get_template(visit: Here, written: str) -> Response:
    """An empty ledger with the columns the import reads."""
    kind = kind_of(visit, written)
    return send_made(f"{kind.key}.xlsx", lambda path: write_template(kind, path))


@pages.post("/registers/{written}/import", permission=Verb.VIEW)
def bring(visit: Here, form: Sent, written: str) -> Response:
    """Check a ledger that is sent; import one that was checked and is known by its token."""
    kind, token = kind_of(visit, written), form.text("token")
    try:
        if not token:
            token = _hold(visit, form)
            return _page(visit, kind, _import(visit, kind, form, token, dry_run=True), token, form)
        done = _import(visit, kind, form, token, dry_run=False)
    except Trouble as trouble:
        return _page(visit, kind, typed=form, trouble=trouble)
    return _page(visit, kind, done, token, form)


@pages.get("/registers/{written}/import/errors.xlsx", permission=Verb.VIEW)
def get_errors(visit: Here, written: str, token: str = "") -> Response:
    """The refused rows of a checked ledger, each with its reason."""
    kind_of(visit, written)
    path = _held(visit).find(token, by=visit.by, at=visit.at).with_name(_ERRORS)
    return FileResponse(path, filename=path.name, media_type=MEDIA[path.suffix])


def _hold(visit: Visit, form: Form) -> str:
    sent = next((file for name, file in form.files if name == "file"), None)
    if sent is None:
        raise Invalid(
            Wording("没有选择文件", "no file was chosen"),
            remedy=Wording("请选择 XLSX、XLS 或 CSV 表格。", "Choose an XLSX, XLS or CSV file."),
            where="file",
        )
    name = sent.filename or ""
    return _held(visit).put(sent.file, name, by=visit.by, at=visit.at)


def _import(visit: Visit, kind: Kind, form: Form, token: str, *, dry_run: bool) -> Imported:
    path = _held(visit).find(token, by=visit.by, at=visit.at)
    return import_register(
        visit.office, path, kind.key, by=visit.by, at=visit.at, dry_run=dry_run,
        partial=bool(form.text("partial")), default_unit=form.text("unit"),
        errors_to=path.with_name(_ERRORS),
    )  # fmt: skip


def _held(visit: Visit) -> HeldFiles:
    held: HeldFiles = visit.request.app.state.held
    return held


def _page(
    visit: Visit,
    kind: Kind,
    result: Imported | None = None,
    token: str = "",
    typed: Form | None = None,
    *,
    trouble: Trouble | None = None,
) -> Response:
    shown: dict[str, Any] = {
        "result": result, "token": token, "trouble": trouble, "most": MOST_SHOWN,
        "unit": typed.text("unit") if typed else "",
        "changes": result.added + result.changed if result else 0,
    }  # fmt: skip
    return visit.page(
        "register_import.html", status=status_of(trouble) if trouble else 200, kind=kind,
        units=units_of(visit, kind), list_link=list_link, **shown,
    )  # fmt: skip
