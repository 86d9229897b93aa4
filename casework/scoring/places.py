"""Which assessment is meant, and where a person may see one, or has the turn."""

from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, false, or_

from casework.errors import Invalid, NotFound, Refused
from casework.people import Unit, find_unit
from casework.scoring.sheets import sheet_for
from models import Place
from models.tables import ORGANISATIONS
from rules.access import Actor, Role, Verb
from rules.scoring.acts import ScoringStage
from rules.scoring.sheets import FIRST_YEAR, LAST_YEAR, Sheet
from rules.wording import Wording


class Which(NamedTuple):
    """An assessment as a person names it: sheet by key or label, year, unit by code or name."""

    sheet: str
    year: int
    unit: str


class Named(NamedTuple):
    """The same, found, with the sheet that is in force for the year."""

    sheet: Sheet
    year: int
    unit: Unit

    @property
    def link(self) -> str:
        """The path of the page where it is filled in."""
        return f"/assessments/{self.sheet.key}/{self.year}/{self.unit.code}"

    @property
    def duty(self) -> str:
        return f"{self.sheet.key}/{self.year}/{self.unit.code}"


def find_named(connection: Connection, actor: Actor, which: Which) -> Named:
    """Return what is meant; raise NotFound, as well where ``actor`` may not look, or Invalid."""
    require_year(which.year)
    unit = find_unit(connection, which.unit)
    named = Named(sheet_for(connection, which.sheet, which.year), which.year, unit)
    if not actor.may(Verb.VIEW, unit.path):
        raise no_assessment(named)
    if unit.kind is not Place.UNIT:
        raise Invalid(
            Wording(f"“{unit.name}”不是学校，不评分", f"{unit.name} is no school"),
            remedy=Wording("请填学校。", "Name a school."),
            where="unit",
        )
    return named


def require_year(year: int) -> None:
    """Raise Invalid for a year that is none."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Invalid(
            Wording(
                f"年度须在 {FIRST_YEAR} 至 {LAST_YEAR} 之间",
                f"a year from {FIRST_YEAR} to {LAST_YEAR}",
            ),
            remedy=Wording("请核对年度。", "Check the year."),
            where="year",
        )


def require_turn(actor: Actor, named: Named, stage: ScoringStage, allowed: frozenset[Role]) -> Role:
    """Return the role in which ``actor`` acts in this stage; raise Refused."""
    roles = actor.roles_over(named.unit.path) & allowed
    if roles:
        return min(roles)
    raise Refused(
        Wording(
            f"{named.unit.name}正在“{stage.label.zh}”，不由您办理",
            f"{named.unit.name} is at the {stage.label.en}: it is not your turn",
        ),
        remedy=Wording(
            "须由" + "、".join(each.label.zh for each in sorted(allowed)) + "办理。",
            "It takes: " + ", ".join(each.label.en for each in sorted(allowed)) + ".",
        ),
        where=named.unit.name,
    )


def seen_by(actor: Actor) -> ColumnElement[bool]:
    """Return the condition that a unit lies where ``actor`` may look."""
    paths = actor.reach(Verb.VIEW)
    starts = [ORGANISATIONS.c.path.startswith(path, autoescape=True) for path in paths]
    return or_(*starts) if starts else false()


def no_assessment(named: Named) -> NotFound:
    return NotFound(
        Wording(
            f"没有{named.unit.name} {named.year} 年的{named.sheet.zh}",
            f"{named.unit.name} has no {named.sheet.en} of {named.year}",
        ),
        remedy=Wording(
            "可用 bihuan score open 建立，或 bihuan score list 查看。",
            "`bihuan score open` makes one, `bihuan score list` lists them.",
        ),
        where="unit",
    )
