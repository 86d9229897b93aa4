"""Bulletins, violations and vetoes as pages."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from casework.buses.looking import Bulletin, list_bulletins, open_bulletin
from casework.buses.vetoes import VetoRow, list_vetoes
from casework.buses.violations import Narrow, Violation, list_violations
from cli import reading
from cli.desk import Desk
from cli.printing import Answer, heading, lines, plain_text
from rules.buses.sightings import Stray
from rules.wording import Wording
from rules.workdays import china_day


class Asked(NamedTuple):
    """A page of violations as it was typed."""

    place: str
    plate: str
    since: str
    until: str
    size: int
    after: str

    def narrow(self) -> Narrow:
        since, until = (
            reading.day(option)(text) if text else None
            for option, text in (("--since", self.since), ("--until", self.until))
        )
        return Narrow(self.place, self.plate, since, until)


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


def show_violations(desk: Desk, asked: Asked) -> Answer:
    with desk.office() as office:
        page = list_violations(
            office, by=desk.by, narrow=asked.narrow(), size=asked.size, after=asked.after
        )
    told = [_violation(desk, each) for each in page.rows]
    told = told or [desk.say(Wording("没有违法", "there is no violation"))]
    if page.after:
        told.append(
            desk.say(Wording(f"下一页：--after {page.after}", f"next: --after {page.after}"))
        )
    data = {"violations": [each._asdict() for each in page.rows], "after": page.after}
    return Answer(data, lines(*told))


def show_vetoes(desk: Desk, *, lifted: bool) -> Answer:
    with desk.office() as office:
        found = list_vetoes(office, by=desk.by, lifted=lifted)
    told = [_veto(desk, each) for each in found]
    told = told or [desk.say(Wording("没有", "there is none"))]
    return Answer({"vetoes": [each._asdict() for each in found]}, lines(*told))


def _violation(desk: Desk, each: Violation) -> str:
    unit = each.unit or desk.say(_STRANGER)
    speed = "" if each.speed is None else f"{each.speed}/{each.limit} km/h"
    said = f"{each.at:%Y-%m-%d %H:%M}  {each.plate}  {unit}  {each.what} {each.place} {speed}"
    return f"{said.rstrip()}  {each.bulletin}".rstrip()


def _veto(desk: Desk, each: VetoRow) -> str:
    by = each.by or desk.say(Wording("系统", "the engine"))
    said = f"{china_day(each.at)}  {each.key}  {each.unit}  {each.reason}  {by}  {each.case}"
    if each.lifted_at is None:
        return said.rstrip()
    lifted = desk.say(Wording("解除", "lifted"))
    return f"{said.rstrip()}  {lifted} {china_day(each.lifted_at)} {each.lifted_why}"


def _said(each: Bulletin) -> dict[str, Any]:
    return {
        "day": each.day.isoformat(), "number": each.number, "violations": each.violations,
        "vetoed": dict(each.vetoed), "rows": [dict(row) for row in each.rows],
    }  # fmt: skip


_STRANGER = Wording("未登记", "of no register")


def _told(desk: Desk, each: Bulletin, *, whole: bool) -> list[Any]:
    said = Wording(
        f"{each.violations} 起违法，{len(each.rows)} 辆车",
        f"{each.violations} offences, {len(each.rows)} buses",
    )
    head = f"{each.day}  {each.number}  {desk.say(said)}"
    if not whole:
        return [plain_text(head)]
    return [heading(head), *(plain_text(line) for row in each.rows for line in _row(desk, row))]


def _row(desk: Desk, row: Mapping[str, Any]) -> list[str]:
    unit = row["unit"] or desk.say(_STRANGER)
    told = [f"{row['plate']}  {unit}  {' '.join(row['cases'])}".rstrip()]
    told += [f"  {each['at'][11:16]} {each['what']} {each['place']}" for each in row["offences"]]
    return told + [f"  {desk.say(Stray(key).label)} {n}" for key, n in row["moves"].items()]
