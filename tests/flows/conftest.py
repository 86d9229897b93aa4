"""One Prefect server for the flow tests: its harness takes 7 s to start."""

import asyncio
import gc
import logging
from pathlib import Path

import pytest
from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import (
    ArtifactFilter,
    ArtifactFilterFlowRunId,
)
from prefect.settings import PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings
from prefect.testing.utilities import prefect_test_harness

_HERE = Path(__file__).parent
# Prefect's client leaves its connections to the collector.
_LEFT = pytest.mark.filterwarnings(
    "ignore:unclosed <socket:ResourceWarning", "ignore:unclosed transport:ResourceWarning"
)


def pytest_collection_modifyitems(items):
    for item in items:
        if item.path.is_relative_to(_HERE):
            item.add_marker(_LEFT)


@pytest.fixture(scope="module", autouse=True)
def _nothing_left_for_the_tests_after_us():
    yield
    gc.collect()


@pytest.fixture(scope="session")
def prefect_server(tmp_path_factory):
    """Prefect's own test harness: a server in a subprocess, which keeps real time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PREFECT_HOME", str(tmp_path_factory.mktemp("prefect")))
        patch.setenv("DO_NOT_TRACK", "1")
        patch.setenv("PREFECT_SERVER_ANALYTICS_ENABLED", "false")
        patch.delenv("PREFECT_API_URL", raising=False)
        with (
            prefect_test_harness(server_startup_timeout=120),
            temporary_settings({PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}),
        ):
            yield


@pytest.fixture
def home(sqlite_office, tmp_path, monkeypatch):
    """The folder of an installation whose flows work in ``sqlite_office``."""
    monkeypatch.setenv("BIHUAN_HOME", str(tmp_path))
    monkeypatch.delenv("BIHUAN_DATABASE_URL", raising=False)
    return tmp_path


@pytest.fixture
def run(prefect_server):
    """Run a flow to its end; return the state, and what it left by key."""

    def run(flow, *parameters):
        state = asyncio.run(flow(*parameters, return_state=True))
        return state, _artifacts(state.state_details.flow_run_id)

    return run


def _artifacts(flow_run_id):
    wanted = ArtifactFilter(flow_run_id=ArtifactFilterFlowRunId(any_=[flow_run_id]))
    with get_client(sync_client=True) as client:
        return {each.key: each for each in client.read_artifacts(artifact_filter=wanted)}


@pytest.fixture(autouse=True, scope="module")
def root_handlers_as_before():
    """Prefect hangs its console on the root logger, and would print what later tests log."""
    root = logging.getLogger()
    before = list(root.handlers)
    yield
    root.handlers[:] = before
