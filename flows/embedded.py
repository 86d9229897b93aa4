"""Prefect's server on this machine, for one installation: started, waited for, stopped."""

import fcntl
import json
import os
import socket
import subprocess
import sys
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from threading import Event
from urllib.parse import urlsplit

from casework.errors import Refused, Unavailable
from casework.home import Home
from rules.wording import Wording

PORTS_TRIED = 20
STARTS_WITHIN = 120.0  # seconds; cold it takes 6 to 9 on two cores, its migrations included
STOPS_WITHIN = 20.0  # seconds; it takes 3 to 5
_LINES_SHOWN = 15


@dataclass(frozen=True, slots=True)
class Server:
    """A server that answers: where, how Prefect is told of it, and its process."""

    address: str
    settings: Mapping[str, str]
    log: Path
    process: "subprocess.Popen[bytes]"

    @property
    def is_alive(self) -> bool:
        return self.process.poll() is None


@contextmanager
def running_server(home: Home, *, host: str, port: int) -> Iterator[Server]:
    """Start the server of ``home`` on ``port`` or the next free one; stop it in the end.

    Raise Refused when one runs already or ``host`` is not this machine alone, Unavailable when no
    port is free or the server does not come up, with the end of its log.
    """
    _require_loopback(host)
    log = home.folder / "log" / "prefect-server.log"
    log.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with _alone(home) as lock:
        free = _free_port(host, port)
        address = f"http://{host}:{free}"
        lock.write_text(address, encoding="utf-8")
        settings = _settings(home, address)
        process = _start(settings, host, free, log)
        try:
            _wait(process, settings, log)
            yield Server(address, settings, log, process)
        finally:
            _stop(process)


def _require_loopback(host: str) -> None:
    if host == "localhost" or host.startswith("127."):
        return
    raise Refused(
        Wording(
            f"不能在 {host} 上开放：Prefect 的页面不需登录",
            f"not on {host}: Prefect's pages ask nobody who they are",
        ),
        remedy=Wording(
            "请用 127.0.0.1；要给多台机器用，见 docs/prefect.md。",
            "Use 127.0.0.1; for several machines see docs/prefect.md.",
        ),
        where="--host",
    )


@contextmanager
def _alone(home: Home) -> Iterator[Path]:
    """Hold the installation's lock: two servers on one Prefect database lose runs."""
    folder = home.folder / "prefect"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    address = folder / "address"
    with (folder / "lock").open("w", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as fault:
            raise _running_already(home, address) from fault
        try:
            yield address
        finally:
            address.unlink(missing_ok=True)


def _running_already(home: Home, address: Path) -> Refused:
    at = address.read_text(encoding="utf-8") if address.exists() else ""
    return Refused(
        Wording(f"{home.folder} 已在运行 {at}", f"{home.folder} is running already {at}"),
        remedy=Wording("请打开该地址，或先停止它。", "Open that address, or stop it first."),
    )


def _free_port(host: str, port: int) -> int:
    for each in range(port, min(port + PORTS_TRIED, 65_536)):
        with socket.socket() as tried:
            # As the server itself binds; otherwise a port just left looks taken for a minute.
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                tried.bind((host, each))
            except OSError:
                continue
            return each
    raise Unavailable(
        Wording(
            f"{host} 上从 {port} 起的 {PORTS_TRIED} 个端口都不能用",
            f"no port is free on {host}, from {port} on",
        ),
        remedy=Wording("请用 --port 另选一个。", "Choose another with --port."),
        where="--port",
    )


def _settings(home: Home, address: str) -> dict[str, str]:
    """Return what Prefect is told; docs/prefect.md says why of each."""
    return {
        "PREFECT_HOME": str(home.folder / "prefect"),
        "PREFECT_API_URL": f"{address}/api",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_SERVER_UI_V2_ENABLED": "false",
        "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
        "PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE": (
            "prefect.server.concurrency.lease_storage.filesystem"
        ),
    }


def _start(
    settings: Mapping[str, str], host: str, port: int, log: Path
) -> "subprocess.Popen[bytes]":
    # A database address of another Prefect server would be taken for this one's.
    ours = {name: value for name, value in os.environ.items() if "DATABASE" not in name}
    with log.open("ab") as out:
        return subprocess.Popen(  # noqa: S603 — our own module, no shell
            [sys.executable, "-P", "-m", "flows.server", "--host", host, "--port", str(port)],
            env={**ours, **settings, "DO_NOT_TRACK": "1"},
            stdin=subprocess.PIPE,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C is for us; we stop it when the runs have ended
        )


def _wait(process: "subprocess.Popen[bytes]", settings: Mapping[str, str], log: Path) -> None:
    pause = Event()
    for _ in range(int(STARTS_WITHIN / 0.1)):
        if process.poll() is not None:
            break
        if _answers(settings):
            return
        pause.wait(0.1)
    raise Unavailable(
        Wording(
            f"Prefect 服务没有启动。日志末尾：\n{_end_of(log)}",
            f"Prefect's server did not start. Its log ends:\n{_end_of(log)}",
        ),
        remedy=Wording(f"全部日志在 {log}。", f"The whole log is in {log}."),
    )


def _answers(settings: Mapping[str, str]) -> bool:
    """Say whether our server answers: another may have taken the port a moment ago."""
    address = urlsplit(settings["PREFECT_API_URL"])
    connection = HTTPConnection(address.hostname or "", address.port, timeout=5)
    try:
        connection.request("GET", f"{address.path}/admin/settings")
        told = json.load(connection.getresponse())
    except (OSError, HTTPException, ValueError):
        return False
    finally:
        connection.close()
    return isinstance(told, dict) and told.get("home") == settings["PREFECT_HOME"]


def _end_of(log: Path) -> str:
    with log.open(encoding="utf-8", errors="replace") as lines:
        return "".join(deque(lines, _LINES_SHOWN)).strip()


def _stop(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(STOPS_WITHIN)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    finally:
        if process.stdin:
            process.stdin.close()
