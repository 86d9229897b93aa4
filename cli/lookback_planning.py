"""Planning, committing, drawing and ending a look-back from the command line."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path

from rich.console import RenderableType

from casework.events import Door
from casework.lookback.committing import commit_seed
from casework.lookback.drawing import draw_lookback
from casework.lookback.ending import Ended
from casework.lookback.looks import Hand
from casework.lookback.planning import ASSUMED, Asked, Preview, plan_lookback, preview
from casework.office import Office
from cli import lookback_words, reading
from cli.desk import Desk
from cli.printing import Answer, Column, facts, lines, plain_text, table
from cli.troubles import Usage
from notifications.sealing import read_keys
from rules.lookback.acts import LookbackState
from rules.lookback.sizes import StratumSize
from rules.wording import NOTHING, Wording


def hand(desk: Desk) -> Hand:
    """Return who acts at this desk."""
    return Hand(desk.by, desk.at, Door.CLI)


def asked(template: str, file: Path | None, period: str, clusters: Sequence[str] | None) -> Asked:
    """Return what is asked for; raise Usage unless it is one of a template and a file."""
    if bool(template) is bool(file):
        raise Usage(
            Wording("--template、--file 须选一个", "give one of --template, --file"),
            where="--template",
        )
    text = ""
    if file:
        text = reading.existing(file, "--file").read_text(encoding="utf-8-sig", errors="replace")
    return Asked(template, text, period, clusters or ())


def foresee(desk: Desk, wanted: Asked) -> Answer:
    with desk.office() as office:
        seen = preview(office, wanted, hand=hand(desk))
    plan = seen.plan
    data = {
        "title": plan.title, "from": plan.frame.closed_from, "until": plan.frame.closed_until,
        "population": seen.population, "drawn": seen.drawn, "assumed_rate": float(ASSUMED),
        "strata": [
            {"stratum": each.key, **lookback_words.size(each.size), "power": float(each.power)}
            for each in seen.strata
        ],
        "plan": plan.plain(),
    }  # fmt: skip
    return Answer(data, lines(*_foreseen(desk, seen)))


def make_plan(desk: Desk, wanted: Asked) -> Answer:
    with desk.office() as office:
        planned = plan_lookback(office, wanted, hand(desk))
    told = Wording(
        f"已计划 {planned.number} {planned.title}（{planned.period} 销号的案件）",
        f"planned {planned.number} {planned.title} (cases closed {planned.period})",
    )
    following = Wording(
        f"接下来：bihuan lookback commit {planned.number}",
        f"next: bihuan lookback commit {planned.number}",
    )
    return Answer(asdict(planned), lines(desk.say(told), desk.say(following)))


def commit_to_seed(desk: Desk, number: str, source: str, on: date | None) -> Answer:
    with desk.office() as office:
        keys = read_keys(desk.environ, desk.home.folder)
        done = commit_seed(office, number, hand(desk), keys, source=source, expected_on=on)
    told = [
        Wording(f"{done.number}：种子已承诺", f"{done.number}: committed to the seed"),
        Wording(f"承诺 {done.commitment}", f"commitment {done.commitment}")
        if done.commitment else NOTHING,
        Wording(
            f"外部值：{done.source}，{done.expected_on} 公布",
            f"outside value: {done.source}, out on {done.expected_on}",
        ) if done.source else NOTHING,
        Wording("请立即公布以上内容和回执。", "Publish this and the receipt now."),
        _receipt(done.receipt),
    ]  # fmt: skip
    return Answer(asdict(done), lines(*_said(desk, told)))


def draw_cases(desk: Desk, number: str, outside: str) -> Answer:
    with desk.office() as office:
        keys = read_keys(desk.environ, desk.home.folder)
        done = draw_lookback(office, number, hand(desk), keys, outside=outside)
    data = {
        "number": done.number, "seed": done.seed, "frame_digest": done.frame_digest,
        "frame_size": done.frame_size, "drawn": done.drawn, "receipt": done.receipt,
        "strata": {key: lookback_words.size(size) for key, size in done.sizes.items()},
    }  # fmt: skip
    told = [
        Wording(
            f"{done.number}：名单 {done.frame_size} 件，抽中 {done.drawn} 件",
            f"{done.number}: {done.drawn} drawn of {done.frame_size}",
        ),
        Wording(f"名单摘要 {done.frame_digest}", f"frame {done.frame_digest}"),
        Wording(f"种子 {done.seed}", f"seed {done.seed}"),
        _receipt(done.receipt),
        Wording(
            f"接下来：bihuan lookback assign {done.number}",
            f"next: bihuan lookback assign {done.number}",
        ),
    ]
    return Answer(data, lines(_sizes(desk, done.sizes), *_said(desk, told)))


def end(desk: Desk, number: str, act: Callable[[Office, str, Hand], Ended]) -> Answer:
    """Close, publish or withdraw, and say what became of it."""
    with desk.office() as office:
        done = act(office, number, hand(desk))
    label = LookbackState(done.state).label
    told = [Wording(f"{done.number}：{label.zh}", f"{done.number}: {label.en}")]
    if done.published_at:
        told.append(Wording("结果已列入公开表", "its results are on the public list"))
    return Answer(asdict(done), lines(*_said(desk, [*told, _receipt(done.receipt)])))


def _foreseen(desk: Desk, seen: Preview) -> list[RenderableType]:
    plan, frame = seen.plan, seen.plan.frame
    head = facts(
        [
            (Wording("标题", "title"), plain_text(plan.title)),
            (Wording("期间", "closed"), f"{frame.closed_from} – {frame.closed_until}"),
            (Wording("种子", "seed"), desk.say(plan.seed.label)),
            (Wording("分配", "allocation"), desk.say(plan.allocation.label)),
            (Wording("方式", "mode"), desk.say(plan.mode.label)),
            (Wording("名单", "frame"), f"{seen.population}"),
            (Wording("抽取", "to draw"), f"{seen.drawn}"),
        ],
        desk.locale,
    )
    sizes = {each.key: each.size for each in seen.strata}
    powers = {each.key: lookback_words.power(each.power, ASSUMED) for each in seen.strata}
    return [head, _sizes(desk, sizes, powers)]


def _sizes(
    desk: Desk, sizes: Mapping[str, StratumSize], powers: Mapping[str, Wording] | None = None
) -> RenderableType:
    made = table(
        [
            Column(Wording("层", "stratum"), ratio=2),
            Column(Wording("件数", "cases"), right=True),
            Column(Wording("抽取", "to draw"), right=True),
            Column(Wording("Ac/Re", "Ac/Re"), keep=True),
            Column(Wording("严格度", "severity"), keep=True),
            *([Column(Wording("把握", "power"), ratio=2)] if powers else []),
        ],
        desk.locale,
    )
    for key, size in sizes.items():
        made.add_row(
            plain_text(desk.say(lookback_words.stratum(key))), f"{size.population}", f"{size.n}",
            f"{size.ac}/{size.re}", desk.say(size.severity.label),
            *([desk.say(powers[key])] if powers else []),
        )  # fmt: skip
    return made


def _receipt(receipt: str) -> Wording:
    return Wording(f"回执 {receipt}", f"receipt {receipt}")


def _said(desk: Desk, told: Sequence[Wording]) -> list[str]:
    return [desk.say(each) for each in told if each != NOTHING]
