"""Every way to falsify a small sealed database by one change, and how to undo it.

A change is made as somebody who owns the database would make it: triggers gone, foreign keys off.
"""

from contextlib import contextmanager
from dataclasses import dataclass

import pysqlite3

# ruff: noqa: S608 — its SQL is made of the names of our own tables

KEYS = {
    "case_event": ("case_id", "seq"),
    "record_event": ("subject", "subject_id", "seq"),
    "private_value": ("case_id", "seq", "field"),
    "record_private": ("subject", "subject_id", "seq", "field"),
    "leaf": ("number",),
    "tree_node": ("level", "place"),
    "checkpoint": ("size",),
    "unsealed": ("subject", "subject_id", "seq"),
}
"""The tables of the proof, and what makes a row of each one."""
OF_A_CASE = ("number", "seq", "head")
"""What a case says of its own history."""
_EVENTS_OF = {True: ("case_event", "case_id"), False: ("record_event", "subject_id")}


@dataclass(frozen=True)
class Mutation:
    """One change: statements with their values, the tables they touch, and what it is."""

    what: str
    tables: tuple[str, ...]
    statements: tuple[tuple[str, tuple], ...]


class Forgery:
    """A database that is falsified and mended again and again."""

    def __init__(self, path):
        self._connection = pysqlite3.connect(str(path))
        self._connection.isolation_level = None
        run = self._connection.execute
        run("PRAGMA foreign_keys=OFF")
        run("PRAGMA synchronous=OFF")
        run("PRAGMA ignore_check_constraints=ON")
        for (name,) in run("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            run(f"DROP TRIGGER {name}")
        self.rows = {table: run(f"SELECT * FROM {table}").fetchall() for table in (*KEYS, "cases")}
        self.columns = {
            table: [each[1] for each in run(f"PRAGMA table_info({table})")] for table in self.rows
        }

    def close(self):
        self._connection.close()

    @contextmanager
    def made(self, mutation):
        """Make a change, and take it back; say whether the database let it happen."""
        run = self._connection.execute
        run("BEGIN IMMEDIATE")
        try:
            for statement, values in mutation.statements:
                run(statement, values)
        except pysqlite3.IntegrityError:  # two rows of one key
            run("ROLLBACK")
            yield False
            return
        run("COMMIT")
        try:
            yield True
        finally:
            run("BEGIN IMMEDIATE")
            for table in mutation.tables:
                marks = ", ".join("?" * len(self.columns[table]))
                run(f"DELETE FROM {table}")
                self._connection.executemany(
                    f"INSERT INTO {table} VALUES ({marks})", self.rows[table]
                )
            run("COMMIT")

    def all(self, chance):
        """Every mutation there is; ``chance`` picks what a value becomes, and what is swapped."""
        yield from self.edits(chance)
        yield from self.deletions()
        yield from self.swaps(chance)
        yield from self.insertions()
        yield from self.cut_tails()
        yield from self.dropped_cases()

    def edits(self, chance):
        """Every column of every row, changed in several ways."""
        for table in KEYS:
            for row in self.rows[table]:
                for column, value in zip(self.columns[table], row, strict=True):
                    for changed in altered(value, chance):
                        yield self._edit(table, row, column, changed)
        for row in self.rows["cases"]:
            for column in OF_A_CASE:
                value = row[self.columns["cases"].index(column)]
                for changed in altered(value, chance):
                    yield self._edit("cases", row, column, changed)

    def deletions(self):
        for table in KEYS:
            if table in ("private_value", "record_private"):
                continue  # erasing personal data is a right, and no forgery
            for row in self.rows[table]:
                yield Mutation(
                    f"{table} {self._key(table, row)} deleted",
                    (table,),
                    ((f"DELETE FROM {table} WHERE {self._where(table)}", self._key(table, row)),),
                )

    def swaps(self, chance):
        """Two rows exchange what is not their key, or their place."""
        for table in ("case_event", "leaf", "tree_node", "checkpoint"):
            rows = self.rows[table]
            for row in rows:
                other = chance.choice(rows)
                if other != row:
                    yield self._swap(table, row, other)

    def insertions(self):
        """An event, a leaf, a node or a head more."""
        for row in self.rows["case_event"]:
            told = self._changed("case_event", row, seq=row[1] + 1_000)
            yield self._insert("case_event", told)
        size = len(self.rows["leaf"])
        for row in self.rows["leaf"]:
            yield self._insert("leaf", self._changed("leaf", row, number=size, seq=row[3] + 99))
        for row in self.rows["tree_node"]:
            yield self._insert("tree_node", self._changed("tree_node", row, place=row[1] + 99))
        for row in self.rows["checkpoint"]:
            yield self._insert("checkpoint", self._changed("checkpoint", row, size=row[0] - 1))
        for row in self.rows["leaf"]:
            yield self._insert("unsealed", row[1:4])

    def cut_tails(self):
        """The newest events go, from each place on, with all that speaks of them."""
        size = len(self.rows["leaf"])
        for keep in range(size):
            gone = [row for row in self.rows["leaf"] if row[0] >= keep]
            cut = [
                (f"DELETE FROM {events} WHERE {key} = ? AND seq = ?", (row[2], row[3]))
                for row in gone
                for events, key in (_EVENTS_OF[row[1] == "case"],)
            ]
            yield Mutation(
                f"all after {keep} cut",
                ("leaf", "tree_node", "checkpoint", "case_event", "record_event", "cases"),
                (
                    *cut,
                    ("DELETE FROM leaf WHERE number >= ?", (keep,)),
                    ("DELETE FROM tree_node WHERE ((place + 1) << level) > ?", (keep,)),
                    ("DELETE FROM checkpoint WHERE size > ?", (keep,)),
                    *_ends_mended(),
                ),
            )

    def dropped_cases(self):
        """A case goes, with everything that speaks of it."""
        sealed = {row[2] for row in self.rows["leaf"] if row[1] == "case"}
        for case in self.rows["cases"]:
            if case[0] not in sealed:
                continue  # newer than the last head: the stated limit
            yield Mutation(
                f"case {case[0]} dropped",
                ("cases", "case_event", "leaf", "private_value", "unsealed"),
                (
                    ("DELETE FROM private_value WHERE case_id = ?", (case[0],)),
                    ("DELETE FROM case_event WHERE case_id = ?", (case[0],)),
                    ("DELETE FROM leaf WHERE subject = 'case' AND subject_id = ?", (case[0],)),
                    ("DELETE FROM unsealed WHERE subject = 'case' AND subject_id = ?", (case[0],)),
                    ("DELETE FROM cases WHERE id = ?", (case[0],)),
                ),
            )

    def _edit(self, table, row, column, value):
        key = ("id",) if table == "cases" else KEYS[table]
        where = " AND ".join(f"{name} = ?" for name in key)
        values = tuple(row[self.columns[table].index(name)] for name in key)
        return Mutation(
            f"{table}.{column} of {values}: {value!r}",
            (table,),
            ((f"UPDATE {table} SET {column} = ? WHERE {where}", (value, *values)),),
        )

    def _swap(self, table, row, other):
        names = [name for name in self.columns[table] if name not in KEYS[table]]
        sets = ", ".join(f"{name} = ?" for name in names)
        statement = f"UPDATE {table} SET {sets} WHERE {self._where(table)}"

        def content(of):
            return tuple(of[self.columns[table].index(name)] for name in names)

        # A leaf's content is unique: on its way it belongs to nothing.
        aside = f"UPDATE leaf SET seq = -1 WHERE {self._where(table)}"
        first = ((aside, self._key(table, row)),) if table == "leaf" else ()
        return Mutation(
            f"{table} {self._key(table, row)} and {self._key(table, other)} swapped",
            (table,),
            (
                *first,
                (statement, (*content(row), *self._key(table, other))),
                (statement, (*content(other), *self._key(table, row))),
            ),
        )

    def _insert(self, table, row):
        marks = ", ".join("?" * len(row))
        statement = f"INSERT INTO {table} VALUES ({marks})"
        return Mutation(f"{table} {row[:3]} inserted", (table,), ((statement, row),))

    def _changed(self, table, row, **changed):
        names = self.columns[table]
        return tuple(changed.get(name, value) for name, value in zip(names, row, strict=True))

    def _where(self, table):
        return " AND ".join(f"{name} = ?" for name in KEYS[table])

    def _key(self, table, row):
        return tuple(row[self.columns[table].index(name)] for name in KEYS[table])


def altered(value, chance):
    """The ways in which one value is falsified."""
    if value is None:
        return [7]
    if isinstance(value, int):
        return [value + 1, value + 1_000, -value - 1]
    if isinstance(value, bytes):
        at = chance.randrange(len(value))
        flipped = bytes([value[at] ^ 1 << chance.randrange(8)])
        return [value[:at] + flipped + value[at + 1 :], value[::-1]]
    if not value:
        return ["x"]
    at = chance.randrange(len(value))
    other = "0" if value[at] != "0" else "1"
    return [value[:at] + other + value[at + 1 :], value[:-1], value + "0", value.swapcase() + "x"]


def _ends_mended():
    """Make every case say that its history ends where it now does."""
    last = "(SELECT {} FROM case_event e WHERE e.case_id = cases.id ORDER BY seq DESC LIMIT 1)"
    return (
        ("DELETE FROM cases WHERE id NOT IN (SELECT case_id FROM case_event)", ()),
        (f"UPDATE cases SET seq = {last.format('seq')}, head = {last.format('hash')}", ()),
    )
