"""What a correction 更正 changed: row by row, as it stood before and as it stands now."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from rules.filings.sheets import Progress, Sheet, said
from rules.filings.templates import Template
from rules.wording import NOTHING, Wording


class Change(NamedTuple):
    """A row that differs; blank where there was, or is, nothing."""

    label: Wording
    before: Wording
    after: Wording


def changes(template: Template, before: Sheet, after: Sheet) -> list[Change]:
    """Return what differs between two sheets of one template, in the order of the rows."""
    both = zip(_rows(template, before), _rows(template, after), strict=True)
    return [Change(label, was, now) for (label, was), (_, now) in both if was != now]


def _rows(template: Template, sheet: Sheet) -> Iterator[tuple[Wording, Wording]]:
    for figure in template.figures:
        yield figure.label, said(figure, sheet)
    yield Wording("零报告", "nil return"), _YES if sheet.nil else _NO
    yield Wording("上期计划落实情况", "how far the last plan got"), _progress(sheet.progress)
    for text in template.texts:
        yield text.label, _plain(sheet.texts.get(text.key, ""))
    yield Wording("下期计划", "the next plan"), _plain("\n".join(sheet.plan))


def _progress(items: Sequence[Progress]) -> Wording:
    answers = [_answer(each) for each in items]
    return Wording("\n".join(each.zh for each in answers), "\n".join(each.en for each in answers))


def _answer(each: Progress) -> Wording:
    outcome = each.outcome.label if each.outcome else NOTHING
    return Wording(f"{each.item} {outcome.zh} {each.why}", f"{each.item} {outcome.en} {each.why}")


def _plain(text: str) -> Wording:
    return Wording(text, text)


_YES, _NO = Wording("是", "yes"), Wording("否", "no")
