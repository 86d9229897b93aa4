"""Everything on one machine: Prefect's server, the sample if asked for, and the served flows."""

import asyncio
import logging
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from contextvars import copy_context
from datetime import timedelta
from threading import Event, Thread
from typing import Any

from prefect import aserve
from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy, State
from prefect.deployments.runner import RunnerDeployment
from prefect.logging.handlers import APILogHandler, PrefectConsoleHandler
from prefect.schedules import Cron
from prefect.settings import PREFECT_API_URL, PREFECT_HOME, temporary_settings
from prefect.types.entrypoint import EntrypointType

from casework.clock import now
from casework.errors import Unavailable
from casework.home import Home, found_office
from casework.office import Office
from casework.sample.inspections import inspect_sample
from casework.sample.loading import ADMIN, fill_sample, write_sample_ledger
from casework.sample.story import tell_story
from casework.summary import has_cases, summarise
from flows.arranging import arrange
from flows.bus_bulletin import bus_bulletin
from flows.chase_missing import chase_missing
from flows.check_registers import check_registers
from flows.compile_report import compile_report
from flows.deliver import deliver
from flows.demand_progress import demand_progress
from flows.embedded import Server, running_server
from flows.guard_check_draw import guard_check_draw
from flows.ledger import ImportRequest, import_ledger
from flows.look_back import look_back
from flows.plan_inspections import plan_inspections
from flows.seal import seal
from flows.sweep import sweep
from flows.watchdog import watchdog
from rules.wording import Wording
from rules.workdays import china_day

EVERY_TEN_MINUTES = Cron("*/10 * * * *", timezone="Asia/Shanghai", slug="every-ten-minutes")
EVERY_MINUTE = Cron("* * * * *", timezone="Asia/Shanghai", slug="every-minute")
EVERY_QUARTER = Cron("*/15 * * * *", timezone="Asia/Shanghai", slug="every-quarter-of-an-hour")
AT_ONE = Cron("0 1 * * *", timezone="Asia/Shanghai", slug="at-one")
AT_HALF_PAST_FIVE = Cron("30 5 * * *", timezone="Asia/Shanghai", slug="at-half-past-five")
AT_SIX = Cron("0 6 * * *", timezone="Asia/Shanghai", slug="at-six")
AT_HALF_PAST_SIX = Cron("30 6 * * *", timezone="Asia/Shanghai", slug="at-half-past-six")
AT_SEVEN = Cron("0 7 * * *", timezone="Asia/Shanghai", slug="at-seven")
AT_EIGHT = Cron("0 8 * * *", timezone="Asia/Shanghai", slug="at-eight")
POLL_SECONDS = 5.0
# At once, each a process of about 100 MB: the watchdog runs beside a sweep, a delivery and others.
_MOST_RUNS = 4
_LOOK_SECONDS = 0.5
# Two months up to yesterday: long enough for cases in every state and a look-back that is over.
_STORY_DAYS = 60
_STORY = timedelta(days=_STORY_DAYS)

Say = Callable[[str], None]
Pages = Callable[[Office, str], AbstractContextManager[Sequence[str]]]
"""Serves the pages while it is entered; yields lines that say where they are."""


def serve_all(
    home: Home,
    *,
    host: str = "127.0.0.1",
    port: int = 4200,
    sample: bool = False,
    once: bool = False,
    say: Say = print,
    pages: Pages | None = None,
) -> int:
    """Start all of ``bihuan up`` and serve until SIGINT or SIGTERM; return the exit code, 0.

    ``pages`` serves the pages of the office beside it, given the address of Prefect's.
    ``sample`` loads the sample into a home without cases, by the same flows. ``once`` (or
    BIHUAN_UP_ONCE=1) ends where serving would begin. Raise Refused or Unavailable when something
    does not start, or when Prefect's server ends before it is told to.
    """
    _tell_children(home)
    office = found_office(home)
    say(f"正在启动 Prefect 服务（首次约 10 秒）…… 数据在 {home.folder}")
    with running_server(home, host=host, port=port) as server, _told(server):
        if not server.address.endswith(f":{port}"):
            say(f"端口 {port} 已被占用，改用 {server.address}")
        if sample:
            _load_sample(office, home, say)
        for line in summarise(office, as_of=now(), locale="zh"):
            say(line)
        if not once and os.environ.get("BIHUAN_UP_ONCE") != "1":
            with pages(office, server.address) if pages else nullcontext([]) as told:
                _serve(server, say, told)
    office.engine.dispose()
    return 0


def _tell_children(home: Home) -> None:
    """Say in the environment what the runs must know: each is a process of its own."""
    os.environ["BIHUAN_HOME"] = str(home.folder)
    os.environ["BIHUAN_DATABASE_URL"] = home.database_url
    os.environ["DO_NOT_TRACK"] = "1"
    os.environ["PREFECT_LOGGING_EXTRA_LOGGERS"] = "casework,notifications,rules"
    # Prefect's pages hold what the runs say; here only what went wrong.
    os.environ["PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL"] = "WARNING"
    for handler in logging.getLogger().handlers:
        if isinstance(handler, PrefectConsoleHandler):
            handler.setLevel(logging.WARNING)


