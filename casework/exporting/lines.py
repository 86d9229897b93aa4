"""JSON Lines: one object a line, codes as they are stored, moments with their zone."""

import json
from collections.abc import Sequence
from typing import Any, BinaryIO

from casework.exporting.columns import Column
from casework.exporting.stream import Say, Stream, together


def write_lines(stream: Stream, out: BinaryIO, says: Sequence[Say]) -> int:
    """Write the stream as UTF-8 JSON Lines; return how many rows."""
    keys = [column.key for column in stream.columns]
    encode = json.JSONEncoder(ensure_ascii=False, check_circular=False).encode
    count = 0
    for rows in stream.batches(together(says, [_sayer(each) for each in stream.columns])):
        lines = "\n".join(encode(dict(zip(keys, row, strict=True))) for row in rows)
        out.write(lines.encode() + b"\n")
        count += len(rows)
    return count


def _sayer(column: Column) -> Say:
    if column.kind == "moment":
        return lambda values: [value and f"{value[:10]}T{value[11:]}+08:00" for value in values]
    if column.kind == "truth":
        return lambda values: [bool(value) for value in values]
    return _leave


def _leave(values: Sequence[Any]) -> Sequence[Any]:
    return values
