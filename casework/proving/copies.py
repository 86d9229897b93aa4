"""Heads that left the house: by which way, up to which size, and since when the newest has not.

A head that lies beside the database alone proves nothing against whoever runs it. What takes it
out is a second folder, a web address (``BIHUAN_HEADS_HOOK``), and every digest of notices, as each
ends with the newest head; auditors and the committee get one a day.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, delete, func, insert, select

from casework.directory import read_directory
from casework.duties.telling import about
from casework.notices import Owed, owe
from casework.office import Office
from models import Place
from models.tables import CHECKPOINTS, CONTACTS, ENGINE_RUNS, NOTICES, ORGANISATIONS
from notifications.addresses import BadAddress, read_allowed
from notifications.messages import HEAD
from notifications.posting import Post
from notifications.receipts import Receipt
from rules.access import Role
from rules.wording import Wording
from rules.workdays import china_day

HOOK = "BIHUAN_HEADS_HOOK"
_TOLD = (Role.AUDITOR, Role.COMMITTEE)
_ROOT = select(ORGANISATIONS.c.id, ORGANISATIONS.c.path).where(
    ORGANISATIONS.c.kind == Place.COMMITTEE
)
_TITLE = Wording("请留存今日检查点", "please keep today's head")
Send = Callable[[str, int], Receipt]
"""Sends a note over so many events to whoever keeps it."""


class Way(StrEnum):
    """How heads leave; the kind of ``engine_run`` that remembers it, ``done`` being the size."""

    FOLDER = "head_to_folder"
    HOOK = "head_to_hook"
    MESSAGE = "head_in_message"


class Copied(NamedTuple):
    """Up to which size heads left, when the last did, and since when a newer one has not."""

    size: int
    at: datetime | None
    waits_since: datetime | None


def hook_of(environ: Mapping[str, str]) -> Send | None:
    """Return what posts a note to ``BIHUAN_HEADS_HOOK``, None when there is no such setting."""
    url = environ.get(HOOK, "")
    if not url:
        return None
    post = Post(read_allowed(environ.get("BIHUAN_ALLOW_HOSTS", "")))

    def send(note: str, size: int) -> Receipt:
        try:
            return post.send(url, {"checkpoint": note, "size": size}, (f"head/{size}",))
        except BadAddress as fault:
            return Receipt(sent=False, detail=fault.say("zh"), final=True)

    return send


def remember_copied(connection: Connection, way: Way, size: int, at: datetime) -> None:
    """Write up to which size heads left by a way."""
    connection.execute(delete(ENGINE_RUNS).where(ENGINE_RUNS.c.kind == way.value))
    row = {"kind": way.value, "at": at, "done": size, "failed": 0}
    connection.execute(insert(ENGINE_RUNS), row)


def copied_by(connection: Connection, way: Way) -> int:
    """Return up to which size heads left by a way."""
    runs = ENGINE_RUNS.c
    found = select(func.max(runs.done)).where(runs.kind == way.value)
    return int(connection.execute(found).scalar() or 0)


def read_copied(connection: Connection) -> Copied:
    """Return how far heads left by whichever way got furthest."""
    runs = ENGINE_RUNS.c
    ways = select(runs.done, runs.at).where(runs.kind.in_([each.value for each in Way]))
    last = connection.execute(ways.order_by(runs.done.desc(), runs.at).limit(1)).first()
    size, at = last or (0, None)
    waits = connection.execute(_WAITS, {"size": size}).scalar()
    return Copied(size, at, waits)


_WAITS = select(func.min(CHECKPOINTS.c.at)).where(CHECKPOINTS.c.size > bindparam("size"))


def tell_head(office: Office, size: int, at: datetime) -> int:
    """Owe auditors and the committee the day's head, if one that they lack; return to how many.

    The message that carries it ends with the newest head. Who has no address is left out.
    """
    with office.writing() as connection:
        root = connection.execute(_ROOT).first()
        if root is None or copied_by(connection, Way.MESSAGE) >= size:
            return 0
        today = china_day(at)
        key = f"head:{today.isoformat()}"
        directory = read_directory(connection, today)
        people = {person for role in _TOLD for person in directory.who(root.path, role)}
        missing = sorted(_reached(connection, people) - _owed(connection, key, people))
        told = Owed(
            key, None, 0, missing, HEAD, about(_TITLE, "/audit/proof"), urgent=False,
            receipt="", unit_id=root.id,
        )  # fmt: skip
        return owe(connection, [told], at)


def _reached(connection: Connection, people: set[int]) -> set[int]:
    mine = CONTACTS.c.person_id.in_(people) & CONTACTS.c.active
    return set(connection.execute(select(CONTACTS.c.person_id).where(mine)).scalars())


def _owed(connection: Connection, key: str, people: set[int]) -> set[int]:
    keys = {f"{key}:{person}": person for person in people}
    found = connection.execute(select(NOTICES.c.key).where(NOTICES.c.key.in_(keys))).scalars()
    return {keys[each] for each in found}
