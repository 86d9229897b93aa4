"""The rows of an export, streamed: read in batches, said column by column, masked."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from casework.asking.pages import ordered
from casework.asking.search import Asking, rows_of
from casework.exporting.columns import COLUMNS, Column, said, selected
from casework.masking import mask_name
from rules.wording import Locale, Wording

BATCH = 2_000
Row = tuple[Any, ...]
Say = Callable[[Sequence[Any]], Sequence[Any]]


@dataclass(frozen=True, slots=True)
class Stream:
    """Batches of rows under their columns. ``count`` tells how many have gone by."""

    asking: Asking
    columns: Sequence[Column]
    masked: bool

    def batches(self, says: Sequence[Say]) -> Iterator[list[Row]]:
        """Yield rows whose every column was said by the function at its place."""
        found = selected(self.columns, self.asking.connection.dialect.name, self.asking.as_of)
        statement = ordered(rows_of(self.asking, found, paged=False), self.asking.sort)
        connection = self.asking.connection
        result = connection.execute(
            statement, execution_options={"stream_results": True, "max_row_buffer": BATCH}
        )
        for part in result.partitions(BATCH):
            columns = zip(*part, strict=True)
            spoken = [say(values) for say, values in zip(says, columns, strict=True)]
            yield list(zip(*spoken, strict=True))

    def masks(self) -> list[Say]:
        """Return what each column passes through before any format: names masked, if they are."""
        return [
            _mask_all if column.personal and self.masked else _as_it_is for column in self.columns
        ]


def open_stream(asking: Asking, *, masked: bool, keys: Collection[str] = ()) -> Stream:
    """Return the rows of ``asking`` under the columns called for, all when none is."""
    return Stream(asking, [each for each in COLUMNS if not keys or each.key in keys], masked)


def in_words(
    columns: Sequence[Column], locale: Locale, categories: Mapping[str, Wording]
) -> list[Say]:
    """Return how people read each column: codes by their labels."""
    return [_by_label(said(column, locale, categories)) for column in columns]


def together(*steps: Sequence[Say]) -> list[Say]:
    """Return for each column the steps one after another."""
    return [_one_after_another([each for each in says if each is not _as_it_is])
            for says in zip(*steps, strict=True)]  # fmt: skip


def _one_after_another(steps: Sequence[Say]) -> Say:
    if not steps:
        return _as_it_is

    def say(values: Sequence[Any]) -> Sequence[Any]:
        for step in steps:
            values = step(values)
        return values

    return say


def _by_label(labels: Mapping[Any, str]) -> Say:
    if not labels:
        return _as_it_is
    called = labels.get
    return lambda values: [called(value, value) for value in values]


def _mask_all(values: Sequence[Any]) -> Sequence[Any]:
    return [mask_name(value) if value else value for value in values]


def _as_it_is(values: Sequence[Any]) -> Sequence[Any]:
    return values
