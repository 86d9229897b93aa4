"""Reminders of what runs out soon: a duty for each finding, done when the record is renewed."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from urllib.parse import urlencode

from sqlalchemy import Connection

from casework.duties.ending import fulfil
from casework.duties.opening import Wanted, open_duties
from casework.events import Door
from casework.people import Unit
from rules.registers.checking import BLANK, Finding, check
from rules.registers.kinds import DAYLESS, Kind, RuleType
from rules.registers.standing import Standing
from rules.wording import Wording

DUTY = "register"
"""The kind of duty."""


def remind(
    connection: Connection,
    found: Iterable[tuple[Kind, int, Unit, str, Iterable[Finding]]],
    at: datetime,
    door: Door,
) -> int:
    """Open a duty for each finding that stands as soon, and return how many are new.

    ``found`` holds kind, id, unit and key of a record, and what its rules say of it.
    """
    wanted = [
        Wanted(
            DUTY, _key(record, unit, finding), unit.id, finding.raise_on,
            _title(kind, key, finding),
            f"/registers/{kind.key}/record?{urlencode({'key': key, 'unit': unit.code})}",
        )
        for kind, record, unit, key, findings in found
        for finding in findings
        if finding.standing is Standing.SOON and finding.raise_on
    ]  # fmt: skip
    return open_duties(connection, wanted, at, door=door) if wanted else 0


def overtaken(
    kind: Kind,
    record: int,
    before: tuple[Unit, Mapping[str, str]],
    after: tuple[Unit, Mapping[str, str]] | None,
    today: date,
) -> set[str]:
    """Return the keys of the duties that a change of a record ends; ``after`` None: retired."""
    return _keys(kind, record, before, today) - (
        _keys(kind, record, after, today) if after else set()
    )


def renewed(
    connection: Connection, keys: Iterable[str], at: datetime, by: int | None, door: Door
) -> None:
    """End these duties, as far as they were ever opened."""
    ended = sorted(keys)
    if ended:
        fulfil(connection, DUTY, ended, at, by, door=door)


def wrong(kind: Kind, finding: Finding) -> Wording:
    """Return what a rule says of a record, as cases and reminders tell it."""
    rule, field_ = finding.rule, kind.by_key[finding.rule.field]
    if finding.period == BLANK:
        if rule.type in DAYLESS:
            return Wording(rule.zh, rule.en)
        return Wording(f"{rule.zh}：没有{field_.zh}", f"{rule.en}: no {field_.en}")
    if finding.last_day and rule.type is not RuleType.OLDEST:
        return Wording(
            f"{rule.zh}有效至 {finding.last_day}", f"{rule.en}: valid until {finding.last_day}"
        )
    # An age's last day would tell the birthday, which is masked.
    return Wording(rule.zh, rule.en)


def _keys(kind: Kind, record: int, known: tuple[Unit, Mapping[str, str]], today: date) -> set[str]:
    unit, values = known
    return {_key(record, unit, each) for each in check(kind, values, today)}


def _key(record: int, unit: Unit, finding: Finding) -> str:
    return f"{record}@{unit.id}/{finding.rule.key}/{finding.period}"


def _title(kind: Kind, key: str, finding: Finding) -> Wording:
    said = wrong(kind, finding)
    return Wording(
        f"{kind.zh}“{key}”{said.zh}，请提前办理", f"{kind.en} {key}: {said.en}; see to it before"
    )
