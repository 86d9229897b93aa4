"""A ledger handed in on a page runs as the import flow, and only once, whoever takes it."""

import asyncio
from io import BytesIO

import pytest
from prefect.client.orchestration import get_client
from prefect.settings import PREFECT_API_URL
from prefect.types.entrypoint import EntrypointType

from casework.case_list import Filter, count_cases
from casework.uploads.keeping import Wish, find_upload, keep_upload, ledger_of
from flows.handing_in import start_import
from flows.ledger import ImportRequest, import_ledger
from models import UploadState
from tests.ledgers import FIRE, WIRE, a_ledger
from tests.offices import MONDAY_9AM


@pytest.fixture
def upload(home, sqlite_office):
    ledger = BytesIO(a_ledger(FIRE, WIRE))
    return keep_upload(
        sqlite_office, "台账.csv", ledger, Wish(), by="committee1", at=MONDAY_9AM, dry_run=False
    )


def asked_for(office, upload):
    path = str(ledger_of(office, upload.token))
    return ImportRequest(path=path, by=upload.by, upload=upload.token)


def test_the_flow_runs_an_upload_once_and_its_page_sees_it(run, sqlite_office, upload):
    request = asked_for(sqlite_office, upload)

    first, _ = run(import_ledger, request)
    second, _ = run(import_ledger, request)

    landed = find_upload(sqlite_office, upload.token, by="committee1")
    assert (first.is_completed(), first.message) == (True, "读取 2 行，新立 2 件，退回 0 行")
    assert second.is_completed()
    assert "这次上传已由页面处理" in second.message
    assert (landed.state, landed.landed) == (UploadState.ENDED, True)
    assert count_cases(sqlite_office, Filter(), by="admin", as_of=MONDAY_9AM) == 2


def test_a_page_gives_its_upload_to_the_engine(prefect_server, sqlite_office, upload):
    made = import_ledger.to_deployment("import", entrypoint_type=EntrypointType.MODULE_PATH)
    asyncio.run(made.aapply())
    engine = PREFECT_API_URL.value().removesuffix("/api")

    assert start_import(sqlite_office, engine, upload) is True

    with get_client(sync_client=True) as client:
        asked = [each.parameters.get("request", {}) for each in client.read_flow_runs()]
    assert upload.token in [each.get("upload") for each in asked]


def test_an_engine_that_does_not_answer_takes_nothing(sqlite_office, upload):
    assert start_import(sqlite_office, "http://127.0.0.1:9", upload) is False
