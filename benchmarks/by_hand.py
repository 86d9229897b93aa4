"""The floor of what writes: the same rows, ready, as fast as each driver takes them.

``executemany`` in one transaction on SQLite; COPY and UPDATE … FROM unnest(…) on PostgreSQL.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import text

from casework.office import Office

Rows = Sequence[Mapping[str, Any]]
_KINDS = {
    "key": "bigint", "seq": "integer", "head": "text", "next_step": "text",
    "next_step_at": "timestamptz", "next_check_on": "date", "count": "bigint",
}  # fmt: skip


def read_rows(office: Office, chosen: Mapping[str, str]) -> dict[str, Rows]:
    """Return what each query chooses, by the name it has, as the driver takes it."""
    with office.reading() as connection:
        return {
            name: [dict(row) for row in connection.execute(text(query)).mappings()]
            for name, query in chosen.items()
        }


def write_rows(
    office: Office, inserted: Mapping[str, Rows], moved: Mapping[str, tuple[str, Rows]]
) -> None:
    """Insert rows by table, and change others: by table the column of their ``key``, and rows."""
    connection = office.engine.raw_connection()
    cursor = connection.cursor()
    sqlite = office.engine.dialect.name == "sqlite"
    if sqlite:
        cursor.execute("BEGIN IMMEDIATE")
    for table, rows in inserted.items():
        (_insert_into_sqlite if sqlite else _copy)(cursor, table, rows)
    for table, (key, rows) in moved.items():
        (_update_sqlite if sqlite else _update_postgresql)(cursor, table, key, rows)
    connection.commit()
    connection.close()


def _insert_into_sqlite(cursor: Any, table: str, rows: Rows) -> None:  # noqa: ANN401 — a driver's cursor
    names = list(rows[0])
    marks = ", ".join(f":{name}" for name in names)
    cursor.executemany(f"INSERT INTO {table} ({_quoted(names)}) VALUES ({marks})", rows)


def _copy(cursor: Any, table: str, rows: Rows) -> None:  # noqa: ANN401 — as above
    with cursor.copy(f"COPY {table} ({_quoted(list(rows[0]))}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(tuple(row.values()))


def _update_sqlite(cursor: Any, table: str, key: str, rows: Rows) -> None:  # noqa: ANN401 — as above
    sets = ", ".join(f"{name} = :{name}" for name in list(rows[0])[1:])
    cursor.executemany(f"UPDATE {table} SET {sets} WHERE {key} = :key", rows)


def _update_postgresql(cursor: Any, table: str, key: str, rows: Rows) -> None:  # noqa: ANN401 — as above
    names = list(rows[0])
    arrays = ", ".join(f"%({name})s::{_KINDS[name]}[]" for name in names)
    sets = ", ".join(f"{name} = each.{name}" for name in names[1:])
    cursor.execute(
        f"UPDATE {table} SET {sets} FROM unnest({arrays}) AS each({_quoted(names)}) "
        f"WHERE {table}.{key} = each.key",
        {name: [row[name] for row in rows] for name in names},
    )


def _quoted(names: Sequence[str]) -> str:
    """Return the columns: one of the clock's is a word of SQL."""
    return ", ".join(f'"{name}"' for name in names)
