"""Rows of a ledger, parsed in a child process and handed over a batch at a time."""

import json
import os
import selectors
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any, NamedTuple

from casework.errors import Invalid, NotFound
from casework.ledger.columns import HAZARDS, Scheme
from casework.ledger.kinds import too_big
from casework.ledger.limits import DEFAULT, MIB, Limits
from rules.wording import Wording

_HOUSE = str(Path(__file__).parents[2])  # where the child finds casework, installed or not
_CHUNK = 256 * 1024
_LONGEST_LINE = 32 * MIB  # one batch: 500 rows of the longest cells stay well below
_CHECK_PATH = Wording("请检查路径和权限。", "Check the path and its permissions.")
_OUT_OF_TIME = (signal.SIGXCPU, signal.SIGKILL)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet's name and header as written; ``columns`` maps field → position in the header."""

    name: str
    header: tuple[str, ...]
    columns: dict[str, int]


class Row(NamedTuple):
    """One row as the file has it: ``number`` as Excel shows it, ``cells`` under the header,
    ``fields`` the recognised cells that are not blank. All text; dates are ISO 8601.
    """

    sheet: Sheet
    number: int
    cells: tuple[str, ...]
    fields: dict[str, str]


@contextmanager
def open_ledger(
    path: Path, *, limits: Limits = DEFAULT, scheme: Scheme = HAZARDS
) -> Iterator[Iterator[Row]]:
    """Open an .xlsx, .xls or .csv ledger for one pass over its rows, in bounded memory.

    Raises NotFound or Invalid (``where`` is the file's name), at once or from the rows: a fault
    deep in the file shows only there, so nothing may be committed before the last row.
    """
    with _opened(path, limits) as file, _parsing(file, limits, scheme) as child:
        yield _rows(child, path.name, limits)


@contextmanager
def _opened(path: Path, limits: Limits) -> Iterator[IO[bytes]]:
    try:
        size = _size_of_regular_file(path)
        file = path.open("rb")
    except FileNotFoundError as error:
        problem = Wording("没有这个文件。", "There is no such file.")
        raise NotFound(problem, remedy=_CHECK_PATH, where=path.name) from error
    except (OSError, ValueError) as error:
        problem = Wording("文件打不开。", "The file cannot be opened.")
        raise Invalid(problem, remedy=_CHECK_PATH, where=path.name) from error
    with file:
        if size > max(limits.text_bytes, limits.workbook_bytes):
            refusal = too_big(limits.text_bytes)
            raise Invalid(refusal.problem, remedy=refusal.remedy, where=path.name)
        yield file


def _size_of_regular_file(path: Path) -> int:
    found = path.stat()
    if not stat.S_ISREG(found.st_mode):
        raise OSError("not a regular file")
    return found.st_size


@contextmanager
def _parsing(
    file: IO[bytes], limits: Limits, scheme: Scheme
) -> Iterator["subprocess.Popen[bytes]"]:
    # -P: the working folder must not answer imports. The environment is not passed on: a parser
    # has no business with our keys.
    child = subprocess.Popen(  # noqa: S603 - our own module, no words of the user
        [
            sys.executable,
            "-P",
            "-m",
            "casework.ledger.child",
            json.dumps(asdict(limits)),
            json.dumps(scheme.plain()),
        ],
        stdin=file,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={"PYTHONPATH": os.pathsep.join(filter(None, [_HOUSE, *sys.path])), "PYTHONUTF8": "1"},
        bufsize=0,
    )
    with child:
        try:
            yield child
        finally:
            child.kill()


def _rows(child: "subprocess.Popen[bytes]", name: str, limits: Limits) -> Iterator[Row]:
    sheet = Sheet("", (), {})
    for line in _lines(child, name, limits):
        message: dict[str, Any] = json.loads(line)
        if "rows" in message:
            yield from _batch(sheet, message["rows"])
        elif "sheet" in message:
            sheet = Sheet(message["sheet"], tuple(message["header"]), message["columns"])
        elif "trouble" in message:
            problem, remedy = message["trouble"]
            raise Invalid(Wording(*problem), remedy=Wording(*remedy), where=name)
        else:
            return
    raise _died(child.wait(), name)


def _batch(sheet: Sheet, rows: list[tuple[int, list[str]]]) -> Iterator[Row]:
    columns = list(sheet.columns.items())
    for number, cells in rows:
        fields = {name: cells[at] for name, at in columns if cells[at]}
        yield Row(sheet, number, tuple(cells), fields)


def _lines(child: "subprocess.Popen[bytes]", name: str, limits: Limits) -> Iterator[bytes]:
    assert child.stdout is not None  # noqa: S101 - asked for above
    patience = limits.wall_seconds
    held = bytearray()
    with selectors.DefaultSelector() as selector:
        selector.register(child.stdout, selectors.EVENT_READ)
        while True:
            since = time.monotonic()
            if not selector.select(max(0.0, patience)) or len(held) > _LONGEST_LINE:
                raise _took_too_long(name)
            patience -= time.monotonic() - since
            chunk = os.read(child.stdout.fileno(), _CHUNK)
            if not chunk:
                return
            *whole, rest = chunk.split(b"\n")
            for part in whole:
                held += part
                yield bytes(held)
                held.clear()
            held += rest


def _died(code: int, name: str) -> Invalid:
    if -code in _OUT_OF_TIME:
        return _took_too_long(name)
    return Invalid(
        Wording(
            "文件已损坏，或需要太多内存，无法读取。",
            "The file is damaged, or needs too much memory to read.",
        ),
        remedy=Wording(
            "请用 Excel 或 WPS 打开，把台账复制到新的工作簿，另存为 .xlsx 后再导入。",
            "Open it in Excel or WPS, copy the ledger to a new workbook, save as .xlsx and import.",
        ),
        where=name,
    )


def _took_too_long(name: str) -> Invalid:
    return Invalid(
        Wording("读取文件用时过长，已停止。", "Reading the file took too long and was stopped."),
        remedy=Wording(
            "请把台账复制到新的工作簿，或拆成几个文件。",
            "Copy the ledger to a new workbook, or split it into several files.",
        ),
        where=name,
    )
