"""Numbers without gaps or repeats, under any number of writers."""

from sqlalchemy import Connection, text

_TAKE = text(
    "INSERT INTO number_series (series, year, last) VALUES (:series, :year, :count) "
    "ON CONFLICT (series, year) DO UPDATE SET last = number_series.last + excluded.last "
    "RETURNING last"
)
# A year that no calendar reaches: the series of internal ids runs on for ever.
_EVER = 0


def take_numbers(connection: Connection, series: str, year: int, count: int) -> range:
    """Take the next ``count`` numbers of a year's series.

    The row stays locked until the transaction ends: a rolled back one leaves no gap.
    """
    row = {"series": series, "year": year, "count": count}
    last: int = connection.execute(_TAKE, row).scalar_one()
    return range(last - count + 1, last + 1)


def take_ids(connection: Connection, series: str, count: int) -> range:
    """Take ids for rows that are written in bulk."""
    return take_numbers(connection, series, _EVER, count)
