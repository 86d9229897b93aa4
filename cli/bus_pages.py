"""The bulletins as pages."""

from collections.abc import Mapping
from typing import Any

from casework.buses.looking import Bulletin, list_bulletins, open_bulletin
from cli import reading
from cli.desk import Desk
from cli.printing import Answer, heading, lines, plain_text
from rules.buses.sightings import Fault
from rules.wording import Wording


def show_bulletins(desk: Desk, day: str) -> Answer:
    with desk.office() as office:
        if day:
            found = [open_bulletin(office, reading.day("DAY")(day), by=desk.by)]
        else:
            found = list_bulletins(office, by=desk.by)
    data = {"bulletins": [_said(each) for each in found]}
    told = [line for each in found for line in _told(desk, each, whole=bool(day))]
    empty = desk.say(Wording("还没有通报", "there is no bulletin yet"))
    return Answer(data, lines(*(told or [empty])))


def _said(each: Bulletin) -> dict[str, Any]:
    return {
        "day": each.day.isoformat(), "number": each.number, "violations": each.violations,
        "vetoed": dict(each.vetoed), "rows": [dict(row) for row in each.rows],
    }  # fmt: skip


def _told(desk: Desk, each: Bulletin, *, whole: bool) -> list[Any]:
    said = Wording(
        f"{each.violations} 起违法,{len(each.rows)} 辆车",
        f"{each.violations} offences, {len(each.rows)} buses",
    )
    head = f"{each.day}  {each.number}  {desk.say(said)}"
    if not whole:
        return [plain_text(head)]
    return [heading(head), *(plain_text(line) for row in each.rows for line in _row(desk, row))]


def _row(desk: Desk, row: Mapping[str, Any]) -> list[str]:
    unit = row["unit"] or desk.say(Wording("未登记", "of no register"))
    told = [f"{row['plate']}  {unit}  {' '.join(row['cases'])}".rstrip()]
    told += [f"  {each['at'][11:16]} {each['what']} {each['place']}" for each in row["offences"]]
    return told + [f"  {desk.say(Fault(key).label)} {n}" for key, n in row["moves"].items()]
