"""Plan a look-back and see what it would draw."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from sqlalchemy import Connection, select

from casework.errors import Refused
from casework.events import Happening
from casework.lookback.frames import count_strata
from casework.lookback.looks import Hand, acting, allowed, open_look
from casework.lookback.office_roles import require_office
from casework.lookback.severities import severities_now
from casework.lookback.templates import find_template
from casework.numbering import take_ids, take_numbers
from casework.office import Office
from casework.rulebook import Rulebook
from models import Place
from models.tables import LOOKBACKS, ORGANISATIONS
from rules.access import Verb
from rules.lookback.acts import LookbackAct, LookbackState, Standing
from rules.lookback.plan import LookbackPlan, read_template, require_known
from rules.lookback.sizes import StratumSize, size_strata
from rules.lookback.verdict import power
from rules.proof import canonical
from rules.wording import Wording
from rules.workdays import china_day

# What a preview says of its power: "sure to see at least one if so many relapsed".
ASSUMED = Fraction(5, 100)


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be planned: a saved template's name, or a template's text; for which days.

    ``period`` and ``clusters`` override the template's own; ``occurrence`` names what caused it.
    """

    template: str = ""
    text: str = ""
    period: str = ""
    clusters: Sequence[str] = ()
    occurrence: str | None = None


@dataclass(frozen=True, slots=True)
class Foreseen:
    """A stratum as it would be drawn: its size, and the chance to see a relapse at 5 %."""

    key: str
    size: StratumSize
    power: Fraction


@dataclass(frozen=True, slots=True)
class Preview:
    """What a plan would draw if its frame were frozen now."""

    plan: LookbackPlan
    strata: Sequence[Foreseen]

    @property
    def population(self) -> int:
        return sum(each.size.population for each in self.strata)

    @property
    def drawn(self) -> int:
        return sum(each.size.n for each in self.strata)


@dataclass(frozen=True, slots=True)
class Planned:
    """A look-back that was planned; ``already`` when the same occurrence was planned before."""

    number: str
    title: str
    period: str
    already: bool = False


def plan_lookback(office: Office, asked: Asked, hand: Hand) -> Planned:
    """Write a look-back with its plan; its seed is not committed to yet.

    The same occurrence is planned once: asked again, the answer is the first one. Raise NotFound,
    TemplateTrouble or Unfit for what cannot be planned, Refused without the role.
    """
    with office.writing() as connection:
        actor = acting(connection, hand)
        role = allowed(LookbackAct.PLAN, Standing(None), actor)
        if asked.occurrence and (found := _of_occurrence(connection, asked.occurrence)):
            return found
        book = office.rulebooks.at(connection, hand.at)
        plan = settle(connection, asked, book, hand)
        year = china_day(hand.at).year
        n = take_numbers(connection, "lookback", year, 1)[0]
        number = book.policy.lookback.number.format(year=year, n=n)
        body = {"plan": plan.plain(), "template": asked.template, "policy": book.version}
        happening = Happening(
            LookbackAct.PLAN.value, actor.id, role.value, hand.door, hand.at, body
        )
        open_look(connection, happening, {
            **_UNKNOWN, "id": take_ids(connection, "lookback", 1)[0], "number": number,
            "title": plan.title, "template": asked.template, "plan": canonical(plan.plain()),
            "policy": book.version, "state": LookbackState.PLANNED, "seed_kind": plan.seed,
            "occurrence": asked.occurrence, "planned_at": hand.at, "planned_by_id": actor.id,
        })  # fmt: skip
    return Planned(number, plan.title, _period(plan))


def preview(office: Office, asked: Asked, *, hand: Hand) -> Preview:
    """Return what a plan would draw now; nothing is written. Raise as ``plan_lookback`` does."""
    with office.reading() as connection:
        if hand.by is not None:
            require_office(connection, hand.by, Verb.SEE_LOOKBACKS)
        book = office.rulebooks.at(connection, hand.at)
        plan = settle(connection, asked, book, hand)
        counts = count_strata(connection, plan.frame, plan.strata)
        sizes = sizes_of(plan, counts, severities_now(connection, asked.template))
    strata = [Foreseen(key, size, power(size.population, size.n, ASSUMED))
              for key, size in sizes.items()]  # fmt: skip
    return Preview(plan, strata)


def sizes_of(
    plan: LookbackPlan, counts: Mapping[str, int], severities: Mapping[str, Any]
) -> dict[str, StratumSize]:
    """Return how many of each stratum a plan draws, by the rules alone."""
    return size_strata(
        plan.size,
        counts,
        allocation=plan.allocation,
        weights={key: plan.weight_of(key) for key in counts},
        severities={key: severity for key, severity in severities.items() if key in counts},
    )


def settle(connection: Connection, asked: Asked, book: Rulebook, hand: Hand) -> LookbackPlan:
    """Return the plan that is asked for, for the day of ``hand``; raise Unfit, NotFound."""
    if asked.text:
        template = read_template(asked.text)
    else:
        template = find_template(connection, asked.template).template
    plan = template.settle(china_day(hand.at), period=asked.period, clusters=asked.clusters)
    clusters = connection.execute(_CLUSTERS).scalars()
    categories = [category.key for category in book.policy.categories]
    require_known(plan.frame, clusters=clusters, categories=categories)
    least = book.policy.lookback.least_inspectors.count
    if plan.inspectors.per_visit < least:
        raise Refused(
            Wording(f"每件至少 {least} 人检查", f"a visit takes at least {least} inspectors"),
            remedy=Wording("请改 inspectors.per_visit。", "Raise inspectors.per_visit."),
            where="inspectors.per_visit",
        )
    return plan


def _of_occurrence(connection: Connection, occurrence: str) -> Planned | None:
    row = connection.execute(_LOOKS.where(LOOKBACKS.c.occurrence == occurrence)).first()
    if row is None:
        return None
    plan = LookbackPlan.model_validate_json(row.plan)
    return Planned(row.number, row.title, _period(plan), already=True)


def _period(plan: LookbackPlan) -> str:
    return f"{plan.frame.closed_from}..{plan.frame.closed_until}"


_LOOKS = select(LOOKBACKS.c.number, LOOKBACKS.c.title, LOOKBACKS.c.plan)
_CLUSTERS = select(ORGANISATIONS.c.code).where(ORGANISATIONS.c.kind == Place.CLUSTER)
_UNKNOWN = {
    "commitment": "", "sealed_secret": "", "secret": "", "outside_source": "", "outside_on": None,
    "outside_value": "", "seed": "", "frame_digest": "", "frame_size": 0, "drawn": 0,
    "withdrawn_reason": "",
}  # fmt: skip
