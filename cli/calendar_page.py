"""The working calendar as a page: a year or a month of it, or one reckoned due date."""

import calendar as gregorian
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from rich.console import Console

from cli.desk import Desk
from cli.printing import Answer, Column, facts, heading, lines, plain_text, styled, table
from cli.troubles import Usage
from rules.deadlines import Limit
from rules.deadlines import due as reckon
from rules.wording import Wording
from rules.workdays import Calendar, china_day, day_due, published

_WEEKDAYS = (
    Wording("一", "Mon"), Wording("二", "Tue"), Wording("三", "Wed"), Wording("四", "Thu"),
    Wording("五", "Fri"), Wording("六", "Sat"), Wording("日", "Sun"),
)  # fmt: skip
_OFF = Wording("放假", "off")
_MAKE_UP = Wording("调休上班", "worked")


def show_period(desk: Desk, period: str) -> Answer:
    first, last = _bounds(period, china_day(desk.at))
    known = _in_force(desk)
    data = _plain(known, first, last)
    return Answer(data, lambda out: _print(out, desk, data))


def show_due(desk: Desk, start: datetime, limit: str) -> Answer:
    parsed = Limit.parse(limit)
    found = reckon(start, parsed, _in_force(desk))
    day = day_due(found.at)
    told = Wording(
        f"{parsed.label.zh}：最后一天 {day} 星期{_WEEKDAYS[day.weekday()].zh}",
        f"{parsed.label.en}: the last day on time is {day}, {_WEEKDAYS[day.weekday()].en}",
    )
    guess = Wording("（估算：放假通知尚未录入）", " (estimated: no notice yet)")
    data = {
        "day": day, "due_at": found.at, "estimated": found.estimated, "calendar": found.calendar,
    }  # fmt: skip
    return Answer(data, lines(desk.say(told) + (desk.say(guess) if found.estimated else "")))


def _in_force(desk: Desk) -> Calendar:
    """Return the calendar with what was entered by hand; as published before anything is set up."""
    if not desk.founded:
        return published(china_day(desk.at))
    with desk.office() as office, office.reading() as connection:
        return office.rulebooks.at(connection, desk.at).calendar


def _bounds(period: str, today: date) -> tuple[date, date]:
    year, dash, month = (period or str(today.year)).partition("-")
    try:
        first = date(int(year), int(month) if dash else 1, 1)
    except ValueError as fault:
        raise Usage(
            Wording(f"“{period}”不是年或月", f"{period!r} is neither a year nor a month"),
            remedy=Wording("请按 2026 或 2026-10 填写。", "Write it as 2026 or 2026-10."),
            where="YEAR",
        ) from fault
    last_month = first.month if dash else 12
    days = gregorian.monthrange(first.year, last_month)[1]
    return first, date(first.year, last_month, days)


def _plain(known: Calendar, first: date, last: date) -> dict[str, Any]:
    def within(days: Iterable[date]) -> list[date]:
        return sorted(day for day in days if first <= day <= last)

    return {
        "version": known.version,
        "covers": {"first": known.first, "last": known.last},
        "first": first,
        "last": last,
        "workdays": sum(_worked(known, first, last)) if first >= known.first else None,
        "days_off": [{"day": day, "name": known.off[day]} for day in within(known.off)],
        "make_up_days": [{"day": day, "name": known.on[day]} for day in within(known.on)],
        "terms": [
            {"kind": each.kind, "start": each.start, "end": each.end}
            for each in known.terms
            if each.start <= last and first <= each.end
        ],
        "warning": known.warning(last),
    }


def _worked(known: Calendar, first: date, last: date) -> list[bool]:
    days = (last - first).days + 1
    return [known.likely_workday(first + timedelta(days=n)) for n in range(days)]


def _print(out: Console, desk: Desk, data: dict[str, Any]) -> None:
    span = Wording(f"{data['first']} 至 {data['last']}", f"{data['first']} to {data['last']}")
    out.print(styled(desk.say(span), "bold"))
    workdays = words_of_count(data["workdays"])
    known = [
        (Wording("工作日", "working days"), workdays),
        (Wording("版本", "version"), data["version"]),
    ]
    out.print(facts(known, desk.locale))
    if data["days_off"] or data["make_up_days"]:
        out.print(_days(desk, data))
    for each in data["terms"]:
        term = f"{desk.say(each['kind'].label)} {each['start']} – {each['end']}"
        out.print(plain_text(term))
    if data["warning"]:
        out.print(heading(desk.say(Wording("注意", "Mind"))))
        out.print(styled(desk.say(data["warning"]), "yellow"))


def words_of_count(count: int | None) -> str:
    return "" if count is None else str(count)


def _days(desk: Desk, data: dict[str, Any]) -> Any:  # noqa: ANN401 — a rich table
    made = table(
        [
            Column(Wording("日期", "day"), keep=True),
            Column(Wording("星期", "weekday")),
            Column(Wording("安排", "")),
            Column(Wording("名称", "name")),
        ],
        desk.locale,
    )
    marked = [(each, _OFF) for each in data["days_off"]]
    marked += [(each, _MAKE_UP) for each in data["make_up_days"]]
    for each, how in sorted(marked, key=lambda pair: pair[0]["day"]):
        weekday = _WEEKDAYS[each["day"].weekday()]
        style = "" if how is _OFF else "yellow"
        made.add_row(
            each["day"].isoformat(), desk.say(weekday), styled(desk.say(how), style),
            plain_text(each["name"]),
        )  # fmt: skip
    return made
