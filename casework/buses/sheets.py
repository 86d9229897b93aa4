"""A bulletin and violations as sheets, each as far as one may see; that they left is recorded."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path

from casework.buses.looking import Bulletin, open_bulletin
from casework.buses.sight import find_seer
from casework.buses.violations import Narrow, Violation, every_violation, narrowed
from casework.exporting.sheet import (
    Cell,
    Taking,
    Written,
    record_taking,
    sheet_form,
    write_sheet,
)
from casework.office import Office
from rules.buses.sightings import Seen, Stray
from rules.wording import Locale, Wording

_PLATE, _UNIT, _KIND, _WHAT, _PLACE, _SPEED, _LIMIT, _PENALTY = (
    Wording("车牌", "plate"), Wording("单位", "unit"), Wording("类型", "kind"),
    Wording("违法行为", "violation"), Wording("地点", "place"), Wording("速度", "km/h"),
    Wording("限速", "limit"), Wording("处罚日期", "penalised on"),
)  # fmt: skip
_AT = Wording("时间", "at")
_OF_BULLETIN = (
    _PLATE, _UNIT, _KIND, _AT, _WHAT, _PLACE, _SPEED, _LIMIT, _PENALTY,
    Wording("次数", "times"), Wording("30 日内", "in 30 days"), Wording("一概否决", "vetoed"),
    Wording("案件", "cases"),
)  # fmt: skip
_OF_VIOLATIONS = (
    _AT, _PLATE, _UNIT, _KIND, _WHAT, _PLACE, Wording("道路", "road"), _SPEED, _LIMIT, _PENALTY,
    Wording("通报", "bulletin"),
)  # fmt: skip
_STRANGER, _MOVE, _VETOED = (
    Wording("未登记", "of no register"), Wording("移动", "movement"), Wording("是", "yes"),
)  # fmt: skip


def write_bulletin(office: Office, day: date, path: Path, taking: Taking) -> Written:
    """Write a day's bulletin to a .xlsx or .csv: a row an offence, and one a sort of movement.

    Raise as ``open_bulletin`` does, Invalid for the file.
    """
    sheet_form(path)
    found = open_bulletin(office, day, by=taking.by)
    receipt = record_taking(office, {"bulletin": found.number, "file": path.name[:100]}, taking)
    rows = list(_bulletin_rows(found, taking.locale))
    count = write_sheet(path, _said(_OF_BULLETIN, taking.locale), rows, title=f"{day}")
    return Written(path.name, count, receipt)


def write_violations(office: Office, narrow: Narrow, path: Path, taking: Taking) -> Written:
    """Write the violations asked for, all of them; raise as their list does."""
    sheet_form(path)
    with office.reading() as connection:
        narrowed(connection, find_seer(connection, taking.by), narrow)  # refused before recorded
    what = {"violations": narrow.place, "file": path.name[:100]}
    receipt = record_taking(office, what, taking, typed=narrow.text)
    with office.reading() as connection:
        wanted = narrowed(connection, find_seer(connection, taking.by), narrow)
        rows = (_cells(each, taking.locale) for each in every_violation(connection, wanted))
        count = write_sheet(path, _said(_OF_VIOLATIONS, taking.locale), rows)
    return Written(path.name, count, receipt)


def _said(headings: Sequence[Wording], locale: Locale) -> list[str]:
    return [each.say(locale) for each in headings]


def _bulletin_rows(found: Bulletin, locale: Locale) -> Iterator[Sequence[Cell]]:
    for row in found.rows:
        vetoed = _VETOED.say(locale) if row["plate"] in found.vetoed else ""
        head = [row["plate"], row["unit"] or _STRANGER.say(locale)]
        tail = [row["repeats"] or None, vetoed, " ".join(row["cases"])]
        for each in row["offences"]:
            penalty = each["penalty_on"] and date.fromisoformat(each["penalty_on"])
            yield [
                *head, Seen(each["kind"]).label.say(locale), _local(each["at"]), each["what"],
                each["place"], each["speed"], each["limit"], penalty, 1, *tail,
            ]  # fmt: skip
        for fault, times in row["moves"].items():
            moved = Stray(fault).label.say(locale)
            yield [*head, _MOVE.say(locale), None, moved, "", None, None, None, times, *tail]


def _local(moment: str) -> datetime:
    return datetime.fromisoformat(moment).replace(tzinfo=None)


def _cells(each: Violation, locale: Locale) -> Sequence[Cell]:
    return [
        each.at.replace(tzinfo=None), each.plate, each.unit or _STRANGER.say(locale),
        each.kind.label.say(locale), each.what, each.place, each.road.label.say(locale),
        each.speed, each.limit, each.penalty_on, each.bulletin,
    ]  # fmt: skip
