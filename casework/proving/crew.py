"""Several processes that look at one moment of a database, each over a part of it.

On PostgreSQL they share the snapshot. SQLite has no such thing: they begin, and begin again until
nobody wrote while they did (``PRAGMA data_version``); the database refuses all they might write.
"""

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.connection import Connection as Pipe
from multiprocessing.connection import wait
from typing import Any, Protocol

from sqlalchemy import Connection, Engine

from casework.office import Office, answering
from models.engine import open_engine

Job = tuple[Callable[..., Any], tuple[Any, ...]]
"""A function of a module, and what it is given after the connection."""

_TRIES = 50
_IN_MEMORY = (None, "", ":memory:")
_NO_SNAPSHOT = ""
_BEGUN = "begun"


class Hands(Protocol):
    """Who does the jobs: ``count`` processes."""

    count: int

    def run(self, jobs: Sequence[Job]) -> list[Any]:
        """Do them, and return what came of each, in order."""


class Alone:
    """The process that asks, by itself."""

    count = 1

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def run(self, jobs: Sequence[Job]) -> list[Any]:
        return [function(self._connection, *given) for function, given in jobs]


class Crew:
    """Processes of our own; what one that dies leaves undone, this process does."""

    def __init__(self, connection: Connection, pipes: Iterable[Pipe]) -> None:
        self._connection, self._pipes = connection, [*pipes]
        self.count = len(self._pipes)

    def run(self, jobs: Sequence[Job]) -> list[Any]:
        done: dict[int, Any] = {}
        left = deque(range(len(jobs)))
        given: dict[Pipe, int] = {}
        for pipe in self._pipes:
            _give(pipe, jobs, left, given)
        while given:
            ready = wait([*given])
            for pipe in [each for each in given if each in ready]:
                number = given.pop(pipe)
                try:
                    done[number] = _answer(pipe.recv())
                except (EOFError, OSError):
                    left.appendleft(number)
                else:
                    _give(pipe, jobs, left, given)
        for number in left:
            function, more = jobs[number]
            done[number] = function(self._connection, *more)
        return [done[number] for number in range(len(jobs))]


@contextmanager
def one_moment(office: Office, processes: int) -> Iterator[tuple[Connection, Hands]]:
    """Open a moment that nobody can write in, and who looks at it: so many processes, or one."""
    if processes < 2 or office.engine.url.database in _IN_MEMORY:
        with office.auditing() as connection:
            yield connection, Alone(connection)
        return
    with answering(), _processes(office.engine, processes) as pipes:
        begun = _one_snapshot if office.engine.dialect.name == "postgresql" else _unwritten
        with begun(office, pipes) as (connection, together):
            yield connection, Crew(connection, pipes) if together else Alone(connection)


@contextmanager
def _processes(engine: Engine, count: int) -> Iterator[list[Pipe]]:
    context = get_context("spawn")  # a fork would share this process's connections
    url = engine.url.render_as_string(hide_password=False)
    started = []
    for _ in range(count):
        here, there = context.Pipe()
        process = context.Process(target=serve, args=(there,), daemon=True)
        process.start()
        there.close()
        here.send(url)
        started.append((process, here))
    try:
        yield [pipe for _, pipe in started]
    finally:
        for process, pipe in started:
            pipe.close()  # which ends it
            process.join(_PATIENCE)
            process.terminate()


_PATIENCE = 10  # seconds


@contextmanager
def _one_snapshot(office: Office, pipes: Sequence[Pipe]) -> Iterator[tuple[Connection, bool]]:
    with office.auditing() as connection:
        snapshot = connection.exec_driver_sql("SELECT pg_export_snapshot()").scalar_one()
        yield connection, _begin(pipes, snapshot)


@contextmanager
def _unwritten(office: Office, pipes: Sequence[Pipe]) -> Iterator[tuple[Connection, bool]]:
    watching = office.engine.raw_connection()
    try:
        for left in reversed(range(_TRIES)):
            before = _version(watching)
            with office.auditing() as connection:
                connection.exec_driver_sql(_LOOK)
                together = _begin(pipes, _NO_SNAPSHOT) and _version(watching) == before
                if together or not left:
                    yield connection, together
                    return
    finally:
        watching.close()


_LOOK = "SELECT count(*) FROM (SELECT 1 FROM leaf LIMIT 1)"


def _version(connection: Any) -> int:  # noqa: ANN401 — the driver is untyped
    return int(connection.cursor().execute("PRAGMA data_version").fetchone()[0])


def _begin(pipes: Sequence[Pipe], snapshot: str) -> bool:
    """Let all begin; return whether they did."""
    try:
        for pipe in pipes:
            pipe.send(snapshot)
        return [pipe.recv() for pipe in pipes] == [_BEGUN] * len(pipes)
    except (EOFError, OSError):
        return False


def _give(pipe: Pipe, jobs: Sequence[Job], left: deque[int], given: dict[Pipe, int]) -> None:
    if left:
        number = left.popleft()
        try:
            pipe.send(jobs[number])
            given[pipe] = number
        except OSError:
            left.appendleft(number)


def _answer(told: tuple[bool, Any]) -> Any:  # noqa: ANN401 — whatever the job returns
    well, answer = told
    if not well:
        raise answer
    return answer


def serve(pipe: Pipe) -> None:
    """Be one of the crew: begin when told, do jobs until the pipe is closed."""
    engine = open_engine(pipe.recv())
    connecting = engine.connect().execution_options(sqlite_begin="DEFERRED")
    try:
        with connecting as connection:
            if engine.dialect.name == "sqlite":
                connection.connection.execute("PRAGMA query_only=ON")
            while True:
                _do(connection, pipe)
    except (EOFError, OSError):
        os._exit(0)  # nobody listens any more, and nothing was written


def _do(connection: Connection, pipe: Pipe) -> None:
    told = pipe.recv()
    if isinstance(told, str):
        connection.rollback()
        connection.begin()
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql(_READ_ONLY)
            connection.exec_driver_sql(f"SET TRANSACTION SNAPSHOT '{told}'")
        connection.exec_driver_sql(_LOOK)
        pipe.send(_BEGUN)
        return
    function, given = told
    try:
        answer = (True, function(connection, *given))
    except Exception as fault:  # noqa: BLE001 — it is raised where the job was given
        answer = (False, fault)
    pipe.send(answer)


_READ_ONLY = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"
