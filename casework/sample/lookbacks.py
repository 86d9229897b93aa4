"""回头看 in the story: a look-back a month, from the admin's plan to the public list.

On a month's first working day the admin plans one of what was closed the month before and commits
to its seed; cases and inspectors are drawn on the next. Inspectors go on the days drawn for them.
A rejected stratum is looked at whole, a sample that gates kept closed is enlarged.
"""

from datetime import datetime

from casework.events import Door
from casework.lookback.assigning import assign_inspectors
from casework.lookback.committing import commit_seed
from casework.lookback.drawing import draw_lookback
from casework.lookback.ending import close_lookback, publish_lookback
from casework.lookback.enlarging import enlarge, recheck_rejected
from casework.lookback.judging import Judged
from casework.lookback.looking import LookbackFile, open_lookback
from casework.lookback.looks import Hand
from casework.lookback.planning import Asked, plan_lookback, preview
from casework.sample.agenda import later_today
from casework.sample.lookback_templates import MONTHLY
from casework.sample.organisation import ADMIN
from casework.sample.world import Call, World
from rules.case import Level
from rules.lookback.acts import LookbackState
from rules.lookback.frame import StratumBy, read_stratum
from rules.lookback.verdict import Decision
from rules.wording import Wording
from rules.workdays import china_day

_FEWEST = 12  # closed cases that a look-back is worth; our choice


def look_back(world: World, at: datetime) -> None:
    """Do what a morning brings: begin a look-back if the month is new, carry the others on."""
    hand = Hand(ADMIN, at, Door.PAGE)
    _recheck(world, hand)
    for number in tuple(world.looks):
        _carry_on(world, open_lookback(world.office, number, by=ADMIN), hand)
    month = china_day(at).replace(day=1)
    if month > world.month:
        world.month = month
        _begin(world, hand)


def _begin(world: World, hand: Hand) -> None:
    """Plan and commit to a look-back, unless too little was closed to look back at."""
    asked = Asked(MONTHLY)
    foreseen = preview(world.office, asked, hand=hand)
    if foreseen.population < _FEWEST:
        return
    number = plan_lookback(world.office, asked, hand).number
    commit_seed(
        world.office, number, hand, world.keys, secret=lambda: world.chance.randbytes(32).hex()
    )
    world.looks.append(number)
    _tell(world, hand, number, Wording(
        f"计划并承诺随机种子：上月销号 {foreseen.population} 件，将抽 {foreseen.drawn} 件",
        f"planned, its seed committed to: {foreseen.population} closed last month, "
        f"{foreseen.drawn} will be drawn",
    ))  # fmt: skip


def _carry_on(world: World, file: LookbackFile, hand: Hand) -> None:
    number, state = file.row["number"], file.row["state"]
    if state is LookbackState.COMMITTED:
        _draw(world, number, hand)
    elif state is LookbackState.DRAWN and any(each["finding"] is None for each in file.visits):
        _send_out(world, file, hand.at)
    elif state is LookbackState.DRAWN:
        _conclude(world, file, hand)
    else:
        publish_lookback(world.office, number, hand)
        world.looks.remove(number)
        _tell(world, hand, number, Wording("公开结果", "results published"))


def _draw(world: World, number: str, hand: Hand) -> None:
    draw = draw_lookback(world.office, number, hand, world.keys)
    dealt = assign_inspectors(world.office, number, hand)
    sizes = [(_called(key), f"{size.n}/{size.population}") for key, size in draw.sizes.items()]
    zh = "、".join(f"{name.zh} {share}" for name, share in sizes)
    en = ", ".join(f"{name.en} {share}" for name, share in sizes)
    _tell(world, hand, number, Wording(
        f"抽取 {draw.drawn} 件（{zh}），为其中 {dealt.assigned} 件双随机抽定检查人员",
        f"{draw.drawn} drawn ({en}), inspectors drawn for {dealt.assigned} of them",
    ))  # fmt: skip


def _send_out(world: World, file: LookbackFile, at: datetime) -> None:
    """Put on the agenda what inspectors were drawn to do today, or earlier and did not."""
    today = china_day(at)
    for visit in file.visits:
        if visit["finding"] is None and visit["team"] and visit["planned_on"] <= today:
            key = f"{file.row['number']}:{visit['number']}"
            team = tuple(each["code"] for each in visit["team"])
            world.calls[key] = Call(
                file.row["number"], visit["number"], team,
                is_ordinary=visit["level"] is Level.ORDINARY,
            )  # fmt: skip
            world.agenda.put(key, later_today(at, world.chance))


def _conclude(world: World, file: LookbackFile, hand: Hand) -> None:
    """Enlarge what too few could be seen of; close a look-back once all its strata are judged."""
    number = file.row["number"]
    short = [each for each in file.strata if each.verdict.decision is Decision.OPEN]
    for each in short:
        more = enlarge(
            world.office, number, each.key, each.verdict.short, "未能查看的须补足样本", hand
        )
        _tell(world, hand, number, Wording(
            f"{_called(each.key).zh}层补足样本，加抽 {more.added} 件",
            f"{_called(each.key).en}: {more.added} more drawn for those not seen",
        ))  # fmt: skip
    if short:
        assign_inspectors(world.office, number, hand)
        return
    close_lookback(world.office, number, hand)
    zh = "；".join(_verdict(each).zh for each in file.strata)
    en = "; ".join(_verdict(each).en for each in file.strata)
    _tell(world, hand, number, Wording(f"办结：{zh}", f"closed: {en}"))


def _recheck(world: World, hand: Hand) -> None:
    """Draw all that is left of what was rejected, and inspectors for it."""
    done = recheck_rejected(world.office, hand)
    for each in done:
        _tell(world, hand, each.number, Wording(
            f"{_called(each.stratum).zh}层不合格，全部复查："
            f"加抽 {each.added} 件，共 {each.drawn} 件",
            f"{_called(each.stratum).en} rejected, all of it looked at: {each.added} more drawn, "
            f"{each.drawn} in all",
        ))  # fmt: skip
    for number in dict.fromkeys(each.number for each in done):
        assign_inspectors(world.office, number, hand)


def _verdict(judged: Judged) -> Wording:
    name, verdict = _called(judged.key), judged.verdict
    decision = (judged.decided or verdict.decision).label
    return Wording(
        f"{name.zh}层复查 {verdict.checked} 件、复发 {verdict.relapsed} 件，{decision.zh}",
        f"{name.en}: {verdict.relapsed} of {verdict.checked} relapsed, {decision.en}",
    )


def _called(stratum: str) -> Wording:
    return Level(read_stratum(stratum)[StratumBy.LEVEL]).label


def _tell(world: World, hand: Hand, number: str, said: Wording) -> None:
    world.news.tell(hand.at, Wording(f"回头看 {number} {said.zh}", f"look-back {number} {said.en}"))
