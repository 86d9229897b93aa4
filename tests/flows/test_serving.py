"""``bihuan up``, and the same flows on a server of one's own: real processes in real time."""

import os
import re
import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from types import SimpleNamespace

import pytest
from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import DeploymentFilter, FlowRunFilter
from prefect.settings import PREFECT_API_URL, temporary_settings
from prefect.states import Scheduled
from sqlalchemy import select

from casework.errors import Refused, Unavailable
from casework.events import Door
from casework.home import Home, open_office
from casework.reports import Report, report
from casework.sample.loading import ADMIN
from flows.embedded import running_server
from models import Place
from models.tables import CASES, EVENTS, ORGANISATIONS
from tests.offices import MONDAY_9AM

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
PORT = 4700
HERE = "127.0.0.1"
_ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+")
_READ = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    folder = tmp_path_factory.mktemp("up")
    return Home(folder, f"sqlite:///{folder / 'bihuan.db'}")


@pytest.fixture(scope="module")
def environment(home):
    """What our commands see: a home of their own, and nothing of the harness's server."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT")}
    prefect = {"PREFECT_HOME": str(home.folder / "prefect"), "DO_NOT_TRACK": "1"}
    return {**ours, **prefect, "BIHUAN_HOME": str(home.folder), "PYTHONUNBUFFERED": "1"}


@pytest.fixture(scope="module")
def told(environment):
    """What ``bihuan up --sample`` said in an empty home, up to where it would serve."""
    done = _do("bihuan", "up", "--sample", "--port", str(PORT), BIHUAN_UP_ONCE="1", **environment)
    return done.stdout + done.stderr


def test_one_command_sets_up_imports_sweeps_and_sums_up(told):
    assert re.search(r"✓ 读取 85 行，新立 \d+ 件，退回 0 行", told)
    assert re.search(r"：隐患 1\d\d 件，已报方案 \d+ 件", told)
    assert re.search(r"状态：已销号 \d+，", told)
    assert "逾期在谁：\n  报方案（待责任人）：" in told


@pytest.fixture(scope="module")
def served(told, home, environment):
    """What ``bihuan up`` said in the same home, what was planned meanwhile, and how it ended."""
    with _up(environment) as up:
        said = _until(up.stdout, "已就绪")
        address = _ADDRESS.findall(said)[-1]
        with _client(address) as client:
            planned = _eventually(lambda: _planned(client))
        with pytest.raises(Refused, match=f"running already {address}"):
            _enter(running_server(home, host=HERE, port=PORT))
        up.send_signal(signal.SIGTERM)
        said += up.stdout.read()
    return SimpleNamespace(said=said, planned=planned, code=up.returncode)


def test_what_is_served_is_planned_until_it_is_told_to_stop(served):
    assert served.code == 0
    assert {run.state_name for run in served.planned} == {"Scheduled"}
    assert "正在停止" in served.said
    assert "Traceback" not in served.said


def test_a_worker_carries_out_what_the_schedule_planned(served, home, environment):
    number = _report_a_hazard_of_spring(home)
    with running_server(home, host=HERE, port=PORT) as server, _client(server.address) as client:
        before = client.read_deployment_by_name("sweep/sweep")
        own = {**environment, "PREFECT_API_URL": f"{server.address}/api"}
        _do("prefect", "work-pool", "create", "bihuan", "--type", "process", **own)
        _do("prefect", "--no-prompt", "deploy", "--all", **own)
        deployed = client.read_deployment_by_name("sweep/sweep")
        (run, *_) = _eventually(lambda: _planned(client))
        client.set_flow_run_state(run.id, Scheduled())
        _do("prefect", "worker", "start", "--pool", "bihuan", "--run-once", **own)
        done = client.read_flow_run(run.id)

    assert (before.paused, before.schedules[0].active) == (False, True)
    assert (deployed.entrypoint, deployed.work_pool_name) == ("flows.sweep.sweep", "bihuan")
    assert (deployed.pull_steps, deployed.path) == ([], None)
    assert (done.state_name, done.state.message) == ("Completed", "1 件，提醒 1 步，逾期 5 步")
    assert _told_by_flows(home, number) == ["remind", *["overdue"] * 5, "list"]


def test_the_server_ends_when_whoever_started_it_is_gone(environment):
    command = [sys.executable, "-m", "flows.server", "--host", HERE, "--port", str(PORT)]

    done = subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, check=False)

    assert done.returncode == -signal.SIGTERM


def test_pages_without_a_login_stay_on_this_machine(tmp_path):
    with pytest.raises(Refused, match="ask nobody who they are"):
        _enter(running_server(Home(tmp_path, ""), host="192.0.2.1", port=PORT))


def test_a_server_that_does_not_start_shows_the_end_of_its_log(tmp_path, monkeypatch):
    monkeypatch.setenv("PREFECT_SERVER_LOGGING_LEVEL", "SHOUTING")

    with pytest.raises(Unavailable, match="SHOUTING"):
        _enter(running_server(Home(tmp_path, ""), host=HERE, port=PORT))


def _do(*command, **environment):
    """Run one of our commands where prefect.yaml lies, and require that it succeeds."""
    name, *rest = command
    done = subprocess.run(
        [BIN / name, *rest],
        env=environment, cwd=ROOT, capture_output=True, text=True, check=False, timeout=90,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done


@contextmanager
def _up(environment):
    command = [BIN / "bihuan", "up", "--port", str(PORT)]
    with subprocess.Popen(command, env=environment, **_READ) as up:
        try:
            yield up
        finally:
            up.kill()


@contextmanager
def _client(address):
    with (
        temporary_settings({PREFECT_API_URL: f"{address}/api"}),
        get_client(sync_client=True) as client,
    ):
        yield client


def _planned(client):
    """The runs of the sweep that the scheduler made by itself."""
    deployment = DeploymentFilter.model_validate({"name": {"any_": ["sweep"]}})
    runs = FlowRunFilter.model_validate({"state": {"type": {"any_": ["SCHEDULED"]}}})
    found = client.read_flow_runs(deployment_filter=deployment, flow_run_filter=runs)
    return [run for run in found if run.auto_scheduled]


def _eventually(look):
    """Return what ``look`` finds, within 30 seconds; the scheduler looks every 5."""
    pause = Event()
    for _ in range(150):
        if found := look():
            return found
        pause.wait(0.2)
    pytest.fail("it never came")


def _until(lines, word):
    said = ""
    while word not in said:
        line = lines.readline()
        assert line, said
        said += line
    return said


def _enter(context):
    with context:
        pass


def _report_a_hazard_of_spring(home):
    with _office(home) as office:
        unit = _column(
            office, select(ORGANISATIONS.c.code).where(ORGANISATIONS.c.kind == Place.UNIT)
        )
        told = Report(unit[0], description="灭火器压力不足", category="消防")
        return report(office, told, by=ADMIN, at=MONDAY_9AM, door=Door.CLI).number


def _told_by_flows(home, number):
    statement = (
        select(EVENTS.c.kind)
        .join(CASES, CASES.c.id == EVENTS.c.case_id)
        .where(CASES.c.number == number, EVENTS.c.door == "flow")
        .order_by(EVENTS.c.seq)
    )
    with _office(home) as office:
        return _column(office, statement)


def _column(office, statement):
    with office.reading() as connection:
        return connection.execute(statement).scalars().all()


@contextmanager
def _office(home):
    office = open_office(home)
    yield office
    office.engine.dispose()
