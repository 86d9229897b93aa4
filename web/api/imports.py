"""Ledgers imported: handed in, rehearsed, asked after, and landed."""

from typing import IO, Annotated, Any

from fastapi import Depends, Path, Query
from pydantic import Field
from starlette.responses import FileResponse

from casework.accounts.tokens import Scope
from casework.errors import NotFound
from casework.ledger.limits import DEFAULT
from casework.uploads.keeping import (
    Upload,
    Wish,
    ask_again,
    errors_of,
    find_upload,
    keep_upload,
)
from casework.uploads.running import standing_of
from rules.access import Verb
from rules.wording import Wording
from web.api import asked, sent, shapes
from web.api.calls import Asked
from web.api.files import TAKES_BYTES, gives, spooled
from web.api.routing import Operations
from web.downloads import MEDIA
from web.starting import look_after, start_import

operations = Operations("imports")

Token = Annotated[str, Path(max_length=40, alias="upload")]


class LedgerName(asked.Asking):
    name: Annotated[str, Field(max_length=200)] = "ledger"
    unit: Annotated[str, Field(max_length=200, description="of a ledger that names none")] = ""
    year: Annotated[int, Field(ge=2000, le=2100)] | None = None
    dry_run: bool = True
    partial: bool = False


@operations.post(
    "/imports",
    permission=Verb.IMPORT,
    scope=Scope.REPORT,
    status_code=202,
    openapi_extra=TAKES_BYTES,
)
def hand_in_ledger(
    call: Asked,
    wanted: Annotated[LedgerName, Query()],
    file: Annotated[IO[bytes], Depends(spooled(DEFAULT.text_bytes))],
) -> shapes.LedgerUpload:
    """Hand in a ledger to be rehearsed, or with `dry_run=false` imported at once.

    It runs on; ask after it with `getImport` until `state` is `ended` or `failed`.
    """
    wish = Wish(wanted.unit, wanted.year, wanted.partial)
    upload = keep_upload(
        call.office, wanted.name, file, wish, by=call.by, at=call.at, dry_run=wanted.dry_run
    )
    start_import(call.office, call.settings, upload)
    return _told(call, upload)


@operations.get("/imports/{upload}", permission=Verb.IMPORT, scope=Scope.REPORT)
def get_import(call: Asked, token: Token) -> shapes.LedgerUpload:
    """Ask how far an import of yours is, and what came of it."""
    upload = find_upload(call.office, token, by=call.by)
    if upload.is_under_way:
        upload = look_after(call.office, call.settings, upload)
    return _told(call, upload)


@operations.post(
    "/imports/{upload}/run", permission=Verb.IMPORT, scope=Scope.REPORT, status_code=202
)
def run_import(call: Asked, token: Token, wanted: sent.NewRun) -> shapes.LedgerUpload:
    """Rehearse a ledger of yours again, or import it; what landed is not imported twice."""
    upload = find_upload(call.office, token, by=call.by)
    upload = ask_again(
        call.office, upload, dry_run=wanted.dry_run, partial=wanted.partial, at=call.at
    )
    start_import(call.office, call.settings, upload)
    return _told(call, upload)


@operations.get(
    "/imports/{upload}/errors", permission=Verb.IMPORT, scope=Scope.REPORT,
    response_class=FileResponse, openapi_extra=gives(MEDIA[".xlsx"]),
)  # fmt: skip
def get_refused_rows(call: Asked, token: Token) -> FileResponse:
    """Get the refused rows as a workbook, each with its reason, to be mended and handed in."""
    upload = find_upload(call.office, token, by=call.by)
    path = errors_of(call.office, upload.token)
    if upload.is_under_way or not path.exists():
        raise NotFound(
            Wording("没有退回的行", "no row was refused"),
            remedy=Wording("请先查看导入结果。", "See what came of the import first."),
        )
    return FileResponse(path, media_type=MEDIA[".xlsx"])


def _told(call: Asked, upload: Upload) -> shapes.LedgerUpload:
    answer = dict(upload.answer or {})
    standing = standing_of(call.office, upload)
    return shapes.LedgerUpload(
        upload=upload.token, name=upload.name, sha256=upload.sha256, state=upload.state,
        dry_run=upload.dry_run, partial=upload.wish.partial, landed=upload.landed,
        done=standing.done, rows=answer.get("rows", 0), cases=answer.get("cases", 0),
        normal=answer.get("normal", 0), duplicates=answer.get("duplicate", 0),
        rejected=answer.get("rejected", 0),
        problems=[_problem(call, each) for each in answer.get("problems", ())],
        detail=_said(call, (upload.trouble or {}).get("problem")),
        remedy=_said(call, (upload.trouble or {}).get("remedy")),
    )  # fmt: skip


def _problem(call: Asked, each: dict[str, Any]) -> shapes.LedgerProblem:
    return shapes.LedgerProblem(
        sheet=each["sheet"], row=each["row"], field=each["field"], value=each["value"],
        detail=_said(call, each["problem"]), remedy=_said(call, each["remedy"]),
    )  # fmt: skip


def _said(call: Asked, both: dict[str, str] | None) -> str:
    return Wording(**both).say(call.locale) if both else ""
