"""What came of a move of many, as a file: a row a case."""

from collections.abc import Iterator
from pathlib import Path

from casework.bulk.moving import Outcome, Run
from casework.exporting.sheet import write_sheet
from rules.wording import Locale, Wording

_HEADINGS = (
    Wording("编号", "number"), Wording("结果", "result"), Wording("状态", "state"),
    Wording("回执", "receipt"), Wording("原因", "reason"), Wording("办法", "remedy"),
)  # fmt: skip
DONE, REPEATED, REFUSED = (
    Wording("已办理", "done"), Wording("此前已办理", "done before"), Wording("未办理", "not done"),
)  # fmt: skip


def write_results(run: Run, path: Path, locale: Locale) -> None:
    """Write the outcomes to ``path``, a workbook or CSV by its ending."""
    write_sheet(path, [each.say(locale) for each in _HEADINGS], _rows(run, locale))


def result_of(outcome: Outcome) -> Wording:
    """Return in a word what came of a case."""
    if not outcome.done:
        return REFUSED
    return REPEATED if outcome.repeated else DONE


def _rows(run: Run, locale: Locale) -> Iterator[list[str]]:
    for each in run.outcomes:
        said = (result_of(each), each.now, each.receipt, each.problem, each.remedy)
        yield [each.number, *(one.say(locale) if isinstance(one, Wording) else one for one in said)]
