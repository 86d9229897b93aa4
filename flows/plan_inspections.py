"""Inspections, once a day: what is due is given out, draws are committed to and made."""

import os
from datetime import datetime

from prefect import flow
from prefect.artifacts import acreate_markdown_artifact
from prefect.client.schemas.objects import State
from prefect.states import Completed, Failed
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from casework.clock import now
from casework.events import Door
from casework.home import find_home
from casework.inspections.giving_out import Given, give_out
from flows.office import entered_office
from flows.progress import in_thread
from flows.tables import table
from notifications.sealing import read_keys
from rules.wording import Trouble


class GiveOutRequest(BaseModel):
    """定时运行无须填写 / what the run form asks for; a scheduled run leaves it."""

    model_config = ConfigDict(frozen=True, extra="forbid", title="下达检查")

    as_of: AwareDatetime | None = Field(
        default=None,
        title="时点",
        description="以哪一天为准；留空即运行的时刻。将来的时刻只能试运行。",
    )
    plan: str = Field(
        default="", max_length=40, title="计划", description="只下达此计划；留空即全部。"
    )
    dry_run: bool = Field(default=False, title="试运行", description="只列出将下达多少，不写入。")


_AS_SCHEDULED = GiveOutRequest()


@flow(name="plan-inspections", description="下达检查：到期的任务各下达一次，双随机按时承诺和抽取。")
async def plan_inspections(request: GiveOutRequest = _AS_SCHEDULED) -> State[Given]:
    """Give out what is due, once, and show by plan how much."""
    at = now()
    try:
        given = await in_thread(lambda _told: _give_out(request, at), key="plan-inspections")
    except Trouble as trouble:
        return Failed(message=trouble.say("zh"))
    if given.by_plan or given.impossible or given.failed:
        await acreate_markdown_artifact(
            _summary(given), key="inspection-summary", description="检查下达摘要"
        )
    if given.failed:
        return Failed(message=_headline(given), data=given)
    return Completed(message=_headline(given), data=given)


def _give_out(request: GiveOutRequest, at: datetime) -> Given:
    keys = read_keys(os.environ, find_home(os.environ).folder)
    with entered_office() as office:
        return give_out(
            office, keys, as_of=request.as_of or at, ran_at=at, door=Door.FLOW,
            dry_run=request.dry_run, only=request.plan,
        )  # fmt: skip


def _headline(given: Given) -> str:
    counted = (
        f"下达 {given.tasks} 项，承诺 {len(given.committed)} 次，抽取 {len(given.drawn)} 次，"
        f"无人可派 {len(given.impossible)} 家"
    )
    if given.failed:
        counted += f"，未能下达的计划 {len(given.failed)} 个"
    return f"{'试运行，未写入：' if given.dry_run else ''}{counted}"


def _summary(given: Given) -> str:
    rows = sorted(given.by_plan.items())
    blocked = [f"- {each}" for each in [*given.impossible, *given.failed]]
    return "\n".join([f"# {_headline(given)}", "", table("计划", "任务数", rows=rows), *blocked])
