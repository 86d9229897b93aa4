"""Last month's check of guards in the sample: drawn, looked at, published."""

from datetime import datetime, timedelta

from cryptography.fernet import Fernet
from sqlalchemy import select

from casework.events import Door
from casework.guardchecks.checks import Hand
from casework.guardchecks.drawing import commit_check, draw_check
from casework.guardchecks.looking import open_check, publish_check
from casework.guardchecks.recording import Seen, record_guard
from casework.office import Office
from casework.sample.chance import dice
from casework.sample.organisation import ADMIN, INSPECTORS
from models.tables import GUARD_INSPECTORS, ORGANISATIONS, PEOPLE, REGISTER_RECORDS
from notifications.sealing import Keys
from rules.guardchecks.acts import period_of
from rules.guardchecks.findings import Card, Violation
from rules.workdays import china_day

_SHARE = 40  # percent: of ten guards four are drawn, enough to see


def check_sample_guards(office: Office, at: datetime) -> None:
    """Hold the check of the month before ``at``; the last guard drawn is not at the post."""
    keys = Keys([Fernet.generate_key().decode()])  # its secret is revealed at once
    chance, hand = dice("guard checks"), Hand(ADMIN, at, Door.CLI)
    period = period_of(china_day(at).replace(day=1) - timedelta(1))
    number = commit_check(
        office, period, _SHARE, hand, keys, secret=lambda: chance.randbytes(32).hex()
    ).number
    draw_check(office, number, hand, keys)
    drawn, names = open_check(office, number, by=ADMIN)["visits"], _names(office)
    teams = _teams(office)
    for left, each in enumerate(reversed(drawn)):
        name = names[each["unit_code"], each["guard"]]
        found = _seen(name, nth=left) if left else Seen(None, note="门卫室无人")
        unit, guard = each["unit_code"], each["guard"]
        looks = Hand(teams.get(unit, INSPECTORS[0]), at, Door.CLI)
        record_guard(office, number, unit, guard, found, looks)
    publish_check(office, number, hand)


def _seen(name: str, *, nth: int) -> Seen:
    violations = [Violation.GEAR_NOT_CARRIED] if nth == 1 else []
    return Seen(Card(name), national=True, school=nth != 1, violations=violations)


def _teams(office: Office) -> dict[str, str]:
    """Return the first of each school's team by the unit's code."""
    team = GUARD_INSPECTORS.c
    wanted = (
        select(ORGANISATIONS.c.code, PEOPLE.c.code)
        .join(GUARD_INSPECTORS, team.unit_id == ORGANISATIONS.c.id)
        .join(PEOPLE, PEOPLE.c.id == team.person_id)
        .where(team.position == 1)
    )
    with office.reading() as connection:
        return dict(connection.execute(wanted).tuples().all())


def _names(office: Office) -> dict[tuple[str, str], str]:
    """Return each guard's name, as the card would show it, by unit and staff number."""
    records = REGISTER_RECORDS.c
    wanted = (
        select(ORGANISATIONS.c.code, records.key, records.personal)
        .join(ORGANISATIONS, ORGANISATIONS.c.id == records.unit_id)
        .where(records.kind == "guard")
    )
    with office.reading() as connection:
        return {(row.code, row.key): row.personal["name"] for row in connection.execute(wanted)}
