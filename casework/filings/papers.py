"""A filing as a file: XLSX with a row for each figure, DOCX and PDF as the house's documents look.

They are Chinese, as official documents are. A frozen filing gives the same numbers for ever; what
is not frozen yet says so in its title.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from io import BytesIO
from typing import Any, NamedTuple
from urllib.parse import quote

import xlsxwriter

from casework.auditing.access import record_access
from casework.documents.contents import Content, Section, chinese_day, headed, numbered
from casework.documents.making import drawing
from casework.documents.writing import chinese_iso
from casework.errors import Invalid
from casework.events import Door
from casework.filings.places import Which
from casework.filings.showing import show_filing
from casework.office import Office
from rules.documents import DocumentFormat
from rules.filings.acts import FilingState
from rules.looking import Look
from rules.wording import Wording

_HEAD, _A4, _CHART = 3, 9, "图"
HEADINGS = ("行次", "指标", "本期", "上期", "说明")
_MEASURED = {"rate": "(%)", "yuan": "(万元)"}
_OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}


class FilingForm(StrEnum):
    XLSX = "xlsx"
    DOCX = "docx"
    PDF = "pdf"


class Drawn(NamedTuple):
    """A file of a filing."""

    number: str
    name: str
    media_type: str
    data: bytes
    sha256: str


def form_of(name: str) -> FilingForm:
    """Return the form that a file's name asks for; raise Invalid."""
    ending = name.rpartition(".")[2].lower()
    if ending in set(FilingForm):
        return FilingForm(ending)
    raise Invalid(
        Wording(f"不能写成“{ending[:10]}”", f"not written as {ending[:10]!r}"),
        remedy=Wording("请用 .xlsx、.docx 或 .pdf。", "Use .xlsx, .docx or .pdf."),
        where="file",
    )


def draw_filing(
    office: Office,
    which: Which,
    form: FilingForm,
    *,
    by: str,
    at: datetime,
    door: Door,
    version: int = 0,
    base: str = "",
) -> Drawn:
    """Return a filing as a file, once that it leaves is in the access record.

    ``base`` is the address of our pages, to which its code leads. Raise NotFound, Invalid for one
    that was altered, Unavailable without a font.
    """
    shown = show_filing(office, which, by=by, at=at, version=version)
    name = f"{shown['number'] or _name(shown)}.{form.value}"
    what = {"filing": shown["receipt"], "file": name[:100]}
    record_access(office, Look.EXPORT, by=by, at=at, door=door, what=what)
    data = draw_workbook(shown) if form is FilingForm.XLSX else _paper(shown, form, base)
    return Drawn(shown["number"], name, TYPES[form.value], data, sha256(data).hexdigest())


def _paper(shown: Mapping[str, Any], form: FilingForm, base: str) -> bytes:
    return drawing(DocumentFormat(form.value))(content_of(shown, base))


def content_of(shown: Mapping[str, Any], base: str) -> Content:
    """Return a shown filing as the parts of a document."""
    path = f"/verify/{quote(shown['receipt'], safe='/:')}"
    frozen_at = shown["frozen_at"] or shown["as_of"]
    return Content(
        kind="filing",
        number=shown["number"] or "（未编号）",
        issuer=shown["unit"],
        title=_title(shown),
        addressee="",
        opening=f"{shown['period_label'].zh}情况报告如下，数字取自{chinese_day(shown['as_of'])}的案件。",
        sections=headed(_sections(shown)),
        table=(HEADINGS, *(_cells(row, shown["reasons"]) for row in shown["rows"])),
        signers=(f"签发：{shown['signed_by'] or '            '}",),
        issued_on=chinese_iso(frozen_at),
        copies="",
        receipt=shown["receipt"],
        address=f"{base}{path}" if base else shown["receipt"],
    )


def _sections(shown: Mapping[str, Any]) -> list[Section]:
    found = [
        Section(each["label"].zh, tuple(each["text"].splitlines()))
        for each in shown["texts"]
        if each["text"]
    ]
    if shown["reason"]:
        found.append(Section("更正说明", (shown["reason"],)))
    if shown["progress"]:
        answered = [_answered(each) for each in shown["progress"]]
        found.append(Section("上期计划落实情况", numbered(answered)))
    if shown["plan"]:
        found.append(Section("下期计划", numbered(list(shown["plan"]))))
    figures = ("零报告。",) if shown["nil"] else ()
    return [*found, Section("统计表", figures)]


def _answered(each: Mapping[str, Any]) -> str:
    outcome = each["outcome_label"].zh or "未答复"
    return f"{each['item']}:{outcome}" + (f"({each['why']})" if each["why"] else "")


