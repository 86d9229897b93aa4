"""Case file and list pages among very many cases; any page deep costs what the first does."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from random import Random
from time import perf_counter

from sqlalchemy import func, select

from benchmarks.measures import Figure, percentile, seconds
from benchmarks.offices import START, an_office, fill
from casework.case_file import open_case_file
from casework.case_list import Filter, Page, list_cases
from casework.events import Door
from casework.list_pages import Order, page_key
from casework.moves import move
from casework.office import Office
from models.tables import CASES
from rules.access import Role
from rules.actions import Action
from rules.case import Level, State

EVENTS = 50
READS = 60
FILTERS = {
    "all": Filter(),
    "one school": Filter(place="O1007"),
    "one cluster": Filter(place="O5"),
    "state": Filter(state=State.RECTIFYING),
    "category and level": Filter(category="food", level=Level.MAJOR),
    "cluster, state, category": Filter(place="O5", state=State.REPORTED, category="fire"),
    "holder": Filter(holder=Role.OWNER),
}


def measure(kind: str, size: int) -> Iterator[Figure]:
    """Yield the 95th percentile in milliseconds of a case file and of pages."""
    with an_office(kind) as office:
        fill(office, size)
        numbers = _long_cases(office, size)
        file = _p95(lambda n: open_case_file(office, numbers[n % len(numbers)], by="committee",
                                             as_of=START))  # fmt: skip
        yield Figure(
            f"case file of {EVENTS} events, p95, {kind}", file, "ms", 5.0, f"{size:,} cases"
        )
        for name, wanted in FILTERS.items():
            for order in Order:
                page = _deep_pages(office, wanted, order)
                yield Figure(f"page: {name}, {order}, p95, {kind}", page, "ms", 20.0)


def _long_cases(office: Office, size: int) -> list[str]:
    """Give five cases a history of fifty events, by real moves: graded to and fro."""
    numbers = [f"B{size * share // 10 // 4 * 4 + 1:09d}" for share in (1, 3, 5, 7, 9)]
    for number in numbers:
        for step in range(EVENTS - 1):
            typed = {"level": ("major", "ordinary")[step % 2], "reason": f"第 {step} 次定级"}
            at = START + timedelta(minutes=step)
            move(office, number, Action.GRADE, typed, by="committee", at=at, door=Door.API)
    return numbers


def _deep_pages(office: Office, wanted: Filter, order: Order) -> float:
    """Read one page after another, then from a key in the depth of the list."""
    taken: list[float] = []
    after = ""
    for key in (None, None, None, *_deep_keys(office, order), *[None] * 10):
        if key is not None:
            after = key
        page, spent = _read(office, wanted, order, after)
        taken.append(spent)
        after = page.after
        if not after:
            break
    return percentile(taken, 0.95)


def _read(office: Office, wanted: Filter, order: Order, after: str) -> tuple[Page, float]:
    begun = perf_counter()
    page = list_cases(office, wanted, by="committee", as_of=START, order=order, after=after)
    return page, (perf_counter() - begun) * 1_000


def _deep_keys(office: Office, order: Order) -> list[str]:
    """Return a key of the middle of the whole list."""
    with office.reading() as connection:
        middle = connection.execute(select(func.max(CASES.c.id) / 2)).scalar_one()
        columns = select(CASES.c.id, CASES.c.due_at).where(CASES.c.id >= int(middle)).limit(1)
        row = connection.execute(columns.order_by(CASES.c.id)).mappings().one()
    return [page_key(row, order)]


def _p95(work: Callable[[int], object]) -> float:
    random = Random(1)  # noqa: S311 — which case is read is no secret
    work(0)
    return percentile(
        [seconds(lambda: work(random.randrange(10_000))) * 1_000 for _ in range(READS)], 0.95
    )
