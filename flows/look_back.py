"""回头看: what the schedules ask for, day by day; or one look-back that a person asks for."""

import asyncio
import os
from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from typing import Self

from prefect import flow
from prefect.artifacts import acreate_markdown_artifact, acreate_table_artifact
from prefect.client.schemas.objects import State
from prefect.logging import get_run_logger
from prefect.runtime import flow_run
from prefect.states import Completed, Failed
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from casework.clock import now
from casework.events import Door
from casework.home import find_home
from casework.lookback.carrying import carry_on
from casework.lookback.looks import Hand
from casework.lookback.planning import Asked, Preview, plan_lookback, preview
from casework.lookback.schedules import Drawn, Failure, draw_due, occurrences
from casework.lookback.summing_up import Summary, sum_up, visited_now
from casework.lookback.timetable import Occurrence, codes_of
from casework.office import Office
from flows import look_back_pages as pages
from flows.arranging import arrange
from flows.confirming import ask_admin
from flows.office import entered_office
from flows.progress import in_thread
from flows.signals import Signal, emit, start
from flows.sweep import DELIVERY, not_yet
from notifications.sealing import Keys, read_keys
from rules.faults import Unfit
from rules.wording import Trouble, Wording
from rules.workdays import china_day

AHEAD = timedelta(days=90)
_KEY = "look-back"


class LookBackRequest(BaseModel):
    """定时运行无须填写；要立即抽一次，填模板 / what the run form asks for."""

    model_config = ConfigDict(frozen=True, extra="forbid", title="回头看")

    template: str = Field(
        default="",
        max_length=40,
        title="模板",
        description="要立即计划并抽取一次，填模板名称；留空即按排期办理今日应办的。",
    )
    period: str = Field(
        default="",
        max_length=40,
        title="期间",
        description="销号日期，如 last-month、90d、2026-03、2026Q1；留空用模板的。",
        examples=["last-month", "2026Q1"],
    )
    cluster: str = Field(
        default="",
        max_length=500,
        title="片区",
        description="片区代码，多个以逗号分隔；留空用模板的。",
    )
    schedule: str = Field(
        default="", max_length=40, title="排期", description="只办理这一个排期；留空即全部。"
    )
    as_of: AwareDatetime | None = Field(
        default=None,
        title="时点",
        description="留空即运行的时刻。将来的时刻只能预览。",
    )
    dry_run: bool = Field(
        default=False,
        title="预览",
        description="只看将抽多少（有模板时）或今后 90 天的排期，不写入。",
    )

    @model_validator(mode="after")
    def _asks_for_one_thing(self) -> Self:
        if self.template and self.schedule:
            raise Unfit(Wording("模板和排期只能填一个", "give a template or a schedule, not both"))
        if (self.period or self.cluster) and not self.template:
            raise Unfit(Wording("期间和片区须与模板同填", "period and cluster go with a template"))
        return self


_AS_SCHEDULED = LookBackRequest()


@flow(
    name="look-back",
    description="回头看：前一日承诺种子，当日抽取案件和检查人员；填模板则立即抽一次。",
)
async def look_back(request: LookBackRequest = _AS_SCHEDULED) -> State[Drawn]:
    """Carry on what the schedules ask for, or plan and draw one look-back; show what was drawn.

    What fails stops nothing else: the run ends as Failed when all the rest is done.
    """
    at = now()
    try:
        if request.dry_run:
            return await _look_ahead(request, request.as_of or at)
        as_of = request.as_of or at
        if as_of > at:
            raise not_yet(as_of)
        done = await (_one if request.template else _due)(request, as_of, at)
    except Trouble as trouble:
        return Failed(message=trouble.say("zh"))
    return await _ended(done)


async def _due(request: LookBackRequest, as_of: datetime, at: datetime) -> Drawn:
    """Do what is due; where an admin must agree, ask, and draw what they agreed to."""
    done = await in_thread(lambda _: _draw_due(request, as_of, at, ()), key=_KEY)
    if done.unconfirmed and (agreed := await ask_admin(done.unconfirmed, done.confirm_by or at)):
        before = done
        done = await in_thread(lambda _: _draw_due(request, as_of, at, agreed), key=_KEY)
        done.committed, done.missed = before.committed, before.missed
    if not request.schedule:
        await arrange()
    return done


