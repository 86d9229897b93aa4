"""Serve the pages beside whatever else the process does, until told to stop."""

import logging
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

import uvicorn
from starlette.types import ASGIApp

from casework.errors import Unavailable
from casework.office import Office
from rules.wording import Wording
from web.app import make_app
from web.settings import Settings

PORTS_TRIED = 20
STARTS_WITHIN = 20.0  # seconds; it takes less than one
_STOPS_WITHIN = 10  # seconds for requests that are under way


@contextmanager
def running_pages(office: Office, settings: Settings, *, host: str, port: int) -> Iterator[str]:
    """Serve an office's pages on ``port`` or the next free one; yield their address.

    Raise Unavailable when no port is free or the pages do not come up.
    """
    app = make_app(office, settings)
    with running_app(app, host=host, port=port) as address:
        try:
            yield address
        finally:
            app.state.leaving.set()  # whoever is told of something live is let go


@contextmanager
def running_app(app: ASGIApp, *, host: str, port: int) -> Iterator[str]:
    """Serve an application as ``running_pages`` does."""
    with _listening(host, port) as listener:
        server = _server(app)
        thread = Thread(target=server.run, kwargs={"sockets": [listener]}, name="pages")
        thread.start()
        try:
            _wait(server, thread)
            yield f"http://{host}:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


def _server(app: ASGIApp) -> uvicorn.Server:
    logging.getLogger("uvicorn.error").addFilter(_is_untold)
    # In a thread uvicorn leaves the signals to us; what goes wrong is logged by the pages.
    return uvicorn.Server(
        uvicorn.Config(
            app, log_config=None, access_log=False, server_header=False,
            lifespan="off", timeout_graceful_shutdown=_STOPS_WITHIN,
        )
    )  # fmt: skip


def _is_untold(record: logging.LogRecord) -> bool:
    """Whether a record says what the pages have not: each fault is logged there, with a number."""
    return not record.getMessage().startswith("Exception in ASGI application")


def _listening(host: str, port: int) -> socket.socket:
    """Return a socket that listens on the first free port from ``port`` on."""
    for each in range(port, min(port + PORTS_TRIED, 65_536)):
        listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, each))
            listener.listen(128)
        except OSError:
            listener.close()
            continue
        return listener
    raise Unavailable(
        Wording(f"端口 {port} 起 {PORTS_TRIED} 个都被占用", f"no free port from {port} on"),
        remedy=Wording("请用 --pages-port 另选。", "Choose another with --pages-port."),
        where="--pages-port",
    )


def _wait(server: uvicorn.Server, thread: Thread) -> None:
    pause = Event()
    for _ in range(int(STARTS_WITHIN / 0.05)):
        if server.started:
            return
        if not thread.is_alive():
            break
        pause.wait(0.05)
    raise Unavailable(
        Wording("页面没有启动", "the pages did not start"),
        remedy=Wording("请查看日志后重试。", "See the log, then try again."),
    )
