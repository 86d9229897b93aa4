"""Templates of look-backs: plans for days to come, kept by name and version."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select

from casework.errors import NotFound
from casework.lookback.names import read_name
from casework.lookback.office_roles import require_office
from casework.office import Office
from models.tables import LOOKBACK_TEMPLATES
from rules.lookback.plan import Template, read_template
from rules.wording import Wording

_NEWEST = select(func.max(LOOKBACK_TEMPLATES.c.id)).group_by(LOOKBACK_TEMPLATES.c.name)
_IN_FORCE = select(LOOKBACK_TEMPLATES).where(
    LOOKBACK_TEMPLATES.c.id.in_(_NEWEST), LOOKBACK_TEMPLATES.c.text != ""
)


@dataclass(frozen=True, slots=True)
class Saved:
    """A template in force: its name, its text, and since when."""

    name: str
    text: str
    adopted_at: datetime

    @property
    def template(self) -> Template:
        return read_template(self.text, where=self.name)


def save_template(office: Office, name: str, text: str, *, by: str, at: datetime) -> Saved:
    """Keep a template under ``name``; an earlier one of that name stays in the record.

    Raise TemplateTrouble for a text that cannot be used, Invalid for a name, Refused.
    """
    name = read_name(name)
    read_template(text, where=name)
    _write(office, name, text, by=by, at=at)
    return Saved(name, text, at)


def retire_template(office: Office, name: str, *, by: str, at: datetime) -> None:
    """Take a template out of use; what was drawn by it stays. Raise NotFound, Refused."""
    with office.reading() as connection:
        saved = find_template(connection, name)
    _write(office, saved.name, "", by=by, at=at)


def list_templates(office: Office) -> Sequence[Saved]:
    with office.reading() as connection:
        rows = connection.execute(_IN_FORCE.order_by(LOOKBACK_TEMPLATES.c.name))
        return [_saved(row) for row in rows]


def find_template(connection: Connection, name: str) -> Saved:
    """Return the template in force under ``name``; raise NotFound or Invalid."""
    name = read_name(name)
    row = connection.execute(_IN_FORCE.where(LOOKBACK_TEMPLATES.c.name == name)).first()
    if row is None:
        raise NotFound(
            Wording(f"没有名为“{name}”的模板", f"there is no template called {name!r}"),
            remedy=Wording(
                "可用 bihuan lookback template list 查看。",
                "`bihuan lookback template list` lists them.",
            ),
            where="template",
        )
    return _saved(row)


def _write(office: Office, name: str, text: str, *, by: str, at: datetime) -> None:
    with office.writing() as connection:
        actor = require_office(connection, by)
        row = {"name": name, "text": text, "adopted_at": at, "adopted_by_id": actor.id}
        connection.execute(insert(LOOKBACK_TEMPLATES), row)


def _saved(row: Row[Any]) -> Saved:
    return Saved(row.name, row.text, row.adopted_at)