def _draw_due(
    request: LookBackRequest, as_of: datetime, at: datetime, confirmed: Collection[str]
) -> Drawn:
    with entered_office() as office:
        return draw_due(
            office, _keys(), as_of=as_of, ran_at=at, door=Door.FLOW, only=request.schedule,
            confirmed=confirmed,
        )  # fmt: skip


async def _one(request: LookBackRequest, as_of: datetime, _at: datetime) -> Drawn:
    # Named after the run: one that is begun again does not plan a second look-back.
    asked = _asked(request, occurrence=f"run:{flow_run.get_id()}")
    return await in_thread(lambda _: _draw_one(asked, as_of), key=_KEY)


def _draw_one(asked: Asked, as_of: datetime) -> Drawn:
    done, hand = Drawn(as_of), Hand(None, as_of, Door.FLOW)
    with entered_office() as office:
        number = plan_lookback(office, asked, hand).number
        stage = carry_on(office, _keys(), number, hand, draws=True)
    done.committed, done.drawn = [number] * stage.committed, [number] * stage.drawn
    done.dealt = [stage.dealt] if stage.dealt else []
    done.waiting = [Failure(number, stage.waits)] if stage.waits else []
    return done


async def _ended(done: Drawn) -> State[Drawn]:
    drawn, visited = await asyncio.to_thread(_summaries, done)
    await _show(done, drawn, visited)
    emit(_signals(drawn))
    if done.assigned:
        await start(DELIVERY)
    headline = pages.headline(done, drawn)
    if not done.failures and not done.missed:
        return Completed(message=headline, data=done)
    for each in done.failures:
        get_run_logger().error("%s：%s", each.where, each.wording.zh)
    for key in done.missed:
        get_run_logger().error("%s：已过补抽期限，未抽取", key)
    return Failed(message=headline)


def _summaries(done: Drawn) -> tuple[list[Summary], list[Summary]]:
    """Return what was drawn or enlarged now, and every look-back that is being visited."""
    with entered_office() as office:
        numbers = dict.fromkeys([*done.drawn, *(each.number for each in done.rechecked)])
        return _each(office, numbers), _each(office, visited_now(office))


def _each(office: Office, numbers: Collection[str]) -> list[Summary]:
    return [sum_up(office, number, most=pages.MOST_LINES) for number in numbers]


async def _show(done: Drawn, drawn: list[Summary], visited: list[Summary]) -> None:
    """Keep what was done beside the run; a run that found nothing leaves only its message."""
    if drawn:
        await acreate_table_artifact(
            pages.drawn_rows(drawn), key="lookback-drawn", description=pages.caption(drawn)
        )
        await acreate_markdown_artifact(
            pages.allocation(drawn, done), key="lookback-allocation", description="各层抽样与指派"
        )
    if visited:
        await acreate_markdown_artifact(
            pages.verdicts(visited), key="lookback-verdict", description="各层判定"
        )
    if problems := pages.problems(done):
        await acreate_markdown_artifact(
            problems, key="lookback-problems", description="需要人看的事"
        )


def _signals(drawn: list[Summary]) -> Iterator[Signal]:
    for each in drawn:
        facts = {"drawn": each.drawn, "frame": each.frame_size, "strata": len(each.strata)}
        yield Signal("bihuan.lookback.drawn", f"bihuan.lookback.{each.number}", facts)


async def _look_ahead(request: LookBackRequest, at: datetime) -> State[Drawn]:
    foreseen = await asyncio.to_thread(_foresee, request, at)
    page = pages.foreseen(foreseen) if isinstance(foreseen, Preview) else pages.ahead(foreseen)
    await acreate_markdown_artifact(page, key="lookback-preview", description="预览")
    return Completed(message=f"预览，未写入：{page.splitlines()[0].lstrip('# ')}", data=Drawn(at))


def _foresee(request: LookBackRequest, at: datetime) -> Preview | list[Occurrence]:
    with entered_office() as office:
        if request.template:
            return preview(office, _asked(request), hand=Hand(None, at, Door.FLOW))
        today = china_day(at)
        found = occurrences(office, today, today + AHEAD, at=at)
        return [each for each in found if request.schedule in {"", each.schedule.name}]


def _asked(request: LookBackRequest, occurrence: str | None = None) -> Asked:
    clusters = codes_of(request.cluster)
    return Asked(request.template, period=request.period, clusters=clusters, occurrence=occurrence)


def _keys() -> Keys:
    return read_keys(os.environ, find_home(os.environ).folder)
