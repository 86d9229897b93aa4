"""Remind now who has not reported 催报, once a day each, besides what the ladder of duties does."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, or_, select

from casework import notices
from casework.directory import Directory, read_directory
from casework.errors import Refused
from casework.filings import store
from casework.filings.owing import asked, who_has
from casework.filings.places import find_period
from casework.filings.store import FOUND, Held
from casework.filings.templates import find_template
from casework.office import Office
from casework.people import find_actor, find_unit
from models.tables import FILINGS, NOTICES, ORGANISATIONS
from rules.access import Actor, Role
from rules.filings.acts import FilingState
from rules.filings.tiers import Tier
from rules.wording import Wording
from rules.workdays import china_day

_REMIND = frozenset({Role.CLUSTER, Role.COMMITTEE, Role.ADMIN})


class Reminded(NamedTuple):
    """How many filings are missing, and how many people were told of them now."""

    missing: int
    people: int


def remind_missing(
    office: Office, written: str, period: str, *, by: str, at: datetime, place: str = ""
) -> Reminded:
    """Tell those who fill in or sign what is not signed yet below ``by``, once a day each.

    ``place`` keeps a unit, or a cluster and its units. Raise Refused for who has nobody below,
    NotFound, Invalid.
    """
    with office.writing() as connection:
        above = _above(find_actor(connection, by))
        within = find_unit(connection, place, where="place").path if place else ""
        missing = _missing(connection, written, period, above, within)
        directory = read_directory(connection, china_day(at))
        owed = [_asked(directory, each, at) for each in missing]
        fresh = _untold(connection, owed)
        return Reminded(len(missing), notices.owe(connection, fresh, at))


def may_remind(actor: Actor) -> bool:
    return any(grant.role in _REMIND for grant in actor.grants)


def _above(actor: Actor) -> list[str]:
    paths = [grant.path for grant in actor.grants if grant.role in _REMIND]
    if not paths:
        raise Refused(
            Wording("您不能催报", "you may not remind anybody"),
            remedy=Wording("由片区或专委会催报。", "The cluster or the committee does."),
        )
    return paths


def _missing(
    connection: Connection, written: str, period: str, above: Sequence[str], within: str
) -> list[Held]:
    template = find_template(connection, written)
    path = ORGANISATIONS.c.path
    rows = connection.execute(
        FOUND.where(
            FILINGS.c.template == template.key,
            FILINGS.c.period == find_period(template, period).key,
            FILINGS.c.state != FilingState.FROZEN,
            FILINGS.c.version == 1,
            or_(*(path.startswith(each, autoescape=True) for each in above)),
            path.startswith(within, autoescape=True),
            path.not_in(above),
        ).order_by(FILINGS.c.id)
    )
    return [store.read(row, {}, template) for row in rows]


def _asked(directory: Directory, held: Held, at: datetime) -> notices.Owed:
    signers = held.named.template.signers(held.named.level)
    doers = {Role.OWNER} if held.named.level is Tier.UNIT else frozenset()
    people = who_has(directory, held.named, signers | doers)
    due = Wording(f"应于 {held.due_on} 前报送", f"due by {held.due_on}")
    told = asked(people, Wording("催报", "please report"), held, due.zh)
    return told._replace(key=f"{told.key}:{china_day(at)}")


def _untold(connection: Connection, owed: Sequence[notices.Owed]) -> list[notices.Owed]:
    """Return what nobody was told today; a person takes part in the key of a notice."""
    keys = {f"{each.key}:{person}" for each in owed for person in each.people}
    told = set(connection.execute(select(NOTICES.c.key).where(NOTICES.c.key.in_(keys))).scalars())
    return [
        each._replace(people=[one for one in each.people if f"{each.key}:{one}" not in told])
        for each in owed
    ]
