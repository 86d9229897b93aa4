"""Checks before sending: 漏报 (missing), 误报 (wrong), 乱报 (careless), each with row and remedy.

A wrong number may stand when its reason stands beside it, for every reader; a careless one never.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from rules.filings.acts import Outcome
from rules.filings.sheets import Sheet, is_nil
from rules.filings.templates import Figure, FigureType, Measure, Relation, Template
from rules.wording import NOTHING, Wording


class Fault(StrEnum):
    MISSING = "missing"
    WRONG = "wrong"
    CARELESS = "careless"

    @property
    def label(self) -> Wording:
        return _FAULTS[self]


class Finding(NamedTuple):
    """What is at fault in a row (a figure's or text's key, "nil", "plan", "item 2", "units")."""

    fault: Fault
    row: str
    problem: Wording
    remedy: Wording
    reason: str = ""

    @property
    def hinders(self) -> bool:
        """Whether it keeps the filing from being signed."""
        return self.fault is Fault.CARELESS or not self.reason


@dataclass(frozen=True, slots=True)
class Known:
    """What a filing is held against: what the cases say now, the closing balance of the period
    before (None when there is no frozen filing of it), and the units whose filing is missing.
    """

    now: Mapping[str, int] = field(default_factory=dict)
    closing_before: int | None = None
    missing: Sequence[str] = ()


def check(template: Template, sheet: Sheet, known: Known) -> list[Finding]:
    """Return everything at fault, in the order of the rows."""
    found = [finding for rule in _RULES for finding in rule(template, sheet, known)]
    rows = {key: nth for nth, key in enumerate(template.by_key)}
    return sorted(found, key=lambda each: rows.get(each.row, len(rows)))


def hindering(findings: Sequence[Finding]) -> list[Finding]:
    return [each for each in findings if each.hinders]


def _units(_template: Template, sheet: Sheet, known: Known) -> Iterator[Finding]:
    if not known.missing:
        return
    few, count = known.missing[:_FEW], len(known.missing)
    rest = count - len(few)
    more = Wording(f" 等（另 {rest} 个）", f" and {rest} more") if rest else NOTHING
    yield Finding(
        Fault.MISSING, "units",
        Wording(
            f"{count} 个单位未报：{'、'.join(few)}{more.zh}",
            f"{count} have not reported: {', '.join(few)}{more.en}",
        ),
        Wording("请催报；确需先报的，说明原因。", "Chase them, or say why it goes without them."),
        sheet.reasons.get("units", ""),
    )  # fmt: skip


def _changed(template: Template, sheet: Sheet, known: Known) -> Iterator[Finding]:
    """The cases moved on since the numbers were taken: no reason makes that right."""
    for figure in template.numbers:
        cell, now = sheet.cells.get(figure.key), known.now.get(figure.key)
        if cell and now is not None and cell.computed != now:
            yield Finding(
                Fault.WRONG, figure.key,
                Wording(
                    f"{figure.zh}：填报时为 {cell.computed}，现在为 {now}",
                    f"{figure.en}: {cell.computed} when compiled, {now} now",
                ),
                Wording("请重新核对，数字会更新。", "Check again: the numbers are taken anew."),
            )  # fmt: skip


def _typed_over(template: Template, sheet: Sheet, _known: Known) -> Iterator[Finding]:
    for figure in template.numbers:
        cell = sheet.cells.get(figure.key)
        if cell and cell.computed is not None and cell.typed not in (None, cell.computed):
            yield Finding(
                Fault.WRONG, figure.key,
                Wording(
                    f"{figure.zh}：填 {cell.typed}，案件为 {cell.computed}",
                    f"{figure.en}: typed {cell.typed}, {cell.computed} by the cases",
                ),
                Wording("请改回，或写明原因。", "Take it back, or say why."),
                sheet.reasons.get(figure.key, ""),
            )  # fmt: skip


def _opening(template: Template, sheet: Sheet, known: Known) -> Iterator[Finding]:
    if not template.balance or known.closing_before is None:
        return
    row = template.balance[0]
    opening = sheet.value(row)
    if opening is not None and opening != known.closing_before:
        yield Finding(
            Fault.WRONG, row,
            Wording(
                f"期初 {opening} 与上期期末 {known.closing_before} 不符",
                f"opens with {opening}, the period before closed with {known.closing_before}",
            ),
            Wording(
                "常因撤销、重开、补报；请写明原因，或更正上期。",
                "Cases were voided, reopened or reported late: say why, or correct that period.",
            ),
            sheet.reasons.get(row, ""),
        )  # fmt: skip


def _balance(template: Template, sheet: Sheet, _known: Known) -> Iterator[Finding]:
    values = [sheet.value(key) for key in template.balance]
    numbers = [each for each in values if each is not None]
    if len(numbers) < _SIDES:
        return
    opening, added, taken, closing = numbers
    if opening + added - taken != closing:
        yield _careless(
            template.balance[-1],
            Wording(
                f"期初 {opening} + 新增 {added} - 销号 {taken} ≠ 期末 {closing}",
                f"{opening} + {added} - {taken} is not {closing}",
            ),
            Wording("请核对这四项。", "Look at these four rows."),
        )


def _relations(template: Template, sheet: Sheet, _known: Known) -> Iterator[Finding]:
    for each in template.relations:
        less, more = sheet.value(each.less), sheet.value(each.more)
        minus = sheet.value(each.minus) if each.minus else 0
        if None not in (less, more, minus) and (less or 0) > max(0, (more or 0) - (minus or 0)):
            yield _careless(each.less, _broken(template, each, sheet), _LOOK_AT_BOTH)


def _broken(template: Template, relation: Relation, sheet: Sheet) -> Wording:
    said = [
        (template.by_key[key], sheet.value(key))
        for key in (relation.less, relation.more, relation.minus)
        if key
    ]
    zh = [f"“{figure.zh}”{value}" for figure, value in said]
    en = [f"{figure.en} {value}" for figure, value in said]
    return Wording(
        f"{zh[0]} 大于 {' - '.join(zh[1:])}", f"{en[0]} is more than {' - '.join(en[1:])}"
    )


def _impossible(template: Template, sheet: Sheet, _known: Known) -> Iterator[Finding]:
    for figure in template.numbers:
        value = sheet.value(figure.key)
        if value is None and _must_be_there(figure):
            problem = Wording(f"{figure.zh}未填", f"{figure.en}: blank")
            yield _careless(
                figure.key, problem, Wording("请填写；没有的填 0。", "Fill it in, 0 for none.")
            )
        elif value is not None and not 0 <= value <= (
            1 if figure.measure is Measure.YES else _MOST
        ):
            problem = Wording(f"{figure.zh}不可能为 {value}", f"{figure.en} cannot be {value}")
            yield _careless(figure.key, problem, Wording("请改正。", "Correct it."))


def _must_be_there(figure: Figure) -> bool:
    return figure.required or figure.type is not FigureType.TYPED


def _texts(template: Template, sheet: Sheet, _known: Known) -> Iterator[Finding]:
    for text in template.texts:
        if text.required and not sheet.texts.get(text.key) and not (sheet.nil and template.nil):
            problem = Wording(f"“{text.zh}”未填", f"{text.en}: blank")
            yield _careless(text.key, problem, Wording("请填写。", "Fill it in."))


def _nil(template: Template, sheet: Sheet, _known: Known) -> Iterator[Finding]:
    nothing = is_nil(template, sheet)
    if nothing and not sheet.nil:
        problem = Wording("没有隐患，未注明零报告", "nothing was found, and no nil return is made")
        yield _careless("nil", problem, Wording("请确认零报告。", "Confirm the nil return."))
    if sheet.nil and not nothing:
        problem = Wording("注明零报告，但有隐患", "a nil return, yet there is something to tell")
        yield _careless("nil", problem, Wording("请取消零报告。", "Take the nil return back."))


def _answered(_template: Template, sheet: Sheet, _known: Known) -> Iterator[Finding]:
    for nth, each in enumerate(sheet.progress, start=1):
        if each.outcome is None:
            item = each.item[:40]
            problem = Wording(
                f"上期计划第 {nth} 项未答复：{item}", f"item {nth} is not answered: {item}"
            )
            yield _careless(f"item {nth}", problem, _ANSWER)
        elif each.outcome is not Outcome.DONE and not each.why:
            problem = Wording(
                f"上期计划第 {nth} 项{each.outcome.label.zh}，未写原因",
                f"item {nth} is {each.outcome.value}, and nobody says why",
            )
            yield _careless(f"item {nth}", problem, Wording("请写明原因。", "Say why."))


def _next(template: Template, sheet: Sheet, _known: Known) -> Iterator[Finding]:
    if template.plans and not sheet.plan and not (sheet.nil and template.nil):
        problem = Wording("下期计划未填", "there is no plan for the next period")
        yield _careless("plan", problem, Wording("至少写一项。", "Give one item at least."))


def _careless(row: str, problem: Wording, remedy: Wording) -> Finding:
    return Finding(Fault.CARELESS, row, problem, remedy)


_Rule = Callable[[Template, Sheet, Known], Iterator[Finding]]
_RULES: tuple[_Rule, ...] = (
    _units, _changed, _typed_over, _opening, _balance, _relations, _impossible, _nil, _texts,
    _answered, _next,
)  # fmt: skip
_FEW = 5
_SIDES = 4
_MOST = 10**12
_LOOK_AT_BOTH = Wording("请核对这两项。", "Look at these rows.")
_ANSWER = Wording("请答复：已完成、未按期或取消。", "Say done, late or dropped.")
_FAULTS = {
    Fault.MISSING: Wording("漏报", "missing"),
    Fault.WRONG: Wording("误报", "wrong"),
    Fault.CARELESS: Wording("乱报", "careless"),
}
