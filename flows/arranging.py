"""Our schedules as Prefect shows them: one of its schedules for each, on the deployment look-back.

The database is what counts. Prefect's page shows the days ahead by our calendar, paused ones as
inactive, and starts a run on each of them: a second look at what the daily run did at seven.
"""

import asyncio
import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any

import httpx
from prefect.client.orchestration import PrefectClient, get_client
from prefect.client.schemas.actions import DeploymentScheduleCreate
from prefect.client.schemas.objects import DeploymentSchedule
from prefect.client.schemas.schedules import RRuleSchedule
from prefect.exceptions import ObjectNotFound, PrefectException
from prefect.settings import PREFECT_API_URL

from casework.clock import now
from casework.lookback.timetable import AHEAD, read_schedules
from casework.office import Office
from flows.office import entered_office
from rules.lookback.timing import Timing
from rules.wording import Trouble
from rules.workdays import china_day

LOG = logging.getLogger(__name__)
DEPLOYMENT = "look-back/look-back"
PREFIX = "lookback-"
WITHIN = 15.0
"""Seconds: a server that does not answer must not keep anybody waiting (our choice)."""

_AT = "T073000"  # half an hour after the daily run, so that neither cancels the other
_MOMENT = re.compile("[0-9]{8}T[0-9]{6}")
_FREE = re.compile("[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Shown:
    """A schedule as Prefect is to show it."""

    slug: str
    name: str
    rrule: str
    active: bool

    @property
    def schedule(self) -> RRuleSchedule:
        return RRuleSchedule(rrule=self.rrule, timezone="Asia/Shanghai")

    @property
    def parameters(self) -> dict[str, Any]:
        return {"request": {"schedule": self.name}}


async def arrange(within: float = WITHIN) -> bool:
    """Make Prefect's schedules those of our database; return whether that was done.

    Without a server, or a deployment, nothing is; what goes wrong is only a warning.
    """
    if not PREFECT_API_URL.value():
        return False
    try:
        async with asyncio.timeout(within):
            shown = await asyncio.to_thread(_shown_now)
            async with get_client() as client:
                await _arrange(client, shown)
    except (TimeoutError, OSError, httpx.HTTPError, PrefectException, Trouble) as fault:
        LOG.warning("Prefect 中的排期未能更新：%s", fault or type(fault).__name__)
        return False
    return True


def shown(office: Office, today: date) -> list[Shown]:
    """Return what Prefect is to show of every schedule that falls on some day within a year."""
    with office.reading() as connection:
        calendar = office.rulebooks.at(connection, now()).calendar
        schedules = read_schedules(connection)
    found = []
    for each in schedules:
        days = Timing.parse(each.timing).occurrences(calendar, today, today + AHEAD)
        if days:
            found.append(Shown(slug_of(each.name), each.name, _rrule(days), each.active))
    return found


def slug_of(name: str) -> str:
    """Return a schedule's slug: its name when that is plain, else what is of it, and a hash."""
    plain = _FREE.sub("-", name.lower()).strip("-")
    if plain == name:
        return PREFIX + plain
    return f"{PREFIX}{plain}-{sha256(name.encode()).hexdigest()[:8]}".replace("--", "-")


def _shown_now() -> list[Shown]:
    with entered_office() as office:
        return shown(office, china_day(now()))


async def _arrange(client: PrefectClient, wanted: Sequence[Shown]) -> None:
    try:
        deployment = await client.read_deployment_by_name(DEPLOYMENT)
    except ObjectNotFound:
        LOG.info("there is no deployment %s yet", DEPLOYMENT)
        return
    there = {
        each.slug: each
        for each in await client.read_deployment_schedules(deployment.id)
        if each.slug and each.slug.startswith(PREFIX)
    }
    for slug in there.keys() - {each.slug for each in wanted}:
        await client.delete_deployment_schedule(deployment.id, there[slug].id)
    for each in wanted:
        if each.slug not in there:
            await _add(client, deployment.id, each)
        elif _differs(there[each.slug], each):
            await client.update_deployment_schedule(
                deployment.id, there[each.slug].id, active=each.active, schedule=each.schedule,
                parameters=each.parameters,
            )  # fmt: skip


async def _add(client: PrefectClient, deployment: Any, each: Shown) -> None:  # noqa: ANN401 — Prefect's id
    made = DeploymentScheduleCreate(
        schedule=each.schedule, active=each.active, parameters=each.parameters, slug=each.slug
    )
    await client.create_deployment_schedules(deployment, [made])


def _differs(there: DeploymentSchedule, wanted: Shown) -> bool:
    if not isinstance(there.schedule, RRuleSchedule):
        return True
    # Days that are past are of no account: otherwise every day would renew every schedule.
    first = min(_days(wanted.rrule))
    ahead = {day for day in _days(there.schedule.rrule) if day >= first}
    as_wanted = (wanted.active, wanted.parameters, _days(wanted.rrule))
    return (there.active, there.parameters, ahead) != as_wanted


def _rrule(days: Sequence[date]) -> str:
    return "RDATE:" + ",".join(f"{day:%Y%m%d}{_AT}" for day in days)


def _days(rrule: str) -> set[str]:
    # Prefect puts a DTSTART of its own before them.
    return set(_MOMENT.findall(rrule.partition("RDATE:")[2]))
