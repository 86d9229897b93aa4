"""每日校车违法通报, once a day: what buses did the day before, frozen, numbered and told of."""

from datetime import datetime

from prefect import flow
from prefect.artifacts import acreate_markdown_artifact
from prefect.client.schemas.objects import State
from prefect.states import Completed, Failed
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from casework.buses.bulletins import Made, make_bulletins
from casework.clock import now
from casework.events import Door
from flows.office import entered_office
from flows.progress import in_thread
from flows.tables import table
from rules.wording import Trouble


class BulletinRequest(BaseModel):
    """定时运行无须填写 / what the run form asks for; a scheduled run leaves it."""

    model_config = ConfigDict(frozen=True, extra="forbid", title="校车违法通报")

    as_of: AwareDatetime | None = Field(
        default=None,
        title="时点",
        description="以哪一天为准；留空即运行的时刻。将来的时刻只能试运行。",
    )
    dry_run: bool = Field(default=False, title="试运行", description="只列出将生成哪几天，不写入。")


_AS_SCHEDULED = BulletinRequest()


@flow(name="bus-bulletin", description="校车违法通报：每天一期，漏掉的补齐；屡教不改的一概否决。")
async def bus_bulletin(request: BulletinRequest = _AS_SCHEDULED) -> State[Made]:
    """Make the bulletin of each day that is over and has none, once."""
    at = now()
    try:
        made = await in_thread(lambda _told: _make(request, at), key="bus-bulletin")
    except Trouble as trouble:
        return Failed(message=trouble.say("zh"))
    if made.numbers:
        await acreate_markdown_artifact(
            _summary(made), key="bus-bulletins", description="校车违法通报"
        )
    return Completed(message=_headline(made), data=made)


def _make(request: BulletinRequest, at: datetime) -> Made:
    with entered_office() as office:
        return make_bulletins(
            office, as_of=request.as_of or at, ran_at=at, door=Door.FLOW, dry_run=request.dry_run
        )


def _headline(made: Made) -> str:
    if made.dry_run:
        return f"试运行，未写入：将生成 {len(made.days)} 期"
    counted = f"生成 {len(made.numbers)} 期，一概否决 {len(made.vetoed)} 辆"
    return counted if made.numbers else "没有要生成的通报"


def _summary(made: Made) -> str:
    """Return numbers alone: which bus did what is not everybody's to read on Prefect's pages."""
    rows = [(number, "已冻结") for number in made.numbers]
    return "\n".join([f"# {_headline(made)}", "", table("通报", "状态", rows=rows)])
