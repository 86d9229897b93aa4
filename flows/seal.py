"""The seal, every ten minutes: new events become leaves, and the tree's head is signed."""

import os
from contextlib import suppress
from typing import Literal

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.states import Completed, Failed
from pydantic import BaseModel, ConfigDict, Field

from casework.catching_up import catch_up_some
from casework.clock import now
from casework.errors import Unavailable
from casework.home import find_home
from casework.proving import sealing
from casework.proving.sealing import SealRun, outside_of
from flows.office import entered_office
from flows.progress import in_thread
from rules.wording import Locale, Trouble, Wording


class SealRequest(BaseModel):
    """定时运行无须填写 / what the run form asks for; a scheduled run leaves it."""

    model_config = ConfigDict(frozen=True, extra="forbid", title="封存")

    language: Literal["zh", "en"] = Field(
        default="zh", title="语言", description="运行结果所用的语言。"
    )


_AS_SCHEDULED = SealRequest()


@flow(name="seal", description="封存：新的经过编入哈希树，签署检查点并抄送到库外。")
async def seal(request: SealRequest = _AS_SCHEDULED) -> State[SealRun]:
    """Seal what is new; the run ends as Failed when history was rewritten, or no head leaves."""
    at = now()

    def work(_told: object) -> SealRun:
        with entered_office() as office:
            outside = outside_of(find_home(os.environ).folder, os.environ)
            run = sealing.seal(office, outside, at=at)
            with suppress(Unavailable):  # the next run will; what is sealed is sealed
                catch_up_some(office)
            return run

    try:
        run = await in_thread(work, key="seal")
    except Trouble as trouble:  # a rewritten history above all
        return Failed(message=trouble.say(request.language))
    said = _said(run, request.language)
    return Completed(message=said, data=run) if run.ok else Failed(message=said)


def _said(run: SealRun, locale: Locale) -> str:
    done = Wording(
        f"封存 {run.new} 条，检查点共 {run.size} 条",
        f"{run.new} event(s) sealed, {run.size} under the head",
    )
    unfit = Wording(f"{run.unfit} 条无法封存", f"{run.unfit} cannot be sealed")
    troubles = [*([unfit] if run.unfit else []), *run.uncopied]
    return "；".join(each.say(locale) for each in (done, *troubles))
