"""Export all that a query finds into one file, with a receipt beside it."""

import json
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import file_digest
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO

from sqlalchemy import Connection, inspect, text

from casework.asking.search import Asking
from casework.asking.wanted import ready_for
from casework.auditing.access import record_access
from casework.case_list import Filter
from casework.errors import Invalid, Unavailable
from casework.events import Door
from casework.exporting.delimited import write_csv
from casework.exporting.lines import write_lines
from casework.exporting.parquet import write_parquet
from casework.exporting.stream import Stream, in_words, open_stream, together
from casework.exporting.workbook import write_workbook
from casework.list_pages import Order
from casework.masking import sees_names
from casework.office import Office
from casework.people import find_actor
from rules.looking import Look
from rules.wording import Locale, Wording


class Format(StrEnum):
    """What a file is, by its ending."""

    CSV = "csv"
    XLSX = "xlsx"
    LINES = "jsonl"
    PARQUET = "parquet"


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was exported. ``checkpoint`` is the last signed head of the history, '' before one;
    ``access`` the receipt of the record that this was exported.
    """

    file: str
    format: str
    query: str
    as_of: str
    rows: int
    bytes: int
    sha256: str
    names_masked: bool
    checkpoint: str
    access: str


def export(
    office: Office,
    query: str | Filter,
    path: Path,
    *,
    by: str,
    as_of: datetime,
    format_: Format | None = None,
    door: Door = Door.CLI,
    locale: Locale = "zh",
    order: Order = Order.NEWEST,
    columns: Collection[str] = (),
) -> Receipt:
    """Write every case that ``query`` finds to ``path``, and a receipt to ``path.receipt.json``.

    A query is one of the grammar, or the filter of a list in ``order``. ``columns`` are the keys
    of those wanted, none for all.
    The file appears whole or not at all. Raise QueryTrouble, Invalid for a path or format,
    Unavailable when the disk refuses or an extra is missing.
    """
    kind = format_ or _format_of(path)
    with unfinished(path) as (folder, draft):
        with office.auditing() as connection, draft.open("wb") as out:
            asking = ready_for(office, connection, query, by=by, as_of=as_of, order=order)
            masked = not sees_names(find_actor(connection, by))
            stream = open_stream(asking, masked=masked, keys=columns)
            rows = _write(office, stream, kind, out, locale=locale, folder=folder)
            head = last_checkpoint(connection)
        with draft.open("rb") as written:
            sha256 = file_digest(written, "sha256").hexdigest()
        told = {"file": path.name, "rows": rows, "sha256": sha256, "masked": masked}
        access = record_access(
            office, Look.EXPORT, by=by, at=as_of, door=door, what=told, typed=_said(query, asking)
        )
        receipt = Receipt(
            path.name, kind.value, _said(query, asking), as_of.isoformat(), rows,
            draft.stat().st_size, sha256, masked, head, access,
        )  # fmt: skip
        _put(receipt, draft, path)
    return receipt


def last_checkpoint(connection: Connection) -> str:
    """Return the last signed head of the history, '' where there is none yet."""
    if not inspect(connection).has_table("checkpoint"):
        return ""
    newest = text("SELECT note FROM checkpoint ORDER BY size DESC LIMIT 1")
    return connection.execute(newest).scalar() or ""


@contextmanager
def unfinished(path: Path) -> Iterator[tuple[Path, Path]]:
    """Give a place beside ``path`` to write in; what is left in it when something fails goes."""
    try:
        with TemporaryDirectory(prefix=".export-", dir=path.parent) as folder:
            yield Path(folder), Path(folder) / "unfinished"
    except OSError as fault:
        raise Unavailable(
            Wording(f"文件写不进去：{fault.strerror}", f"it cannot be written: {fault.strerror}"),
            remedy=Wording(
                "请检查路径、权限和磁盘空间。", "Check path, permissions and disk space."
            ),
            where=str(path),
        ) from fault


def _said(query: str | Filter, asking: Asking) -> str:
    """Return what was asked for, as text: of a filter, what restricts."""
    if isinstance(query, str):
        return str(asking.query)
    said = {name: value for name, value in asdict(query).items() if value not in ("", None, False)}
    return " ".join(f"{name}={value}" for name, value in said.items())


def _write(
    office: Office, stream: Stream, kind: Format, out: BinaryIO, *, locale: Locale, folder: Path
) -> int:
    connection, as_of = stream.asking.connection, stream.asking.as_of
    policy = office.rulebooks.at(connection, as_of).policy
    labels = {each.key: each.label for each in policy.categories}
    spoken = together(stream.masks(), in_words(stream.columns, locale, labels))
    match kind:
        case Format.CSV:
            return write_csv(stream, out, spoken, locale)
        case Format.XLSX:
            return write_workbook(stream, out, spoken, locale, folder=folder)
        case Format.LINES:
            return write_lines(stream, out, stream.masks())
        case Format.PARQUET:
            return write_parquet(stream, out, stream.masks())


def _put(receipt: Receipt, draft: Path, path: Path) -> None:
    """Put receipt and file in their places, the file last: where it is, its receipt is too."""
    beside = path.with_name(path.name + ".receipt.json")
    said = json.dumps(asdict(receipt), ensure_ascii=False, indent=2)
    noted = draft.with_name("receipt")
    noted.write_text(said + "\n", encoding="utf-8")
    noted.replace(beside)
    draft.replace(path)


def _format_of(path: Path) -> Format:
    try:
        return Format(path.suffix.lower().lstrip("."))
    except ValueError as fault:
        known = [each.value for each in Format]
        raise Invalid(
            Wording(f"不认识的文件类型“{path.suffix}”", f"{path.suffix!r} is no known format"),
            remedy=Wording(
                f"请以 .{'、.'.join(known)} 结尾，或加 --format。",
                f"End it with .{', .'.join(known)}, or give --format.",
            ),
            where="format",
        ) from fault
