"""Work done in a thread, and how far it is, as Prefect shows it."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from prefect.artifacts import acreate_progress_artifact, aupdate_progress_artifact

Answer = TypeVar("Answer")

EVERY = 1.0  # seconds; each showing is a request to the server
ALL = 100.0


@dataclass(slots=True)
class Told:
    """What the work last said of itself: a sentence and a percentage."""

    sentence: str = ""
    percent: float = 0.0

    def tell(self, sentence: str, percent: float) -> None:
        self.sentence, self.percent = sentence, min(percent, ALL)


async def in_thread(work: Callable[[Told], Answer], *, key: str) -> Answer:
    """Do ``work`` in a thread and return its answer.

    What it tells is shown once a second, in a progress artifact under ``key``; work that tells
    nothing has none.
    """
    told = Told()
    artifact: UUID | None = None
    working = asyncio.ensure_future(asyncio.to_thread(work, told))
    while not working.done():
        await asyncio.wait({working}, timeout=EVERY)
        artifact = await _show(told, artifact, key)
    return working.result()


async def _show(told: Told, artifact: UUID | None, key: str) -> UUID | None:
    if not told.sentence:
        return None
    if artifact is None:
        return await acreate_progress_artifact(told.percent, key=key, description=told.sentence)
    return await aupdate_progress_artifact(artifact, told.percent, description=told.sentence)
