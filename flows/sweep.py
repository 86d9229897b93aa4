"""The sweep, when it is time: every step that is due is taken, once, and shown."""

import asyncio
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from prefect import flow
from prefect.artifacts import acreate_markdown_artifact, acreate_table_artifact
from prefect.client.schemas.objects import State
from prefect.logging import get_run_logger
from prefect.states import Completed, Failed
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from casework import sweep as sweeping
from casework.clock import now
from casework.errors import Refused
from casework.events import Door
from casework.lookback.chasing import Chased, chase_visits
from casework.order_list import Issued, list_issued
from casework.sweep import Line, Swept
from flows.office import entered_office
from flows.progress import Told, in_thread
from flows.signals import Signal, emit, start
from flows.tables import table
from rules.access import Role
from rules.deadlines import Stage
from rules.ladder import StepKind
from rules.wording import Trouble, Wording
from rules.workdays import CHINA, day_due

MOST_LINES = 500
DELIVERY = "deliver/deliver"
"""Started when there is something new to send, rather than a minute later."""


class SweepRequest(BaseModel):
    """定时运行无须填写 / what the run form asks for; a scheduled run leaves it."""

    model_config = ConfigDict(frozen=True, extra="forbid", title="催办")

    as_of: AwareDatetime | None = Field(
        default=None,
        title="时点",
        description="办理此刻之前到期的步骤；留空即运行的时刻。将来的时刻只能试运行。",
    )
    dry_run: bool = Field(default=False, title="试运行", description="只列出将办理的步骤，不写入。")
    batch: int = Field(
        default=sweeping.BATCH,
        ge=1,
        le=10_000,
        title="每批件数",
        description="每批一个短事务，1 到 10000。",
    )


_AS_SCHEDULED = SweepRequest()


@flow(name="sweep", description="催办：到期的步骤各办理一次（提醒、逾期），写入案卷。")
async def sweep(request: SweepRequest = _AS_SCHEDULED) -> State[Swept]:
    """Take every due step, once, and show which; the state's result is what was swept.

    A case that cannot be reckoned stops no other one: the run ends as Failed when all the rest
    is done, so that a person sees it.
    """
    at = now()
    try:
        swept, chased = await in_thread(
            lambda told: _sweep(request, at, told), key="sweep-progress"
        )
    except Trouble as trouble:
        return Failed(message=trouble.say("zh"))
    await _show(swept)
    if (swept.steps or chased.steps) and not swept.dry_run:
        emit(_signals(swept, await asyncio.to_thread(_issued, swept)))
        await start(DELIVERY)
    headline = _headline(swept) + _of_visits(chased)
    if failed := [*swept.failed, *chased.failed]:
        get_run_logger().error("无法推算的案件：%s", "、".join(failed))
        return Failed(message=f"{headline}；{len(failed)} 件无法推算，见日志")
    return Completed(message=headline, data=swept)


def _issued(swept: Swept) -> Sequence[Issued]:
    """Return the orders that the ladder issued in this sweep."""
    if not swept.orders:
        return ()
    with entered_office() as office:
        return list_issued(office, swept.as_of)


def _signals(swept: Swept, issued: Sequence[Issued]) -> Iterator[Signal]:
    """Yield what Automations may react to: orders that were issued, cases that were escalated."""
    for each in issued:
        payload = {"order": each.number, "level": each.level.value}
        yield Signal("bihuan.order.issued", f"bihuan.case.{each.case}", payload)
    for line in swept.lines:
        if line.kind == StepKind.OVERDUE.value:
            facts = {"stage": line.stage, "holder": line.holder, "days_late": line.days_late}
            yield Signal("bihuan.case.escalated", f"bihuan.case.{line.number}", facts)


def _sweep(request: SweepRequest, at: datetime, told: Told) -> tuple[Swept, Chased]:
    as_of = request.as_of or at
    if as_of > at and not request.dry_run:
        raise not_yet(as_of)
    with entered_office() as office:
        due = sweeping.count_due(office, as_of=as_of)
        swept = sweeping.sweep(
            office,
            as_of=as_of,
            ran_at=at,
            dry_run=request.dry_run,
            batch=request.batch,
            door=Door.FLOW,
            progress=lambda done: _tell(told, done, due, request.batch),
        )
        return swept, chase_visits(
            office, as_of=swept.as_of, ran_at=at, dry_run=request.dry_run, door=Door.FLOW
        )


def not_yet(as_of: datetime) -> Refused:
    """Return why history cannot be written of a moment to come."""
    return Refused(
        Wording(f"{as_of.isoformat()} 尚未到来", f"{as_of.isoformat()} has not come yet"),
        remedy=Wording(
            "历史写入后不能收回；要看将来，请选择试运行（dry_run）。",
            "History cannot be taken back; to look ahead, ask for a dry run.",
        ),
        where="as_of",
    )


def _tell(told: Told, done: int, due: int, batch: int) -> None:
    if due > batch:
        told.tell(f"已办理 {done} / {due} 件", 100 * done / due)


async def _show(swept: Swept) -> None:
    """Keep what was done beside the run; a sweep that found nothing leaves only its message."""
    if not swept.steps and not swept.failed:
        return
    await acreate_markdown_artifact(_summary(swept), key="sweep-summary", description="催办摘要")
    await acreate_table_artifact(
        [_row(line) for line in swept.lines[:MOST_LINES]],
        key="sweep-steps",
        description=_caption(swept),
    )


def _headline(swept: Swept) -> str:
    kinds = swept.by_kind
    counted = f"提醒 {kinds[StepKind.REMIND]} 步，逾期 {kinds[StepKind.OVERDUE]} 步"
    return f"{'试运行，未写入：' if swept.dry_run else ''}{swept.cases} 件，{counted}"


def _of_visits(chased: Chased) -> str:
    return f"；回头看复查催办 {chased.visits} 件" if chased.visits else ""


def _summary(swept: Swept) -> str:
    rows = (
        (cluster or "—", Role(holder).label.zh, _KINDS[kind], count)
        for (cluster, holder, kind), count in sorted(swept.by_holder.items())
    )
    lines = [
        f"# {_headline(swept)}",
        f"时点 {swept.as_of.astimezone(CHINA):%Y-%m-%d %H:%M}（北京时间）",
        "",
        table("片区", "待谁办理", "步骤", "数量", rows=rows),
    ]
    if swept.failed:
        lines += ["", f"无法推算（留待处理）：{'、'.join(swept.failed)}"]
    return "\n".join(lines)


def _caption(swept: Swept) -> str:
    if swept.steps > MOST_LINES:
        return f"催办明细：前 {MOST_LINES} 步，共 {swept.steps} 步"
    return f"催办明细：共 {swept.steps} 步"


def _row(line: Line) -> dict[str, Any]:
    return {
        "片区": line.cluster,
        "责任单位": line.unit,
        "案件": line.number,
        "步骤": _KINDS[line.kind],
        "环节": Stage(line.stage).label.zh,
        "待谁办理": Role(line.holder).label.zh,
        "期限": day_due(datetime.fromisoformat(line.due_at)).isoformat(),
        "逾期天数": line.days_late,
    }


_KINDS = {StepKind.REMIND.value: "提醒", StepKind.OVERDUE.value: "逾期"}
