"""保安抽查, once a month: a seed is committed to one day, guards are drawn on a later one."""

import os
from datetime import datetime

from prefect import flow
from prefect.artifacts import acreate_markdown_artifact
from prefect.client.schemas.objects import State
from prefect.states import Completed, Failed
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from casework.clock import now
from casework.errors import Refused
from casework.events import Door
from casework.guardchecks.checks import Hand
from casework.guardchecks.drawing import DrawnCheck
from casework.guardchecks.stepping import Stepped, step_checks
from casework.home import find_home
from flows.office import entered_office
from flows.progress import in_thread
from flows.tables import table
from notifications.sealing import read_keys
from rules.guardchecks.acts import USUAL_SHARE
from rules.wording import Trouble, Wording


class GuardCheckRequest(BaseModel):
    """定时运行无须填写 / what the run form asks for; a scheduled run leaves it."""

    model_config = ConfigDict(frozen=True, extra="forbid", title="保安抽查")

    share: int = Field(
        default=USUAL_SHARE,
        ge=1,
        le=100,
        title="抽查比例（%）",
        description="每个片区抽取的百分比，至少一人；只用于新开始的一月。",
    )
    as_of: AwareDatetime | None = Field(
        default=None, title="时点", description="留空即运行的时刻；将来的时刻不可用。"
    )


_AS_SCHEDULED = GuardCheckRequest()


@flow(name="guard-check-draw", description="保安抽查：每月一次，先承诺种子，次日起抽取。")
async def guard_check_draw(request: GuardCheckRequest = _AS_SCHEDULED) -> State[Stepped]:
    """Take the step of the month's check that is due; whatever was taken is not taken again."""
    at = now()
    try:
        stepped = await in_thread(lambda _told: _step(request, at), key="guard-check-draw")
    except Trouble as trouble:
        return Failed(message=trouble.say("zh"))
    for drawn in stepped.drawn:
        await acreate_markdown_artifact(
            _summary(drawn), key="guard-check-drawn", description="保安抽查抽取结果"
        )
    return Completed(message=_headline(stepped), data=stepped)


def _step(request: GuardCheckRequest, at: datetime) -> Stepped:
    as_of = request.as_of or at
    if as_of > at:
        raise Refused(
            Wording("时点尚未到来", "that moment has not come yet"),
            remedy=Wording("请留空。", "Leave it out."),
            where="as_of",
        )
    keys = read_keys(os.environ, find_home(os.environ).folder)
    with entered_office() as office:
        return step_checks(office, Hand(None, as_of, Door.FLOW), keys, share=request.share)


def _headline(stepped: Stepped) -> str:
    said = [f"{each.number}：{each.frame_size} 人中抽 {each.drawn} 人" for each in stepped.drawn]
    if stepped.committed:
        said.append(f"{stepped.committed.number} 已承诺种子")
    return "；".join(said) or "本月已办，无须办理"


def _summary(drawn: DrawnCheck) -> str:
    """Return counts alone: who was drawn is nobody's to read on Prefect's pages."""
    rows = sorted(drawn.strata.items())
    head = f"# {drawn.number}：{drawn.frame_size} 人中抽 {drawn.drawn} 人"
    none = f"{len(drawn.impossible)} 所学校未能抽定检查员" if drawn.impossible else ""
    return "\n".join(
        [head, "", table("层", "抽取", rows=rows), "", f"名单 `{drawn.frame_digest}`", "", none]
    )
