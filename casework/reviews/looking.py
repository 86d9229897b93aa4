"""What a reviewer looks at: the record's rules, the year's checks, training and staffing."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection, select

from casework.registers.store import FOUND, Held, read
from models import RecordState
from models.tables import GUARD_CHECKS, GUARD_VISITS, REGISTER_RECORDS
from rules.guardchecks.acts import CheckState
from rules.registers.checking import Finding, check
from rules.registers.kinds import Kind, RuleType, kinds
from rules.registers.reviews import Conduct, Look, Reviews, attends, speaks_against
from rules.registers.standing import Standing
from rules.wording import Wording
from rules.workdays import china_day, open_of

_RECORDS, _VISITS, _CHECKS = REGISTER_RECORDS.c, GUARD_VISITS.c, GUARD_CHECKS.c
_ENDED = (CheckState.DONE, CheckState.PUBLISHED)  # before, nobody of a cluster knows who was drawn
_SESSIONS = "training_session"


class Seen(NamedTuple):
    """What there is to see of a record on a day; ``found`` are the reasons that speak against."""

    rules: Sequence[Finding]
    conduct: Conduct
    found: Sequence[str]


def look_at(
    connection: Connection, kind: Kind, reviews: Reviews, held: Sequence[Held], today: date
) -> Mapping[int, Seen]:
    """Return what there is to see of each record, by its id."""
    looks = _looks(connection, [each.id for each in held], today.year)
    units = {each.unit.id for each in held}
    taught, short = _taught(connection, reviews, units, today.year), _short(connection, kind, units)
    found = {}
    for each in held:
        sessions = taught.get(each.unit.id, ())
        name = each.values.get("name", "")
        conduct = Conduct(
            tuple(looks.get(each.id, ())), len(sessions),
            sum(attends(name, listed) for listed in sessions), tuple(short.get(each.unit.id, ())),
        )  # fmt: skip
        rules = check(kind, each.values, today)
        broken = [one.rule.key for one in rules if one.standing is Standing.LAPSED]
        found[each.id] = Seen(rules, conduct, speaks_against(reviews, broken, conduct))
    return found


def _looks(
    connection: Connection, records: Collection[int], year: int
) -> Mapping[int, Sequence[Look]]:
    rows = connection.execute(
        select(_VISITS.record_id, _VISITS.identity, _VISITS.violations, _VISITS.at, _CHECKS.number)
        .join(GUARD_CHECKS, _CHECKS.id == _VISITS.check_id)
        .where(
            _VISITS.record_id.in_(records), _VISITS.identity.is_not(None),
            _CHECKS.state.in_(_ENDED), _VISITS.at >= open_of(date(year, 1, 1)),
        )
        .order_by(_VISITS.at, _VISITS.check_id)
    )  # fmt: skip
    found: dict[int, list[Look]] = {}
    for row in rows:
        look = Look(row.number, china_day(row.at), row.identity, tuple(row.violations))
        found.setdefault(row.record_id, []).append(look)
    return found


def _taught(
    connection: Connection, reviews: Reviews, units: Collection[int], year: int
) -> Mapping[int, Sequence[str]]:
    """Return the lists of attendees of each unit's sessions of the year that are for the kind."""
    facts = _RECORDS.facts
    rows = connection.execute(
        select(_RECORDS.unit_id, _RECORDS.personal).where(
            _RECORDS.kind == _SESSIONS, _RECORDS.unit_id.in_(units),
            _RECORDS.state == RecordState.ACTIVE,
            facts["held_on"].as_string().startswith(f"{year}-"),
            facts["audience"].as_string() == reviews.audience,
        )
    )  # fmt: skip
    found: dict[int, list[str]] = {}
    for unit, personal in rows:
        found.setdefault(unit, []).append(personal.get("attendees", ""))
    return found


def _short(
    connection: Connection, kind: Kind, units: Collection[int]
) -> Mapping[int, Sequence[Wording]]:
    """Return what each unit is short of where records of the kind are counted."""
    holders = {each.key: each for each in kinds().values() if kind.key in each.counting.values()}
    rows = connection.execute(
        FOUND.where(
            _RECORDS.kind.in_(holders), _RECORDS.unit_id.in_(units),
            _RECORDS.state == RecordState.ACTIVE,
        )
    ).all()  # fmt: skip
    found: dict[int, list[Wording]] = {}
    for row in rows:
        held = read(row)
        for each in check(holders[row.kind], held.values, date.max):
            if each.rule.type is RuleType.STAFFING and each.standing is Standing.LAPSED:
                found.setdefault(held.unit.id, []).append(each.rule.label)
    return found
