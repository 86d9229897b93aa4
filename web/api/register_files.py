"""Files of a register's record: attached, opened; and its personal data, for a reason."""

from typing import Annotated

from fastapi import Query, Response
from starlette.responses import FileResponse

from casework.accounts.tokens import Scope
from casework.events import Door
from casework.registers.attaching import attach_files, open_file
from casework.registers.showing import reveal_record
from models import Shows
from rules.access import Verb
from rules.workdays import china_day
from web.api import asked
from web.api import register_shapes as shapes
from web.api.calls import Asked
from web.api.files import gives, send_shown
from web.api.handles import open_handles
from web.api.registers import kept, record_file
from web.api.routing import Operations

operations = Operations("registers")

_PATH = "/registers/{kind}/file/{file}"
_BYTES = gives("image/jpeg", "application/pdf")


@operations.post("/registers/{kind}/attach", permission=Verb.VIEW, scope=Scope.MOVE)
def attach_to_record(
    call: Asked, kind: shapes.KindName, told: shapes.NewRecordFiles
) -> shapes.RecordKept:
    """Attach stored photos or documents to a record, each once."""
    files = open_handles(call.settings.keys, told.evidence, Shows.AFTER, by=call.by, at=call.at)
    return kept(attach_files(
        call.office, kind, told.key, [each.stored for each in files], by=call.by, at=call.at,
        door=Door.API, unit=told.unit,
    ))  # fmt: skip


@operations.get(
    _PATH, permission=Verb.VIEW, scope=Scope.READ, response_class=FileResponse,
    openapi_extra=_BYTES,
)  # fmt: skip
def get_record_file(
    call: Asked, kind: shapes.KindName, file: asked.Id,
    which: Annotated[shapes.Which, Query()],
) -> Response:  # fmt: skip
    """Get a photo without its metadata, or a document, that shows nobody's personal data."""
    return send_shown(open_file(
        call.office, kind, which.key, file, by=call.by, at=call.at, door=Door.API, unit=which.unit
    ))  # fmt: skip


@operations.post(
    _PATH, permission=Verb.VIEW, scope=Scope.MOVE, response_class=FileResponse,
    openapi_extra=_BYTES,
)  # fmt: skip
def reveal_record_file(
    call: Asked, kind: shapes.KindName, file: asked.Id, told: shapes.NewLook
) -> Response:
    """Get a file that shows personal data, where you may see it; the reason is recorded."""
    return send_shown(open_file(
        call.office, kind, told.key, file, by=call.by, at=call.at, door=Door.API, unit=told.unit,
        why=told.why,
    ))  # fmt: skip


@operations.post("/registers/{kind}/reveal", permission=Verb.VIEW, scope=Scope.MOVE)
def reveal_record_(call: Asked, kind: shapes.KindName, told: shapes.NewLook) -> shapes.RegisterFile:
    """Open a record with its personal data, where you may see it; the reason is recorded."""
    return record_file(reveal_record(
        call.office, kind, told.key, by=call.by, at=call.at, door=Door.API, why=told.why,
        today=china_day(call.at), unit=told.unit,
    ))  # fmt: skip
