"""A copy of the embedded database that can be trusted: verified before it gets its name."""

import os
from dataclasses import dataclass
from pathlib import Path
from shlex import quote

import pysqlite3
from sqlalchemy.engine import URL, make_url

from casework.errors import Invalid, Refused, Unavailable
from casework.files import require_free, settle
from casework.home import Home, require_founded
from models.engine import open_engine
from rules.wording import Wording


@dataclass(frozen=True, slots=True)
class Backup:
    """A copy of the database that was verified before it got its name."""

    path: Path
    size: int


def back_up(home: Home, target: Path) -> Backup:
    """Write a copy of the embedded database to ``target``, whole or not at all.

    Raise Refused when something is there already, or for PostgreSQL, naming the command to use.
    """
    if not home.is_embedded:
        raise _use_pg_dump(home, target)
    require_founded(home)
    require_free(target)
    unfinished = target.with_name(f".{target.name}.unfinished-{os.getpid()}")
    try:
        _vacuum_into(home, unfinished)
        _require_whole(unfinished)
        unfinished.rename(target)
    finally:
        unfinished.unlink(missing_ok=True)
    settle(target.absolute().parent)
    return Backup(target, target.stat().st_size)


def _vacuum_into(home: Home, unfinished: Path) -> None:
    engine = open_engine(home.database_url)
    try:
        # The raw connection: VACUUM refuses to run inside the transaction that the engine begins.
        raw = engine.raw_connection()
        try:
            raw.cursor().execute("VACUUM INTO ?", (str(unfinished),))
        finally:
            raw.close()
    except pysqlite3.OperationalError as fault:
        raise Unavailable(
            Wording(f"备份没有写成：{fault}", f"the backup could not be written: {fault}"),
            remedy=Wording("请检查磁盘空间和权限。", "Check disk space and permissions."),
            where="FILE",
        ) from fault
    finally:
        engine.dispose()


def _require_whole(copy: Path) -> None:
    connection = pysqlite3.connect(str(copy))
    try:
        answers = connection.execute("PRAGMA integrity_check").fetchall()
    finally:
        connection.close()
    if answers != [("ok",)]:
        raise Invalid(
            Wording("备份没有通过完整性检查", "the copy did not pass its integrity check"),
            remedy=Wording("请运行 bihuan db check。", "Run `bihuan db check`."),
            where=str(copy),
        )
    settle(copy)


def _use_pg_dump(home: Home, target: Path) -> Refused:
    url = make_url(home.database_url)
    # Without the password: a command line is seen by everybody on the machine.
    shown = URL.create("postgresql", url.username, None, url.host, url.port, url.database)
    dump = f"pg_dump --format=custom --file={quote(str(target))} {quote(shown.render_as_string())}"
    return Refused(
        Wording("PostgreSQL 由它自己的工具备份", "PostgreSQL is backed up by its own tool"),
        remedy=Wording(f"请运行：{dump}", f"Run: {dump}"),
        where="BIHUAN_DATABASE_URL",
    )
