"""One action for many cases from the command line: foreseen or done, told row by row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from secrets import token_urlsafe
from typing import Any

from rich.console import Console

from casework.bulk.choosing import Chosen, Pick
from casework.bulk.foreseeing import Foreseen, foresee_all
from casework.bulk.moving import Outcome, move_all
from casework.bulk.results import result_of
from casework.case_list import Filter
from casework.events import Door
from casework.office import Office
from cli.desk import Desk
from cli.printing import Answer, Column, plain_text, table
from cli.troubles import REFUSED, Usage
from rules.actions import Action
from rules.case import State
from rules.wording import NOTHING, Wording

_COLUMNS = (
    Column(Wording("编号", "number"), keep=True),
    Column(Wording("结果", "result"), keep=True),
    Column(Wording("状态", "state"), keep=True),
    Column(Wording("原因", "reason"), ratio=1),
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was asked for: these numbers, or all that the filter finds."""

    action: Action
    numbers: Sequence[str]
    filter: Filter
    typed: Mapping[str, str]
    dry_run: bool
    key: str


@dataclass(frozen=True, slots=True)
class _Row:
    """A case as it is told of; ``where`` names a field that is at fault or still lacking."""

    number: str
    done: bool
    result: Wording
    state: State | None
    now: Wording
    receipt: str
    where: str
    problem: Wording
    remedy: Wording


def move_cases(desk: Desk, wanted: Wanted) -> Answer:
    """Do the action, or foresee it; the exit code is that of a refusal when any was refused."""
    chosen = _chosen(wanted)
    with desk.office() as office:
        rows = (
            _foresee(office, desk, wanted, chosen)
            if wanted.dry_run
            else _move(office, desk, wanted, chosen)
        )
    done = sum(each.done for each in rows)
    data = {
        "action": wanted.action.value, "dry_run": wanted.dry_run, "done": done,
        "refused": len(rows) - done, "items": [_plain(each, desk) for each in rows],
    }  # fmt: skip
    return Answer(
        data, lambda out: _print(out, desk, rows, done), 0 if done == len(rows) else REFUSED
    )


def _chosen(wanted: Wanted) -> Chosen:
    narrowed = wanted.filter != Filter()
    if bool(wanted.numbers) == narrowed:
        raise Usage(
            Wording("请给案件编号，或给筛选条件，二选一", "give either cases or a filter"),
            remedy=Wording(
                "例如 bihuan case bulk close YH2026-000001，或 --state 已整改。",
                "For example: bihuan case bulk close YH2026-000001, or --state verified.",
            ),
            where="NUMBER",
        )
    return wanted.filter if narrowed else [Pick(each) for each in wanted.numbers]


def _foresee(office: Office, desk: Desk, wanted: Wanted, chosen: Chosen) -> list[_Row]:
    found = foresee_all(office, wanted.action, wanted.typed, chosen, by=desk.by, as_of=desk.at)
    return [_foreseen(each) for each in found]


def _move(office: Office, desk: Desk, wanted: Wanted, chosen: Chosen) -> list[_Row]:
    run = move_all(
        office, wanted.action, wanted.typed, chosen, by=desk.by, at=desk.at, door=Door.CLI,
        token=wanted.key or token_urlsafe(16),
    )  # fmt: skip
    return [_outcome(each) for each in run.outcomes]


def _foreseen(each: Foreseen) -> _Row:
    said = Wording("可办理", "can be done") if each.may else Wording("不能办理", "cannot")
    return _Row(
        each.number, each.may, said, each.becomes, each.then, "", each.lacks, each.problem,
        each.remedy,
    )  # fmt: skip


def _outcome(each: Outcome) -> _Row:
    state = State(each.state) if each.state else None
    return _Row(
        each.number, each.done, result_of(each), state, each.now, each.receipt, each.where,
        each.problem, each.remedy,
    )  # fmt: skip


def _plain(row: _Row, desk: Desk) -> dict[str, Any]:
    return {
        "number": row.number, "done": row.done, "state": row.state, "receipt": row.receipt,
        "where": row.where, "problem": desk.say(row.problem), "remedy": desk.say(row.remedy),
    }  # fmt: skip


def _print(out: Console, desk: Desk, rows: Sequence[_Row], done: int) -> None:
    made = table(_COLUMNS, desk.locale)
    for row in rows:
        why = " ".join(desk.say(each) for each in (row.problem, row.remedy) if each != NOTHING)
        made.add_row(
            row.number, desk.say(row.result), desk.say(row.now), plain_text(why or row.receipt)
        )
    out.print(made)
    count = Wording(
        f"共 {len(rows)} 件，通过 {done} 件",
        f"{len(rows)} in all, {done} pass",
    )
    out.print(desk.say(count))
