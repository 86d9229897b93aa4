"""One number of a filing: what it means, what it is made of, what it was before."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, or_, select

from casework.asking.asked import Asked
from casework.errors import NotFound
from casework.filings.counting import NEWEST, count_cases
from casework.filings.items import list_items
from casework.filings.places import Named, Which
from casework.filings.showing import find_seen, head_of
from casework.filings.store import Held
from casework.office import Office
from casework.people import find_actor
from models.tables import FILING_FIGURES, FILINGS, ORGANISATIONS
from rules.access import Actor, Verb
from rules.filings.sheets import shown
from rules.filings.templates import Figure, FigureType, query_of
from rules.filings.tiers import Tier
from rules.policy import Policy
from rules.wording import Wording
from rules.workdays import china_day

MOST_PERIODS = 12
"""So many periods a trend looks back."""


def show_figure(office: Office, which: Which, key: str, *, by: str, at: datetime) -> dict[str, Any]:
    """Return a number with its ``parts``: the units' frozen numbers that ``by`` may see, or for a
    unit its own, with the ``items`` that it is made of now when those are no cases.

    ``total`` is the number itself; ``cases`` what the cases of the whole place say now, where the
    figure counts cases and ``by`` may see them all (else None), and ``query`` finds them.
    Raise NotFound.
    """
    with office.reading() as connection:
        actor = find_actor(connection, by)
        held = find_seen(connection, actor, which)
        figure = _find(held, key)
        policy = office.rulebooks.at(connection, at).policy
        return {
            **head_of(held, china_day(at)),
            "figure": figure.label, "key": figure.key, "type": figure.type.value,
            "figure_source": figure.source,
            "total": held.sheet.value(key), "said": _said(figure, held.sheet.value(key)),
            "parts": _parts(connection, actor, held, figure),
            "items": _items(Asked(connection, at, policy), held.named, figure),
            "trend": _trend(connection, held.named, figure),
            **_by_cases(connection, policy, actor, held.named, figure, at),
        }  # fmt: skip


def _find(held: Held, key: str) -> Figure:
    figure = held.named.template.by_key.get(key)
    if figure is None or figure.type is FigureType.RATE:
        raise NotFound(
            Wording(f"{held.subject.name} 没有指标“{key[:24]}”", f"no figure {key[:24]!r}"),
            remedy=Wording("请从报告中的数字进入。", "Come from a number of the filing."),
            where="figure",
        )
    return figure


def _parts(
    connection: Connection, actor: Actor, held: Held, figure: Figure
) -> list[dict[str, Any]]:
    named, places = held.named, ORGANISATIONS.c
    of_all = [
        FILINGS.c.template == named.template.key, FILINGS.c.period == named.period.key,
        FILINGS.c.level == Tier.UNIT, FILING_FIGURES.c.key == figure.key,
    ]  # fmt: skip
    match named.level:
        case Tier.UNIT:
            within = [FILINGS.c.id == held.id]
        case Tier.CLUSTER:
            within = [NEWEST, FILINGS.c.cluster_id == named.unit.id]
        case Tier.COMMITTEE:
            within = [NEWEST]
    seen = or_(*(places.path.startswith(path, autoescape=True) for path in actor.reach(Verb.VIEW)))
    rows = connection.execute(
        select(places.code, places.name, FILINGS.c.number, FILINGS.c.as_of, FILING_FIGURES.c.value)
        .join_from(FILINGS, FILING_FIGURES, FILING_FIGURES.c.filing_id == FILINGS.c.id)
        .join(ORGANISATIONS, places.id == FILINGS.c.unit_id)
        .where(*of_all, *within, seen)
        .order_by(places.path)
    )
    return [
        {
            "unit_code": code, "unit": name, "number": number or "", "as_of": as_of,
            "value": value,
            "said": _said(figure, value),
            "query": _query(figure, named, code),
        }
        for code, name, number, as_of, value in rows
    ]  # fmt: skip


def _items(asked: Asked, named: Named, figure: Figure) -> list[dict[str, Any]]:
    if named.level.sums_up:
        return []
    return [
        {**each._asdict(), "said": _said(figure, each.value)}
        for each in list_items(asked, figure, named)
    ]


def _trend(connection: Connection, named: Named, figure: Figure) -> list[dict[str, Any]]:
    """Return the number of this and the periods before, as they were frozen, the oldest first."""
    rows = connection.execute(
        select(FILINGS.c.period, FILING_FIGURES.c.value)
        .join(FILING_FIGURES, FILING_FIGURES.c.filing_id == FILINGS.c.id)
        .where(
            FILINGS.c.template == named.template.key, FILINGS.c.unit_id == named.unit.id,
            FILINGS.c.last_day <= named.period.last, NEWEST, FILING_FIGURES.c.key == figure.key,
        )
        .order_by(FILINGS.c.last_day.desc())
        .limit(MOST_PERIODS)
    ).all()  # fmt: skip
    return [{"period": period, "value": value} for period, value in reversed(rows)]


def _by_cases(
    connection: Connection,
    policy: Policy,
    actor: Actor,
    named: Named,
    figure: Figure,
    at: datetime,
) -> dict[str, Any]:
    whole = actor.may(Verb.VIEW, named.unit.path)
    if figure.type is not FigureType.CASES or not whole:
        return {"cases": None, "query": ""}
    code = named.unit.code
    query = {
        Tier.UNIT: lambda: _query(figure, named, code),
        Tier.CLUSTER: lambda: f'cluster:"{code}" {query_of(figure, named.period)}',
        Tier.COMMITTEE: lambda: query_of(figure, named.period),
    }[named.level]()
    return {"cases": count_cases(connection, policy, figure, named, at=at), "query": query}


def _query(figure: Figure, named: Named, code: str) -> str:
    asks = figure.type is FigureType.CASES
    return query_of(figure, named.period, unit=code) if asks else ""


def _said(figure: Figure, value: int | None) -> Wording:
    return Wording(shown(figure, value, "zh"), shown(figure, value, "en"))
