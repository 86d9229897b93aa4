"""Search, filters and facets among very many cases, and what an export costs beside a raw cursor.

Texts are real hazards put together anew for each case; nine cases in ten are closed.
"""

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from sqlalchemy import Connection, func, select, text

from benchmarks.lives import CLOSED_WAIT
from benchmarks.measures import Figure, alternate, percentile, seconds
from benchmarks.offices import START, an_office, fill, settle
from casework.asking.facets import count_facets
from casework.asking.index import index_texts
from casework.asking.pages import key_of
from casework.asking.search import search
from casework.asking.wordings import folded
from casework.auditing.tallies import catch_up
from casework.exporting.columns import COLUMNS
from casework.exporting.export import export
from casework.office import Office
from models.tables import CASES
from rules.query import Sort
from rules.query.grams import grams

HAZARDS = Path(__file__).parents[1] / "casework" / "sample" / "school_hazards.csv"
BATCH = 5_000
WORDS = (
    "灭火器", "灭火", "火", "消火栓", "应急灯", "疏散通道", "配电箱", "校车", "实验室", "危化品",
    "食堂", "燃气", "监控", "保安", "护栏", "电线裸露", "插座", "消防栓箱", "安全出口", "指示牌",
    "过期", "堵塞", "未配备", "损坏", "脱落", "灭火器 过期", "宿舍 电线", "食堂 燃气 报警",
    "灭火器 -过期", '"安全出口"', "不存在的词语", "B000123456", "000123", "第12345号", "楼", "ABC",
    "教学楼 护栏", "实验室 危化品 双人双锁", "灭火器 level:major", "校车 cluster:O3",
)  # fmt: skip
FILTERS = (
    "", "unit:O1007", "cluster:O5", "state:closed", "-state:closed", "level:major category:food",
    "cluster:O5 state:rectifying category:fire", "holder:owner", "overdue:yes", "overdue:>10d",
    "late:yes", "extended:no", "by:owner", "relapsed:no", "found:2025-02", "closed:2026-04",
)  # fmt: skip
_CLOSE = (
    "UPDATE cases SET state = 'closed', claimed = false, stage = NULL, holder = NULL, "
    "due_at = NULL, closed_at = due_at WHERE id % 10 <> 0"
)
_STOP = (
    "UPDATE clock SET stopped_at = started_at, next_step = NULL, next_step_at = NULL "
    "WHERE case_id % 10 <> 0"
)
DEEP = (Sort.NEWEST, Sort.OLDEST, Sort.DUE, Sort.CLOSED, Sort.FOUND)
FACETED = ("", "cluster:O5", "unit:O1007", "灭火器 cluster:O5", "level:major", "疏散通道")


def measure(kind: str, size: int) -> Iterator[Figure]:
    """Yield the 95th percentile of searches and pages in milliseconds, and that of facets."""
    with an_office(kind) as office:
        took = seconds(lambda: _fill(office, size))
        note = f"{size:,} cases, loaded and indexed in {took:.0f} s"
        yield _p95(f"Chinese search, p95, {kind}", 100.0, [_search(office, each) for each in WORDS],
                   note=note)  # fmt: skip
        for query in FILTERS:
            works = [_page(office, query, sort) for sort in DEEP if _makes_sense(query, sort)]
            yield _p95(f"page: {query or 'all'}, any order and depth, p95, {kind}", 20.0, works)
        for query in FACETED:
            yield _p95(f"facets: {query or 'all'}, {kind}", 300.0, [_facets(office, query)])
        with TemporaryDirectory() as folder:
            ours, floor = alternate(
                3, lambda: _export(office, folder), lambda: _raw(office, folder)
            )
        rows = f"{size / ours:,.0f} rows/s against {size / floor:,.0f}"
        yield Figure(f"CSV export / raw cursor writing CSV, {kind}", ours / floor, "×", 2.0, rows)


def _fill(office: Office, size: int) -> None:
    fill(office, size)
    sqlite = office.engine.dialect.name == "sqlite"
    with office.writing() as connection:
        for statement in (_CLOSE, _STOP, _spread(sqlite=sqlite), CLOSED_WAIT):
            connection.execute(text(statement))
    texts = _texts(size)
    while batch := dict(islice(texts, BATCH)):
        with office.writing() as connection:
            (index_texts if sqlite else copy_texts)(connection, batch)
    catch_up(office)
    settle(office)


