"""Filings as duties 应办事项, owed once compiled and fulfilled once signed; and who is told of one.

The daily self-check is not owed here: its checklist is a duty of its own, and nobody is chased
twice for one round.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection, select

from casework import notices
from casework.directory import Directory, read_directory
from casework.duties.ending import fulfil
from casework.duties.opening import Wanted, open_duties
from casework.duties.telling import about
from casework.events import Door
from casework.filings.places import Named
from casework.filings.store import Held
from models.tables import ORGANISATIONS
from rules.access import Role
from rules.filings.periods import PeriodKind
from rules.filings.tiers import Tier
from rules.wording import Wording
from rules.workdays import china_day

KIND = "report"
NOTICE = "filing"
ASKED = "filing_asked"


class Owed(NamedTuple):
    """A filing that is owed, and by which day."""

    named: Named
    due_on: date


def owe(connection: Connection, owed: Sequence[Owed], at: datetime, door: Door) -> int:
    """Open the duty of each; return how many are new.

    What sums up waits for one who signs it: a cluster has no owner of its own to wait for.
    """
    chased = [each for each in owed if each.named.template.period is not PeriodKind.DAY]
    if not chased:
        return 0
    signers = _signers(connection, [each.named for each in chased], at)
    wanted = [
        Wanted(
            KIND, key_of(each.named), each.named.unit.id, each.due_on, title_of(each.named),
            page_of(each.named), signers.get(each.named.unit.id),
        )
        for each in chased
    ]  # fmt: skip
    return open_duties(connection, wanted, at, door=door)


def settle(connection: Connection, named: Named, at: datetime, by: int | None, door: Door) -> None:
    """Fulfil the duty of one that was signed."""
    fulfil(connection, KIND, [key_of(named)], at, by, door=door)


def tell_clusters(connection: Connection, named: Named, receipt: str, at: datetime) -> int:
    """Tell the leads of the clusters below that the committee's report is out; return how many."""
    directory = read_directory(connection, china_day(at))
    places = ORGANISATIONS.c
    clusters = connection.execute(
        select(places.path).where(places.kind == Tier.CLUSTER.value).order_by(places.path)
    ).scalars()
    people = {person for path in clusters for person in directory.who(path, Role.CLUSTER)}
    body = about(title_of(named), page_of(named))
    owed = notices.Owed(
        f"{receipt}:published", None, 0, sorted(people), NOTICE, body, urgent=False,
        receipt=receipt, unit_id=named.unit.id,
    )  # fmt: skip
    return notices.owe(connection, [owed], at)


def asked(people: Collection[int], to: Wording, held: Held, words: str = "") -> notices.Owed:
    """Return what asks ``people`` to do something about a filing, once for each of its events."""
    title = title_of(held.named)
    body = about(Wording(f"{to.zh}：{title.zh}", f"{to.en}: {title.en}"), page_of(held.named))
    return notices.Owed(
        f"{held.receipt}:{to.en}", None, 0, sorted(people), ASKED, {**body, "text": words},
        urgent=False, receipt=held.receipt, unit_id=held.named.unit.id,
    )  # fmt: skip


def signers_of(connection: Connection, named: Named, at: datetime) -> set[int]:
    """Return the people who may sign a filing off on the day of ``at``."""
    roles = named.template.signers(named.level)
    return who_has(read_directory(connection, china_day(at)), named, roles)


def who_has(directory: Directory, named: Named, roles: Iterable[Role]) -> set[int]:
    """Return the people who hold one of ``roles`` over the place whose filing it is."""
    return {person for role in roles for person in directory.who(named.unit.path, role)}


def title_of(named: Named) -> Wording:
    template, period, unit = named
    return Wording(
        f"{unit.name}{period.label.zh}{template.zh}", f"{template.en} {period.key}, {unit.name}"
    )


def page_of(named: Named) -> str:
    """Return the path of the page where it is done."""
    return f"/filings/{key_of(named)}"


def key_of(named: Named) -> str:
    return f"{named.template.key}/{named.period.key}/{named.unit.code}"


def _signers(connection: Connection, filings: Sequence[Named], at: datetime) -> dict[int, int]:
    """Return who signs each that sums up: the first who may, by the unit's id."""
    above = [each for each in filings if each.level.sums_up]
    directory = read_directory(connection, china_day(at)) if above else None
    found = {}
    for each in above:
        (role,) = each.template.signers(each.level)
        people = directory.who(each.unit.path, role) if directory else ()
        if people:
            found[each.unit.id] = people[0]
    return found
