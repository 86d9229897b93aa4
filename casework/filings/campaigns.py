"""Campaigns by schedule: adopted as data, opened by the engine on their day, over at their end."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, case, distinct, func, select

from casework.adopting import (
    Family,
    Version,
    list_adopted,
    retire_text,
    texts_in_force,
)
from casework.duties.ending import withdraw
from casework.errors import Invalid
from casework.filings.places import seen_by
from casework.filings.templates import find_template
from casework.lookback.looks import Hand
from casework.office import Office
from casework.people import find_actor, find_unit, require
from models import Place
from models.tables import FILINGS, ORGANISATIONS
from rules.access import Actor, Verb
from rules.filings.acts import FilingState
from rules.filings.campaigns import Campaign, Stretch, begun, read_campaign, require_apart
from rules.filings.periods import Period, PeriodKind
from rules.filings.templates import Template
from rules.wording import Wording
from rules.workdays import china_day

KIND = "report"
"""The kind of duty that a filing is."""


def _vet(
    connection: Connection, campaign: Campaign, known: Mapping[str, Version[Campaign]]
) -> None:
    template = find_template(connection, campaign.template)
    if template.period is not PeriodKind.CAMPAIGN:
        raise Invalid(
            Wording(f"《{template.zh}》不是专项模板", f"{template.en} is no campaign's template"),
            remedy=Wording(
                '请用 period = "campaign" 的模板。', 'Take one whose period = "campaign".'
            ),
            where="template",
        )
    for code in campaign.places:
        find_unit(connection, code, where="places")
    require_apart(campaign, (each.part for each in known.values()))


def _is_for(connection: Connection, actor: Actor, campaign: Campaign) -> bool:
    """Whether somebody looks at a place that files in the campaign."""
    return _concerns(actor.reach(Verb.VIEW), _paths(connection, campaign))


def require_committee(connection: Connection, actor: Actor) -> str:
    """Return the committee's path; raise Refused unless ``actor`` acts for it."""
    root = select(ORGANISATIONS.c.path).where(ORGANISATIONS.c.kind == Place.COMMITTEE)
    path: str = connection.execute(root).scalar_one()
    require(actor, Verb.SWEEP, path)
    return path


def _allow(connection: Connection, actor: Actor) -> None:
    require_committee(connection, actor)


CAMPAIGNS: Family[Campaign] = Family(
    "filing_campaign", Wording("专项", "campaign"), read_campaign, dict, _vet, _is_for, allow=_allow
)


class Scope(NamedTuple):
    """What a campaign says of one of its periods: below which paths ('' for all), due when."""

    paths: Sequence[str] = ()
    stretch: Stretch | None = None

    def holds(self, place: Any) -> bool:  # noqa: ANN401 — a row or Unit with kind and path
        """Whether a place files: a unit below the paths, what holds such a unit, the committee."""
        if not self.paths or place.kind is Place.COMMITTEE:
            return True
        return any(
            place.path.startswith(path)
            or (place.kind is Place.CLUSTER and path.startswith(place.path))
            for path in self.paths
        )


EVERYBODY = Scope()


def scope_of(connection: Connection, template: Template, period: Period) -> Scope:
    """Return who files in a period and by when; everybody, unless a campaign says otherwise.

    One that was stopped still says it.
    """
    if period.kind is not PeriodKind.CAMPAIGN:
        return EVERYBODY
    for each in list_adopted(connection, CAMPAIGNS):
        stretch = each.part.stretch(period.key) if each.part.template == template.key else None
        if stretch:
            return Scope(_paths(connection, each.part), stretch)
    return EVERYBODY


def periods_begun(connection: Connection, template: Template, today: date) -> list[Period]:
    """Return the periods of the template's campaigns in force that have begun by ``today``."""
    return [
        period
        for each in texts_in_force(connection, CAMPAIGNS).values()
        if each.part.template == template.key and each.adopted_at
        for period in begun(each.part, china_day(each.adopted_at), today)
    ]


