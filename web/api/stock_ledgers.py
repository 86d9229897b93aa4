"""Stock ledgers as workbooks: out with both signatures, and in by the rules of a line typed."""

from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryDirectory
from typing import IO, Annotated

from fastapi import Depends, Query
from pydantic import Field
from starlette.responses import FileResponse

from casework.accounts.tokens import Scope
from casework.events import Door
from casework.exporting.sheet import SheetForm
from casework.ledger.entries import Problem
from casework.ledger.limits import DEFAULT
from casework.registers.importing import Imported
from casework.stock.exporting import export_stock
from casework.stock.importing import import_stock
from rules.access import Verb
from web.api.asked import Asking
from web.api.calls import Asked
from web.api.files import TAKES_BYTES, gives, spooled
from web.api.routing import Operations
from web.api.sent import Name
from web.api.shapes import LedgerProblem, Told
from web.downloads import MEDIA, send_made

operations = Operations("stock")


class StockSheet(Asking):
    place: Name = ""
    text: Name = ""
    waiting: bool = Field(default=False, description="only with a signature to give")
    form: SheetForm = SheetForm.XLSX


class StockPaper(Asking):
    unit: Annotated[str, Field(max_length=200, description="of a ledger that names none")] = ""
    dry_run: bool = Field(default=True, description="check it all, and write nothing")
    partial: bool = Field(default=False, description="write the rows that hold, if not all do")


class StockImported(Told):
    """What came of a ledger; ``same`` stood there already, ``problems`` are the first 200."""

    landed: bool
    rows: int
    added: int
    same: int
    rejected: int
    problems: list[LedgerProblem]


@operations.get(
    "/stock/sheet", permission=Verb.VIEW, scope=Scope.READ, response_class=FileResponse,
    openapi_extra=gives(MEDIA[".xlsx"], MEDIA[".csv"]),
)  # fmt: skip
def get_stock_sheet(call: Asked, wanted: Annotated[StockSheet, Query()]) -> FileResponse:
    """Get ledgers as a workbook of balances, lines and counts, or the lines as CSV.

    That you took it is recorded.
    """
    return send_made(f"stock.{wanted.form}", lambda path: export_stock(
        call.office, path, by=call.by, at=call.at, door=Door.API, place=wanted.place,
        text=wanted.text, waiting=wanted.waiting,
    ))  # fmt: skip


@operations.post(
    "/stock/sheet", permission=Verb.VIEW, scope=Scope.MOVE, openapi_extra=TAKES_BYTES
)  # fmt: skip
def hand_in_stock_sheet(
    call: Asked,
    wanted: Annotated[StockPaper, Query()],
    file: Annotated[IO[bytes], Depends(spooled(DEFAULT.text_bytes))],
) -> StockImported:
    """Bring in a ledger kept on paper, a row a line; checked only unless `dry_run=false`.

    Lines that stand there already are passed over, so that the same file may be sent again.
    """
    with TemporaryDirectory(prefix="bihuan-stock-") as folder:
        path = Path(folder) / "stock"
        with path.open("wb") as kept:
            copyfileobj(file, kept)
        done = import_stock(
            call.office, path, by=call.by, at=call.at, dry_run=wanted.dry_run,
            partial=wanted.partial, default_unit=wanted.unit,
        )  # fmt: skip
    return _told(call, done)


def _told(call: Asked, done: Imported) -> StockImported:
    return StockImported(
        landed=done.landed, rows=done.rows, added=done.added, same=done.same,
        rejected=done.rejected, problems=[_problem(call, each) for each in done.problems],
    )  # fmt: skip


def _problem(call: Asked, each: Problem) -> LedgerProblem:
    return LedgerProblem(
        sheet=each.sheet, row=each.row, field=each.field, value=each.value,
        detail=each.wording.say(call.locale), remedy=each.remedy.say(call.locale),
    )  # fmt: skip
