"""Stock ledgers as workbooks: out with both signatures, and in by the rules of a line typed."""

from typing import Annotated

from fastapi import Query
from pydantic import Field
from starlette.responses import FileResponse

from casework.accounts.tokens import Scope
from casework.exporting.sheet import SheetForm
from casework.stock.exporting import export_stock
from casework.stock.importing import import_stock
from rules.access import Verb
from web.api.asked import Asking
from web.api.calls import Asked
from web.api.files import TAKES_BYTES, gives
from web.api.ledgers import Ledger, LedgerImported, LedgerPaper, bring_in
from web.api.routing import Operations
from web.api.sent import Name
from web.downloads import MEDIA, send_made

operations = Operations("stock")


class StockSheet(Asking):
    place: Name = ""
    text: Name = ""
    waiting: bool = Field(default=False, description="only with a signature to give")
    form: SheetForm = SheetForm.XLSX


class StockImported(LedgerImported):
    """What came of a ledger; ``same`` stood there already, ``problems`` are the first 200."""


@operations.get(
    "/stock/sheet", permission=Verb.VIEW, scope=Scope.READ, response_class=FileResponse,
    openapi_extra=gives(MEDIA[".xlsx"], MEDIA[".csv"]),
)  # fmt: skip
def get_stock_sheet(call: Asked, wanted: Annotated[StockSheet, Query()]) -> FileResponse:
    """Get ledgers as a workbook of balances, lines and counts, or the lines as CSV.

    That you took it is recorded.
    """
    return send_made(f"stock.{wanted.form}", lambda path: export_stock(
        call.office, path, **call.hand._asdict(), place=wanted.place,
        text=wanted.text, waiting=wanted.waiting,
    ))  # fmt: skip


@operations.post(
    "/stock/sheet", permission=Verb.VIEW, scope=Scope.MOVE, openapi_extra=TAKES_BYTES
)  # fmt: skip
def hand_in_stock_sheet(
    call: Asked, wanted: Annotated[LedgerPaper, Query()], file: Ledger
) -> StockImported:
    """Bring in a ledger kept on paper, a row a line; checked only unless `dry_run=false`.

    Lines that stand there already are passed over, so that the same file may be sent again.
    """
    return StockImported.model_validate(bring_in(call, wanted, file, import_stock))
