"""The demands, once a day: progress owed under an order is asked for, a miss told higher."""

from datetime import datetime

from prefect import flow
from prefect.artifacts import acreate_markdown_artifact
from prefect.client.schemas.objects import State
from prefect.states import Completed, Failed
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from casework import demands
from casework.clock import now
from casework.demands import Demanded
from casework.events import Door
from flows.office import entered_office
from flows.progress import in_thread
from flows.sweep import not_yet
from flows.tables import table
from rules.wording import Trouble
from rules.workdays import CHINA


class DemandRequest(BaseModel):
    """定时运行无须填写 / what the run form asks for; a scheduled run leaves it."""

    model_config = ConfigDict(frozen=True, extra="forbid", title="催报进展")

    as_of: AwareDatetime | None = Field(
        default=None,
        title="时点",
        description="办理此刻之前应报的进展；留空即运行的时刻。将来的时刻只能试运行。",
    )
    dry_run: bool = Field(default=False, title="试运行", description="只列出将告知谁，不写入。")


_AS_SCHEDULED = DemandRequest()


@flow(name="demand-progress", description="催报进展：挂牌期间应报未报的，逐级告知。")
async def demand_progress(request: DemandRequest = _AS_SCHEDULED) -> State[Demanded]:
    """Demand what is due, once, and show how much; the state's result is what was demanded.

    An order that cannot be read stops no other one: the run ends as Failed when all the rest is
    done, so that a person sees it.
    """
    at = now()
    try:
        done = await in_thread(lambda _told: _demand(request, at), key="demand-progress")
    except Trouble as trouble:
        return Failed(message=trouble.say("zh"))
    if done.done or done.failed:
        await acreate_markdown_artifact(
            _summary(done), key="demand-summary", description="催报摘要"
        )
    if done.failed:
        return Failed(message=f"{_headline(done)}；{len(done.failed)} 份无法推算，见日志")
    return Completed(message=_headline(done), data=done)


def _demand(request: DemandRequest, at: datetime) -> Demanded:
    as_of = request.as_of or at
    if as_of > at and not request.dry_run:
        raise not_yet(as_of)
    with entered_office() as office:
        return demands.demand_progress(
            office, as_of=as_of, ran_at=at, dry_run=request.dry_run, door=Door.FLOW
        )


def _headline(done: Demanded) -> str:
    counted = (
        f"已报或不在责任单位 {done.answered} 份，要求报告 {done.demanded} 份，"
        f"逾期未报 {done.missed} 份，督办逾期 {done.overdue} 份，"
        f"督办延期未答复 {done.undecided} 份，督办未公布 {done.unpublished} 份"
    )
    return f"{'试运行，未写入：' if done.dry_run else ''}{counted}"


def _summary(done: Demanded) -> str:
    lines = [
        f"# {_headline(done)}",
        f"时点 {done.as_of.astimezone(CHINA):%Y-%m-%d %H:%M}（北京时间）",
        "",
        table("告知", "条数", rows=done.by_recipient.items()),
    ]
    if done.failed:
        lines += ["", f"无法推算（留待处理）：{'、'.join(done.failed)}"]
    return "\n".join(lines)
