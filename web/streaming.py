"""A page is told how something goes on, by server-sent events.

While nothing happens a stream holds its socket and nothing else: no thread, no connection to the
database. It looks, in a thread, and lets both go again.
"""

from collections.abc import AsyncIterator, Callable
from threading import Event

import anyio
from starlette.concurrency import run_in_threadpool
from starlette.responses import StreamingResponse

from rules.wording import Trouble

LOOKS_EVERY = 0.5  # seconds
LASTS = 60  # seconds; the browser comes back by itself, and is asked again who it is
_ALIVE_EVERY = 15  # seconds; proxies cut off what is silent for a minute
_LOOKS = int(LASTS / LOOKS_EVERY)
_PER_SIGN = int(_ALIVE_EVERY / LOOKS_EVERY)

Look = Callable[[], str | None]
"""What there is to tell now, as HTML; None once it is over."""


def tell_live(look: Look, leaving: Event) -> StreamingResponse:
    """Tell ``moved`` with what ``look`` returns whenever that changes, and ``ended`` in the end.

    It ends early when the pages are ``leaving``, or when there is nothing to look at any more.
    """
    return StreamingResponse(
        _events(look, leaving), media_type="text/event-stream",
        headers={"X-Accel-Buffering": "no"},  # nginx would keep it until it is over
    )  # fmt: skip


async def _events(look: Look, leaving: Event) -> AsyncIterator[str]:
    yield "retry: 500\n\n"
    last = ""
    for turn in range(_LOOKS):
        try:
            told = await run_in_threadpool(look)
        except Trouble:
            return  # whoever asks again is told
        if told is None:
            yield _event("ended", "ended")
            return
        if told != last:
            yield _event("moved", told)
        elif turn % _PER_SIGN == 0:
            yield ":\n\n"
        last = told
        if leaving.is_set():
            return
        await anyio.sleep(LOOKS_EVERY)


def _event(kind: str, told: str) -> str:
    lines = "".join(f"data: {line}\n" for line in told.splitlines())
    return f"event: {kind}\n{lines}\n"
