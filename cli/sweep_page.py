"""What a sweep did, or would do: counts by kind and by whom it concerns, and the first steps."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from rich.console import Console

from casework import clock
from casework.business_time import set_time_back
from casework.lookback.chasing import Chased, chase_visits
from casework.sweep import Line, Swept, sweep
from cli import words
from cli.desk import Desk
from cli.printing import Answer, Column, facts, heading, plain_text, styled, table
from cli.troubles import REFUSED
from rules.access import Role
from rules.deadlines import Stage
from rules.ladder import StepKind
from rules.wording import Wording

_MOST = 20
_PERSON = Wording("人员", "person")
_NOTICES = Wording("条数", "notices")
_KINDS = {
    StepKind.REMIND.value: Wording("到期前提醒", "reminders"),
    StepKind.OVERDUE.value: Wording("逾期催办", "overdue"),
}


def run_sweep(desk: Desk, *, dry_run: bool, agree_jump: bool) -> Answer:
    ran_at = clock.now()
    with desk.office() as office:
        swept = sweep(office, as_of=desk.at, ran_at=ran_at, dry_run=dry_run, jump_agreed=agree_jump)
        chased = chase_visits(office, as_of=swept.as_of, ran_at=ran_at, dry_run=dry_run)
    return Answer(
        _plain(swept, chased),
        lambda out: _print(out, desk, swept, chased),
        REFUSED if swept.failed or chased.failed else 0,
    )


def run_time_back(desk: Desk, reason: str) -> Answer:
    with desk.office() as office:
        done = set_time_back(office, reason, by=desk.by, at=desk.at)
    before, now = words.moment(done.before), words.moment(done.now)
    told = Wording(
        f"业务时间已从 {before} 拨回 {now}；已办的步骤不撤、不重办",
        f"business time goes on from {now}, it was at {before}; what was done stays done",
    )
    return Answer(done._asdict(), lambda out: out.print(desk.say(told)))


def _plain(swept: Swept, chased: Chased) -> dict[str, Any]:
    return {
        "as_of": swept.as_of,
        "dry_run": swept.dry_run,
        "cases": swept.cases,
        "steps": swept.steps,
        "orders": swept.orders,
        "visits": chased.visits,
        "failed": [*swept.failed, *chased.failed],
        "by_kind": dict(swept.by_kind),
        "by_holder": [
            {"cluster": cluster, "holder": holder, "kind": kind, "steps": count}
            for (cluster, holder, kind), count in sorted(swept.by_holder.items())
        ],
        "by_recipient": [
            {"person": name, "notices": count} for name, count in swept.by_recipient.items()
        ],
        "lines": swept.lines,
    }


def _print(out: Console, desk: Desk, swept: Swept, chased: Chased) -> None:
    when = words.moment(swept.as_of)
    rehearsal = Wording("（演练，未写入）", " (rehearsal, nothing written)")
    told = Wording(
        f"截至 {when}：{swept.cases} 件案件，{swept.steps} 步",
        f"as of {when}: {swept.steps} steps of {swept.cases} cases",
    )
    out.print(styled(desk.say(told) + (desk.say(rehearsal) if swept.dry_run else ""), "bold"))
    counts = ((_KINDS[kind], str(count)) for kind, count in sorted(swept.by_kind.items()))
    orders = (Wording("挂牌", "orders issued"), str(swept.orders or words.NONE))
    visits = (Wording("回头看复查", "look-back visits"), str(chased.visits or words.NONE))
    out.print(facts((*counts, orders, visits), desk.locale))
    if swept.by_holder:
        out.print(heading(desk.say(Wording("责任在", "Whom it waits for"))))
        out.print(_holders(swept, desk))
        out.print(heading(desk.say(Wording("告知", "Who is told"))))
        out.print(_recipients(swept, desk))
        out.print(heading(desk.say(Wording("案件", "Cases"))))
        out.print(_lines(swept.lines, desk))
    if failed := [*swept.failed, *chased.failed]:
        said = Wording("无法推算：", "could not be reckoned: ")
        out.print(styled(desk.say(said) + "、".join(failed), "bold red"))


def _recipients(swept: Swept, desk: Desk) -> Any:  # noqa: ANN401 — a rich table
    """The people with the most to hear; the rest are summed up in the last row."""
    made = table([Column(_PERSON), Column(_NOTICES, right=True)], desk.locale)
    told = list(swept.by_recipient.items())
    for name, count in told[:_MOST]:
        made.add_row(plain_text(name), str(count))
    if told[_MOST:]:
        others = Wording(f"另 {len(told) - _MOST} 人", f"{len(told) - _MOST} others")
        made.add_row(desk.say(others), str(sum(count for _, count in told[_MOST:])))
    return made


def _holders(swept: Swept, desk: Desk) -> Any:  # noqa: ANN401 — a rich table
    columns = [Column(Wording("片区", "cluster")), Column(Wording("对象", "who"))]
    columns += [Column(label, right=True) for label in _KINDS.values()]
    made = table(columns, desk.locale)
    for cluster, holder in sorted({key[:2] for key in swept.by_holder}):
        counts = [str(swept.by_holder[cluster, holder, kind] or words.NONE) for kind in _KINDS]
        made.add_row(plain_text(cluster), desk.say(Role(holder).label), *counts)
    return made


def _by_case(lines: Sequence[Line]) -> list[tuple[Line, int]]:
    """Return the first cases with how many steps each took at once."""
    steps = Counter(each.number for each in lines)
    first = {each.number: each for each in reversed(lines)}
    return [(first[number], count) for number, count in steps.items()][:_MOST]


def _lines(lines: Sequence[Line], desk: Desk) -> Any:  # noqa: ANN401 — a rich table
    made = table(
        [
            Column(Wording("编号", "number"), keep=True),
            Column(Wording("单位", "unit"), ratio=2),
            Column(Wording("环节", "stage"), ratio=1),
            Column(Wording("在等", "waits for"), ratio=1),
            Column(Wording("时限", "due"), keep=True),
            Column(Wording("步", "steps"), right=True),
        ],
        desk.locale,
    )
    for each, steps in _by_case(lines):
        due_at = datetime.fromisoformat(each.due_at)
        made.add_row(
            each.number, plain_text(each.unit), desk.say(Stage(each.stage).label),
            desk.say(Role(each.holder).label),
            styled(desk.say(words.due(due_at, desk.at)), words.style_of_due(due_at, desk.at)),
            str(steps),
        )  # fmt: skip
    return made
