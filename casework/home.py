"""Where an installation keeps its things, from two environment variables.

``BIHUAN_HOME`` (default ``.bihuan`` in the working directory) holds the embedded database and the
evidence; ``BIHUAN_DATABASE_URL`` moves the database to PostgreSQL.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.engine import make_url

from casework.errors import Unavailable
from casework.evidence_store import EvidenceStore
from casework.images import Limits
from casework.office import Office, answering
from models import schema
from models.engine import open_engine
from rules.wording import Wording


@dataclass(frozen=True, slots=True)
class Home:
    """Paths and addresses of one installation."""

    folder: Path
    database_url: str

    @property
    def is_embedded(self) -> bool:
        return self.database_url.startswith("sqlite")

    @property
    def is_founded(self) -> bool:
        """Return whether anything was set up here; PostgreSQL is asked when it is used."""
        return not self.is_embedded or Path(make_url(self.database_url).database or "").exists()


def find_home(environ: Mapping[str, str]) -> Home:
    folder = Path(environ.get("BIHUAN_HOME") or ".bihuan").resolve()
    url = environ.get("BIHUAN_DATABASE_URL") or f"sqlite:///{folder / 'bihuan.db'}"
    return Home(folder, url)


def found_office(home: Home) -> Office:
    """Open the office, creating the folder and bringing the database up to date."""
    home.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    office = _office(home)
    with answering():
        schema.upgrade(office.engine)
    return office


def require_founded(home: Home) -> None:
    """Raise Unavailable when there is no embedded database yet; PostgreSQL answers for itself."""
    if not home.is_founded:
        raise Unavailable(
            Wording(f"{home.folder} 尚未初始化", f"{home.folder} has not been set up"),
            remedy=Wording("请先运行 bihuan init。", "Run `bihuan init` first."),
            where="BIHUAN_HOME",
        )


def open_office(home: Home) -> Office:
    """Open an office that was founded before; raise Unavailable when it was not, or is older."""
    require_founded(home)
    office = _office(home)
    with answering():
        found = schema.revision(office.engine)
    if found != schema.newest():
        raise Unavailable(
            Wording(
                f"数据库版本 {found or '空'} 与程序 {schema.newest()} 不符",
                f"the database is at {found or 'nothing'}, this version needs {schema.newest()}",
            ),
            remedy=Wording("请运行 bihuan db upgrade。", "Run `bihuan db upgrade`."),
            where="BIHUAN_DATABASE_URL",
        )
    return office


def _office(home: Home) -> Office:
    return Office(open_engine(home.database_url), EvidenceStore(home.folder / "evidence", Limits()))
