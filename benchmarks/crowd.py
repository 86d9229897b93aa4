"""Two hundred people at once, nine questions in ten reading: what they wait, and that none fails.

The pages run in a process of their own, as `bihuan up` serves them; the crowd is in another. Both
share this machine's cores, so that the waiting is an upper bound. The peer is the same crowd asking
a page that reads nothing of cases.
"""

import asyncio
import multiprocessing
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import cycle
from multiprocessing.connection import Connection
from pathlib import Path
from random import Random
from time import perf_counter
from typing import NamedTuple

import httpx
from cryptography.fernet import Fernet

from benchmarks.lives import fill_with_lives
from benchmarks.measures import Figure, percentile
from benchmarks.offices import START, an_office
from benchmarks.pages import PASSWORD, let_in, now
from casework.case_list import Filter, list_cases
from casework.evidence_store import EvidenceStore
from casework.images import Limits
from casework.office import Office
from models.engine import open_engine
from notifications.sealing import Keys
from web.serving import running_pages
from web.settings import Settings

PEOPLE = 200
ASKS = 12
CASES = 60
THINKS = 5.0
"""Seconds between one answer and the next question, on average: a person reads."""
IDLES = 3.0
"""Seconds a connection is kept, fewer than the server's five: it would close what is just asked."""
READ_MS, WRITE_MS = 300.0, 500.0
READ_AT = (
    "/", "/cases", "/cases?state=rectifying", "/case/{number}", "/escalations", "/case/{number}",
)  # fmt: skip
REPORT = {"unit": "O1000", "category": "fire", "again": "1"}
PLACES = ("committee", "cluster", "owner")
"""Who asks: a third of the crowd each."""
OURS = {"Sec-Fetch-Site": "same-origin"}


class Asked(NamedTuple):
    """One question: whether it wrote, the status, and how long it took in milliseconds."""

    wrote: bool
    status: int
    ms: float


def measure(kind: str, size: int) -> Iterator[Figure]:
    """Yield errors and the 99th percentiles of reading and writing."""
    with an_office(kind) as office:
        fill_with_lives(office, size, until=START)
        let_in(office)
        numbers = {code: _seen_by(office, code) for code in PLACES}
        with _served(office) as address:
            idle = asyncio.run(_crowd(address, ["/more"], {}))
            busy = asyncio.run(_crowd(address, READ_AT, numbers))
    peer = percentile([each.ms for each in idle], 0.99)
    reads = percentile([each.ms for each in busy if not each.wrote], 0.99)
    writes = percentile([each.ms for each in busy if each.wrote], 0.99)
    failed = sum(each.status >= 400 for each in (*idle, *busy))
    note = f"{PEOPLE} people, {len(busy):,} questions, {size:,} cases"
    yield Figure(f"crowd: questions that failed, {kind}", failed, "", 0.0, note)
    yield Figure(f"crowd: reading, p99, {kind}", reads, "ms", READ_MS, f"{reads / peer:.1f} ×")
    yield Figure(f"crowd: writing, p99, {kind}", writes, "ms", WRITE_MS, f"{writes / peer:.1f} ×")


def _seen_by(office: Office, code: str) -> list[str]:
    """Return the numbers of some cases that somebody may see."""
    found = list_cases(office, Filter(), by=code, as_of=START, size=CASES)
    return [case["number"] for case in found.rows]


@contextmanager
def _served(office: Office) -> Iterator[str]:
    """Serve the office's pages in a process of its own; yield their address."""
    url = office.engine.url.render_as_string(hide_password=False)
    ours, theirs = multiprocessing.Pipe()
    spawning = multiprocessing.get_context("spawn")
    process = spawning.Process(target=_serve, args=(url, f"{office.evidence.root}", theirs))
    process.start()
    try:
        yield ours.recv()
    finally:
        ours.send("enough")
        process.join()


def _serve(url: str, folder: str, told: Connection) -> None:
    office = Office(open_engine(url), EvidenceStore(Path(folder), Limits()))
    settings = Settings(Keys([Fernet.generate_key().decode()]), now=now)
    with running_pages(office, settings, host="127.0.0.1", port=8870) as address:
        told.send(address)
        told.recv()


async def _crowd(
    address: str, pages: Sequence[str], numbers: Mapping[str, Sequence[str]]
) -> list[Asked]:
    """Let everybody ask ``pages``; one question in ten reports a hazard where ``numbers`` are."""
    limits = httpx.Limits(
        max_connections=PEOPLE, max_keepalive_connections=PEOPLE, keepalive_expiry=IDLES
    )
    async with httpx.AsyncClient(
        base_url=address, headers=OURS, limits=limits, timeout=60
    ) as client:
        cookies = {code: await _session(client, code) for code in PLACES}
        asking = [
            _ask(client, cookies[code], pages, numbers.get(code, ()), Random(who))  # noqa: S311 — who asks what is no secret
            for who, code in zip(range(PEOPLE), cycle(PLACES), strict=False)
        ]
        return [each for one in await asyncio.gather(*asking) for each in one]


async def _session(client: httpx.AsyncClient, code: str) -> str:
    answer = await client.post("/login", data={"code": code, "password": PASSWORD})
    client.cookies.clear()
    return answer.headers["set-cookie"].split(";")[0]


async def _ask(
    client: httpx.AsyncClient,
    cookie: str,
    pages: Sequence[str],
    numbers: Sequence[str],
    random: Random,
) -> list[Asked]:
    asked = []
    for turn in range(ASKS):
        await asyncio.sleep(random.uniform(0, 2 * THINKS))
        writes = bool(numbers) and random.random() < 0.1
        begun = perf_counter()
        if writes:
            told = REPORT | {"description": f"第 {turn} 处 {random.random()}"}
            answer = await client.post("/report", data=told, headers={"cookie": cookie})
        else:
            path = random.choice(pages).format(number=random.choice(numbers or ["-"]))
            answer = await client.get(path, headers={"cookie": cookie})
        asked.append(Asked(writes, answer.status_code, (perf_counter() - begun) * 1_000))
    return asked
