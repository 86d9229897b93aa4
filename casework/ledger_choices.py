"""What the empty ledger offers to choose from: the units within reach, the policy's categories."""

from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from casework.ledger.template import write_template
from casework.office import Office
from casework.organisations import list_places
from casework.people import find_actor
from models import Place
from rules.access import Verb


class Choices(NamedTuple):
    units: list[str]
    categories: list[str]


def choices_for(office: Office, *, by: str, as_of: datetime) -> Choices:
    """Return what the person with the code ``by`` may choose, anybody's when that is ''."""
    with office.reading() as connection:
        reach = find_actor(connection, by).reach(Verb.REPORT) if by else ("/",)
        units = [
            row["name"] for row in list_places(connection)
            if row["kind"] is Place.UNIT and row["path"].startswith(reach)
        ]  # fmt: skip
        policy = office.rulebooks.at(connection, as_of).policy
    return Choices(units, [each.zh for each in policy.categories])


def write_empty_ledger(office: Office, path: Path, *, by: str, as_of: datetime) -> Choices:
    """Write the empty ledger to ``path``; return what it offers."""
    choices = choices_for(office, by=by, as_of=as_of)
    write_template(path, units=choices.units, categories=choices.categories)
    return choices
