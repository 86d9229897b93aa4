"""A ledger handed in on a page becomes a run of the import flow, if the engine answers."""

import asyncio

from prefect.settings import PREFECT_API_URL, temporary_settings

from casework.office import Office
from casework.uploads.keeping import Upload, ledger_of
from flows.ledger import ImportRequest
from flows.signals import start

_ANSWERS_WITHIN = 5.0  # seconds; it takes a tenth of one


def start_import(office: Office, engine: str, upload: Upload) -> bool:
    """Ask the engine at this address to run an upload; return whether it took it."""
    path = str(ledger_of(office, upload.token))
    request = ImportRequest(path=path, by=upload.by, dry_run=upload.dry_run, upload=upload.token)
    # A thread of the pages knows nothing of the settings its process was started under.
    with temporary_settings({PREFECT_API_URL: f"{engine}/api"}):
        return asyncio.run(_ask({"request": request.model_dump()}))


async def _ask(parameters: dict[str, object]) -> bool:
    asking = start("import-ledger/import", parameters)
    try:
        return await asyncio.wait_for(asking, _ANSWERS_WITHIN)
    except TimeoutError:
        return False
