"""Which filing is meant, and where a person may see, fill in or sign one."""

from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, and_, false, or_, select, true

from casework.errors import Invalid, NotFound, Refused
from casework.filings.templates import find_template
from casework.people import Unit, find_unit
from models import Place
from models.tables import FILINGS, ORGANISATIONS
from rules.access import Actor, Role, Verb
from rules.faults import Unfit
from rules.filings.acts import FilingState
from rules.filings.periods import Period, read_period
from rules.filings.templates import Template
from rules.filings.tiers import Tier
from rules.wording import Wording


class Which(NamedTuple):
    """A filing as a person names it: template, period, unit, each by key or label."""

    template: str
    period: str
    unit: str


class Named(NamedTuple):
    """The same, found."""

    template: Template
    period: Period
    unit: Unit

    @property
    def level(self) -> Tier:
        return Tier(self.unit.kind.value)


def find_period(template: Template, written: str) -> Period:
    """Return the template's period; raise Invalid with an example."""
    try:
        return read_period(template.period, written)
    except Unfit as fault:
        raise Invalid(fault.problem, remedy=fault.remedy, where="period") from fault


def find_named(connection: Connection, which: Which) -> Named:
    """Return what is meant; raise NotFound or Invalid."""
    template = find_template(connection, which.template)
    unit = find_unit(connection, which.unit)
    if unit.kind is Place.DEPARTMENT or Tier(unit.kind.value) not in template.levels:
        raise Invalid(
            Wording(f"“{unit.name}”不报{template.zh}", f"{unit.name} makes no {template.en}"),
            remedy=Wording(
                "由" + "、".join(each.label.zh for each in template.levels) + "报。",
                "It is made by: " + ", ".join(each.label.en for each in template.levels) + ".",
            ),
            where="unit",
        )
    return Named(template, find_period(template, which.period), unit)


def require_filler(actor: Actor, named: Named) -> Role:
    """Return the role in which ``actor`` fills it in; raise Refused."""
    return _require(actor, named, named.template.fillers(named.level), _FILL)


def require_signer(actor: Actor, named: Named) -> Role:
    """Return the role in which ``actor`` signs it off; raise Refused."""
    return _require(actor, named, named.template.signers(named.level), _SIGN)


def may_fill(actor: Actor, named: Named) -> bool:
    return bool(actor.roles_over(named.unit.path) & named.template.fillers(named.level))


def may_sign(actor: Actor, named: Named) -> bool:
    return bool(actor.roles_over(named.unit.path) & named.template.signers(named.level))


def seen_by(connection: Connection, actor: Actor) -> ColumnElement[bool]:
    """Return the condition that a filing lies where ``actor`` may look.

    The committee's report is told to the clusters once it is frozen.
    """
    paths = actor.reach(Verb.VIEW)
    places = ORGANISATIONS.c
    rows = connection.execute(select(places.id, places.kind).where(places.path.in_(paths))).all()
    if any(row.kind is Place.COMMITTEE for row in rows):
        return true()
    clusters = [row.id for row in rows if row.kind is Place.CLUSTER]
    units = [row.id for row in rows if row.kind is Place.UNIT]
    told = and_(FILINGS.c.level == Tier.COMMITTEE, FILINGS.c.state == FilingState.FROZEN)
    return or_(
        FILINGS.c.cluster_id.in_(clusters),
        FILINGS.c.unit_id.in_(units),
        told if clusters else false(),
    )


def require_sight(actor: Actor, named: Named) -> None:
    """Raise NotFound, as for a unit that is not there, where ``actor`` may not look."""
    if not actor.may(Verb.VIEW, named.unit.path):
        raise no_filing(named)


def no_filing(named: Named) -> NotFound:
    return NotFound(
        Wording(
            f"没有{named.unit.name}{named.period.label.zh}的{named.template.zh}",
            f"{named.unit.name} has no {named.template.en} of {named.period.key}",
        ),
        remedy=Wording(
            "可用 bihuan filing compile 汇编，或 bihuan filing list 查看。",
            "`bihuan filing compile` makes one, `bihuan filing list` lists them.",
        ),
        where="period",
    )


def _require(actor: Actor, named: Named, allowed: frozenset[Role], what: Wording) -> Role:
    roles = actor.roles_over(named.unit.path)
    if found := roles & allowed:
        return min(found)
    if not actor.may(Verb.VIEW, named.unit.path):
        raise no_filing(named)
    who = sorted(allowed)
    raise Refused(
        Wording(
            f"您无权{what.zh}“{named.unit.name}”的{named.template.zh}",
            f"you may not {what.en} the {named.template.en} of {named.unit.name}",
        ),
        remedy=Wording(
            "须由" + "、".join(each.label.zh for each in who) + f"{what.zh}。",
            "It takes: " + ", ".join(each.label.en for each in who) + ".",
        ),
        where=named.unit.name,
    )


_FILL = Wording("填报", "fill in")
_SIGN = Wording("签发", "sign")
