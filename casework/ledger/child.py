"""The process that parses: ``python -m casework.ledger.child LIMITS SCHEME < file > JSON lines``.

SCHEME (JSON) says which columns to look for. A hostile workbook costs this process its life and
nobody else. It may use the memory and seconds of LIMITS (JSON), write no file, and answers one
JSON object per line::

    {"sheet": name, "header": [...], "columns": {field: position}}
    {"rows": [[number, [cell, ...]], ...]}
    {"trouble": [[zh, en], [remedy zh, remedy en]]}     the file is refused
    {"end": true}                                       everything was read

JSON rather than pickle or marshal: a line can hold data and nothing else.
"""

import json
import resource
import sys
from collections.abc import Iterator
from typing import Any, BinaryIO

from casework.errors import Invalid
from casework.ledger.columns import HAZARDS, Scheme
from casework.ledger.delimited import read_records
from casework.ledger.kinds import tell_kind, too_big
from casework.ledger.limits import Limits
from casework.ledger.tables import Table, read_body, too_many_rows
from casework.ledger.workbooks import read_workbook
from rules.wording import Trouble, Wording

_BATCH_ROWS = 500
_BATCH_CHARACTERS = 256 * 1024

Message = dict[str, Any]


def main() -> None:
    limits = Limits(**json.loads(sys.argv[1]))
    _confine(limits)
    try:
        scheme = Scheme.of(json.loads(sys.argv[2]))
        for message in read_messages(sys.stdin.buffer, limits, scheme):
            _send(message)
    except Trouble as trouble:
        _send({"trouble": [_both(trouble.problem), _both(trouble.remedy)]})


def read_messages(stream: BinaryIO, limits: Limits, scheme: Scheme = HAZARDS) -> Iterator[Message]:
    """Yield what the ledger holds, ending with ``{"end": True}``; raise Invalid to refuse it."""
    ledgers = 0
    left = limits.rows
    for table in _tables(stream, limits):
        found = read_body(table, limits, scheme)
        if found is None:
            continue
        ledgers += 1
        heading, rows = found
        yield {"sheet": table.name, "header": heading.cells, "columns": heading.columns}
        for batch in _batches(rows):
            left -= len(batch)
            if left < 0:
                raise too_many_rows(limits.rows)
            yield {"rows": batch}
    if not ledgers:
        raise _no_header() if scheme == HAZARDS else _no_register()
    yield {"end": True}


def _confine(limits: Limits) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory_bytes, limits.memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (limits.cpu_seconds, limits.cpu_seconds + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _tables(stream: BinaryIO, limits: Limits) -> Iterator[Table]:
    kind = tell_kind(stream.read(512))
    stream.seek(0)
    if kind == "text":
        yield Table("CSV", read_records(stream, limits), keeps_spill=True)
        return
    data = stream.read(limits.workbook_bytes + 1)
    if len(data) > limits.workbook_bytes:
        raise too_big(limits.workbook_bytes)
    yield from read_workbook(data, kind, limits)


def _batches(rows: Iterator[tuple[int, list[str]]]) -> Iterator[list[tuple[int, list[str]]]]:
    batch: list[tuple[int, list[str]]] = []
    characters = 0
    for row in rows:
        batch.append(row)
        characters += sum(map(len, row[1]))
        if len(batch) >= _BATCH_ROWS or characters >= _BATCH_CHARACTERS:
            yield batch
            batch, characters = [], 0
    if batch:
        yield batch


def _no_header() -> Invalid:
    return Invalid(
        Wording(
            "前 30 行里没有找到表头：至少要有两列认得的列名，其中一列是“隐患描述”或“检查结果”。",
            "No header row in the first 30 rows: two known column names are needed, "
            "one of them the description (隐患描述) or result (检查结果).",
        ),
        remedy=Wording(
            "请对照“bihuan template”导出的模板改列名。",
            "Name the columns as in the workbook `bihuan template` writes.",
        ),
    )


def _no_register() -> Invalid:
    return Invalid(
        Wording(
            "前 30 行里没有找到表头：至少要有两列认得的列名，其中一列是编号。",
            "No header row in the first 30 rows: two known column names are needed, "
            "one of them the field that names a record.",
        ),
        remedy=Wording(
            "请对照“bihuan register export”导出的表改列名。",
            "Name the columns as `bihuan register export` does.",
        ),
    )


def _both(wording: Wording) -> list[str]:
    return [wording.zh, wording.en]


def _send(message: Message) -> None:
    line = json.dumps(message, ensure_ascii=False, separators=(",", ":"))
    sys.stdout.buffer.write(line.encode("utf-8", "surrogatepass") + b"\n")
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
