"""Duties, once a day: what is not done is told of step by step, and at last becomes a case."""

from datetime import datetime

from prefect import flow
from prefect.artifacts import acreate_markdown_artifact
from prefect.client.schemas.objects import State
from prefect.states import Completed, Failed
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from casework import missing
from casework.clock import now
from casework.duties.chasing import Chased
from casework.events import Door
from flows.office import entered_office
from flows.progress import in_thread
from flows.tables import table
from rules.duties.kinds import kinds
from rules.wording import Trouble


class ChaseRequest(BaseModel):
    """定时运行无须填写 / what the run form asks for; a scheduled run leaves it."""

    model_config = ConfigDict(frozen=True, extra="forbid", title="催办应办事项")

    as_of: AwareDatetime | None = Field(
        default=None,
        title="时点",
        description="以哪一天为准；留空即运行的时刻。将来的时刻只能试运行。",
    )
    dry_run: bool = Field(default=False, title="试运行", description="只列出将催办多少，不写入。")


_AS_SCHEDULED = ChaseRequest()


@flow(name="chase-missing", description="催办应办事项：到期未办的逐级告知，最后各立案一次。")
async def chase_missing(request: ChaseRequest = _AS_SCHEDULED) -> State[Chased]:
    """Open what every unit owes this year, take each step that is due, once, and show how many."""
    at = now()
    try:
        chased = await in_thread(lambda _told: _chase(request, at), key="chase-missing")
    except Trouble as trouble:
        return Failed(message=trouble.say("zh"))
    if chased.by_kind:
        await acreate_markdown_artifact(
            _summary(chased), key="chase-summary", description="应办事项催办摘要"
        )
    return Completed(message=_headline(chased), data=chased)


def _chase(request: ChaseRequest, at: datetime) -> Chased:
    as_of = request.as_of or at
    with entered_office() as office:
        return missing.chase_missing(
            office, as_of=as_of, ran_at=at, door=Door.FLOW, dry_run=request.dry_run
        )


def _headline(chased: Chased) -> str:
    counted = f"新立 {chased.opened} 项，" * bool(chased.opened)
    counted += f"催办 {chased.told} 项，通知 {chased.notices} 条，立案 {chased.raised} 件"
    counted += f"，无法推算 {len(chased.failed)} 项" * bool(chased.failed)
    return f"{'试运行，未写入：' if chased.dry_run else ''}{counted}"


def _summary(chased: Chased) -> str:
    rows = sorted((kinds()[kind].zh, count) for kind, count in chased.by_kind.items())
    return "\n".join([f"# {_headline(chased)}", "", table("种类", "项数", rows=rows)])
