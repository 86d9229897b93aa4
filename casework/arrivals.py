"""Rows of a ledger on their way in: which are there already, and which inspection found them."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, bindparam, insert, select, update

from casework.numbering import take_ids
from casework.vetting import InspectionKey, Vetted
from models.tables import CASES, INSPECTIONS
from rules.case import State


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A row that tells of a hazard known already: of case ``number``, or of an earlier row."""

    sheet: str
    row: int
    number: str


_SAME = select(CASES.c.fingerprint, CASES.c.number, CASES.c.state, CASES.c.found_on).where(
    CASES.c.fingerprint.in_(bindparam("prints", expanding=True))
)


_Known = tuple[str, State, date]
_HELD = select(
    INSPECTIONS.c.id, INSPECTIONS.c.normal_items,
    *(INSPECTIONS.c[name] for name in InspectionKey._fields),
).where(
    INSPECTIONS.c.unit_id.in_(bindparam("units", expanding=True)),
    INSPECTIONS.c.held_on.between(bindparam("a"), bindparam("z")),
)  # fmt: skip
_COUNT_MORE = (
    update(INSPECTIONS)
    .where(INSPECTIONS.c.id == bindparam("row"))
    .values(normal_items=bindparam("n"))
)


class Sieve:
    """Lets each hazard through once: known cases and earlier rows of the file stay behind."""

    def __init__(self) -> None:
        self._seen: dict[bytes, int] = {}

    def split(
        self, connection: Connection, chunk: Sequence[Vetted]
    ) -> tuple[list[Vetted], list[Duplicate]]:
        """Return the new rows of a chunk and the duplicates, each in the order of the file.

        A closed case is the same hazard unless the row was found on a later day: what came back
        is a new case.
        """
        known = _known(connection, chunk)
        fresh, duplicates = [], []
        for each in chunk:
            number = self._known_as(each, known)
            if number:
                duplicates.append(Duplicate(each.sheet, each.row, number))
            else:
                self._seen[bytes.fromhex(each.fingerprint)] = each.row
                fresh.append(each)
        return fresh, duplicates

    def _known_as(self, each: Vetted, known: Mapping[str, list[_Known]]) -> str:
        earlier = self._seen.get(bytes.fromhex(each.fingerprint))
        if earlier:
            return f"#{earlier}"
        for number, state, found_on in known.get(each.fingerprint, ()):
            came_back = each.dated and each.checked.found_on > found_on
            if state is not State.CLOSED or not came_back:
                return number
        return ""


class Inspections:
    """Writes each inspection once, with how many of its items were normal.

    One that is stored already is the same inspection: its items are not counted again.
    """

    def __init__(self, normal: Counter[InspectionKey], source: str) -> None:
        self._normal = normal
        self._source = source[:500]
        self._ids: dict[InspectionKey, int] = {}

    def enter(self, connection: Connection, keys: Iterable[InspectionKey | None]) -> None:
        """Write those among ``keys`` that are not written yet."""
        unmet = {key for key in keys if key} - self._ids.keys()
        self._meet(connection, unmet)
        fresh = sorted(unmet - self._ids.keys(), key=str)
        if not fresh:
            return
        ids = take_ids(connection, "inspections", len(fresh))
        self._ids |= dict(zip(fresh, ids, strict=True))
        rows = [
            {**key._asdict(), "id": self._ids[key], "normal_items": self._normal[key],
             "source": self._source}
            for key in fresh
        ]  # fmt: skip
        connection.execute(insert(INSPECTIONS), rows)

    def _meet(self, connection: Connection, keys: set[InspectionKey]) -> None:
        """Learn the ids of those that an earlier import wrote; a fuller ledger counts more."""
        if not keys:
            return
        days = [key.held_on for key in keys]
        values = {"units": list({key.unit_id for key in keys}), "a": min(days), "z": max(days)}
        for row in connection.execute(_HELD, values).all():
            key = InspectionKey(*row[2:])
            if key in keys:
                self._ids[key] = row.id
                if self._normal[key] > row.normal_items:
                    connection.execute(_COUNT_MORE, {"row": row.id, "n": self._normal[key]})

    def id_of(self, key: InspectionKey | None) -> int | None:
        return self._ids[key] if key else None


def count_again(connection: Connection) -> None:
    """Let PostgreSQL's planner know how the cases grew within our transaction.

    Without statistics it reads the whole table for each chunk once that has tens of thousands of
    rows: an import of 100,000 into an empty one took 96 seconds instead of 24.
    """
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("ANALYZE cases (fingerprint)")


def _known(connection: Connection, chunk: Sequence[Vetted]) -> dict[str, list[_Known]]:
    found: dict[str, list[_Known]] = {}
    for row in connection.execute(_SAME, {"prints": [each.fingerprint for each in chunk]}):
        found.setdefault(row.fingerprint, []).append((row.number, row.state, row.found_on))
    return found
