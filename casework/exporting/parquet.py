"""Parquet with typed columns; needs the extra ``parquet``."""

from collections.abc import Sequence
from datetime import date, datetime
from importlib import import_module
from typing import Any, BinaryIO

from casework.errors import Unavailable
from casework.exporting.columns import Column
from casework.exporting.stream import Say, Stream, together
from rules.wording import Wording
from rules.workdays import CHINA


def write_parquet(stream: Stream, out: BinaryIO, says: Sequence[Say]) -> int:
    """Write the stream as Parquet; return how many rows. Raise Unavailable without pyarrow."""
    arrow, parquet = _pyarrow()
    schema = arrow.schema([(each.key, _type(arrow, each)) for each in stream.columns])
    count = 0
    with parquet.ParquetWriter(out, schema, compression="zstd") as writer:
        for rows in stream.batches(together(says, [_reader(each) for each in stream.columns])):
            columns = [list(values) for values in zip(*rows, strict=True)]
            writer.write_table(arrow.table(columns, schema=schema))
            count += len(rows)
    return count


def _pyarrow() -> tuple[Any, Any]:
    try:
        return import_module("pyarrow"), import_module("pyarrow.parquet")
    except ImportError as fault:
        raise Unavailable(
            Wording("未安装 pyarrow，不能写 Parquet", "pyarrow, which writes Parquet, is missing"),
            remedy=Wording(
                "请安装 bihuan[parquet]，或导出为 CSV。", "Install bihuan[parquet], or export CSV."
            ),
            where="format",
        ) from fault


def _type(arrow: Any, column: Column) -> Any:  # noqa: ANN401 — pyarrow is optional
    match column.kind:
        case "number":
            return arrow.int64()
        case "truth":
            return arrow.bool_()
        case "day":
            return arrow.date32()
        case "moment":
            return arrow.timestamp("s", tz="Asia/Shanghai")
        case _:
            return arrow.string()


def _reader(column: Column) -> Say:
    match column.kind:
        case "day":
            return lambda values: [value and date.fromisoformat(value) for value in values]
        case "moment":
            return lambda values: [
                value and datetime.fromisoformat(value).replace(tzinfo=CHINA) for value in values
            ]
        case "truth":
            return lambda values: [bool(value) for value in values]
        case _:
            return lambda values: values
