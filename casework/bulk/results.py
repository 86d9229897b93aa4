"""What came of a move of many, as a file: a row a case."""

import csv
from collections.abc import Iterator
from pathlib import Path

import xlsxwriter

from casework.bulk.moving import Outcome, Run
from casework.exporting.delimited import defuse
from rules.case import State
from rules.wording import Locale, Wording

_OPTIONS = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
_HEADINGS = (
    Wording("编号", "number"), Wording("结果", "result"), Wording("状态", "state"),
    Wording("回执", "receipt"), Wording("原因", "reason"), Wording("办法", "remedy"),
)  # fmt: skip
DONE, REPEATED, REFUSED = (
    Wording("已办理", "done"), Wording("此前已办理", "done before"), Wording("未办理", "not done"),
)  # fmt: skip


def write_results(run: Run, path: Path, locale: Locale) -> None:
    """Write the outcomes to ``path``, a workbook or CSV by its ending."""
    rows = [[each.say(locale) for each in _HEADINGS], *_rows(run, locale)]
    if path.suffix == ".xlsx":
        with xlsxwriter.Workbook(str(path), _OPTIONS) as book:
            sheet = book.add_worksheet()
            sheet.set_column(0, 5, 24)
            for at, row in enumerate(rows):
                for column, cell in enumerate(row):
                    sheet.write_string(at, column, cell)
        return
    with path.open("w", encoding="utf-8-sig", newline="") as out:
        csv.writer(out).writerows([[defuse(cell) for cell in row] for row in rows])


def result_of(outcome: Outcome) -> Wording:
    """Return in a word what came of a case."""
    if not outcome.done:
        return REFUSED
    return REPEATED if outcome.repeated else DONE


def _rows(run: Run, locale: Locale) -> Iterator[list[str]]:
    for each in run.outcomes:
        state = State(each.state).label.say(locale) if each.state else ""
        said = (result_of(each), state, each.receipt, each.problem, each.remedy)
        yield [each.number, *(one.say(locale) if isinstance(one, Wording) else one for one in said)]
