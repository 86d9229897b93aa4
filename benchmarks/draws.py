"""Look-backs: a draw against reading and hashing the same numbers, sorting, and random order.

Closed cases are made by closing the open ones of ``benchmarks.offices`` with one statement.
"""

import tracemalloc
from collections.abc import Iterator
from hashlib import sha256
from time import perf_counter

from cryptography.fernet import Fernet
from sqlalchemy import bindparam, text

from benchmarks.measures import Figure, alternate, seconds
from benchmarks.offices import START, an_office, fill, settle
from casework.events import Door
from casework.lookback.committing import commit_seed
from casework.lookback.drawing import draw_lookback, frame_items
from casework.lookback.looks import Hand
from casework.lookback.planning import Asked, plan_lookback, preview
from casework.office import Office
from models.tables import CASES
from notifications.sealing import Keys
from rules.lookback.acceptance import Severity
from rules.lookback.draw import draw
from rules.lookback.sizes import StratumSize
from rules.lookback.tickets import seed_key, ticket
from rules.lookback.verdict import Tally, judge

KEYS = Keys([Fernet.generate_key().decode()])
HAND = Hand("admin", START, Door.CLI)
SEED = "benchmark"
DRAWN = 1_000
# Eight strata: four categories of two levels.
TEMPLATE = f"""
title = "基准"
period = "2026"
strata = ["level", "category"]

[size]
rule = "fixed"
count = {DRAWN}
"""
_CLOSE = text(
    "UPDATE cases SET state = 'closed', stage = NULL, due_at = NULL, holder = NULL, "
    "closed_at = :at, category = CASE id % 4 WHEN 0 THEN 'fire' WHEN 1 THEN 'food' "
    "WHEN 2 THEN 'building' ELSE 'security' END WHERE id / 24 % 12 = :month"
).bindparams(bindparam("at", type_=CASES.c.closed_at.type))
_QUIET = "UPDATE clock SET next_step = NULL, next_step_at = NULL"


def measure(kind: str, size: int) -> Iterator[Figure]:
    """Yield the ratios of a draw from ``size`` closed cases in eight strata, 1,000 drawn."""
    with an_office(kind) as office:
        _fill_closed(office, size)
        frozen, spent = _drawn(office)
        sizes = _sizes(office, frozen)
        floor, drawing, sorting = alternate(
            3,
            lambda: _read_and_hash(office),
            lambda: draw(frame_items(office, frozen), SEED, sizes),
            lambda: _sort_everything(frame_items(office, frozen), sizes),
        )
        unseeded = seconds(lambda: _random_order(office))
        note = f"{drawing:.2f} s against {floor:.2f} s, {size:,} cases, 8 strata, {DRAWN:,} drawn"
        yield Figure(
            f"draw / reading and hashing the numbers, {kind}", drawing / floor, "×", 2.0, note
        )
        note = f"{spent:.2f} s: frame read, written, hashed; seed; draw; visits"
        yield Figure(
            f"freeze and draw / reading and hashing, {kind}", spent / floor, "×", None, note
        )
        yield Figure(f"draw / sorting every ticket, {kind}", drawing / sorting, "×", 1.0)
        yield Figure(f"draw / ORDER BY random(), {kind}", drawing / unseeded, "×")
        yield Figure(f"heap of a draw, {kind}", _heap(office, frozen, sizes), "MB", 16.0)
        for period, goal in (("2026-03", 100.0), ("2026", None)):
            asked = Asked(text=TEMPLATE, period=period)
            (counting,) = alternate(3, lambda: preview(office, asked, hand=HAND))  # noqa: B023 — run at once
            yield Figure(f"preview of {period}, {kind}", counting * 1_000, "ms", goal)
        yield Figure("verdict on a stratum of a million", _verdict() * 1_000, "ms", 100.0)


def _fill_closed(office: Office, size: int) -> None:
    fill(office, size)
    with office.writing() as connection:
        connection.execute(text(_QUIET))
        for month in range(12):
            at = START.replace(month=month + 1, day=10)
            connection.execute(_CLOSE, {"at": at, "month": month})
    settle(office)


def _drawn(office: Office) -> tuple[str, float]:
    """Plan, commit and draw; return the frame's digest and the seconds of the draw."""
    number = plan_lookback(office, Asked(text=TEMPLATE), HAND).number
    commit_seed(office, number, HAND, KEYS)
    begun = perf_counter()
    digest = draw_lookback(office, number, HAND, KEYS).frame_digest
    return digest, perf_counter() - begun


def _sizes(office: Office, frozen: str) -> dict[str, int]:
    strata = sorted({stratum for _, stratum in frame_items(office, frozen)})
    return {stratum: DRAWN // len(strata) for stratum in strata}


def _read_and_hash(office: Office) -> None:
    hashed = sha256
    with office.reading() as connection:
        rows = connection.execute(
            text("SELECT number FROM cases").execution_options(yield_per=5_000)
        )
        for part in rows.partitions():
            for (number,) in part:
                hashed(number.encode()).digest()


def _sort_everything(items: Iterator[tuple[str, str]], sizes: dict[str, int]) -> None:
    """Draw as the published sampler does: a ticket of every digit for all, then a sort."""
    key = seed_key(SEED)
    tickets: dict[str, list[tuple[str, str]]] = {stratum: [] for stratum in sizes}
    for each, stratum in items:
        tickets[stratum].append((ticket(key, each), each))
    for stratum, size in sizes.items():
        sorted(tickets[stratum])[:size]


def _random_order(office: Office) -> None:
    with office.reading() as connection:
        for category in ("fire", "food", "building", "security"):
            for level in ("major", "ordinary"):
                connection.execute(
                    text(
                        "SELECT number FROM cases WHERE category = :category AND level = :level "
                        "ORDER BY random() LIMIT 125"
                    ),
                    {"category": category, "level": level},
                ).all()


def _heap(office: Office, frozen: str, sizes: dict[str, int]) -> float:
    tracemalloc.start()
    draw(frame_items(office, frozen), SEED, sizes)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / 2**20


def _verdict() -> float:
    size = StratumSize(1_000_000, DRAWN, 2, 3, "", Severity.NORMAL)
    return seconds(lambda: judge(size, Tally(998, 2, 0, 0, 0)))
