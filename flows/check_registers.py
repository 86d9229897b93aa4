"""The registers, once a day: what runs out or goes missing becomes a case by itself."""

from datetime import datetime

from prefect import flow
from prefect.artifacts import acreate_markdown_artifact
from prefect.client.schemas.objects import State
from prefect.states import Completed, Failed
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from casework.clock import now
from casework.events import Door
from casework.registers import checking
from casework.registers.checking import Checked
from casework.registers.reckoning import reckon_standings
from casework.stock.mixing import CLASH, raise_clashes
from flows.office import entered_office
from flows.progress import in_thread
from flows.tables import table
from rules.wording import Trouble
from rules.workdays import china_day


class CheckRequest(BaseModel):
    """定时运行无须填写 / what the run form asks for; a scheduled run leaves it."""

    model_config = ConfigDict(frozen=True, extra="forbid", title="检查台账")

    as_of: AwareDatetime | None = Field(
        default=None,
        title="时点",
        description="以哪一天为准；留空即运行的时刻。将来的时刻只能试运行。",
    )
    dry_run: bool = Field(default=False, title="试运行", description="只列出将立案多少，不写入。")


_AS_SCHEDULED = CheckRequest()


@flow(name="check-registers", description="检查台账：到期、缺证、超龄的，各立案一次。")
async def check_registers(request: CheckRequest = _AS_SCHEDULED) -> State[Checked]:
    """Raise a case for what is due, once, and show by rule how many."""
    at = now()
    try:
        checked = await in_thread(lambda _told: _check(request, at), key="check-registers")
    except Trouble as trouble:
        return Failed(message=trouble.say("zh"))
    if checked.by_rule:
        await acreate_markdown_artifact(
            _summary(checked), key="register-summary", description="台账检查摘要"
        )
    return Completed(message=_headline(checked), data=checked)


def _check(request: CheckRequest, at: datetime) -> Checked:
    as_of = request.as_of or at
    with entered_office() as office:
        reckon_standings(office, today=china_day(at))
        checked = checking.check_registers(
            office, as_of=as_of, ran_at=at, door=Door.FLOW, dry_run=request.dry_run
        )
        clashes = raise_clashes(office, at=at, door=Door.FLOW, dry_run=request.dry_run)
        return checked.with_cases(CLASH, clashes)


def _headline(checked: Checked) -> str:
    counted = f"看了 {checked.looked_at} 条，立案 {checked.raised} 件，已有案件 {checked.linked} 件"
    counted += f"，提醒 {checked.reminded} 项" * bool(checked.reminded)
    counted += f"，重开 {checked.reopened} 件" * bool(checked.reopened)
    return f"{'试运行，未写入：' if checked.dry_run else ''}{counted}"


def _summary(checked: Checked) -> str:
    rows = sorted(checked.by_rule.items())
    return "\n".join([f"# {_headline(checked)}", "", table("规则", "条数", rows=rows)])
