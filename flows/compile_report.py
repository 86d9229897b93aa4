"""Periodic reports, once a day: every week, month, quarter and year that ended, compiled once;
and every period of a campaign, on its first day.

Looking every day rather than on Mondays and firsts makes up what a stop has missed the day after.
"""

from datetime import datetime

from prefect import flow
from prefect.artifacts import acreate_markdown_artifact
from prefect.client.schemas.objects import State
from prefect.states import Completed, Failed
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from casework.clock import now
from casework.events import Door
from casework.filings.catching_up import CaughtUp, compile_due
from casework.filings.compiling import compile_period
from flows.office import entered_office
from flows.progress import in_thread
from flows.tables import table
from rules.wording import Trouble


class CompileRequest(BaseModel):
    """定时运行无须填写 / what the run form asks for; a scheduled run leaves it."""

    model_config = ConfigDict(frozen=True, extra="forbid", title="汇编报告")

    template: str = Field(
        default="",
        max_length=40,
        title="报告",
        description="模板的 key，如 monthly；留空即到期未编的全部，专项在内。",
    )
    period: str = Field(
        default="",
        max_length=24,
        title="期",
        description="如 2026-11；专项填 2026-11-01..2026-12-15。留空即到期未编的各期。",
    )
    as_of: AwareDatetime | None = Field(
        default=None, title="时点", description="留空即运行的时刻。将来的时刻只能试运行。"
    )
    dry_run: bool = Field(default=False, title="试运行", description="只列出将汇编哪些，不写入。")


_AS_SCHEDULED = CompileRequest()


@flow(
    name="compile-report",
    description="汇编报告：到期的周、月、季、年报和已开始的专项，各期一次。",
)
async def compile_report(request: CompileRequest = _AS_SCHEDULED) -> State[CaughtUp]:
    """Compile what ended and was not compiled yet, and show how many drafts of each."""
    at = now()
    try:
        done = await in_thread(lambda _told: _compile(request, at), key="compile-report")
    except Trouble as trouble:
        return Failed(message=trouble.say("zh"))
    if done.compiled:
        await acreate_markdown_artifact(
            _summary(done), key="filing-summary", description="汇编摘要"
        )
    return Completed(message=_headline(done), data=done)


def _compile(request: CompileRequest, at: datetime) -> CaughtUp:
    as_of = request.as_of or at
    with entered_office() as office:
        if not request.period or request.dry_run:
            return compile_due(
                office, as_of=as_of, ran_at=at, door=Door.FLOW, only=request.template,
                dry_run=request.dry_run,
            )  # fmt: skip
        one = compile_period(
            office, request.template, request.period, by=None, at=min(as_of, at), door=Door.FLOW
        )
        return CaughtUp(as_of, dry_run=False, compiled=[one])


def _headline(done: CaughtUp) -> str:
    if done.dry_run:
        return f"试运行，未写入：将汇编 {'、'.join(done.planned) or '无'}"
    return f"汇编 {len(done.compiled)} 期，新编 {done.new} 份"


def _summary(done: CaughtUp) -> str:
    rows = [(f"{each.template} {each.period}", each.new) for each in done.compiled]
    return "\n".join([f"# {_headline(done)}", "", table("报告", "新编份数", rows=rows)])