def list_campaigns(office: Office, *, by: str, today: date) -> Sequence[dict[str, Any]]:
    """Return the campaigns that concern ``by``, those in force first, the last begun on top."""
    with office.reading() as connection:
        actor = find_actor(connection, by)
        reach, filed = actor.reach(Verb.VIEW), _filed(connection, actor)
        running = texts_in_force(connection, CAMPAIGNS)
        newest: dict[str, Version[Campaign]] = {}
        for each in list_adopted(connection, CAMPAIGNS):
            newest.setdefault(each.part.key, each)
        placed = [(each, _places(connection, each.part)) for each in newest.values()]
    rows = [
        _row(each, places, filed, today, stopped=each.part.key not in running)
        for each, places in placed
        if _concerns(reach, [path for path, _ in places])
    ]
    return sorted(rows, key=lambda row: (row["state"] == "stopped", -row["first"].toordinal()))


def stop_campaign(office: Office, key: str, reason: str, hand: Hand) -> Version[Campaign]:
    """End a campaign before its time: nothing more is opened, what is not late yet is not owed.

    Raise NotFound, Refused without the role, Invalid without a reason.
    """
    with office.writing() as connection:
        stopped = retire_text(connection, CAMPAIGNS, key, reason, hand)
        actor = find_actor(connection, hand.by or "")
        keys = list(_open_keys(connection, stopped.part))
        today = china_day(hand.at)
        withdraw(connection, KIND, keys, hand.at, actor.id, after=today, door=hand.door)
    return stopped


def _open_keys(connection: Connection, campaign: Campaign) -> Iterator[str]:
    periods = [each.period.key for each in campaign.periods]
    wanted = (
        select(FILINGS.c.template, FILINGS.c.period, ORGANISATIONS.c.code)
        .join(ORGANISATIONS, ORGANISATIONS.c.id == FILINGS.c.unit_id)
        .where(
            FILINGS.c.template == campaign.template,
            FILINGS.c.period.in_(periods),
            FILINGS.c.state != FilingState.FROZEN,
            FILINGS.c.version == 1,
        )
    )
    for row in connection.execute(wanted):
        yield "/".join(row)


def _paths(connection: Connection, campaign: Campaign) -> list[str]:
    return [path for path, _ in _places(connection, campaign)]


def _places(connection: Connection, campaign: Campaign) -> Sequence[Row[tuple[str, str]]]:
    """Return path and name of the places a campaign names, in order."""
    if not campaign.places:
        return []
    places = ORGANISATIONS.c
    called = places.code.in_(campaign.places) | places.name.in_(campaign.places)
    named = select(places.path, places.name).where(called).order_by(places.path)
    return connection.execute(named).all()


def _filed(connection: Connection, actor: Actor) -> Mapping[tuple[str, str], tuple[int, int]]:
    """Return how many have reported, and of how many, by template and period of campaigns."""
    filing = FILINGS.c
    frozen = case((filing.state == FilingState.FROZEN, filing.unit_id))
    rows = connection.execute(
        select(
            filing.template, filing.period,
            func.count(distinct(frozen)), func.count(distinct(filing.unit_id)),
        )
        .where(filing.period.contains(".."), seen_by(connection, actor))
        .group_by(filing.template, filing.period)
    )  # fmt: skip
    return {(template, period): (done, of) for template, period, done, of in rows}


def _concerns(reach: Sequence[str], paths: Sequence[str]) -> bool:
    return not paths or any(
        path.startswith(own) or own.startswith(path) for own in reach for path in paths
    )


def _row(
    version: Version[Campaign],
    places: Sequence[Row[tuple[str, str]]],
    filed: Mapping[tuple[str, str], tuple[int, int]],
    today: date,
    *,
    stopped: bool,
) -> dict[str, Any]:
    campaign = version.part
    state = "stopped" if stopped else _state(campaign, today)
    return {
        "key": campaign.key, "label": campaign.label, "template": campaign.template,
        "first": campaign.first, "last": campaign.last, "state": state,
        "state_label": STATES[state], "places": len(places), "names": [name for _, name in places],
        "digest": version.digest,
        "periods": [
            {"period": each.period.key, "label": each.period.label, "due_on": each.due_on,
             "begun": each.first <= today,
             "filed": filed.get((campaign.template, each.period.key))}
            for each in campaign.periods
        ],
        "source": campaign.source, "adopted_at": version.adopted_at,
        "adopted_by": version.adopted_by,
    }  # fmt: skip


def _state(campaign: Campaign, today: date) -> str:
    if today < campaign.first:
        return "coming"
    return "running" if today <= campaign.last else "over"


STATES = {
    "coming": Wording("未开始", "to come"),
    "running": Wording("进行中", "running"),
    "over": Wording("已结束", "over"),
    "stopped": Wording("已停止", "stopped"),
}