@contextmanager
def _told(server: Server) -> Iterator[None]:
    """Make this process and its runs talk to the server, whatever profile the user has."""
    home, api = server.settings["PREFECT_HOME"], server.settings["PREFECT_API_URL"]
    with temporary_settings({PREFECT_HOME: home, PREFECT_API_URL: api}):
        yield


def _load_sample(office: Office, home: Home, say: Say) -> None:
    if has_cases(office):
        say("已有案件，不再装入示例。")
        return
    at = now()
    say(f"正在演过去 {_STORY_DAYS} 天（虚构的单位和人，真实的隐患）……")
    for _line in tell_story(office, days=_STORY_DAYS, seed=1, start=at - _STORY):
        pass
    fill_sample(office, at=now())
    folder = home.folder / "sample"
    folder.mkdir(mode=0o700, exist_ok=True)
    ledger = write_sample_ledger(folder, as_of=china_day(at))
    for state in asyncio.run(_sample_runs(str(ledger))):
        if not state.is_completed():
            raise Unavailable(
                Wording(f"示例没有装好：{state.message}", f"the sample: {state.message}")
            )
        say(f"✓ {state.message}")
    inspect_sample(office, now())


async def _sample_runs(path: str) -> list[State[Any]]:
    imported = await import_ledger(ImportRequest(path=path, by=ADMIN), return_state=True)
    states: list[State[Any]] = [imported]
    if imported.is_completed():
        states.append(await sweep(return_state=True))
    await APILogHandler.aflush()  # while the server is there
    return states


def _serve(server: Server, say: Say, told: Sequence[str]) -> None:
    """Serve until told to stop, and say so. Raise Unavailable when the server ends by itself."""
    stopping = Event()
    before = {each: signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM)}
    for each in before:
        signal.signal(each, lambda *_: stopping.set())
    say(f"已就绪：{server.address}（Prefect 页面）。每 10 分钟催办一次；按 Ctrl-C 停止。")
    for line in told:
        say(line)
    # In a thread of its own, Prefect's runner leaves the signals to us.
    run = copy_context().run
    thread = Thread(target=run, args=(asyncio.run, _until(stopping, server)), name="runner")
    thread.start()
    thread.join()
    for each, handler in before.items():
        signal.signal(each, handler)
    if not stopping.is_set():
        raise Unavailable(
            Wording("Prefect 服务意外停止", "Prefect's server stopped by itself"),
            remedy=Wording(
                f"请查看 {server.log} 后重新运行。", f"See {server.log}, then start again."
            ),
        )
    say("正在停止……")


async def _until(stopping: Event, server: Server) -> None:
    # Paused schedules would stay paused after a kill or under another door; ours stay active, and
    # what was planned before a stop is dropped when they are deployed again.
    deployments = await _deployments()
    await _deploy_look_backs(deployments)
    serving = asyncio.ensure_future(
        aserve(
            *deployments,
            pause_on_shutdown=False,
            print_starting_message=False,
            limit=_MOST_RUNS,
            name="bihuan",
            query_seconds=POLL_SECONDS,
        )
    )
    while not stopping.is_set() and server.is_alive and not serving.done():
        await asyncio.wait({serving}, timeout=_LOOK_SECONDS)
    serving.cancel()
    with suppress(asyncio.CancelledError):
        await serving


async def _deploy_look_backs(deployments: Sequence[RunnerDeployment]) -> None:
    """Show our own schedules on Prefect's pages, which takes a deployment to hang them on.

    Serving it again leaves schedules alone whose names it does not know.
    """
    for each in deployments:
        if each.flow_name == look_back.name:
            await each.aapply()
    await arrange()


async def _deployments() -> list[RunnerDeployment]:
    one = ConcurrencyLimitConfig(limit=1, collision_strategy=ConcurrencyLimitStrategy.CANCEL_NEW)
    scheduled = (
        (sweep, "sweep", EVERY_TEN_MINUTES),
        (seal, "seal", EVERY_TEN_MINUTES),
        (deliver, "deliver", EVERY_MINUTE),
        (plan_inspections, "plan-inspections", AT_HALF_PAST_FIVE),
        (check_registers, "check-registers", AT_SIX),
        (compile_report, "compile-report", AT_ONE),
        (chase_missing, "chase-missing", AT_HALF_PAST_SIX),
        (bus_bulletin, "bus-bulletin", AT_SEVEN),
        (demand_progress, "demand-progress", AT_EIGHT),
        (look_back, "look-back", AT_SEVEN),
        (guard_check_draw, "guard-check-draw", AT_SEVEN),
        (watchdog, "watchdog", EVERY_QUARTER),
    )
    return [
        *[
            await each.ato_deployment(
                name,
                schedules=[schedule],
                concurrency_limit=one,
                entrypoint_type=EntrypointType.MODULE_PATH,
            )
            for each, name, schedule in scheduled
        ],
        await import_ledger.ato_deployment("import", entrypoint_type=EntrypointType.MODULE_PATH),
    ]
