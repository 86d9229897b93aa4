"""Prefect's own events, so that Automations can react. Best effort: never the record, often lost.

Nothing is emitted without a server, and never more than ``MOST`` at a time.
"""

import logging
from collections.abc import Iterable
from typing import Any, NamedTuple

from prefect.deployments import arun_deployment
from prefect.events import emit_event
from prefect.settings import PREFECT_API_URL

LOG = logging.getLogger(__name__)
MOST = 200


class Signal(NamedTuple):
    """What happened to a case or an order, without a word that somebody typed."""

    event: str
    resource: str
    payload: dict[str, Any]


def emit(signals: Iterable[Signal]) -> int:
    """Hand the first ``MOST`` signals to Prefect's queue; return how many that were."""
    if not PREFECT_API_URL.value():
        return 0
    count = 0
    for count, each in enumerate(signals, start=1):
        resource = {"prefect.resource.id": each.resource, "prefect.resource.name": each.resource}
        emit_event(each.event, resource=resource, payload=each.payload)
        if count == MOST:
            LOG.info("more than %d events, the rest is not emitted", MOST)
            break
    return count


async def start(deployment: str, parameters: dict[str, Any] | None = None) -> bool:
    """Ask the server to run a deployment now, without waiting; return whether it took it."""
    if not PREFECT_API_URL.value():
        return False
    try:
        await arun_deployment(deployment, parameters=parameters, timeout=0, as_subflow=False)
    except Exception as fault:  # noqa: BLE001 — best effort: what is scheduled runs anyway
        LOG.debug("%s was not started: %s", deployment, type(fault).__name__)
        return False
    return True
