"""Statistics as a workbook: a row for each group and stage, and the definitions beside them."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.exceptions import XlsxWriterException

from casework.auditing.figures import Figures
from casework.errors import Invalid
from rules.deadlines import Stage
from rules.statistics import DEFINITIONS, LET_IT_LIE, Grouping
from rules.wording import Locale, Wording

_HEADINGS = (
    Wording("上报", "reported"), Wording("销号", "closed"), Wording("撤销", "voided"),
    Wording("未销号", "open"), Wording("按期率", "on time"), Wording("挂牌率", "listed"),
    Wording("复发率", "relapsed"), Wording("环节", "stage"), Wording("责任在", "held by"),
    Wording("已离开", "ended"), Wording("仍在", "running"), Wording("逾期", "late"),
    Wording("环节按期率", "stage on time"), Wording("中位天数", "median days"),
    Wording("90% 天数", "90th percentile"),
)  # fmt: skip
_RATES = {5, 6, 7, 13}


def write_pivot(path: Path, grouping: Grouping, found: Sequence[Figures], locale: Locale) -> None:
    """Write the workbook at ``path``; raise Invalid when it cannot be written."""
    try:
        with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False}) as book:
            _figures(book, grouping, found, locale)
            sheet = book.add_worksheet(Wording("定义", "definitions").say(locale))
            for row, (name, said) in enumerate(DEFINITIONS.items()):
                sheet.write_row(row, 0, (name, said.say(locale)))
            sheet.set_column(1, 1, 100)
    except (OSError, XlsxWriterException) as fault:
        raise Invalid(
            Wording("统计表写不进去", "the workbook cannot be written"),
            remedy=Wording(
                "请关闭已打开的同名文件，或换一个路径。",
                "Close the file if it is open, or choose another path.",
            ),
            where=str(path),
        ) from fault


def _figures(book: Any, grouping: Grouping, found: Sequence[Figures], locale: Locale) -> None:  # noqa: ANN401 — xlsxwriter is untyped
    sheet = book.add_worksheet(Wording("统计", "statistics").say(locale))
    bold, percent = book.add_format({"bold": True}), book.add_format({"num_format": "0.0%"})
    titles = [grouping.label, *_HEADINGS]
    sheet.write_row(0, 0, [each.say(locale) for each in titles], bold)
    sheet.freeze_panes(1, 1)
    place = 1
    for each in found:
        for cells in _rows(each, locale):
            for column, value in enumerate(cells):
                if value is not None:  # blank, never 0
                    sheet.write(place, column, value, percent if column in _RATES else None)
            place += 1
    sheet.autofilter(0, 0, max(place - 1, 1), len(titles) - 1)


def _rows(figures: Figures, locale: Locale) -> Iterator[list[Any]]:
    """Yield a row for each stage; the group's own figures stand in the first only, to be summed."""
    shown = figures.plain()
    own = [shown[name] for name in (
        "reported", "closed", "voided", "open", "on_time_rate", "listing_rate", "relapse_rate",
    )]  # fmt: skip
    for number, stage in enumerate(Stage):
        stays = shown["stages"][stage.value]
        held = "/".join(role.label.say(locale) for role in LET_IT_LIE[stage])
        yield [
            figures.name, *(own if number == 0 else [None] * len(own)), stage.label.say(locale),
            held, stays["ended"], stays["running"], stays["late"], stays["on_time_rate"],
            stays["median_days"], stays["p90_days"],
        ]  # fmt: skip
