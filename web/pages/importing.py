"""导入台账: a ledger is handed in, rehearsed, looked at and imported; reloading shows how far."""

from typing import Any

from fastapi import Response
from starlette.responses import FileResponse

from casework.errors import Invalid, NotFound
from casework.ledger.columns import BY_FIELD
from casework.ledger_choices import write_empty_ledger
from casework.reach import list_reach
from casework.uploads.keeping import (
    Upload,
    Wish,
    ask_again,
    earlier_imports,
    errors_of,
    find_upload,
    keep_upload,
    list_uploads,
)
from casework.uploads.running import standing_of
from models import Place
from rules.access import Verb
from rules.case import Level
from rules.wording import Trouble, Wording
from web.downloads import MEDIA, send_made
from web.forms import Form, Sent
from web.rendering import draw
from web.routing import Pages
from web.starting import look_after, start_import
from web.streaming import tell_live
from web.troubles import status_of
from web.visits import Here, Visit

pages = Pages()


@pages.get("/import", permission=Verb.IMPORT)
def ask(visit: Here) -> Response:
    return _page(visit)


@pages.post("/import", permission=Verb.IMPORT)
def hand_in(visit: Here, form: Sent) -> Response:
    """Keep the file and rehearse it; what came of it is on the upload's own page."""
    try:
        upload = _keep(visit, form)
    except Trouble as trouble:
        return _page(visit, trouble=trouble)
    start_import(visit.office, visit.settings, upload)
    return visit.redirect(f"/import/{upload.token}")


@pages.get("/import/template.xlsx", permission=Verb.IMPORT)
def template(visit: Here) -> Response:
    return send_made(
        "台账.xlsx" if visit.locale == "zh" else "ledger.xlsx",
        lambda path: write_empty_ledger(visit.office, path, by=visit.by, as_of=visit.at),
    )


@pages.get("/import/{upload}", permission=Verb.IMPORT)
def show(visit: Here, upload: str) -> Response:
    return _upload_page(visit, _found(visit, upload))


@pages.get("/import/{upload}/progress", permission=Verb.IMPORT)
def watch(visit: Here, upload: str) -> Response:
    """How far it is, told as it goes on."""
    _found(visit, upload)

    def look() -> str | None:
        found = _found(visit, upload)
        if not found.is_under_way:
            return None
        return draw("upload_progress.html", visit,
                    {"standing": standing_of(visit.office, found)})  # fmt: skip

    return tell_live(look, visit.request.app.state.leaving)


@pages.post("/import/{upload}", permission=Verb.IMPORT)
def run(visit: Here, form: Sent, upload: str) -> Response:
    """Rehearse again, or import; sending it twice does it once."""
    found = _found(visit, upload)
    try:
        again = ask_again(
            visit.office, found, dry_run=form.text("do") != "import",
            partial=bool(form.text("partial")), at=visit.at,
        )  # fmt: skip
    except Trouble as trouble:
        return _upload_page(visit, found, trouble=trouble)
    start_import(visit.office, visit.settings, again)
    return visit.redirect(f"/import/{upload}")


@pages.get("/import/{upload}/errors.xlsx", permission=Verb.IMPORT)
def errors(visit: Here, upload: str) -> Response:
    """The refused rows, each with its reason, to be mended and handed in again."""
    found = find_upload(visit.office, upload, by=visit.by)
    path = errors_of(visit.office, found.token)
    if found.is_under_way or not path.exists():
        raise NotFound(
            Wording("没有退回的行", "no row was refused"),
            remedy=Wording("请回到导入页查看。", "Go back to the import."),
        )
    stem = found.name.rpartition(".")[0] or found.name
    return FileResponse(path, filename=f"{stem}.错误.xlsx", media_type=MEDIA[".xlsx"])


def _keep(visit: Visit, form: Form) -> Upload:
    for field, file in form.files:
        if field == "file":
            wish = Wish(form.text("unit"), _year(form))
            name = file.filename or ""
            return keep_upload(visit.office, name, file.file, wish, by=visit.by, at=visit.at)
    raise Invalid(
        Wording("没有选择文件", "no file was chosen"),
        remedy=Wording("请选择 XLSX、XLS 或 CSV 台账。", "Choose an XLSX, XLS or CSV ledger."),
        where="file",
    )


def _year(form: Form) -> int | None:
    year = form.number("year")
    if not form.text("year").strip() or (year and 2000 <= year <= 2100):
        return year
    raise Invalid(
        Wording("年份须在 2000 至 2100 之间", "the year lies between 2000 and 2100"),
        remedy=Wording("请改填四位年份，或留空。", "Give four digits, or leave it blank."),
        where="year",
    )


def _found(visit: Visit, token: str) -> Upload:
    found = find_upload(visit.office, token, by=visit.by)
    return look_after(visit.office, visit.settings, found) if found.is_under_way else found


def _page(visit: Visit, *, trouble: Trouble | None = None) -> Response:
    with visit.office.reading() as connection:
        places = list_reach(connection, visit.actor, Verb.IMPORT)
    return visit.page(
        "import.html", status=status_of(trouble) if trouble else 200, trouble=trouble,
        units=[each for each in places if each.kind is Place.UNIT],
        uploads=list_uploads(visit.office, by=visit.by),
    )  # fmt: skip


def _upload_page(visit: Visit, upload: Upload, *, trouble: Trouble | None = None) -> Response:
    shown: dict[str, Any] = {
        "standing": standing_of(visit.office, upload),
        "earlier": earlier_imports(visit.office, upload.sha256) if not upload.landed else [],
        "has_errors": errors_of(visit.office, upload.token).exists(),
    }
    return visit.page(
        "upload.html", status=status_of(trouble) if trouble else 200, upload=upload,
        trouble=trouble, labels=visit.category_labels, levels=Level, field_label=_field_label,
        **shown,
    )  # fmt: skip


def _field_label(field: str) -> Wording:
    """Return what the column of a bad cell is called."""
    column = BY_FIELD.get(field)
    return Wording(column.zh, column.en) if column else Wording("整行", "the row")
