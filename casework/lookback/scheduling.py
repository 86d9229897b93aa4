"""Schedules of look-backs as data: added, changed, paused, resumed, removed; nothing is erased."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection, insert

from casework.errors import Invalid, NotFound, Refused
from casework.lookback.names import read_name
from casework.lookback.office_roles import require_office
from casework.lookback.templates import find_template
from casework.lookback.timetable import (
    EACH,
    Schedule,
    codes_of,
    days_ahead,
    find_schedule,
    look_up,
    read_clusters,
    read_schedules,
)
from casework.office import Office
from models.tables import LOOKBACK_SCHEDULES
from rules.access import Verb
from rules.lookback.timing import Timing
from rules.wording import Wording
from rules.workdays import china_day


class Listed(NamedTuple):
    """A schedule, and the next days it falls on; none of a paused one."""

    schedule: Schedule
    ahead: Sequence[date]


def add_schedule(
    office: Office,
    name: str,
    *,
    template: str,
    timing: str,
    clusters: str = "",
    by: str,
    at: datetime,
) -> Schedule:
    """Add a schedule; its first day is that of ``at`` or later.

    Raise Unfit for a timing, NotFound for a template or cluster there is none of, Refused for a
    name in use or without the role, Invalid for what is no name.
    """
    with office.writing() as connection:
        actor = require_office(connection, by)
        name = read_name(name)
        if look_up(connection, name):
            raise Refused(
                Wording(f"已有名为“{name}”的排期", f"there is a schedule called {name!r}"),
                remedy=Wording(
                    "请用 change 修改，或另取名称。", "Change it, or take another name."
                ),
                where="name",
            )
        made = _settled(connection, Schedule(name, template, timing, clusters, True, at))  # noqa: FBT003 — its column is called so
        return _write(connection, made, actor.id)


def change_schedule(
    office: Office,
    name: str,
    *,
    template: str | None = None,
    timing: str | None = None,
    clusters: str | None = None,
    by: str,
    at: datetime,
) -> Schedule:
    """Change what is given of a schedule; raise as ``add_schedule`` does, NotFound without one."""
    with office.writing() as connection:
        actor, found = require_office(connection, by), find_schedule(connection, name)
        changed = Schedule(
            found.name,
            found.template if template is None else template,
            found.timing if timing is None else timing,
            found.clusters if clusters is None else clusters,
            found.active,
            at,
        )
        return _write(connection, _settled(connection, changed), actor.id)


def pause_schedule(office: Office, name: str, *, by: str, at: datetime) -> Schedule:
    """Stop a schedule; what falls due meanwhile is not made up for. Raise NotFound, Refused."""
    return _switch(office, name, active=False, by=by, at=at)


def resume_schedule(office: Office, name: str, *, by: str, at: datetime) -> Schedule:
    """Let a schedule go on, from the day of ``at``; raise NotFound, Refused."""
    return _switch(office, name, active=True, by=by, at=at)


def remove_schedule(office: Office, name: str, *, by: str, at: datetime) -> None:
    """Take a schedule out of the list; look-backs it caused stay. Raise NotFound, Refused."""
    with office.writing() as connection:
        actor, found = require_office(connection, by), find_schedule(connection, name)
        gone = Schedule(found.name, found.template, found.timing, found.clusters, False, at)  # noqa: FBT003 — its column is called so
        _write(connection, gone, actor.id, removed=True)


def list_schedules(office: Office, *, by: str, as_of: datetime, most: int = 3) -> Sequence[Listed]:
    """Return the schedules by name, each with the next ``most`` days, within a year; Refused."""
    with office.reading() as connection:
        require_office(connection, by, Verb.SEE_LOOKBACKS)
        calendar = office.rulebooks.at(connection, as_of).calendar
        return [
            Listed(each, days_ahead(each, calendar, china_day(as_of))[:most])
            for each in read_schedules(connection)
        ]


def days_to_come(
    office: Office, schedule: Schedule, *, as_of: datetime, most: int = 3
) -> Sequence[date]:
    """Return the next ``most`` days on which a schedule falls, within a year."""
    with office.reading() as connection:
        calendar = office.rulebooks.at(connection, as_of).calendar
    return days_ahead(schedule, calendar, china_day(as_of))[:most]


def _switch(office: Office, name: str, *, active: bool, by: str, at: datetime) -> Schedule:
    with office.writing() as connection:
        actor, found = require_office(connection, by), find_schedule(connection, name)
        if found.active is active:
            return found
        switched = Schedule(found.name, found.template, found.timing, found.clusters, active, at)
        return _write(connection, switched, actor.id)


def _settled(connection: Connection, asked: Schedule) -> Schedule:
    """Return a schedule in its one spelling, all that it names found."""
    timing, codes = Timing.parse(asked.timing), codes_of(asked.clusters)
    template = find_template(connection, asked.template).name
    if codes != (EACH,):
        _require_clusters(connection, codes)
    written = ",".join(codes)
    if len(written) > _LONGEST:
        raise Invalid(
            Wording("片区太多", "these are too many clusters"),
            remedy=Wording("请填 each，或分成几个排期。", "Write each, or make several schedules."),
            where="clusters",
        )
    return Schedule(asked.name, template, str(timing), written, asked.active, asked.since)


def _require_clusters(connection: Connection, codes: Iterable[str]) -> None:
    known = read_clusters(connection)
    strange = next((each for each in codes if each not in known), None)
    if strange is not None:
        raise NotFound(
            Wording(f"没有代码为“{strange}”的片区", f"there is no cluster {strange!r}"),
            remedy=Wording(
                f"可用：{'、'.join(known)}，或 each（每个片区各抽一次）。",
                f"Choose from {', '.join(known)}, or each.",
            ),
            where="clusters",
        )


def _write(
    connection: Connection, schedule: Schedule, by: int | None, *, removed: bool = False
) -> Schedule:
    connection.execute(insert(LOOKBACK_SCHEDULES), {
        "name": schedule.name, "template": schedule.template, "timing": schedule.timing,
        "clusters": schedule.clusters, "active": schedule.active, "removed": removed,
        "changed_at": schedule.since, "changed_by_id": by,
    })  # fmt: skip
    return schedule


_LONGEST = 500  # the column's