def _cells(row: Mapping[str, Any], reasons: Mapping[str, str]) -> tuple[str, ...]:
    said = _unit_of(row) if row["said"].zh else ""
    return (
        str(row["nth"]), row["label"].zh, f"{row['said'].zh}{said}", row["before"].zh,
        _note(row, reasons),
    )  # fmt: skip


def _note(row: Mapping[str, Any], reasons: Mapping[str, str]) -> str:
    reason = reasons.get(row["key"], "")
    over = row["computed"] is not None and row["typed"] is not None
    return f"案件为 {row['computed']}，{reason}" if over else reason


def _unit_of(row: Mapping[str, Any]) -> str:
    return "万元" if row["measure"] == "yuan" else ""


def draw_workbook(shown: Mapping[str, Any]) -> bytes:
    """Return a shown filing as XLSX: figures are numbers, what was typed is never a formula."""
    out = BytesIO()
    with xlsxwriter.Workbook(out, _OPTIONS) as book:
        sheet = book.add_worksheet("统计表")
        bold = book.add_format({"bold": True})
        text = book.add_format({"text_wrap": True, "valign": "top"})
        sheet.set_column(0, 0, 6)
        sheet.set_column(1, 1, 28)
        sheet.set_column(2, 3, 12)
        sheet.set_column(4, 4, 60, text)
        for nth, line in enumerate(_lines(shown)):
            _write_line(sheet, nth, line, bold if nth in {0, _HEAD} else None)
        _set_page(sheet)
        _draw_chart(book, shown)
    return out.getvalue()


def _set_page(sheet: Any) -> None:  # noqa: ANN401 — XlsxWriter is untyped
    """The headings stay on the screen and on every printed page, which is as wide as the table."""
    sheet.freeze_panes(_HEAD + 1, 0)
    sheet.repeat_rows(_HEAD)
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&C第 &P 页，共 &N 页")


def _draw_chart(book: Any, shown: Mapping[str, Any]) -> None:  # noqa: ANN401 — as above
    """Draw the counts of cases of this period and the one before side by side."""
    rows = [row for row in shown["rows"] if row["type"] == "cases"]
    if not rows:
        return
    sheet, chart = book.add_worksheet(_CHART), book.add_chart({"type": "bar"})
    sheet.set_column(0, 0, 28)
    lines = [(row["label"].zh, row["value"], row["value_before"]) for row in rows]
    for nth, line in enumerate([("指标", "本期", "上期"), *lines]):
        _write_line(sheet, nth, line, None)
    for column in (1, 2):
        chart.add_series({
            "name": [_CHART, 0, column], "categories": [_CHART, 1, 0, len(rows), 0],
            "values": [_CHART, 1, column, len(rows), column],
        })  # fmt: skip
    chart.set_title({"name": _title(shown), "name_font": {"size": 12}})
    chart.set_y_axis({"reverse": True})
    chart.set_size({"width": 640, "height": 120 + 32 * len(rows)})
    sheet.insert_chart(0, 4, chart)


def _lines(shown: Mapping[str, Any]) -> list[Sequence[Any]]:
    """Return all lines: head, figures as numbers, then texts."""
    head: list[Sequence[Any]] = [
        (_title(shown),),
        (shown["number"], shown["unit"], shown["period"], "", shown["receipt"]),
        (),
        HEADINGS,
    ]
    rows = [_numbers(row, shown["reasons"]) for row in shown["rows"]]
    texts = [
        ("", section.heading, "", "", "\n".join(section.lines)) for section in _sections(shown)
    ]
    return [*head, *rows, (), *texts]


def _numbers(row: Mapping[str, Any], reasons: Mapping[str, str]) -> Sequence[Any]:
    now, was = (_in_wan(row, row[name]) for name in ("value", "value_before"))
    measured = _MEASURED.get(row["type"]) or _MEASURED.get(row["measure"], "")
    return (row["nth"], row["label"].zh + measured, now, was, _note(row, reasons))


def _in_wan(row: Mapping[str, Any], value: float | None) -> float | None:
    return value / 10_000 if row["measure"] == "yuan" and value is not None else value


def _write_line(sheet: Any, nth: int, line: Sequence[Any], form: Any) -> None:  # noqa: ANN401 — XlsxWriter is untyped
    for at, value in enumerate(line):
        if isinstance(value, int | float):
            sheet.write_number(nth, at, value)
        elif value:
            sheet.write_string(nth, at, str(value), *([form] if form else []))


def _title(shown: Mapping[str, Any]) -> str:
    draft = "" if shown["state"] == FilingState.FROZEN else "（草稿）"
    return f"{shown['unit']}{shown['period_label'].zh}{shown['label'].zh}{draft}"


def _name(shown: Mapping[str, Any]) -> str:
    return f"{shown['label'].zh}{shown['period']}-{shown['unit_code']}-草稿"
