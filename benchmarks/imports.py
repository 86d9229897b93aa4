"""The import of a ledger against the raw driver's executemany of the rows it writes."""

import csv
import multiprocessing
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.measures import Figure, seconds
from benchmarks.offices import START, an_office
from casework.importing import import_ledger
from casework.office import Office

HEADER = (
    "序号", "检查日期", "单位", "检查项目", "部位", "隐患描述", "整改措施", "整改时限", "责任人",
    "责任部门", "隐患等级", "风险等级", "检查类型", "检查人", "整改情况",
)  # fmt: skip
TABLES = ("inspection", "cases", "clock", "case_event", "private_value")
MOST_MEGABYTES = 300


def measure(kind: str, size: int) -> Iterator[Figure]:
    """Yield the import's ratio to its floor, and the peak memory of the importing process."""
    with an_office(kind) as office, an_office(kind) as other, TemporaryDirectory() as folder:
        ledger = _write_ledger(Path(folder), size)
        ours = seconds(lambda: import_ledger(office, ledger, by="committee", at=START))
        rows = _rows(office)
        base = seconds(lambda: _by_hand(other, rows))
        note = f"{size:,} rows: {ours:.1f} s against {base:.1f} s"
        yield Figure(f"import / executemany, {kind}", ours / base, "×", 3.0, note)
    peak = _peak(kind, size)
    yield Figure(f"import peak memory, {kind}", peak, "MB", MOST_MEGABYTES, f"{size:,} rows")


def _write_ledger(folder: Path, size: int) -> Path:
    path = folder / "ledger.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        for n in range(size):
            writer.writerow((
                n + 1, f"2026.2.{n % 28 + 1}", f"单位{1000 + n % 480}", "消防", f"教学楼{n % 50}室",
                f"灭火器压力不足第{n}号", "更换", "2026-04-10", "张三", "总务处", "一般", "黄",
                "自查", f"李{n // 10_000}", "整改中",
            ))  # fmt: skip
    return path


def _rows(office: Office) -> dict[str, list[tuple[Any, ...]]]:
    cursor = office.engine.raw_connection().cursor()
    found = {}
    for table in TABLES:
        cursor.execute(f"SELECT * FROM {table}")
        found[table] = [tuple(_adapted(each) for each in row) for row in cursor.fetchall()]
    return found


def _adapted(value: Any) -> Any:  # noqa: ANN401 — PostgreSQL hands JSON out as lists
    return "[]" if isinstance(value, list) else value


def _by_hand(office: Office, rows: dict[str, list[tuple[Any, ...]]]) -> None:
    connection = office.engine.raw_connection()
    mark = "?" if office.engine.dialect.name == "sqlite" else "%s"
    cursor = connection.cursor()
    if mark == "?":
        cursor.execute("BEGIN IMMEDIATE")
    for table, values in rows.items():
        marks = ", ".join([mark] * len(values[0]))
        cursor.executemany(f"INSERT INTO {table} VALUES ({marks})", values)
    connection.commit()
    connection.close()


def _peak(kind: str, size: int) -> float:
    """Import in a process of its own, and ask it for its high-water mark."""
    context = multiprocessing.get_context("spawn")
    with context.Pool(1) as pool:
        return pool.apply(_import_alone, (kind, size))


def _import_alone(kind: str, size: int) -> float:
    with an_office(kind) as office, TemporaryDirectory() as folder:
        ledger = _write_ledger(Path(folder), size)
        import_ledger(office, ledger, by="committee", at=START)
    # Not getrusage: its figure starts at what the parent held when it started this process.
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024
