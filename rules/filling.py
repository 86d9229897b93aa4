"""Whether the fields of a move are filled in, and with something the table can accept."""

from collections.abc import Callable
from datetime import date
from typing import Any

from rules.actions import Action, Given
from rules.case import Bounds, Facts, Level
from rules.decisions import Filled, Refusal
from rules.moves import Row
from rules.wording import Wording


def needed(row: Row, facts: Facts) -> tuple[Given, ...]:
    """Return the fields the move cannot do without: an after-photo only while there is none."""
    if row.shows_after and facts.after_evidence == 0:
        return (*row.needs, Given.EVIDENCE)
    return row.needs


def misfilled(row: Row, facts: Facts, given: Filled, bounds: Bounds) -> Refusal | None:
    for field in needed(row, facts):
        if given.get(field) in (None, "", 0):
            return _missing(field)
    if given.get(Given.EVIDENCE) and not row.takes_files:
        return _NO_FILES
    for field, check in _CHECKS.items():
        if given.get(field) is not None and field in (*row.needs, *row.may):
            refusal = check(given[field], row.action, facts, bounds)
            if refusal:
                return refusal
    return None


def _missing(field: Given) -> Refusal:
    return Refusal(
        Wording(f"缺少“{field.label.zh}”", f"{field.label.en} is missing"),
        Wording("请填写后再提交。", "Fill it in and try again."),
        field,
    )


def _check_deadline(day: date, _action: Action, _facts: Facts, bounds: Bounds) -> Refusal | None:
    return _within(Given.DEADLINE, day, bounds.today, bounds.latest_deadline)


def _check_new_due(day: date, action: Action, _facts: Facts, bounds: Bounds) -> Refusal | None:
    if action is Action.LIST:
        return _within(Given.NEW_DUE, day, bounds.today, None)
    if action not in (Action.ASK_EXTENSION, Action.GRANT_EXTENSION):
        return _within(Given.NEW_DUE, day, bounds.today, bounds.latest_deadline)
    if bounds.due_day and day <= bounds.due_day:
        return Refusal(
            Wording(
                f"新期限须晚于原期限 {bounds.due_day}",
                f"the new due date must be later than {bounds.due_day}",
            ),
            Wording("请改填更晚的日期。", "Give a later date."),
            Given.NEW_DUE,
        )
    return _within(Given.NEW_DUE, day, bounds.today, bounds.latest_extension)


def _within(field: Given, day: date, today: date, latest: date | None) -> Refusal | None:
    name = field.label
    if day < today:
        return Refusal(
            Wording(f"“{name.zh}”{day} 早于今天", f"{name.en} {day} lies in the past"),
            Wording("请填今天或以后的日期。", "Give today or a later date."),
            field,
        )
    if latest and day > latest:
        return Refusal(
            Wording(
                f"“{name.zh}”{day} 超过规定的最晚日期 {latest}",
                f"{name.en} {day} is beyond the latest allowed, {latest}",
            ),
            Wording("请改填更早的日期。", "Choose an earlier date."),
            field,
        )
    return None


def _check_level(level: Level, _action: Action, facts: Facts, _bounds: Bounds) -> Refusal | None:
    if level is not facts.level:
        return None
    return Refusal(
        Wording(f"已经是{level.label.zh}隐患", f"it is already {level.label.en}"),
        field=Given.LEVEL,
    )


_NO_FILES = Refusal(
    Wording("此步骤不收附件", "this step takes no files"),
    Wording(
        "请随进展、申请验收或验收意见提交。", "Hand them in with progress, a claim or a finding."
    ),
    Given.EVIDENCE,
)
_CHECKS: dict[Given, Callable[[Any, Action, Facts, Bounds], Refusal | None]] = {
    Given.DEADLINE: _check_deadline,
    Given.NEW_DUE: _check_new_due,
    Given.LEVEL: _check_level,
}
