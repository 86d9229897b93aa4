"""Registers as ledgers: out masked, or with personal data for a reason; and in again."""

from functools import partial
from typing import Annotated

from fastapi import Query
from starlette.responses import FileResponse

from casework.accounts.tokens import Scope
from casework.events import Door
from casework.registers.exporting import export_register, write_template
from casework.registers.importing import import_register
from casework.registers.narrowing import Narrow
from rules.access import Verb
from web.api import register_shapes as shapes
from web.api.calls import Asked, Call
from web.api.files import TAKES_BYTES, gives
from web.api.ledgers import Ledger, LedgerPaper, bring_in
from web.api.registers import seen_kind
from web.api.routing import Operations
from web.downloads import MEDIA, send_made

operations = Operations("registers")

_SHEET = gives(MEDIA[".xlsx"], MEDIA[".csv"])


@operations.get(
    "/registers/{kind}/sheet", permission=Verb.VIEW, scope=Scope.READ,
    response_class=FileResponse, openapi_extra=_SHEET,
)  # fmt: skip
def get_register_sheet(
    call: Asked, kind: shapes.KindName, wanted: Annotated[shapes.RegisterLedger, Query()]
) -> FileResponse:
    """Get the records that a list finds as a ledger, masked; that you took it is recorded."""
    return _sheet(call, kind, wanted)


@operations.post(
    "/registers/{kind}/sheet/reveal", permission=Verb.VIEW, scope=Scope.MOVE,
    response_class=FileResponse, openapi_extra=_SHEET,
)  # fmt: skip
def reveal_register_sheet(
    call: Asked, kind: shapes.KindName, told: shapes.NewRegisterLook
) -> FileResponse:
    """Get the same with personal data, where you may see it; the reason is recorded."""
    return _sheet(call, kind, told, why=told.why)


@operations.get(
    "/registers/{kind}/template", permission=Verb.VIEW, scope=Scope.READ,
    response_class=FileResponse, openapi_extra=gives(MEDIA[".xlsx"]),
)  # fmt: skip
def get_register_template(call: Asked, kind: shapes.KindName) -> FileResponse:
    """Get an empty ledger with the columns that are read."""
    found = seen_kind(call, kind)
    return send_made(f"{found.key}.xlsx", lambda path: write_template(found, path))


@operations.post(
    "/registers/{kind}/sheet", permission=Verb.VIEW, scope=Scope.MOVE, openapi_extra=TAKES_BYTES
)  # fmt: skip
def hand_in_register(
    call: Asked, kind: shapes.KindName, wanted: Annotated[LedgerPaper, Query()], file: Ledger
) -> shapes.RegisterImported:
    """Bring in a ledger: a known key is changed, a new one added; checked unless `dry_run=false`.

    A column that is missing leaves its field alone, a blank cell clears it.
    """
    run = partial(import_register, written=seen_kind(call, kind).key)
    return shapes.RegisterImported.model_validate(bring_in(call, wanted, file, run))


def _sheet(
    call: Call, written: str, wanted: shapes.RegisterLedger | shapes.NewRegisterLook, why: str = ""
) -> FileResponse:
    kind = seen_kind(call, written)
    narrow = Narrow(wanted.place, wanted.text, wanted.retired, wanted.standing)
    return send_made(f"{kind.key}.{wanted.form}", lambda path: export_register(
        call.office, kind.key, path, by=call.by, at=call.at, door=Door.API, narrow=narrow,
        reveal=isinstance(wanted, shapes.NewRegisterLook), why=why,
    ))  # fmt: skip
