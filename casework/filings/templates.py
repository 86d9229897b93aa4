"""Templates of filings in force: those that ship, and what was adopted over them."""

from collections.abc import Mapping

from sqlalchemy import Connection

from casework.adopting import Family, Version, find_text, part_of, texts_in_force
from casework.office import Office
from rules.filings.templates import Template, in_order, read_template, require_fits, shipped
from rules.wording import Wording


def _vet(
    _connection: Connection, template: Template, known: Mapping[str, Version[Template]]
) -> None:
    require_fits(template, {key: each.part for key, each in known.items()})


TEMPLATES = Family(
    "filing_template", Wording("报告模板", "template of reports"), read_template, shipped, _vet
)


def templates_in_force(connection: Connection) -> Mapping[str, Template]:
    """Return the templates in force by key: by the length of their period, then by name."""
    return in_order(each.part for each in texts_in_force(connection, TEMPLATES).values())


def list_templates(office: Office) -> Mapping[str, Template]:
    """Return what ``templates_in_force`` does, for anybody to read."""
    with office.reading() as connection:
        return templates_in_force(connection)


def find_template(connection: Connection, written: str) -> Template:
    """Return the template in force with this key or label; raise NotFound."""
    return find_text(connection, TEMPLATES, written).part


def template_of(connection: Connection, key: str, version: str) -> Template:
    """Return the template that a filing was compiled by, whatever is in force now."""
    return part_of(connection, TEMPLATES, key, version)
