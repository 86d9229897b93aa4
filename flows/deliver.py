"""Delivery, when it is time: what is owed and may leave now goes out, and is counted."""

import os
import socket
from datetime import datetime
from secrets import token_hex

from prefect import flow
from prefect.artifacts import acreate_markdown_artifact
from prefect.client.schemas.objects import State
from prefect.logging import get_run_logger
from prefect.states import Completed, Failed
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from casework import delivery
from casework.clock import now
from casework.delivery import Delivered
from casework.home import find_home
from casework.proving.sealing import outside_of
from casework.webhooks.sending import post_events
from flows.office import entered_office
from flows.progress import Told, in_thread
from flows.sweep import not_yet
from flows.tables import table
from notifications.channels import open_channels
from notifications.hooks import open_hooks
from rules.wording import Trouble

_MOST_REASONS = 20


class DeliverRequest(BaseModel):
    """定时运行无须填写 / what the run form asks for; a scheduled run leaves it."""

    model_config = ConfigDict(frozen=True, extra="forbid", title="发送通知")

    as_of: AwareDatetime | None = Field(
        default=None, title="时点", description="发送此刻之前应发的通知；留空即运行的时刻。"
    )
    batch: int = Field(
        default=delivery.BATCH, ge=1, le=1_000, title="每批条数", description="每批领取多少条。"
    )


_AS_SCHEDULED = DeliverRequest()


@flow(name="deliver", description="发送通知：应发的按人合并后发出；失败的稍后重试。")
async def deliver(request: DeliverRequest = _AS_SCHEDULED) -> State[Delivered]:
    """Send what is owed, and show how many; the state's result is what was delivered.

    A failure is no fault of the run: it is tried again, and given up with its reason where
    ``bihuan health`` and the watchdog find it.
    """
    at = now()
    try:
        done = await in_thread(lambda told: _deliver(request, at, told), key="deliver-progress")
    except Trouble as trouble:
        return Failed(message=trouble.say("zh"))
    if done.failed or done.dead or done.events_failed:
        get_run_logger().warning("%s", _headline(done))
    await _show(done)
    return Completed(message=_headline(done), data=done)


def _deliver(request: DeliverRequest, at: datetime, told: Told) -> Delivered:
    as_of = request.as_of or at
    if as_of > at:
        raise not_yet(as_of)
    folder = find_home(os.environ).folder
    channels, hooks = open_channels(os.environ, folder), open_hooks(os.environ, folder)
    owner = f"{socket.gethostname()[:40]}:{os.getpid()}:{token_hex(4)}"
    with entered_office() as office:
        done = delivery.deliver(
            office,
            channels,
            as_of=as_of,
            owner=owner,
            batch=request.batch,
            progress=lambda count: _tell(told, count, request.batch),
        )
        outside = outside_of(folder, os.environ)
        posted = post_events(office, hooks, outside, as_of=as_of, owner=owner)
    return posted.added_to(done)


def _tell(told: Told, messages: int, batch: int) -> None:
    if messages > batch:  # how many there will be nobody knows before the end
        told.tell(f"已发出 {messages} 条消息", 50)


async def _show(done: Delivered) -> None:
    """Keep what was done beside the run; one that found nothing leaves only its message."""
    if done.sent or done.dropped or done.failed or done.dead or done.events or done.events_failed:
        await acreate_markdown_artifact(
            _summary(done), key="deliver-summary", description="发送摘要"
        )


def _headline(done: Delivered) -> str:
    return (
        f"发出 {done.messages} 条消息（{done.sent} 条通知），推迟 {done.postponed}，"
        f"不再需要 {done.dropped}，失败待重试 {done.failed}，放弃 {done.dead}"
        + (f"；网址回调 {done.events} 条" if done.events else "")
        + (f"，回调失败 {done.events_failed}" if done.events_failed else "")
    )


def _summary(done: Delivered) -> str:
    counts = {
        "消息": done.messages, "已发通知": done.sent, "推迟": done.postponed,
        "不再需要": done.dropped, "失败待重试": done.failed, "放弃": done.dead,
        "网址回调": done.events, "回调失败": done.events_failed,
    }  # fmt: skip
    lines = [f"# {_headline(done)}", "", table("项目", "数量", rows=counts.items())]
    reasons = dict.fromkeys(done.reasons)
    if reasons:
        rows = [(each,) for each in list(reasons)[:_MOST_REASONS]]
        lines += ["", table("失败原因", rows=rows)]
    return "\n".join(lines)
