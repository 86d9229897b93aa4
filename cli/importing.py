"""Importing from the command line: a progress bar, the summary, and what to mend in which row."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from casework.arrivals import Duplicate
from casework.importing import Imported, import_ledger
from casework.importing import Progress as Told
from casework.ledger.columns import BY_FIELD
from casework.ledger.entries import Problem
from cli import reading
from cli.desk import Desk
from cli.printing import Answer, Column, console, facts, heading, plain_text, styled, table
from cli.troubles import REFUSED, Usage
from rules.wording import Locale, Wording

_MOST = 20
_DOING = {
    "read": Wording("读取并检查", "reading and checking"),
    "write": Wording("写入", "writing"),
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was asked for."""

    file: Path
    dry_run: bool
    partial: bool
    unit: str
    year: int | None
    errors: Path | None


def import_file(desk: Desk, wanted: Wanted) -> Answer:
    path = reading.existing(wanted.file, "FILE")
    errors = wanted.errors or Path(f"{path.stem}.错误.xlsx")
    _refuse_overwriting(path, errors)
    with desk.office() as office, _bar(desk) as progress:
        imported = import_ledger(
            office, path, by=desk.by, at=desk.at, dry_run=wanted.dry_run, partial=wanted.partial,
            default_unit=wanted.unit, default_year=wanted.year, errors_to=errors,
            progress=progress,
        )  # fmt: skip
    held_back = imported.rejected > 0 and not wanted.partial
    return Answer(
        _plain(imported, desk.locale),
        lambda out: _print(out, desk, imported, held_back=held_back),
        REFUSED if held_back else 0,
    )


def _refuse_overwriting(path: Path, errors: Path) -> None:
    if errors.suffix.lower() == ".xlsx" and errors.resolve() != path.resolve():
        return
    raise Usage(
        Wording(f"错行不能写到 {errors}", f"refused rows cannot be written to {errors}"),
        remedy=Wording("请另给一个 .xlsx 文件名。", "Give another name that ends in .xlsx."),
        where="--errors",
    )


@contextmanager
def _bar(desk: Desk) -> Iterator[Told]:
    """Show a bar on stderr, if somebody is looking."""
    screen = console(stderr=True)
    columns = (
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
    )  # fmt: skip
    with Progress(*columns, console=screen, transient=True, disable=not screen.is_terminal) as bar:
        tasks = {name: bar.add_task(desk.say(said), total=None) for name, said in _DOING.items()}

        def told(doing: str, done: int) -> None:
            bar.update(tasks[doing], completed=done)

        yield told


def _plain(imported: Imported, locale: Locale) -> dict[str, Any]:
    counts = ("file", "dry_run", "landed", "rows", "cases", "normal", "duplicate", "rejected")
    return {
        **{name: getattr(imported, name) for name in counts},
        "problems": [_problem(each, locale) for each in imported.problems],
        "duplicates": [
            {"sheet": each.sheet, "row": each.row, "number": each.number}
            for each in imported.duplicates
        ],
        "error_workbook": imported.error_workbook,
    }


def _problem(problem: Problem, locale: Locale) -> dict[str, Any]:
    return {
        "sheet": problem.sheet, "row": problem.row, "field": problem.field,
        "value": problem.value, "problem": problem.wording.say(locale),
        "remedy": problem.remedy.say(locale),
    }  # fmt: skip


def _print(out: Console, desk: Desk, imported: Imported, *, held_back: bool) -> None:
    out.print(_outcome(desk, imported, held_back=held_back))
    counts = (
        (Wording("行", "rows"), imported.rows),
        (Wording("立案", "cases"), imported.cases),
        (Wording("正常项", "found normal"), imported.normal),
        (Wording("重复", "duplicates"), imported.duplicate),
        (Wording("错行", "refused rows"), imported.rejected),
    )
    out.print(facts(((label, str(count)) for label, count in counts), desk.locale))
    if imported.problems:
        out.print(heading(desk.say(Wording("须改正", "To mend"))))
        out.print(_problems(imported.problems[:_MOST], desk.locale))
    if imported.error_workbook:
        told = Wording("错行连同原因已写入", "the refused rows, each with its reason, are in")
        out.print(plain_text(f"{desk.say(told)} {imported.error_workbook}"))
    if imported.duplicates:
        out.print(heading(desk.say(Wording("已有案件，未重复立案", "Already there, not doubled"))))
        out.print(_duplicates(imported.duplicates[:_MOST], desk.locale))


def _outcome(desk: Desk, imported: Imported, *, held_back: bool) -> Any:  # noqa: ANN401 — a rich text
    name = imported.file
    if imported.landed:
        said, style = Wording(f"{name} 已导入", f"{name} is imported"), "bold green"
    elif held_back:
        said = Wording(f"{name} 有错行，什么也没有写入", f"{name} has bad rows: nothing is written")
        style = "bold red"
    else:
        said = Wording(f"{name} 可以导入（演练）", f"{name} can be imported (rehearsal)")
        style = "bold"
    return styled(desk.say(said), style)


def _problems(problems: Sequence[Problem], locale: Locale) -> Any:  # noqa: ANN401 — a rich table
    made = table(
        [
            Column(Wording("位置", "where")),
            Column(Wording("列", "column"), ratio=1),
            Column(Wording("原因", "reason"), ratio=3),
            Column(Wording("办法", "remedy"), ratio=3),
        ],
        locale,
    )
    for each in problems:
        column = BY_FIELD.get(each.field)
        name = Wording(column.zh, column.en).say(locale) if column else ""
        shown = f"{each.wording.say(locale)} {each.value}".strip()
        made.add_row(
            plain_text(f"{each.sheet} {each.row}"), name, plain_text(shown),
            plain_text(each.remedy.say(locale)),
        )  # fmt: skip
    return made


def _duplicates(duplicates: Sequence[Duplicate], locale: Locale) -> Any:  # noqa: ANN401 — a rich table
    made = table(
        [Column(Wording("位置", "where")), Column(Wording("已有案件", "the case"))], locale
    )
    for each in duplicates:
        made.add_row(plain_text(f"{each.sheet} {each.row}"), _known_as(each.number, locale))
    return made


def _known_as(number: str, locale: Locale) -> str:
    """Return a case's number; "#4" is row 4 of this very ledger."""
    row = number.removeprefix("#")
    here = Wording(f"本台账第 {row} 行", f"row {row} of this ledger")
    return here.say(locale) if number.startswith("#") else number
