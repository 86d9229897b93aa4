"""The watchdog, every quarter of an hour: is the engine at work? If not, a person is told."""

import os
from typing import Literal

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.states import Completed, Failed
from pydantic import BaseModel, ConfigDict, Field

from casework import watchdog as watching
from casework.clock import now
from casework.home import find_home
from casework.watchdog import Watched
from flows.progress import in_thread
from rules.wording import Wording


class WatchRequest(BaseModel):
    """定时运行无须填写 / what the run form asks for; a scheduled run leaves it."""

    model_config = ConfigDict(frozen=True, extra="forbid", title="值守")

    language: Literal["zh", "en"] = Field(
        default="zh", title="语言", description="告知值守人所用的语言。"
    )


_AS_SCHEDULED = WatchRequest()


@flow(name="watchdog", description="值守：催办、催报、发送停了就告知值守人。")
async def watchdog(request: WatchRequest = _AS_SCHEDULED) -> State[Watched]:
    """Look at the engine; the run ends as Failed when somebody must look, told or not."""
    at = now()
    watched = await in_thread(
        lambda _told: watching.watch(
            find_home(os.environ), os.environ, at=at, locale=request.language
        ),
        key="watchdog",
    )
    if watched.ok:
        return Completed(message=_WELL.say(request.language), data=watched)
    said = [each.say(request.language) for each in watched.problems]
    return Failed(message="；".join([*said, *([watched.how] if watched.how else [])]))


_WELL = Wording("正常", "all is well")
