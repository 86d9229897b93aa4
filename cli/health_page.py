"""The engine's health as a page, and what the watchdog did about it."""

from collections.abc import Sequence

from rich.console import Console

from casework.health import Health, check_health
from casework.watchdog import Watched, watch
from cli import words
from cli.desk import Desk
from cli.printing import Answer, facts, lines, styled
from cli.troubles import REFUSED
from rules.wording import Wording

_WELL = Wording("正常", "all is well")


def show_health(desk: Desk) -> Answer:
    with desk.office() as office:
        found = check_health(office, at=desk.at)
    code = 0 if found.ok else REFUSED
    return Answer(found.plain(), lambda out: _print(out, desk, found), code)


def watch_health(desk: Desk) -> Answer:
    """Do what the watchdog does: the way for a machine without Prefect."""
    found = watch(desk.home, desk.environ, at=desk.at, locale=desk.locale)
    data = {"ok": found.ok, "problems": found.problems, "told": found.told, "how": found.how}
    said = [*_problems(found.problems, desk), *([desk.say(_told(found))] if found.problems else [])]
    return Answer(data, lines(*said), 0 if found.ok else REFUSED)


def _print(out: Console, desk: Desk, found: Health) -> None:
    for each in _problems(found.problems, desk):
        out.print(styled(each, "bold red" if found.problems else "bold"))
    pairs = [
        (Wording("上次催办", "last sweep"), words.moment(found.last_sweep)),
        (Wording("到期待办", "due now"), str(found.due_now)),
        (Wording("上次无法推算", "failed last"), str(found.failed)),
        (Wording("上次催报进展", "last demand"), words.moment(found.last_demand)),
        (Wording("上次封存", "last seal"), words.moment(found.last_seal)),
        (Wording("待封存", "waits to be sealed"), str(found.unsealed)),
        (Wording("检查点上次抄出", "head last copied out"), words.moment(found.last_head_out)),
        (Wording("待发通知", "notices waiting"), str(found.waiting)),
        (Wording("最早待发", "oldest unsent"), words.moment(found.oldest_unsent)),
        (Wording("发送失败", "given up"), str(found.dead)),
    ]
    out.print(facts(pairs, desk.locale))


def _problems(problems: Sequence[Wording], desk: Desk) -> list[str]:
    return [desk.say(each) for each in problems] or [desk.say(_WELL)]


def _told(found: Watched) -> Wording:
    if found.told:
        return Wording("已发邮件给值守人", "the operator was mailed")
    if found.how:
        return Wording(f"未能告知值守人：{found.how}", f"the operator was not told: {found.how}")
    return Wording("此前已告知值守人", "the operator was told before")
