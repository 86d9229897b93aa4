"""CSV as spreadsheets open it: with a byte order mark, and nothing in it that is a formula."""

import codecs
import csv
import io
from collections.abc import Sequence
from typing import Any, BinaryIO

from casework.exporting.columns import Column
from casework.exporting.stream import Say, Stream, together
from rules.wording import Locale

# What makes a spreadsheet take a cell for a formula: https://owasp.org/www-community/attacks/CSV_Injection
# Full-width signs count too, and a sign may hide behind white space.
_STARTS = tuple("=+-@\t\r\n＝＋－＠")


def write_csv(stream: Stream, out: BinaryIO, says: Sequence[Say], locale: Locale) -> int:
    """Write the stream as UTF-8 CSV; return how many rows."""
    out.write(codecs.BOM_UTF8)
    text = io.TextIOWrapper(out, encoding="utf-8", newline="")
    writer = csv.writer(text)
    writer.writerow([column.label.say(locale) for column in stream.columns])
    count = 0
    for rows in stream.batches(together(says, _defusers(stream.columns))):
        writer.writerows(rows)
        count += len(rows)
    text.flush()
    text.detach()
    return count


def defuse(value: str) -> str:
    """Return the text with an apostrophe before it when a spreadsheet would reckon it."""
    return "'" + value if value.lstrip(" \u3000").startswith(_STARTS) else value


def undefuse(text: str) -> str:
    """Take off the apostrophe that ``defuse`` put before it."""
    return text[1:] if text[:1] == "'" and defuse(text[1:]) != text[1:] else text


def _defusers(columns: Sequence[Column]) -> list[Say]:
    return [_defuse_all if column.typed else _leave for column in columns]


def _defuse_all(values: Sequence[Any]) -> Sequence[Any]:
    return [defuse(value) if value and value[0] in _SUSPECT else value for value in values]


# Few cells begin with one of these: the rest is passed over at once.
_SUSPECT = frozenset("=+-@\t\r\n＝＋－＠ \u3000")


def _leave(values: Sequence[Any]) -> Sequence[Any]:
    return values
