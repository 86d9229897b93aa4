"""导入台账: a ledger is checked first, row by row, and lands when its sender says so."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from fastapi import Response
from starlette.responses import FileResponse

from casework.errors import Invalid
from casework.registers.importing import MOST_SHOWN, Imported
from rules.wording import Trouble, Wording
from web.downloads import MEDIA
from web.forms import Form
from web.held import HeldFiles
from web.troubles import status_of
from web.visits import Visit

_ERRORS = "错误.xlsx"


class Bringing(NamedTuple):
    """A page that brings in a ledger: what it is called, its own address and that of the list
    it leads back to.

    ``labels`` are what a fault may be in, ``hidden`` those whose content is not shown again.
    """

    title: Wording
    address: str
    back: str
    hint: Wording
    added: Wording
    labels: Mapping[str, Wording]
    hidden: frozenset[str]
    units: Sequence[Any]


Import = Callable[[Path, dict[str, Any]], Imported]
"""Brings in the ledger at a path; takes dry_run, partial, default_unit and errors_to."""


def bring_in(visit: Visit, form: Form, page: Bringing, run: Import) -> Response:
    """Check a ledger that is sent; import one that was checked and is known by its token."""
    token = form.text("token")
    dry_run = not token
    try:
        token = token or _hold(visit, form)
        path = _held(visit).find(token, by=visit.by, at=visit.at)
        told = {
            "dry_run": dry_run, "partial": bool(form.text("partial")),
            "default_unit": form.text("unit"), "errors_to": path.with_name(_ERRORS),
        }  # fmt: skip
        return ask(visit, page, run(path, told), token, form)
    except Trouble as trouble:
        return ask(visit, page, typed=form, trouble=trouble)


def send_errors(visit: Visit, token: str) -> Response:
    """Answer with the refused rows of a checked ledger, each with its reason."""
    path = _held(visit).find(token, by=visit.by, at=visit.at).with_name(_ERRORS)
    return FileResponse(path, filename=path.name, media_type=MEDIA[path.suffix])


def ask(
    visit: Visit,
    page: Bringing,
    result: Imported | None = None,
    token: str = "",
    typed: Form | None = None,
    *,
    trouble: Trouble | None = None,
) -> Response:
    """Show the page: what was found of a ledger, if there is one, and the form for the next."""
    return visit.page(
        "bring_in.html", status=status_of(trouble) if trouble else 200, page=page, result=result,
        token=token, trouble=trouble, most=MOST_SHOWN, unit=typed.text("unit") if typed else "",
        changes=result.added + result.changed if result else 0,
    )  # fmt: skip


def _hold(visit: Visit, form: Form) -> str:
    sent = next((file for name, file in form.files if name == "file"), None)
    if sent is None:
        raise Invalid(
            Wording("没有选择文件", "no file was chosen"),
            remedy=Wording("请选择 XLSX、XLS 或 CSV 表格。", "Choose an XLSX, XLS or CSV file."),
            where="file",
        )
    return _held(visit).put(sent.file, sent.filename or "", by=visit.by, at=visit.at)


def _held(visit: Visit) -> HeldFiles:
    held: HeldFiles = visit.request.app.state.held
    return held