def copy_texts(connection: Connection, texts: Mapping[int, str]) -> None:
    """Write folded texts and their grams as ``index_texts`` does, by COPY: for new cases only."""
    rows = {case: " ".join(f"'{gram}'" for gram in grams(told)) for case, told in texts.items()}
    tables = {"case_text (case_id, text)": texts, "case_text_index (case_id, grams)": rows}
    driver = connection.connection.driver_connection
    assert driver  # noqa: S101 — it is connected
    for into, each in tables.items():
        with driver.cursor() as cursor, cursor.copy(f"COPY {into} FROM STDIN") as copy:
            for row in each.items():
                copy.write_row(row)


def _spread(*, sqlite: bool) -> str:
    """Return a statement that lets cases be found over two years."""
    days = "date('2024-01-01', (id % 730) || ' days')"
    return f"UPDATE cases SET found_on = {days if sqlite else _DAYS}"


_DAYS = "date '2024-01-01' + CAST(id % 730 AS int)"


def _texts(size: int) -> Iterator[tuple[int, str]]:
    """Yield a folded text for each case: a hazard, its place and measure, and what was written."""
    with HAZARDS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    random = Random(1)  # noqa: S311 — which hazard is put where is no secret
    for case in range(1, size + 1):
        one, other, third = (random.choice(rows) for _ in range(3))
        words = [
            f"B{case:09d}", f"{one['hazard']}第{case}号", other["location"], one["measure"],
            f"已整改:{third['measure']}", "现场复核合格",
        ]  # fmt: skip
        yield case, folded(words)


def _search(office: Office, query: str) -> Callable[[], object]:
    return lambda: search(office, query, by="auditor", as_of=START)


def _page(office: Office, query: str, sort: Sort) -> Callable[[], object]:
    asked = f"{query} sort:{sort.value}"
    after = _middle(office, sort)
    return lambda: search(office, asked, by="auditor", as_of=START, after=after)


def _makes_sense(query: str, sort: Sort) -> bool:
    """Whether anything can be found: closed cases have no due date, open ones were not closed."""
    about_open = any(word in query for word in ("-state:", "state:rect", "holder:", "overdue:"))
    about_closed = any(word in query.split() for word in ("state:closed", "closed:2026-04"))
    return not (about_open and sort is Sort.CLOSED) and not (about_closed and sort is Sort.DUE)


def _middle(office: Office, sort: Sort) -> str:
    """Return the key of a case in the middle of all, '' where it has no place in this order."""
    columns = (CASES.c.id, CASES.c.due_at, CASES.c.closed_at, CASES.c.found_on)
    with office.reading() as connection:
        half = connection.execute(select(func.max(CASES.c.id))).scalar_one() // 20 * 10
        wanted = half if sort is Sort.DUE else half + 1
        row = connection.execute(select(*columns).where(CASES.c.id == wanted)).mappings().one()
    return key_of(row, sort)


def _facets(office: Office, query: str) -> Callable[[], object]:
    return lambda: count_facets(office, query, by="auditor", as_of=START)


def _export(office: Office, folder: str) -> None:
    export(office, "", Path(folder) / "ours.csv", by="committee", as_of=START)


def _raw(office: Office, folder: str) -> None:
    """Write the same columns as the driver gives them."""
    own = [column.key for column in COLUMNS if column.key in CASES.c]
    columns = ", ".join(f"cases.{name}" for name in own)
    cursor = office.engine.raw_connection().cursor()
    if office.engine.dialect.name == "postgresql":
        cursor = office.engine.raw_connection().driver_connection.cursor("export")
    cursor.execute(
        f"SELECT {columns}, organisation.name, cluster.name, cases.seq, cases.head FROM cases "
        "JOIN organisation ON organisation.id = cases.unit_id "
        "JOIN organisation AS cluster ON cluster.id = cases.cluster_id ORDER BY cases.id DESC"
    )
    with (Path(folder) / "raw.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        while rows := cursor.fetchmany(2_000):
            writer.writerows(rows)
    cursor.close()


def _p95(
    name: str, goal: float, works: Sequence[Callable[[], object]], *, note: str = ""
) -> Figure:
    for work in works:
        work()
    rounds = [[seconds(work) * 1_000 for work in works] for _ in range(3)]
    slowest = max(range(len(works)), key=lambda at: min(spent[at] for spent in rounds))
    value = percentile([spent for each in rounds for spent in each], 0.95)
    return Figure(name, value, "ms", goal, note or f"slowest is the {slowest + 1}th")
