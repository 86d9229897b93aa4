"""Coverage of responsibility 主体责任: how far the letters of a year are signed."""

from typing import Annotated

from fastapi import Query
from pydantic import Field

from casework.accounts.tokens import Scope
from casework.responsibility import find_coverage
from rules.access import Verb
from rules.registers.coverage import Cover
from rules.workdays import china_day
from web.api import asked
from web.api.calls import Asked
from web.api.routing import Operations
from web.api.sent import Name
from web.api.shapes import Told

operations = Operations("responsibility")


class CoverageAsked(asked.Asking):
    year: Annotated[int | None, Field(ge=2020, le=2099, description="this one by default")] = None
    place: Name = ""
    missing: bool = False


class Halves(Told):
    """Of how many posts a unit gave feedback, or how many units gave all of it, by half-years."""

    first: int
    second: int


class CoveredCluster(Told):
    """``code`` is '' for units in no cluster."""

    code: str
    name: str
    units: int
    covered: int
    listed: int = Field(description="units that have a list")
    feedback: Halves


class CoveredUnit(Told):
    code: str
    name: str
    cluster: str
    posts: int
    signed: int
    cover: Cover
    feedback: Halves


class Coverage(Told):
    year: int
    total: int
    covered: int
    clusters: list[CoveredCluster]
    units: list[CoveredUnit]


@operations.get("/responsibility", permission=Verb.VIEW, scope=Scope.READ)
def find_coverage_(call: Asked, wanted: Annotated[CoverageAsked, Query()]) -> Coverage:
    """Show which units have a responsibility list of the year with every letter signed."""
    year = wanted.year or china_day(call.at).year
    found = find_coverage(
        call.office, by=call.by, year=year, place=wanted.place, missing=wanted.missing
    )
    return Coverage.model_validate(found)
