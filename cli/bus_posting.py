"""The simulated platform as a real one would tell: in batches, by the API, with a token."""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from httpx import HTTPError, InvalidURL

from casework.buses.reading import COLUMNS
from casework.buses.simulating import simulate
from cli.desk import Desk
from cli.printing import Answer, lines
from cli.troubles import REFUSED, Unable, Usage
from client import Bihuan, Problem
from client.shapes import BusFeed
from rules.wording import Wording

SOURCE = "模拟平台"
_TOGETHER = 1_000


def simulate_and_post(desk: Desk, address: str, days: int, seed: int) -> Answer:
    """Post the days; raise Usage without a token, Unable when the API does not take them."""
    token = desk.environ.get("BIHUAN_TOKEN", "").strip()
    if not token:
        raise Usage(
            Wording("没有令牌", "there is no token"),
            remedy=Wording(
                "请在账号页生成含“报送数据”权限的令牌，设为环境变量 BIHUAN_TOKEN。",
                "Make one with the scope feed on the account page and set BIHUAN_TOKEN.",
            ),
            where="BIHUAN_TOKEN",
        )
    with desk.office() as office:
        rows = iter(list(simulate(office, days=days, seed=seed, by=desk.by, at=desk.at))[1:])
    with Bihuan(address, token, language=desk.locale) as api:
        told = list(_post(api, address, rows))
    data = {
        "received": sum(each["received"] for each in told),
        "new": sum(each["new"] for each in told),
        "known": sum(each["known"] for each in told),
        "offences": sum(each["offences"] for each in told),
    }
    bad = [each for answer in told for each in answer["bad"]]
    said = Wording(
        f"已推送 {data['received']} 条：新 {data['new']} 条，已有 {data['known']} 条，"
        f"违法 {data['offences']} 条，退回 {len(bad)} 条",
        f"posted {data['received']}: {data['new']} new, {data['known']} known, "
        f"{data['offences']} offences, {len(bad)} bad",
    )
    return Answer({**data, "bad": bad}, lines(desk.say(said)), REFUSED if bad else 0)


def _post(api: Bihuan, address: str, rows: Iterator[Sequence[str]]) -> Iterator[BusFeed]:
    while some := [_event(row) for row in islice(rows, _TOGETHER)]:
        try:
            yield api.feed_bus_sightings({"source": SOURCE, "events": some})
        except (Problem, HTTPError, InvalidURL) as fault:
            raise Unable(
                Wording(f"推送失败：{fault}", f"it was not taken: {fault}"),
                remedy=Wording(
                    "请检查地址和令牌；再推送一次不会重复。",
                    "Check address and token; posting again doubles nothing.",
                ),
                where=address,
            ) from fault


def _event(row: Sequence[str]) -> dict[str, Any]:
    return dict(zip(COLUMNS, row, strict=True))
