"""An admin's word before a draw: the run is suspended, and begins anew when it is given.

Prefect ends a run that is not answered in time as Failed; then nothing was drawn, and the next run
asks again.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import FlowFilter, FlowRunFilter
from prefect.flow_runs import asuspend_flow_run
from prefect.input import RunInput
from prefect.logging import get_run_logger
from prefect.runtime import deployment, flow_run
from pydantic import Field

from casework.clock import now

KEY = "confirm"
"""Of lower-case letters, digits and dashes: with any other Prefect suspends a run for good."""

FLOW = "look-back"
_WAITING = {"state": {"type": {"any_": ["PAUSED"]}}}


class Confirmation(RunInput):
    """确认抽取 / what the resume form asks for."""

    draw: bool = Field(default=False, title="同意抽取", description="不勾选即本次不抽取。")
    numbers: list[str] = Field(
        default=[], title="抽取哪些", description="可删去本次不抽的回头看编号。"
    )


async def ask_admin(numbers: Sequence[str], until: datetime) -> Collection[str]:
    """Return which of the look-backs an admin agreed to draw; ask when nobody was asked yet.

    The run ends here when it asks. Nothing is agreed to in a run without a deployment, which
    cannot wait, or while another run asks already.
    """
    if not deployment.get_id():
        get_run_logger().warning("不是从部署运行的，无法等待确认：请运行部署 look-back/look-back")
        return ()
    if await _another_asks():
        get_run_logger().info("已有运行在等待确认，本次不再询问")
        return ()
    word = await asuspend_flow_run(
        wait_for_input=Confirmation.with_initial_data(
            description=f"以下回头看种子已承诺，同意后即抽取：{'、'.join(numbers)}",
            numbers=list(numbers),
        ),
        timeout=max(1, int((until - now()).total_seconds())),
        key=KEY,
    )
    return [each for each in word.numbers if each in numbers] if word.draw else ()


async def _another_asks() -> bool:
    async with get_client() as client:
        waiting = await client.read_flow_runs(
            flow_filter=FlowFilter.model_validate({"name": {"any_": [FLOW]}}),
            flow_run_filter=FlowRunFilter.model_validate(_WAITING),
        )
    return any(str(run.id) != flow_run.get_id() for run in waiting)
